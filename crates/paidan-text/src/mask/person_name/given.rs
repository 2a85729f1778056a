//! Given names.

use super::evidence::{HAN, LEAST, NEVER, OF_NAMES};
use super::followers::ADDRESSES;
use super::weights::WEIGHTS;

/// A given name of one character is rarer than one of two.
const ONE_GIVEN: i32 = -1;
/// The least that the first of two like given characters weighs: 王多多.
const TWICE: i32 = 2;
/// A character that weighs less as the last is said twice in words rather than in names: 天天.
const TWICE_LAST: i32 = -1;
/// No given name weighs more for being a word.
const MOST_WORD: i32 = 3;
/// Weight of characters that stand in few names.
const STRANGE: i32 = -3;

/// Given names of two and of one character at the beginning of `text`: length in bytes and weight.
pub(super) fn given_names(text: &str) -> [Option<(usize, i32)>; 2] {
    let mut chars = text.chars();
    let (first, second) = (chars.next(), chars.next());
    let is_twice = first == second && first.and_then(|c| WEIGHTS.last(c)) >= Some(TWICE_LAST);
    let two = first.and_then(|c| WEIGHTS.first(c)).zip(second.and_then(|c| WEIGHTS.last(c)));
    let one = first.and_then(|c| WEIGHTS.last(c));
    let two = two.map(|(first, last)| {
        let characters = if is_twice { (first.max(TWICE) + last).max(TWICE) } else { first + last };
        if characters < MOST_WORD {
            WEIGHTS.word(text).map_or(characters, |word| word.max(characters))
        } else {
            characters
        }
    });
    [two.map(|weight| (2 * HAN, weight)), one.map(|weight| (HAN, weight + ONE_GIVEN))]
}

/// The least length in bytes of a given name at the beginning of `text`, which a form of address may take the
/// place of.
pub(super) fn least_given(text: &str) -> usize {
    match ADDRESSES.longest(text) {
        None => HAN,
        // 王某明 is no full name either.
        _ if text.starts_with('某') => usize::MAX,
        // 王哥 is no name, 王哥平 may be one.
        Some((HAN, 0)) => 2 * HAN,
        Some(_) => usize::MAX,
    }
}

/// Whether `text` begins with what is a name wherever it stands.
pub(super) fn is_name(text: &str) -> bool {
    let Some(surname) = text.chars().next().and_then(|c| WEIGHTS.surname(c)) else { return false };
    let names = given_names(text.get(HAN..).unwrap_or_default());
    let mut weights = names.into_iter().flatten().map(|(_, weight)| weight);
    surname >= OF_NAMES && weights.any(|weight| weight >= OF_NAMES && surname + weight >= LEAST)
}

/// Whether the characters of `text`, an ordinary word, are no strangers to names: 明智, but not 居民.
pub(super) fn may_be_given(text: &str) -> bool {
    let first = text.chars().next().and_then(|c| WEIGHTS.first(c)).unwrap_or(NEVER);
    let last = text.chars().next_back().and_then(|c| WEIGHTS.last(c)).unwrap_or(NEVER);
    (first > STRANGE && last > STRANGE && first + last >= 0) || WEIGHTS.word(text).is_some()
}
