use serde::Serialize;

use super::calibration_error::expected_calibration_error;
use super::{ClassFigures, Confusion, Coverage};
use crate::LabelSet;

/// One row as it was and as it was predicted.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The true label; `None` where the model does not know it.
    pub truth: Option<u32>,
    /// Probabilities of all labels of the task.
    pub probabilities: Vec<f32>,
}

/// The figures of one task.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TaskReport {
    /// The task.
    pub task: String,
    /// Rows with a label.
    pub rows: usize,
    /// Rows whose label the model does not know; they count as wrong.
    pub unknown_labels: usize,
    /// Share of rows whose most probable label is right.
    pub accuracy: f64,
    /// Share of rows whose label is among the three most probable.
    pub top3_accuracy: f64,
    /// Share of rows whose label is among the five most probable.
    pub top5_accuracy: f64,
    /// Mean F1 over the labels that occur or were given.
    pub macro_f1: f64,
    /// Mean F1 weighted by rows.
    pub weighted_f1: f64,
    /// Mean negative logarithm of the probability of the true label.
    pub log_loss: f64,
    /// Gap between stated and true probability of the given label, in 15 bins.
    pub expected_calibration_error: f64,
    /// Oracle coverage at precisions 0.90, 0.95 and 0.98.
    pub coverage_at_precision: Vec<Coverage>,
    /// Figures of each label that occurs or was given.
    pub per_class: Vec<ClassFigures>,
    /// The most frequent mistakes: (true, given, rows), at most 50.
    pub confusion: Vec<(String, String, usize)>,
}

impl TaskReport {
    /// The figures of `task` over `outcomes`.
    pub fn new(task: &str, labels: &LabelSet, outcomes: &[Outcome]) -> Self {
        let mut confusion = Confusion::new(labels.len());
        let mut ranked = Vec::with_capacity(outcomes.len());
        let mut within = [0usize; 5];
        let mut log_loss = 0.0;
        for outcome in outcomes {
            let Some((given, probability)) = best(&outcome.probabilities) else { continue };
            ranked.push((probability, outcome.truth == Some(given as u32)));
            let truth = outcome.truth.map(|truth| truth as usize);
            let of_truth = truth.and_then(|truth| outcome.probabilities.get(truth)).copied();
            log_loss -= f64::from(of_truth.unwrap_or_default().max(1e-12)).ln();
            if let (Some(truth), Some(of_truth)) = (truth, of_truth) {
                confusion.add(truth, given);
                let better = |(class, &p): (usize, &f32)| p > of_truth || p == of_truth && class < truth;
                let rank = outcome.probabilities.iter().enumerate().filter(|&entry| better(entry)).count();
                for count in within.iter_mut().skip(rank) {
                    *count += 1;
                }
            }
        }
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
        let rows = ranked.len();
        let share = |count: usize| count as f64 / rows.max(1) as f64;
        let figures = labels.iter().enumerate().map(|(class, label)| confusion.figures(class, label));
        let per_class: Vec<ClassFigures> = figures.filter(|f| f.support + f.predicted > 0).collect();
        let unknown_labels = outcomes.iter().filter(|outcome| outcome.truth.is_none()).count();
        let name = |class: usize| labels.get(class).unwrap_or_default().to_owned();
        let mistakes = confusion.mistakes().into_iter().take(50);
        Self {
            task: task.to_owned(),
            rows,
            unknown_labels,
            accuracy: share(within[0]),
            top3_accuracy: share(within[2]),
            top5_accuracy: share(within[4]),
            macro_f1: sum(per_class.iter().map(|f| f.f1)) / per_class.len().max(1) as f64,
            weighted_f1: sum(per_class.iter().map(|f| f.f1 * f.support as f64)) / rows.max(1) as f64,
            log_loss: log_loss / rows.max(1) as f64,
            expected_calibration_error: expected_calibration_error(ranked.iter().copied()),
            coverage_at_precision: [0.90, 0.95, 0.98].map(|p| Coverage::oracle(&ranked, p)).to_vec(),
            per_class,
            confusion: mistakes.map(|(truth, given, count)| (name(truth), name(given), count)).collect(),
        }
    }
}

/// The sum, which for nothing is 0 and not the −0 that `Iterator::sum` gives.
fn sum(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(0.0, |sum, value| sum + value)
}

/// The most probable class, the first of equals.
fn best(probabilities: &[f32]) -> Option<(usize, f32)> {
    let classes = probabilities.iter().copied().enumerate();
    classes.reduce(|best, class| if class.1 > best.1 { class } else { best })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked by hand; scikit-learn's `f1_score` gives the same.
    #[test]
    fn figures_of_a_small_table() {
        let labels = LabelSet::from_labels(["a", "b", "c"].map(str::to_owned).to_vec());
        let outcome =
            |truth, probabilities: [f32; 3]| Outcome { truth, probabilities: probabilities.to_vec() };
        let report = TaskReport::new(
            "type",
            &labels,
            &[
                outcome(Some(0), [0.8, 0.1, 0.1]),
                outcome(Some(0), [0.3, 0.6, 0.1]),
                outcome(Some(1), [0.2, 0.7, 0.1]),
                outcome(Some(1), [0.1, 0.8, 0.1]),
                outcome(None, [0.2, 0.7, 0.1]),
            ],
        );
        assert_eq!((report.rows, report.unknown_labels), (5, 1));
        assert!((report.accuracy - 0.6).abs() < 1e-9);
        assert!((report.top3_accuracy - 0.8).abs() < 1e-9);
        assert_eq!(report.per_class.len(), 2, "c neither occurs nor was given");
        // a: precision 1, recall 1/2; b: precision 2/3 (the unknown row has no class), recall 1.
        assert!((report.macro_f1 - (2.0 / 3.0 + 0.8) / 2.0).abs() < 1e-9);
        assert_eq!(report.confusion, [("a".to_owned(), "b".to_owned(), 1)]);
    }

    #[test]
    fn no_rows_give_zeros() {
        let labels = LabelSet::from_labels(vec!["a".to_owned()]);
        let report = TaskReport::new("type", &labels, &[]);
        assert_eq!((report.rows, report.accuracy), (0, 0.0));
        assert!(report.macro_f1.is_sign_positive() && report.weighted_f1.is_sign_positive());
    }
}
