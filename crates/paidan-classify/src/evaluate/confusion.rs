use serde::Serialize;

/// Counts of (true label, predicted label).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Confusion {
    classes: usize,
    counts: Vec<usize>,
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
    pub(crate) fn new(classes: usize) -> Self {
        Self { classes, counts: vec![0; classes * classes] }
    }

    pub(crate) fn add(&mut self, truth: usize, predicted: usize) {
        if let Some(count) = self.counts.get_mut(truth * self.classes + predicted) {
            *count += 1;
        }
    }

    /// Rows of label `truth` that were given label `predicted`.
    pub fn count(&self, truth: usize, predicted: usize) -> usize {
        self.counts.get(truth * self.classes + predicted).copied().unwrap_or_default()
    }

    pub(crate) fn figures(&self, class: usize, label: &str) -> ClassFigures {
        let hits = self.count(class, class) as f64;
        let support = (0..self.classes).map(|predicted| self.count(class, predicted)).sum::<usize>();
        let predicted = (0..self.classes).map(|truth| self.count(truth, class)).sum::<usize>();
        let share = |of: usize| if of == 0 { 0.0 } else { hits / of as f64 };
        let (precision, recall) = (share(predicted), share(support));
        let sum = precision + recall;
        let f1 = if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 };
        ClassFigures { label: label.to_owned(), precision, recall, f1, support, predicted }
    }

    /// Wrong pairs (true, predicted, rows), most frequent first.
    pub fn mistakes(&self) -> Vec<(usize, usize, usize)> {
        let pairs = (0..self.classes).flat_map(|truth| (0..self.classes).map(move |given| (truth, given)));
        let wrong = pairs.filter(|(truth, given)| truth != given);
        let mut mistakes: Vec<_> =
            wrong.map(|(truth, given)| (truth, given, self.count(truth, given))).collect();
        mistakes.retain(|(.., count)| *count > 0);
        mistakes.sort_by_key(|&(truth, given, count)| (std::cmp::Reverse(count), truth, given));
        mistakes
    }
}
