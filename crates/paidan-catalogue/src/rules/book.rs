use super::{Rule, RuleId};
use crate::words::{WordId, WordTable};

/// All rules, found by their words.
#[derive(Debug, Default)]
pub(crate) struct RuleBook {
    pub(crate) rules: Vec<Rule>,
    /// By word: the rules that it may trigger.
    triggered: Vec<Vec<RuleId>>,
    /// Rules that need no word.
    always: Vec<RuleId>,
}

impl RuleBook {
    pub(crate) fn new(rules: Vec<Rule>) -> Self {
        Self { rules, triggered: Vec::new(), always: Vec::new() }
    }

    /// Makes the rules findable by the words of `table`.
    pub(crate) fn index(&mut self, table: &WordTable) {
        self.triggered = vec![Vec::new(); table.len()];
        for (at, rule) in self.rules.iter().enumerate() {
            let id = RuleId(at as u32);
            if rule.when.words.is_empty() {
                self.always.push(id);
            }
            for WordId(word) in rule.when.words.triggers() {
                if let Some(rules) = self.triggered.get_mut(word as usize) {
                    rules.push(id);
                }
            }
        }
    }

    pub(crate) fn get(&self, id: RuleId) -> Option<&Rule> {
        self.rules.get(id.0 as usize)
    }

    /// The rules that may hold where these words were found, in the order of the file.
    pub(super) fn candidates(&self, words: impl Iterator<Item = WordId>) -> Vec<RuleId> {
        let mut rules = self.always.clone();
        for WordId(word) in words {
            rules.extend(self.triggered.get(word as usize).into_iter().flatten());
        }
        rules.sort_unstable();
        rules.dedup();
        rules
    }
}
