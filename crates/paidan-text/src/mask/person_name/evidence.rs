//! Evidence for names, added up.

use std::ops::Range;

use super::MaskInput;
use super::cues::may_end_cue;
use super::followers::{ORDINARY, WORDS_ACROSS_BEGINNING};
use super::given::{given_names, least_given, may_be_given};
use super::lexicon::LEXICON;
use super::weights::WEIGHTS;

/// Bytes of one ideograph.
pub(super) const HAN: usize = '王'.len_utf8();

/// The least evidence for a name.
pub(super) const LEAST: i32 = 8;
/// A name of less weight than this by itself is looked at only after an introduction.
pub(super) const LEAST_CHARACTERS: i32 = 0;
/// Behind what may be a cue, one of less weight than this.
const LEAST_CHARACTERS_CUED: i32 = -3;
/// What a word weighs that begins before the name and ends with its surname.
const WORD_ACROSS_BEGINNING: i32 = -5;
/// What follows a name and weighs as much as this tells that it ends there.
pub(super) const SURE_END: i32 = 3;
/// Weight of characters that stand in hardly any name.
pub(super) const NEVER: i32 = -4;
/// What stands before a name and weighs as much is a cue or the item before in a list.
pub(super) const LEAST_CUE: i32 = 4;
/// The most that may come from what follows.
const MOST_AFTER: i32 = 6;
/// Characters of names weigh as much.
pub(super) const OF_NAMES: i32 = 4;
/// A name has clearly more evidence than another with more than this above it.
const BETTER: i32 = 1;
/// Characters before and after a name that are divided into words with and without it.
const WORDS_BEFORE: usize = 2;
const WORDS_AFTER: usize = 3;
/// What a word costs more as a given name.
const GIVEN_WORD: f32 = 0.5;
/// The most and the least that words can tell.
const MOST_WORDS: i32 = 5;
/// The most where the surname is hardly one.
const MOST_WORDS_RARE: i32 = 3;
/// The most without a cue: firms and estates are no words either.
const MOST_WORDS_ALONE: i32 = 2;
const LEAST_WORDS: i32 = -9;
/// What the end weighs where another name follows at once.
pub(super) const NAME_FOLLOWS_AT_ONCE: i32 = 2;
/// What an ordinary word of two characters weighs, or a name as short that everyone knows.
const ORDINARY_WORD: i32 = -6;
/// What a longer one weighs: few persons share it.
const KNOWN_NAME: i32 = -16;

/// What can be told of a text around a possible name.
pub(super) struct Evidence<'i> {
    pub(super) input: &'i MaskInput<'i>,
}

/// Whether `c` may be a character of a name.
pub(super) fn is_ideograph(c: char) -> bool {
    WEIGHTS.first(c).is_some()
}

/// What a name weighs at least by itself to be looked at, behind `before`.
fn least_characters(before: &str) -> i32 {
    if before.chars().next_back().is_some_and(may_end_cue) { LEAST_CHARACTERS_CUED } else { LEAST_CHARACTERS }
}

impl<'i> Evidence<'i> {
    pub(super) fn new(input: &'i MaskInput<'i>) -> Self {
        Self { input }
    }

