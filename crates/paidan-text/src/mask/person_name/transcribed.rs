//! Names of Uyghurs, Kazakhs, Tibetans, Mongols, Yi and Dai without dots, made of parts that many of them share.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use super::Cue;
use super::cues;
use super::dotted::is_transcription;
use super::evidence::{Evidence, HAN, LEAST, LEAST_CUE};
use super::followers::FOLLOWERS;

/// Characters at most in a name.
const LONGEST: usize = 9;
/// Characters of the longest part.
const LONGEST_PART: usize = 4;
/// What a syllable weighs that is no known part.
const SYLLABLE: i32 = -1;
/// Syllables at most before the first known part; only after a cue.
const MOST_BEFORE: usize = 2;
/// What an end weighs behind which the name may go on.
const CUT_SHORT: i32 = -4;
/// What stands before a name weighs at least as much.
const LEAST_BEFORE: i32 = -1;

/// Parts of names with what they weigh.
pub(super) struct Parts {
    weights: HashMap<&'static str, i32>,
    /// Places and words that begin as parts do.
    others: Vec<&'static str>,
}

/// The table that ships.
pub(super) static PARTS: LazyLock<Parts> =
    LazyLock::new(|| Parts::parse(include_str!("../../../tables/transcribed_names.txt")));

impl Parts {
    /// Reads the table; a line that is not of its form is left out.
    fn parse(table: &'static str) -> Self {
        let mut parts = Self { weights: HashMap::new(), others: Vec::new() };
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            match line.split_once(' ') {
                Some(("place", words)) => parts.others.extend(words.split_whitespace()),
                Some((weight, words)) => {
                    let Ok(weight) = weight.parse() else { continue };
                    parts.weights.extend(words.split_whitespace().map(|part| (part, weight)));
                }
                None => {}
            }
        }
        parts
    }

    /// All parts, in no order that matters.
    pub(super) fn iter(&self) -> impl Iterator<Item = &'static str> {
        let mut parts: Vec<&'static str> = self.weights.keys().copied().collect();
        parts.sort_unstable();
        parts.into_iter()
    }
}

/// Names that hold a part.
pub(super) fn find(evidence: &Evidence<'_>, cues: &[Cue]) -> Vec<Range<usize>> {
    let mut starts: Vec<usize> =
        cues.iter().filter(|cue| cues::is_part(cue)).map(|cue| cue.range.start).collect();
    starts.sort_unstable();
    let mut names: Vec<Range<usize>> = Vec::new();
    for start in starts {
        if names.last().is_none_or(|name| name.end <= start) {
            names.extend(name_at(evidence, start));
        }
    }
    names
}

/// The name whose first known part begins at byte `at`.
fn name_at(evidence: &Evidence<'_>, at: usize) -> Option<Range<usize>> {
    let text = evidence.text();
    let rest = text.get(at..)?;
    if PARTS.others.iter().any(|word| rest.starts_with(word)) {
        return None;
    }
    let (start, before) = beginning(evidence, at);
    // What the characters up to each place weigh at best; none where no division into parts and syllables ends.
    let mut weights = [None; LONGEST + LONGEST_PART + 1];
    weights[0] = Some(0);
    let mut best: Option<(usize, i32)> = None;
    for chars in 0..=LONGEST {
        let Some(weight) = weights[chars] else { continue };
        let Some(here) = rest.get(chars * HAN..) else { break };
        if chars > 1 {
            let score = weight + before + end(evidence, at + chars * HAN);
            if score >= LEAST && best.is_none_or(|(_, most)| score >= most) {
                best = Some((chars, score));
            }
        }
        for len in 2..=LONGEST_PART {
            if let Some(part) = here.get(..len * HAN).and_then(|part| PARTS.weights.get(part)) {
                weights[chars + len] = weights[chars + len].max(Some(weight + part));
            }
        }
        if chars > 0 && is_syllable(here) {
            weights[chars + 1] = weights[chars + 1].max(Some(weight + SYLLABLE));
        }
    }
    best.map(|(chars, _)| start..at + chars * HAN)
}

/// Where the name begins whose first known part begins at byte `at`, and what stands before it.
fn beginning(evidence: &Evidence<'_>, at: usize) -> (usize, i32) {
    let before = evidence.before(at);
    let text = evidence.text().get(..at).unwrap_or_default();
    let syllables = text.chars().rev().take(MOST_BEFORE).take_while(is_transcription).count();
    let earlier = (1..=syllables).map(|chars| (at - chars * HAN, chars as i32));
    let cued = earlier
        .map(|(start, chars)| (start, evidence.cue_before(start).unwrap_or_default() + chars * SYLLABLE))
        .find(|(_, before)| *before >= LEAST_CUE + SYLLABLE);
    match cued {
        Some(cued) if before < LEAST_CUE => cued,
        _ => (at, before.max(LEAST_BEFORE)),
    }
}

/// Whether `text` begins with a syllable of a name, and with no word that follows names.
fn is_syllable(text: &str) -> bool {
    text.chars().next().is_some_and(|c| is_transcription(&c)) && FOLLOWERS.longest(text).is_none()
}

/// What it weighs that the name ends at byte `at`.
fn end(evidence: &Evidence<'_>, at: usize) -> i32 {
    let rest = evidence.text().get(at..).unwrap_or_default();
    let is_part = |len: usize| rest.get(..len * HAN).is_some_and(|part| PARTS.weights.contains_key(part));
    if is_syllable(rest) || (2..=LONGEST_PART).any(is_part) { CUT_SHORT } else { evidence.after(at) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        assert!((500..900).contains(&PARTS.weights.len()), "{}", PARTS.weights.len());
        let chars = |part: &&str| part.chars().count();
        assert!(PARTS.weights.keys().all(|part| (2..=LONGEST_PART).contains(&chars(part))));
        assert!(PARTS.others.iter().all(|word| chars(word) > 1));
    }
}
