use std::collections::HashMap;
use std::ops::Range;

use daachorse::{CharwiseDoubleArrayAhoCorasick, CharwiseDoubleArrayAhoCorasickBuilder};

use super::fields::{Field, Fields};
use super::fold;

/// A word of a rule or an escalation, by its place in the [`WordTable`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct WordId(pub(crate) u32);

/// All words of all rules and escalations, found in one pass over a text.
#[derive(Default)]
pub(crate) struct WordTable {
    words: Vec<String>,
    automaton: Option<CharwiseDoubleArrayAhoCorasick<u32>>,
}

/// A word in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) word: WordId,
    pub(crate) field: Field,
    /// Bytes of the folded field.
    pub(crate) range: Range<usize>,
}

/// Gathers words, each once.
#[derive(Default)]
pub(crate) struct WordTableBuilder {
    words: Vec<String>,
    ids: HashMap<String, WordId>,
}

impl WordTableBuilder {
    /// The id of `word`; `None` where nothing is left of it after normalisation.
    pub(crate) fn add(&mut self, word: &str) -> Option<WordId> {
        let folded = fold(word);
        if folded.is_empty() {
            return None;
        }
        if let Some(id) = self.ids.get(&folded) {
            return Some(*id);
        }
        let id = WordId(self.words.len() as u32);
        self.words.push(folded.clone());
        self.ids.insert(folded, id);
        Some(id)
    }

    pub(crate) fn build(self) -> WordTable {
        let patterns = self.words.iter().enumerate().map(|(id, word)| (word.as_str(), id as u32));
        // It fails only for no words at all, or more than fit into 32 bits.
        let automaton = CharwiseDoubleArrayAhoCorasickBuilder::new().build_with_values(patterns).ok();
        WordTable { words: self.words, automaton }
    }
}

impl WordTable {
    /// Every occurrence of every word in title and text, overlapping ones too.
    pub(crate) fn find(&self, fields: &Fields<'_>) -> Vec<Hit> {
        let Some(automaton) = &self.automaton else { return Vec::new() };
        let mut hits = Vec::new();
        for (field, text) in fields.each() {
            hits.extend(automaton.find_overlapping_iter(text).map(|found| Hit {
                word: WordId(found.value()),
                field,
                range: found.start()..found.end(),
            }));
        }
        hits
    }

    /// The word, folded.
    pub(crate) fn word(&self, id: WordId) -> &str {
        self.words.get(id.0 as usize).map_or("", String::as_str)
    }

    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }
}
