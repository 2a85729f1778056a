use std::ops::Range;

use paidan_text::{MASK_CLOSE, MASK_OPEN, PreparedText, PreparedTicket};

use super::FeatureSettings;
use super::family::{Family, mix};

/// Which part of the ticket an n-gram stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Section {
    Title,
    Text,
}

/// One occurrence of an n-gram.
#[derive(Clone, Debug)]
pub(crate) struct Ngram {
    /// Identifies the n-gram and its family.
    pub(crate) key: u64,
    pub(crate) family: Family,
    pub(crate) section: Section,
    /// Bytes of the section's masked text.
    pub(crate) range: Range<usize>,
}

/// 21 bits hold any Unicode scalar value.
const CHAR_BITS: u32 = 21;
/// The most characters one key can hold.
pub(crate) const MAX_CHAR_NGRAM: usize = 3;
/// Stands for every word that holds a run of four digits: years, house and order numbers.
pub(crate) const NUMBER: &str = "⟦number⟧";

/// Calls `visit` for each n-gram of the ticket: title before text, characters before words, left to right.
/// N-grams of the title are visited twice, the second time in the families of the title alone.
pub(crate) fn for_each_ngram(
    ticket: &PreparedTicket,
    settings: &FeatureSettings,
    mut visit: impl FnMut(Ngram),
) {
    let titles = settings.title_weight > 0.0;
    let mut visit = |family: Family, packed: u64, section: Section, range: Range<usize>| {
        for family in family.counted_in(titles && section == Section::Title) {
            visit(Ngram { key: family.key(packed), family, section, range: range.clone() });
        }
    };
    for (section, text) in [(Section::Title, &ticket.title), (Section::Text, &ticket.text)] {
        for_each_char_ngram(text, section, settings, &mut visit);
        for_each_word_ngram(text, section, settings, &mut visit);
    }
}

fn for_each_char_ngram(
    text: &PreparedText,
    section: Section,
    settings: &FeatureSettings,
    visit: &mut impl FnMut(Family, u64, Section, Range<usize>),
) {
    let longest = settings.char_ngrams.min(MAX_CHAR_NGRAM);
    if longest == 0 {
        return;
    }
    // The last characters with the bytes at which they begin, newest last.
    let mut window: [(u64, usize); MAX_CHAR_NGRAM] = [(0, 0); MAX_CHAR_NGRAM];
    let mut filled = 0;
    let mut in_mask = false;
    for (at, c) in text.masked().char_indices() {
        // A mask token is no text, and a blank separates.
        if c == MASK_OPEN || c == MASK_CLOSE || c == ' ' || in_mask {
            in_mask = c != MASK_CLOSE && (in_mask || c == MASK_OPEN);
            filled = 0;
            continue;
        }
        window.rotate_left(1);
        window[MAX_CHAR_NGRAM - 1] = (u64::from(u32::from(c.to_ascii_lowercase())), at);
        filled = (filled + 1).min(longest);
        let end = at + c.len_utf8();
        let mut packed = 0;
        for (n, &(code, start)) in window.iter().rev().take(filled).enumerate() {
            packed |= code << (CHAR_BITS * n as u32);
            visit(Family::Chars, packed, section, start..end);
        }
    }
}

fn for_each_word_ngram(
    text: &PreparedText,
    section: Section,
    settings: &FeatureSettings,
    visit: &mut impl FnMut(Family, u64, Section, Range<usize>),
) {
    let pairs = settings.word_ngrams >= 2;
    if settings.word_ngrams == 0 {
        return;
    }
    let mut before: Option<(u64, usize)> = None;
    for (range, word) in text.word_ranges().iter().zip(text.words()) {
        if word == " " {
            continue;
        }
        let hash = word_hash(word);
        visit(Family::Words, hash, section, range.clone());
        if let (true, Some((first, start))) = (pairs, before) {
            visit(Family::Words, pair_hash(first, hash), section, start..range.end);
        }
        before = Some((hash, range.start));
    }
}

