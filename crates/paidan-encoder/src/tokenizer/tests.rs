use std::fmt::Write;
use std::io::Cursor;

use proptest::prelude::*;

use super::*;
use crate::files::ModelFile;

/// Files in memory.
struct Memory<'a>(&'a [(&'static str, &'a str)]);

impl ModelFiles for Memory<'_> {
    fn open(&self, name: &str) -> Result<Option<ModelFile>, Error> {
        let found = self.0.iter().find(|(known, _)| *known == name);
        Ok(found.map(|(_, text)| {
            let bytes = text.as_bytes().to_vec();
            ModelFile::new(name, bytes.len() as u64, Cursor::new(bytes))
        }))
    }
}

/// A vocabulary with pieces of Latin words, numbers, kana, punctuation, and every third ideograph.
fn vocabulary() -> String {
    let mut text = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n".to_owned();
    for c in (0x4E00..0x9FFF).step_by(3).chain(0xF900..0xFA40).filter_map(char::from_u32) {
        let _ = writeln!(text, "{c}");
    }
    for c in ('a'..='z').chain('A'..='Z').chain('0'..='9').chain("éèαβпри١かがカ㎡①".chars()) {
        let _ = writeln!(text, "{c}\n##{c}");
    }
    for c in ('!'..='/').chain(':'..='@').chain("，。、；：？！“”‘’（）《》【】…—～·￥％＋－".chars())
    {
        let _ = writeln!(text, "{c}");
    }
    for word in ["ab", "abc", "##bc", "##bcd", "12345", "##345", "wifi", "app", "##app", "中国", "##中"] {
        let _ = writeln!(text, "{word}");
    }
    text
}

fn tokenizer(config: &str) -> Tokenizer {
    let vocab = vocabulary();
    let files = [("vocab.txt", vocab.as_str()), ("tokenizer_config.json", config)];
    Tokenizer::read(&Memory(&files), usize::MAX).unwrap()
}

/// The settings in use among Chinese models.
fn variants() -> [Tokenizer; 4] {
    [
        tokenizer("{}"),
        tokenizer(r#"{"do_lower_case": false}"#),
        tokenizer(r#"{"do_lower_case": true, "strip_accents": false}"#),
        tokenizer(r#"{"do_lower_case": false, "strip_accents": true, "sep_token": {"content": "[SEP]"}}"#),
    ]
}

fn assert_same(tokenizer: &Tokenizer, text: &str) {
    let expected = tokenizer.encode_with_library(text).unwrap();
    assert_eq!(tokenizer.encode(text, usize::MAX).unwrap(), expected, "{text:?}");
}

#[test]
fn every_character_gets_the_ids_of_the_library() {
    for tokenizer in &variants() {
        // Beyond plane 2 there are next to no characters.
        for code in (0..0x3_0000u32).chain((0x3_0000..0x11_0000).step_by(101)) {
            if let Some(c) = char::from_u32(code) {
                assert_same(tokenizer, &format!("ab{c}bc中{c}"));
            }
        }
    }
}

#[test]
fn chinese_texts_take_the_fast_way() {
    let tokenizer = tokenizer("{}");
    let fast = tokenizer.fast.as_ref().unwrap();
    let text =
        "市民反映：幸福路12号WiFi信号差，ＡＢＣ物业　未处理！\n①噪音…②“漏水”（3㎡）12345\u{a0}café\t龘😀";
    let ids = fast.encode(text, usize::MAX).unwrap();
    assert_eq!(ids, tokenizer.encode_with_library(text).unwrap());
    assert!(fast.encode("한국어", usize::MAX).is_none(), "syllables fall apart");
    assert!(fast.encode("a [SEP] b", usize::MAX).is_none(), "added tokens are the library's");
    assert_same(&tokenizer, "a[SEP]b[CLS] [MASK][MASK]");
    assert_same(&tokenizer, "[sep][ MASK ]");
}

#[test]
fn special_tokens_stand_around_the_text() {
    let tokenizer = tokenizer("{}");
    assert_eq!(tokenizer.prefix, [2]);
    assert_eq!(tokenizer.suffix, [3]);
    assert_eq!(tokenizer.room(512), 510);
}

#[test]
fn long_texts_are_not_read_to_the_end() {
    let tokenizer = tokenizer("{}");
    let text = "一".repeat(1_000_000);
    let ids = tokenizer.encode(&text, 10).unwrap();
    assert_eq!(ids.len(), 11);
}

#[test]
fn a_word_beyond_a_hundred_characters_is_unknown() {
    let tokenizer = tokenizer("{}");
    for len in [99, 100, 101, 300] {
        assert_same(&tokenizer, &"a".repeat(len));
    }
    assert_eq!(tokenizer.encode(&"a".repeat(101), usize::MAX).unwrap(), [1]);
}

#[test]
fn files_that_cannot_be_used_are_refused() {
    let problem =
        |files: &[(&'static str, &str)], vocabulary| match Tokenizer::read(&Memory(files), vocabulary) {
            Ok(_) => panic!("read"),
            Err(error) => error.to_string(),
        };
    let vocab = "[UNK]\n[CLS]\n[SEP]\na";
    assert!(problem(&[("vocab.txt", vocab)], 3).contains("expected ids below 3"));
    assert!(problem(&[("vocab.txt", "[UNK]\n[CLS]\na")], 9).contains("special token `[SEP]`"));
    assert!(problem(&[], 9).contains("`vocab.txt`"));
    let class = ("tokenizer_config.json", r#"{"tokenizer_class": "BertJapaneseTokenizer"}"#);
    assert!(problem(&[("vocab.txt", vocab), class], 9).contains("found `BertJapaneseTokenizer`"));
    assert!(problem(&[("tokenizer.json", "{\"model\": 3}")], 9).contains("found one that fails"));
}

proptest! {
    #[test]
    fn any_text_gets_the_ids_of_the_library(
        parts in proptest::collection::vec(
            prop_oneof![
                "\\PC{0,12}",
                "[a-zA-Z0-9]{1,12}",
                "[一-龥，。！？、]{1,20}",
                "[ \\t\\n\\r\u{3000}\u{a0}\u{200b}\u{feff}\u{0}\u{fffd}]{1,3}",
                "[\u{300}-\u{330}\u{302a}-\u{302f}\u{1d165}-\u{1d172}]{1,3}",
                Just("[SEP]".to_owned()),
                Just("abcd12345wifi".to_owned()),
            ],
            0..8,
        )
    ) {
        static VARIANTS: std::sync::LazyLock<[Tokenizer; 4]> = std::sync::LazyLock::new(variants);
        let text = parts.concat();
        for tokenizer in &*VARIANTS {
            assert_same(tokenizer, &text);
        }
    }
}
