//! Whether a match lies along the words that the segmenter sees.

use std::ops::Range;

/// Whether it begins where a word begins and ends where a word ends.
pub(crate) fn is_whole(words: &[Range<usize>], range: &Range<usize>) -> bool {
    begins(words, range.start) && ends(words, range.end)
}

/// Whether it cuts two words in two, as 水表 does in 洒水 and 表演. Only then it is surely no word itself: the segmenter
/// may see 马路 in 马路灯.
pub(crate) fn cuts_two_words(words: &[Range<usize>], range: &Range<usize>) -> bool {
    let within_one = word_at(words, range.start).is_some_and(|word| range.end <= word.end);
    !words.is_empty() && !within_one && !begins(words, range.start) && !ends(words, range.end)
}

fn begins(words: &[Range<usize>], at: usize) -> bool {
    words.is_empty() || words.binary_search_by_key(&at, |word| word.start).is_ok()
}

fn ends(words: &[Range<usize>], at: usize) -> bool {
    words.is_empty() || words.binary_search_by_key(&at, |word| word.end).is_ok()
}

fn word_at(words: &[Range<usize>], at: usize) -> Option<&Range<usize>> {
    words.get(words.partition_point(|word| word.end <= at))
}

#[cfg(test)]
#[expect(clippy::single_range_in_vec_init, reason = "a text of one word")]
mod tests {
    use super::*;

    #[test]
    fn only_a_match_across_two_words_is_surely_none() {
        // 洒水|表演
        let words = [0..6, 6..12];
        assert!(cuts_two_words(&words, &(3..9)));
        assert!(!cuts_two_words(&words, &(0..6)) && !cuts_two_words(&words, &(0..9)));
        assert!(!cuts_two_words(&[0..12], &(3..9)));
        assert!(is_whole(&words, &(0..6)) && is_whole(&words, &(0..12)) && !is_whole(&words, &(0..3)));
    }
}
