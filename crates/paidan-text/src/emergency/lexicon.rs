use std::collections::BTreeMap;
use std::ops::Range;

use daachorse::CharwiseDoubleArrayAhoCorasick;

/// What a word of the table is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A part of a cue: the cue's place among all cues, and the part's among its parts.
    Part { cue: usize, part: usize },
    /// A word of a suppressor.
    Suppressor(usize),
    /// A word that swallows others.
    Neutral,
    /// A word of the present.
    Live,
}

/// One occurrence of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    pub(super) role: Role,
    pub(super) range: Range<usize>,
}

/// All words of a table in one automaton.
pub(super) struct Lexicon {
    automaton: Option<CharwiseDoubleArrayAhoCorasick<u32>>,
    roles: Vec<Vec<Role>>,
}

impl Lexicon {
    pub(super) fn new(words: BTreeMap<String, Vec<Role>>) -> Self {
        // No words is all that can fail, but for a table beyond 2^32: the parser refuses empty ones.
        let automaton = CharwiseDoubleArrayAhoCorasick::with_values(words.keys().zip(0u32..)).ok();
        Self { automaton, roles: words.into_values().collect() }
    }

    /// All words in `text`, overlapping ones too, in the order of their ends.
    pub(super) fn hits(&self, text: &str) -> Vec<Hit> {
        let mut hits = Vec::new();
        for found in self.automaton.iter().flat_map(|automaton| automaton.find_overlapping_iter(text)) {
            let roles = self.roles.get(found.value() as usize).into_iter().flatten();
            hits.extend(roles.map(|role| Hit { role: *role, range: found.start()..found.end() }));
        }
        hits
    }
}
