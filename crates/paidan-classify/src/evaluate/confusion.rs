use std::collections::BTreeMap;

use serde::Serialize;

/// Counts of (true label, given label); memory grows with the pairs that occur.
#[derive(Clone, Debug)]
pub(super) struct Confusion {
    pairs: BTreeMap<(usize, usize), usize>,
    support: Vec<usize>,
    given: Vec<usize>,
}

/// Figures of one label against all others.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClassFigures {
    /// The label.
    pub label: String,
    /// Share of right answers among those given as this label; 0 where none was given.
    pub precision: f64,
    /// Share of this label's rows that were found; 0 where it has no rows.
    pub recall: f64,
    /// Harmonic mean of precision and recall.
    pub f1: f64,
    /// Rows with this label.
    pub support: usize,
    /// Rows given this label.
    pub predicted: usize,
}

impl Confusion {
    pub(super) fn new(classes: usize) -> Self {
        Self { pairs: BTreeMap::new(), support: vec![0; classes], given: vec![0; classes] }
    }

    pub(super) fn add(&mut self, truth: usize, given: usize) {
        if let (Some(support), Some(predicted)) = (self.support.get_mut(truth), self.given.get_mut(given)) {
            *support += 1;
            *predicted += 1;
            *self.pairs.entry((truth, given)).or_default() += 1;
        }
    }

    pub(super) fn figures(&self, class: usize, label: &str) -> ClassFigures {
        let hits = self.pairs.get(&(class, class)).copied().unwrap_or_default() as f64;
        let of = |counts: &[usize]| counts.get(class).copied().unwrap_or_default();
        let (support, predicted) = (of(&self.support), of(&self.given));
        let share = |of: usize| if of == 0 { 0.0 } else { hits / of as f64 };
        let (precision, recall) = (share(predicted), share(support));
        let sum = precision + recall;
        let f1 = if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 };
        ClassFigures { label: label.to_owned(), precision, recall, f1, support, predicted }
    }

    /// Wrong pairs (true, given, rows), most frequent first.
    pub(super) fn mistakes(&self) -> Vec<(usize, usize, usize)> {
        let wrong = self.pairs.iter().filter(|((truth, given), _)| truth != given);
        let mut mistakes: Vec<_> = wrong.map(|(&(truth, given), &count)| (truth, given, count)).collect();
        mistakes.sort_by_key(|&(truth, given, count)| (std::cmp::Reverse(count), truth, given));
        mistakes
    }
}
