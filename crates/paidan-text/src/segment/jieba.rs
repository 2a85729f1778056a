use std::ops::Range;

use jieba_rs::Jieba;

use super::{Dictionary, Segmenter};
use crate::{MASK_CLOSE, MASK_OPEN};

/// jieba with its default dictionary and the words of a [`Dictionary`].
///
/// Words that stand in neither are cut into characters, unless [`with_hmm`](Self::with_hmm) says so: jieba's
/// HMM, which guesses words, mostly guesses names, and costs time without making the classifier better.
///
/// Making one takes about a tenth of a second and 33 MB: share it.
#[derive(Clone, Debug)]
pub struct JiebaSegmenter {
    jieba: Jieba,
    hmm: bool,
}

impl JiebaSegmenter {
    /// Loads jieba's dictionary, then adds the words of `dictionary`.
    pub fn new(dictionary: &Dictionary) -> Self {
        let mut segmenter = Self { jieba: Jieba::new(), hmm: false };
        segmenter.add(dictionary);
        segmenter
    }

    /// Whether characters that stand in no word are put together by jieba's HMM; off at first.
    #[must_use]
    pub fn with_hmm(mut self, hmm: bool) -> Self {
        self.hmm = hmm;
        self
    }

    /// Adds words; those already known get the new frequency.
    pub fn add(&mut self, dictionary: &Dictionary) {
        for (word, entry) in dictionary.iter() {
            self.jieba.add_word(word, entry.frequency, Some(&entry.tag));
        }
    }
}

impl Segmenter for JiebaSegmenter {
    fn segment(&self, text: &str) -> Vec<Range<usize>> {
        let mut words = Vec::with_capacity(text.len() / 4);
        let mut done = 0;
        while let Some(mask) = next_mask(text, done) {
            self.cut(text, done..mask.start, &mut words);
            words.push(mask.clone());
            done = mask.end;
        }
        self.cut(text, done..text.len(), &mut words);
        words
    }

    fn is_dictionary_word(&self, word: &str) -> bool {
        let is_name = || self.jieba.tag(word, false).iter().any(|tag| tag.tag.starts_with("nr"));
        self.jieba.has_word(word) && !is_name()
    }
}

impl JiebaSegmenter {
    fn cut(&self, text: &str, range: Range<usize>, words: &mut Vec<Range<usize>>) {
        let start = range.start;
        let piece = text.get(range).unwrap_or_default();
        let tokens = self.jieba.cut(piece, self.hmm);
        words.extend(tokens.iter().map(|token| start + token.byte_start..start + token.byte_end));
    }
}

/// The next token such as `⟦phone⟧` at or after byte `from`.
fn next_mask(text: &str, from: usize) -> Option<Range<usize>> {
    let mut from = from;
    loop {
        let rest = text.get(from..)?;
        let open = from + rest.find(MASK_OPEN)?;
        let inside = text.get(open + MASK_OPEN.len_utf8()..)?;
        let name = inside.bytes().take_while(|byte| byte.is_ascii_lowercase() || *byte == b'_').count();
        if name > 0 && inside.get(name..).is_some_and(|after| after.starts_with(MASK_CLOSE)) {
            return Some(open..open + MASK_OPEN.len_utf8() + name + MASK_CLOSE.len_utf8());
        }
        from = open + MASK_OPEN.len_utf8();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;
    use proptest::prelude::*;

    static PLAIN: LazyLock<JiebaSegmenter> = LazyLock::new(|| JiebaSegmenter::new(&Dictionary::default()));

    fn words<'t>(segmenter: &JiebaSegmenter, text: &'t str) -> Vec<&'t str> {
        segmenter.segment(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn own_words_stay_whole() {
        let mut own = PLAIN.clone();
        own.add(&Dictionary::parse("云澜快线 500 n\n柳荫坝").unwrap());
        assert_eq!(words(&own, "云澜快线到柳荫坝"), ["云澜快线", "到", "柳荫坝"]);
        assert!(own.is_dictionary_word("云澜快线") && !PLAIN.is_dictionary_word("云澜快线"));
        assert!(PLAIN.is_dictionary_word("路灯") && !PLAIN.is_dictionary_word("诸葛亮"));
    }

    #[test]
    fn unknown_words_are_guessed_only_when_asked() {
        let text = "他来到了网易杭研大厦";
        let guessing = PLAIN.clone().with_hmm(true);
        assert_eq!(words(&PLAIN, text), ["他", "来到", "了", "网易", "杭", "研", "大厦"]);
        assert_eq!(words(&guessing, text), ["他", "来到", "了", "网易", "杭研", "大厦"]);
        assert_eq!(words(&guessing, "杭研⟦phone⟧"), ["杭研", "⟦phone⟧"]);
    }

    #[test]
    fn mask_tokens_are_one_word() {
        let text = "请打⟦phone⟧找他，⟦不是";
        assert_eq!(words(&PLAIN, text), ["请", "打", "⟦phone⟧", "找", "他", "，", "⟦", "不是"]);
    }

    proptest! {
        #[test]
        fn words_cover_the_text(text in "[一-龥a-z0-9，。 ⟦⟧_😀é]{0,40}") {
            let mut end = 0;
            for range in PLAIN.segment(&text) {
                prop_assert_eq!(range.start, end);
                prop_assert!(text.get(range.clone()).is_some_and(|word| !word.is_empty()));
                end = range.end;
            }
            prop_assert_eq!(end, text.len());
        }
    }
}
