//! Full names of persons.

#[cfg(test)]
mod cases;
mod cues;
mod dotted;
mod edges;
mod evidence;
mod followers;
mod given;
mod introduced;
mod lexicon;
mod lists;
mod transcribed;
mod weights;
mod words;

use std::collections::HashSet;
use std::ops::Range;

use super::{Cue, MASK_CLOSE, MASK_OPEN, MaskInput, MaskRule, PiiKind};
use evidence::Evidence;
use weights::WEIGHTS;

/// Full names: a surname of one or two characters and a given name of one or two, and names with a middle dot.
///
/// A name has no form of its own, so evidence is added up as natural logarithms of likelihood ratios: how much
/// more often the characters stand in names than in ordinary text (`surnames.txt`, `given_names.txt`), what
/// stands before (业主, 联系人：) and what follows (来电, 先生, a phone number). What is found once is found
/// wherever it stands in the text. A surname with a form of address (王女士, 李主任, 张某某) is no full name.
pub(super) struct PersonName;

impl MaskRule for PersonName {
    fn kind(&self) -> PiiKind {
        PiiKind::PersonName
    }

    fn cues(&self) -> &[&'static str] {
        &cues::ALL
    }

    fn find(&self, input: &MaskInput<'_>, cues: &[Cue], found: &mut Vec<Range<usize>>) {
        let evidence = Evidence::new(input);
        let mut names: Vec<Range<usize>> = Vec::new();
        for introduction in cues.iter().filter(|cue| !cues::is_dot(cue) && !cues::is_part(cue)) {
            names.extend(evidence.introduced(introduction.range.end));
        }
        dotted::find(&evidence, cues, &mut names);
        let transcribed = transcribed::find(&evidence, cues);
        let is_transcribed = |at: usize| transcribed.iter().any(|name| name.contains(&at));
        let weights = &*WEIGHTS;
        // The end of the name before, which a list may go on from.
        let mut last = None;
        for (at, c) in input.text().char_indices() {
            if matches!(c, '：' | ':' | '】') {
                names.extend(evidence.labelled(at));
                continue;
            }
            if !weights.is_initial(c) || last.is_some_and(|end| at < end) || is_transcribed(at) {
                continue;
            }
            if let Some((range, score)) = evidence.best_at(at, c, last)
                && !touches_token(input, &range)
                && !evidence.is_better_later(&range, score, last)
            {
                last = Some(range.end);
                names.push(range);
            }
        }
        names.extend(transcribed);
        names.retain(|name| !touches_token(input, name));
        let mut at = 0;
        while let Some(name) = names.get(at) {
            let before = evidence.listed_before(name.start).filter(|before| !names.contains(before));
            names.extend(before.filter(|before| !touches_token(input, before)));
            at += 1;
        }
        if !names.is_empty() {
            repeat(&evidence, &mut names);
        }
        found.extend(names.into_iter().filter(|name| !touches_token(input, name)));
    }
}

/// Whether a token of an earlier masking stands directly before or after: what touches it was looked at then,
/// with more to go by.
fn touches_token(input: &MaskInput<'_>, range: &Range<usize>) -> bool {
    input.before(range.start).ends_with(MASK_CLOSE) || input.after(range.end).starts_with(MASK_OPEN)
}

/// Adds the other places where the names stand; one of two characters only where it may end there.
fn repeat(evidence: &Evidence<'_>, names: &mut Vec<Range<usize>>) {
    let text = evidence.text();
    let known: HashSet<&str> = names.iter().filter_map(|range| text.get(range.clone())).collect();
    let lengths: HashSet<usize> = known.iter().map(|name| name.len()).collect();
    let weights = &*WEIGHTS;
    for (at, _) in text.char_indices().filter(|(_, c)| weights.is_initial(*c)) {
        for len in &lengths {
            let is_known = text.get(at..at + len).is_some_and(|name| known.contains(name));
            if is_known && (*len > 2 * '王'.len_utf8() || evidence.after(at + len) > 0) {
                names.push(at..at + len);
            }
        }
    }
}