/// The text of an n-gram as the vocabulary spells it: lower case, words of a pair parted by a blank.
pub(crate) fn spelling(text: &PreparedText, ngram: &Ngram) -> String {
    if !ngram.family.is_words() {
        return text.masked().get(ngram.range.clone()).unwrap_or_default().to_ascii_lowercase();
    }
    let from = text.word_ranges().partition_point(|word| word.start < ngram.range.start);
    let words = text.word_ranges().iter().skip(from).take_while(|word| word.end <= ngram.range.end);
    let words = words.filter_map(|word| text.masked().get(word.clone())).filter(|word| *word != " ");
    let words: Vec<String> = words.map(|word| canonical_word(word).to_ascii_lowercase()).collect();
    words.join(" ")
}

/// The key of a spelled n-gram; the inverse of [`spelling`].
pub(crate) fn key_of(family: Family, spelled: &str) -> u64 {
    let packed = if !family.is_words() {
        let codes =
            spelled.chars().take(MAX_CHAR_NGRAM).map(|c| u64::from(u32::from(c.to_ascii_lowercase())));
        codes.fold(0, |packed, code| packed << CHAR_BITS | code)
    } else if let Some((first, second)) = spelled.split_once(' ') {
        pair_hash(word_hash(first), word_hash(second))
    } else {
        word_hash(spelled)
    };
    family.key(packed)
}

/// The key of a word of title and text together.
pub(crate) fn word_key(word: &str) -> u64 {
    Family::Words.key(word_hash(word))
}

/// Whether `text` holds four ASCII digits in a row, which might be part of somebody's number.
pub(crate) fn has_digit_run(text: &str) -> bool {
    let mut run = 0;
    text.bytes().any(|byte| {
        run = if byte.is_ascii_digit() { run + 1 } else { 0 };
        run >= 4
    })
}

fn canonical_word(word: &str) -> &str {
    if has_digit_run(word) { NUMBER } else { word }
}

/// Hash of a word without regard to ASCII case, by 64-bit FNV-1a and MurmurHash3's finaliser.
fn word_hash(word: &str) -> u64 {
    let fnv =
        |hash: u64, byte: u8| (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3);
    mix(canonical_word(word).bytes().fold(0xcbf2_9ce4_8422_2325, fnv))
}

fn pair_hash(first: u64, second: u64) -> u64 {
    mix(first.rotate_left(17).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ second)
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, LazyLock};

    use super::*;
    use paidan_text::{Dictionary, JiebaSegmenter, TextPipeline, Ticket};

    static PIPELINE: LazyLock<TextPipeline> =
        LazyLock::new(|| TextPipeline::new(Arc::new(JiebaSegmenter::new(&Dictionary::default()))));

    fn spelled(text: &str) -> Vec<String> {
        let ticket = PIPELINE.prepare_ticket(&Ticket::new(text));
        let settings = FeatureSettings { char_ngrams: 3, word_ngrams: 2, ..FeatureSettings::default() };
        let mut found = Vec::new();
        for_each_ngram(&ticket, &settings, |ngram| {
            let spelled = spelling(&ticket.text, &ngram);
            assert_eq!(key_of(ngram.family, &spelled), ngram.key, "{spelled}");
            found.push(spelled);
        });
        found
    }

    #[test]
    fn characters_then_words() {
        let expected = ["路", "灯", "路灯", "坏", "灯坏", "路灯坏", "路灯", "坏", "路灯 坏"];
        assert_eq!(spelled("路灯坏"), expected);
    }

    #[test]
    fn the_title_counts_twice() {
        let ticket = PIPELINE.prepare_ticket(&Ticket::new("坏了").with_title("灯"));
        let mut families = Vec::new();
        for_each_ngram(&ticket, &FeatureSettings::default(), |ngram| {
            if ngram.section == Section::Title {
                assert_eq!(key_of(ngram.family, "灯"), ngram.key);
                families.push(ngram.family);
            }
        });
        assert_eq!(families, [Family::Chars, Family::TitleChars, Family::Words, Family::TitleWords]);
    }

    #[test]
    fn numbers_and_masks_are_not_spelled() {
        let found = spelled("订单20251101，电话13800001234 A座");
        assert!(found.contains(&"⟦number⟧".to_owned()) && found.contains(&"⟦phone⟧".to_owned()));
        assert!(found.contains(&"a座".to_owned()));
        assert!(found.iter().all(|ngram| !has_digit_run(ngram)), "{found:?}");
    }
}
