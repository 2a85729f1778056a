use std::ops::Range;

use crate::read::{Section, Text};
use crate::words::{
    Field, Fields, Hit, WordId, WordTableBuilder, cuts_two_words, is_negated, is_past, is_whole,
};

/// Words that must or must not be there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct WordCondition {
    /// One of them must be found, if there are any.
    pub(crate) any: Vec<WordId>,
    /// Of each group one must be found.
    pub(crate) all: Vec<Vec<WordId>>,
    /// None of them may be found.
    pub(crate) none: Vec<WordId>,
    whole_words: bool,
    not_inside: Vec<WordId>,
    not_negated: bool,
    not_past: bool,
}

/// The words found in a ticket, or in a part of its text.
pub(crate) struct HitSet<'h> {
    /// By word.
    hits: Vec<&'h Hit>,
}

impl<'h> HitSet<'h> {
    /// Those of `hits` that lie in `part` of the text, and all of the title; all where there is no part.
    pub(crate) fn new(hits: &'h [Hit], part: Option<&Range<usize>>) -> Self {
        let is_in = |hit: &&Hit| match part {
            None => true,
            Some(part) => {
                hit.field == Field::Text && part.start <= hit.range.start && hit.range.end <= part.end
            }
        };
        let mut hits: Vec<&Hit> = hits.iter().filter(is_in).collect();
        hits.sort_by_key(|hit| (hit.word, hit.field, hit.range.start));
        Self { hits }
    }

    pub(crate) fn of(&self, word: WordId) -> &[&'h Hit] {
        let from = self.hits.partition_point(|hit| hit.word < word);
        let rest = self.hits.get(from..).unwrap_or_default();
        rest.get(..rest.partition_point(|hit| hit.word == word)).unwrap_or_default()
    }

    /// The words that were found, each once.
    pub(crate) fn words(&self) -> impl Iterator<Item = WordId> + '_ {
        self.hits.chunk_by(|a, b| a.word == b.word).filter_map(|hits| hits.first()).map(|hit| hit.word)
    }
}

impl WordCondition {
    /// Reads the keys about words.
    pub(crate) fn read(section: &Section<'_>, words: &mut WordTableBuilder) -> Self {
        Self {
            not_negated: section.boolean("not_negated").unwrap_or(false),
            not_past: section.boolean("not_past").unwrap_or(false),
            ..Self::read_plain(section, words)
        }
    }

    /// Reads the keys about words, without those about what is denied or past.
    pub(crate) fn read_plain(section: &Section<'_>, words: &mut WordTableBuilder) -> Self {
        let mut add = |key: &str, texts: Vec<Text>| -> Vec<WordId> {
            let mut ids = Vec::new();
            for text in texts {
                match words.add(&text.value) {
                    Some(id) => ids.push(id),
                    None => section.expected(
                        key,
                        "empty_word",
                        "words of which something is left after normalisation",
                    ),
                }
            }
            ids
        };
        Self {
            any: add("any", section.strings("any")),
            all: section.groups("all").into_iter().map(|group| add("all", group)).collect(),
            none: add("none", section.strings("none")),
            not_inside: add("not_inside", section.strings("not_inside")),
            whole_words: section.boolean("whole_words").unwrap_or(false),
            not_negated: false,
            not_past: false,
        }
    }

    /// Whether there is no word to be found.
    pub(crate) fn is_empty(&self) -> bool {
        self.any.is_empty() && self.all.is_empty()
    }

    /// The words of which at least one must be found.
    pub(crate) fn triggers(&self) -> impl Iterator<Item = WordId> + '_ {
        let first = self.all.first().map_or([].as_slice(), Vec::as_slice);
        let any = self.any.as_slice();
        (if any.is_empty() { first } else { any }).iter().copied()
    }

    /// What was found, if the condition holds.
    pub(crate) fn found(&self, hits: &HitSet<'_>, fields: &Fields<'_>) -> Option<Vec<Hit>> {
        let is_there = |word: &WordId| hits.of(*word).iter().any(|hit| self.is_word(hit, hits, fields));
        if self.none.iter().any(is_there) {
            return None;
        }
        let mut found = Vec::new();
        let groups = (!self.any.is_empty()).then_some(&self.any).into_iter().chain(&self.all);
        for group in groups {
            let before = found.len();
            for word in group {
                let said = |hit: &&&Hit| self.is_word(hit, hits, fields) && self.is_said(hit, fields);
                found.extend(hits.of(*word).iter().filter(said).map(|hit| (*hit).clone()));
            }
            if found.len() == before {
                return None;
            }
        }
        Some(found)
    }

    /// Whether the hit is that word and no part of others.
    fn is_word(&self, hit: &Hit, hits: &HitSet<'_>, fields: &Fields<'_>) -> bool {
        let words = fields.words(hit.field);
        if self.whole_words && !is_whole(words, &hit.range) || cuts_two_words(words, &hit.range) {
            return false;
        }
        !self.not_inside.iter().any(|longer| hits.of(*longer).iter().any(|longer| longer.holds(hit)))
    }

    fn is_said(&self, hit: &Hit, fields: &Fields<'_>) -> bool {
        let text = fields.folded(hit.field);
        !(self.not_negated && is_negated(text, &hit.range) || self.not_past && is_past(text, &hit.range))
    }
}

impl Hit {
    /// Whether `inner` lies in this one.
    pub(crate) fn holds(&self, inner: &Hit) -> bool {
        self.field == inner.field
            && self.range.start <= inner.range.start
            && inner.range.end <= self.range.end
    }
}
