use std::collections::BTreeSet;

use serde::Serialize;

use super::calibration_error::expected_calibration_error;
use super::confusion::Confusion;
use super::{
    AcceptedFigures, CandidateFigures, ClassFigures, Coverage, Drift, LevelFigures, SetFigures,
    level_figures, set_figures,
};
use crate::risk::{Answer, RiskControl, Thresholds};
use crate::{LabelSet, Task, TaskKind};

/// One row as it was and as it was predicted.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The true label.
    pub truth: Truth,
    /// Probabilities of all labels of the task.
    pub probabilities: Vec<f32>,
}

impl Outcome {
    /// The most probable label, and whether that is the true one; `None` without labels.
    pub fn answer(&self) -> Option<Answer> {
        let (given, probability) = best(&self.probabilities)?;
        let label = given as u32;
        Some(Answer { label, probability, right: self.truth == Truth::Known(label) })
    }

    /// Whether `thresholds` leave this row to a person.
    pub fn is_handed_over(&self, thresholds: &Thresholds) -> bool {
        let accepts = |answer: Answer| thresholds.accepts(answer.label, answer.probability);
        self.answer().and_then(accepts) != Some(true)
    }
}

/// A true label, seen from the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Truth {
    /// The label of this index in the task's [`LabelSet`].
    Known(u32),
    /// A label that the model has not learnt; every answer to it is wrong.
    Unknown(String),
    /// The labels of a set.
    Set {
        /// Indices in the task's [`LabelSet`], rising.
        known: Vec<u32>,
        /// Labels that the model has not learnt.
        unknown: Vec<String>,
    },
}

/// The figures of one task.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TaskReport {
    /// The task.
    pub task: String,
    /// Rows with a label.
    pub rows: usize,
    /// Rows whose label the model has not learnt; they count as wrong.
    pub unknown_labels: usize,
    /// Share of rows whose most probable label is right.
    pub accuracy: f64,
    /// Share of rows whose label is among the three most probable.
    pub top3_accuracy: f64,
    /// Share of rows whose label is among the five most probable.
    pub top5_accuracy: f64,
    /// Mean F1 over the labels that occur or were given; labels not learnt have F1 0.
    pub macro_f1: f64,
    /// Mean F1 weighted by rows.
    pub weighted_f1: f64,
    /// Mean negative logarithm of the probability of the true label, at least 1e-12.
    pub log_loss: f64,
    /// Gap between stated and true probability of the given label, in 15 bins.
    pub expected_calibration_error: f64,
    /// Oracle coverage at precisions 0.90, 0.95 and 0.98.
    pub coverage_at_precision: Vec<Coverage>,
    /// Figures of each label that occurs or was given.
    pub per_class: Vec<ClassFigures>,
    /// The most frequent mistakes: (true, given, rows), at most 50.
    pub confusion: Vec<(String, String, usize)>,
    /// What became of accepted answers; `None` where the task has no threshold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted: Option<AcceptedFigures>,
    /// What became of the short lists; `None` where the task has no rule for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub candidates: Option<CandidateFigures>,
    /// How far these tickets have moved from those of the promise; `None` where there is no reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drift: Option<Drift>,
    /// Figures of each level of a path; `None` for other tasks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub levels: Option<Vec<LevelFigures>>,
    /// Figures of a set; `None` for other tasks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set: Option<SetFigures>,
}

impl TaskReport {
    /// The figures of `task` over `outcomes`.
    pub fn new<'o>(
        task: &str,
        labels: &LabelSet,
        outcomes: impl Iterator<Item = &'o Outcome> + Clone,
    ) -> Self {
        // Labels not learnt come after those learnt.
        let unknown: BTreeSet<&str> =
            outcomes.clone().filter_map(|outcome| outcome.truth.unknown()).collect();
        let names: Vec<&str> = labels.iter().chain(unknown.iter().copied()).collect();
        let mut counts = Counts::new(names.len());
        for outcome in outcomes {
            let truth = match &outcome.truth {
                Truth::Known(index) => *index as usize,
                Truth::Set { .. } => continue,
                Truth::Unknown(label) => labels.len() + unknown.range(..label.as_str()).count(),
            };
            counts.add(truth, &outcome.probabilities);
        }
        counts.ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
        let rows = counts.ranked.len();
        let share = |count: usize| count as f64 / rows.max(1) as f64;
        let figures = names.iter().enumerate().map(|(class, label)| counts.confusion.figures(class, label));
        let per_class: Vec<ClassFigures> = figures.filter(|f| f.support + f.predicted > 0).collect();
        let learnt = per_class.iter().filter(|f| !unknown.contains(f.label.as_str()));
        let name = |class: usize| names.get(class).copied().unwrap_or_default().to_owned();
        let mistakes = counts.confusion.mistakes().into_iter().take(50);
        Self {
            task: task.to_owned(),
            rows,
            unknown_labels: rows - learnt.map(|f| f.support).sum::<usize>(),
            accuracy: share(counts.within[0]),
            top3_accuracy: share(counts.within[2]),
            top5_accuracy: share(counts.within[4]),
            macro_f1: sum(per_class.iter().map(|f| f.f1)) / per_class.len().max(1) as f64,
            weighted_f1: sum(per_class.iter().map(|f| f.f1 * f.support as f64)) / rows.max(1) as f64,
            log_loss: counts.log_loss / rows.max(1) as f64,
            expected_calibration_error: expected_calibration_error(counts.ranked.iter().copied()),
            coverage_at_precision: [0.90, 0.95, 0.98].map(|p| Coverage::oracle(&counts.ranked, p)).to_vec(),
            per_class,
            confusion: mistakes.map(|(truth, given, count)| (name(truth), name(given), count)).collect(),
            accepted: None,
            candidates: None,
            drift: None,
            levels: None,
            set: None,
        }
    }

    /// The figures of `task` over `outcomes`, as its kind demands.
    ///
    /// Of a path, an answer is right where the whole path is, and [`levels`](Self::levels) tells the rest. Of a
    /// set, `accuracy` is the share of rows whose set is right as a whole, `top3_accuracy` and `top5_accuracy`
    /// that of rows all of whose labels are among the most probable, F1 is a mean over labels, and
    /// `expected_calibration_error` and `log_loss` are over all pairs of row and label.
    pub fn of<'o>(task: &Task, outcomes: impl Iterator<Item = &'o Outcome> + Clone) -> Self {
        if task.kind() == TaskKind::Set {
            return set_figures::report(task, outcomes);
        }
        let levels = level_figures::levels(task, outcomes.clone());
        Self { levels, ..Self::new(task.name(), task.labels(), outcomes) }
    }

    /// Adds what became of the promises in `risk` over the same `outcomes`.
    #[must_use]
    pub fn with_risk<'o>(
        mut self,
        risk: &RiskControl,
        outcomes: impl Iterator<Item = &'o Outcome> + Clone,
    ) -> Self {
        self.accepted = AcceptedFigures::new(risk, outcomes.clone());
        self.candidates = CandidateFigures::new(risk, outcomes.clone());
        self.drift = risk.reference.as_ref().and_then(|reference| {
            let mut now = reference.emptied();
            outcomes.filter_map(Outcome::answer).for_each(|answer| now.add(answer.label, answer.probability));
            reference.drift(&now)
        });
        self
    }
}

