use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::MaskRule;

/// A word that told a rule where to look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cue {
    /// Which of the rule's [`cues`](MaskRule::cues).
    pub index: usize,
    /// The bytes of the text where it stands.
    pub range: Range<usize>,
}

/// Finds the cues of all rules in one pass.
pub(super) struct CueFinder {
    automaton: Option<AhoCorasick>,
    /// Pattern → rule and the index among its cues.
    patterns: Vec<(usize, usize)>,
    rules: usize,
}

impl CueFinder {
    pub(super) fn new(rules: &[Box<dyn MaskRule>]) -> Self {
        let mut words: Vec<&str> = Vec::new();
        let mut patterns = Vec::new();
        for (rule, cues) in rules.iter().map(|rule| rule.cues()).enumerate() {
            words.extend(cues);
            patterns.extend((0..cues.len()).map(|index| (rule, index)));
        }
        // Building fails only beyond 2^31 states; then the smaller automaton is tried.
        let build = |kind| {
            let mut builder = AhoCorasick::builder();
            builder.match_kind(MatchKind::Standard).ascii_case_insensitive(true).kind(kind).build(&words).ok()
        };
        let automaton = build(Some(AhoCorasickKind::DFA)).or_else(|| build(None));
        Self { automaton, patterns, rules: rules.len() }
    }

    /// The cues in `text` for each rule, in the order of their ends; overlapping ones too.
    pub(super) fn find(&self, text: &str) -> Vec<Vec<Cue>> {
        let mut found = vec![Vec::new(); self.rules];
        for hit in self.automaton.iter().flat_map(|automaton| automaton.find_overlapping_iter(text)) {
            let Some(&(rule, index)) = self.patterns.get(hit.pattern().as_usize()) else { continue };
            if let Some(cues) = found.get_mut(rule) {
                cues.push(Cue { index, range: hit.range() });
            }
        }
        found
    }
}