    pub(super) fn text(&self) -> &'i str {
        self.input.text()
    }

    /// The likeliest name that begins with `c`, the character at byte `at`, and its evidence; `None` where there is too
    /// little.
    /// `listed_after` is the end of the name before, if there is one.
    pub(super) fn best_at(
        &self,
        at: usize,
        c: char,
        listed_after: Option<usize>,
    ) -> Option<(Range<usize>, i32)> {
        let single = WEIGHTS.surname(c).map(|weight| (HAN, weight));
        let compound = WEIGHTS.compound_surname(self.input.after(at)).map(|weight| (2 * HAN, weight));
        let mut before = None;
        let mut best: Option<(Range<usize>, i32)> = None;
        for (surname, surname_weight) in single.into_iter().chain(compound) {
            let mut names = given_names(self.input.after(at + surname))
                .map(|given| given.map(|(len, w)| (len, w + surname_weight)));
            if surname == HAN && compound.is_some() {
                // 欧阳 is a surname, not 欧 and a given name.
                names[1] = None;
            }
            let lightest = least_characters(self.input.before(at));
            if names.iter().flatten().all(|(_, weight)| *weight < lightest) {
                continue;
            }
            let before = *before.get_or_insert_with(|| self.before(at).max(self.listed(listed_after, at)));
            if names.iter().flatten().all(|(_, weight)| weight + before + MOST_AFTER + MOST_WORDS < LEAST) {
                continue;
            }
            let least = least_given(self.input.after(at + surname));
            let around = before + self.words_at_beginning(at);
            let is_possible = |(len, weight): &(usize, i32)| {
                let is_plain = *weight >= LEAST_CHARACTERS || *len > HAN || surname_weight >= OF_NAMES;
                is_plain && *len >= least && weight + around + MOST_AFTER + MOST_WORDS >= LEAST
            };
            for (len, weight) in names.into_iter().flatten().filter(is_possible) {
                let range = at..at + surname + len;
                let end = self.end_of(&range, before);
                let score = weight + around + end;
                let is_cued = before >= LEAST_CUE || end >= SURE_END;
                let most = match surname_weight {
                    1.. if is_cued => MOST_WORDS,
                    ..=0 if is_cued => MOST_WORDS_RARE,
                    _ => MOST_WORDS_ALONE,
                };
                let words = if score + most < LEAST {
                    0
                } else {
                    self.words(&range, at + surname, before >= LEAST_CUE, is_cued).min(most)
                };
                let score = score + words;
                if best.as_ref().is_none_or(|(_, most)| score > *most) {
                    best = Some((range, score));
                }
            }
        }
        best.filter(|(_, score)| *score >= LEAST)
    }

    /// Whether a name that begins inside of `range` has clearly more evidence than its `score`: 代|张得水.
    pub(super) fn is_better_later(
        &self,
        range: &Range<usize>,
        score: i32,
        listed_after: Option<usize>,
    ) -> bool {
        let starts = (range.start + HAN..range.end).step_by(HAN);
        starts.into_iter().any(|at| {
            let later = self.input.after(at).chars().next().and_then(|c| self.best_at(at, c, listed_after));
            later.is_some_and(|(later, more)| later.end >= range.end && more > score + BETTER)
        })
    }

    /// What ordinary words weigh that begin at byte `at` or go across it.
    pub(super) fn words_at_beginning(&self, at: usize) -> i32 {
        let ordinary = match ORDINARY.longest(self.input.after(at)) {
            Some((len, _)) if len > 2 * HAN => KNOWN_NAME,
            Some(_) => ORDINARY_WORD,
            None => 0,
        };
        let across =
            at.checked_sub(HAN).and_then(|from| WORDS_ACROSS_BEGINNING.longest(self.input.after(from)));
        ordinary + across.map_or(0, |_| WORD_ACROSS_BEGINNING)
    }

    /// How much better the text around `name` divides into words with it than without it.
    fn words(&self, name: &Range<usize>, given: usize, has_cue: bool, is_cued: bool) -> i32 {
        // A cue is a word by itself.
        let before = if has_cue { "" } else { self.input.before(name.start) };
        let after = self.input.after(name.end);
        let before = before.chars().rev().take(WORDS_BEFORE).take_while(|c| is_ideograph(*c)).count() * HAN;
        let after = after.chars().take(WORDS_AFTER).take_while(|c| is_ideograph(*c)).count() * HAN;
        let text = |range: Range<usize>| self.text().get(range).unwrap_or_default();
        let without = LEXICON.cost(text(name.start - before..name.end + after));
        let (surname, given) = (text(name.start..given), text(given..name.end));
        // A surname of two characters is a word of its own.
        let surname =
            if surname.len() > HAN { LEXICON.cost(surname) } else { LEXICON.character_cost(surname) };
        let characters = LEXICON.character_cost(given);
        // A given name may be an ordinary word: 胜利, 明智.
        let word = LEXICON.cost(given) + GIVEN_WORD;
        let own = surname + if is_cued && may_be_given(given) { characters.min(word) } else { characters };
        let with = LEXICON.cost(text(name.start - before..name.start))
            + own
            + LEXICON.cost(text(name.end..name.end + after));
        ((without - with).round() as i32).clamp(LEAST_WORDS, MOST_WORDS)
    }
}
