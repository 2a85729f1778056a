//! The least that any program with jieba must do before its first answer: load the dictionary, cut a
//! sentence. `peers/speed_start.py` holds `paidan dispatch` against it.

use jieba_rs::Jieba;

fn main() {
    let text = std::env::args().nth(1).unwrap_or_default();
    let jieba = Jieba::new();
    let words: Vec<&str> = jieba.cut(&text, false).into_iter().map(|token| token.word).collect();
    assert_eq!(words.concat(), text, "the words cover the text");
    println!("{}", words.join("/"));
}