impl Truth {
    fn unknown(&self) -> Option<&str> {
        match self {
            Self::Known(_) | Self::Set { .. } => None,
            Self::Unknown(label) => Some(label),
        }
    }
}

/// What is counted row by row.
struct Counts {
    confusion: Confusion,
    /// Probability of the given label, and whether it was right.
    ranked: Vec<(f32, bool)>,
    /// Rows whose label is the first, among the first two, … among the first five.
    within: [usize; 5],
    log_loss: f64,
}

impl Counts {
    fn new(classes: usize) -> Self {
        Self { confusion: Confusion::new(classes), ranked: Vec::new(), within: [0; 5], log_loss: 0.0 }
    }

    fn add(&mut self, truth: usize, probabilities: &[f32]) {
        let Some((given, probability)) = best(probabilities) else { return };
        self.ranked.push((probability, truth == given));
        self.confusion.add(truth, given);
        let of_truth = probabilities.get(truth).copied();
        self.log_loss -= f64::from(of_truth.unwrap_or_default().max(1e-12)).ln();
        if let Some(of_truth) = of_truth {
            let better = |(class, &p): (usize, &f32)| p > of_truth || p == of_truth && class < truth;
            let rank = probabilities.iter().enumerate().filter(|&entry| better(entry)).count();
            for count in self.within.iter_mut().skip(rank) {
                *count += 1;
            }
        }
    }
}

/// The sum, which for nothing is 0 and not the −0 that `Iterator::sum` gives.
pub(super) fn sum(values: impl Iterator<Item = f64>) -> f64 {
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

    /// scikit-learn's `f1_score(["a", "a", "b", "b", "x"], ["a", "b", "b", "b", "b"])` gives
    /// 0.4444 with `average="macro"` and 0.5333 with `average="weighted"`.
    #[test]
    fn figures_of_a_small_table() {
        let labels = LabelSet::from_labels(["a", "b", "c"].map(str::to_owned).to_vec());
        let outcome =
            |truth, probabilities: [f32; 3]| Outcome { truth, probabilities: probabilities.to_vec() };
        let outcomes = [
            outcome(Truth::Known(0), [0.8, 0.1, 0.1]),
            outcome(Truth::Known(0), [0.3, 0.6, 0.1]),
            outcome(Truth::Known(1), [0.2, 0.7, 0.1]),
            outcome(Truth::Known(1), [0.1, 0.8, 0.1]),
            outcome(Truth::Unknown("x".to_owned()), [0.2, 0.7, 0.1]),
        ];
        let report = TaskReport::new("type", &labels, outcomes.iter());
        assert_eq!((report.rows, report.unknown_labels), (5, 1));
        assert!((report.accuracy - 0.6).abs() < 1e-9);
        assert!((report.top3_accuracy - 0.8).abs() < 1e-9);
        assert_eq!(report.per_class.len(), 3, "c neither occurs nor was given; x occurs");
        assert!((report.macro_f1 - 0.444_444_4).abs() < 1e-6, "{}", report.macro_f1);
        assert!((report.weighted_f1 - 0.533_333_3).abs() < 1e-6, "{}", report.weighted_f1);
        let pair = |truth: &str, given: &str| (truth.to_owned(), given.to_owned(), 1);
        assert_eq!(report.confusion, [pair("a", "b"), pair("x", "b")]);
    }

    #[test]
    fn no_rows_give_zeros() {
        let labels = LabelSet::from_labels(vec!["a".to_owned()]);
        let report = TaskReport::new("type", &labels, [].iter());
        assert_eq!((report.rows, report.accuracy), (0, 0.0));
        assert!(report.macro_f1.is_sign_positive() && report.weighted_f1.is_sign_positive());
    }
}
