use serde::Serialize;

use super::calibration_error::expected_calibration_error;
use super::report::{TaskReport, sum};
use super::{ClassFigures, Outcome, Truth};
use crate::Task;

/// Figures of a task whose labels are sets.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SetFigures {
    /// The least probability of a label that a ticket gets.
    pub threshold: f64,
    /// Share of right labels among all that were given.
    pub micro_precision: f64,
    /// Share of the true labels that were given.
    pub micro_recall: f64,
    /// Harmonic mean of the two.
    pub micro_f1: f64,
    /// True labels a row, on average.
    pub mean_labels: f64,
    /// Labels given a row, on average.
    pub mean_given: f64,
}

/// The figures of `task`, which is a set. `accuracy` is the share of rows whose set is right as a whole, the
/// others are means over labels: see [`TaskReport`].
pub(super) fn report<'o>(task: &Task, outcomes: impl Iterator<Item = &'o Outcome>) -> TaskReport {
    let labels = task.labels();
    let mut counts: Vec<[usize; 3]> = vec![[0; 3]; labels.len()];
    let mut pairs: Vec<(f32, bool)> = Vec::new();
    let (mut rows, mut exact, mut unknown_labels, mut missed, mut log_loss) = (0, 0, 0, 0, 0.0f64);
    let mut within = [0usize; 2];
    for outcome in outcomes {
        let Truth::Set { known, unknown } = &outcome.truth else { continue };
        let mut given: Vec<u32> = task.members(&outcome.probabilities).iter().map(|i| *i as u32).collect();
        given.sort_unstable();
        rows += 1;
        exact += usize::from(unknown.is_empty() && given == *known);
        unknown_labels += usize::from(!unknown.is_empty());
        missed += unknown.len();
        for label in &given {
            counts[*label as usize][1] += 1;
        }
        for label in known {
            counts[*label as usize][0] += 1;
            counts[*label as usize][2] += usize::from(given.binary_search(label).is_ok());
        }
        let mut ranked: Vec<u32> = (0..labels.len() as u32).collect();
        let key = |label: &u32| outcome.probabilities.get(*label as usize).copied().unwrap_or_default();
        ranked.sort_by(|a, b| key(b).total_cmp(&key(a)).then(a.cmp(b)));
        for (count, most) in within.iter_mut().zip([3, 5]) {
            let listed = |label: &u32| ranked.iter().take(most).any(|other| other == label);
            *count += usize::from(unknown.is_empty() && known.iter().all(listed));
        }
        for (label, probability) in outcome.probabilities.iter().enumerate() {
            let is_true = known.binary_search(&(label as u32)).is_ok();
            let stated = if is_true { *probability } else { 1.0 - probability };
            log_loss -= f64::from(stated.max(1e-12)).ln();
            pairs.push((*probability, is_true));
        }
    }
    let total = |which: usize| counts.iter().map(|count| count[which]).sum::<usize>();
    let (support, given, hits) = (total(0) + missed, total(1), total(2));
    let ratio = |part: usize, of: usize| part as f64 / of.max(1) as f64;
    let figures = |(label, [support, predicted, hits]): (&str, &[usize; 3])| ClassFigures {
        label: label.to_owned(),
        precision: ratio(*hits, *predicted),
        recall: ratio(*hits, *support),
        f1: ratio(2 * hits, support + predicted),
        support: *support,
        predicted: *predicted,
    };
    let per_class: Vec<ClassFigures> =
        labels.iter().zip(&counts).map(figures).filter(|f| f.support + f.predicted > 0).collect();
    let weighted = sum(per_class.iter().map(|f| f.f1 * f.support as f64));
    TaskReport {
        task: task.name().to_owned(),
        rows,
        unknown_labels,
        accuracy: ratio(exact, rows),
        top3_accuracy: ratio(within[0], rows),
        top5_accuracy: ratio(within[1], rows),
        macro_f1: sum(per_class.iter().map(|f| f.f1)) / per_class.len().max(1) as f64,
        weighted_f1: weighted / support.max(1) as f64,
        log_loss: log_loss / pairs.len().max(1) as f64,
        expected_calibration_error: expected_calibration_error(pairs.iter().copied()),
        coverage_at_precision: Vec::new(),
        per_class,
        confusion: Vec::new(),
        accepted: None,
        candidates: None,
        drift: None,
        levels: None,
        set: Some(SetFigures {
            threshold: f64::from(task.set_threshold().unwrap_or_default()),
            micro_precision: ratio(hits, given),
            micro_recall: ratio(hits, support),
            micro_f1: ratio(2 * hits, support + given),
            mean_labels: ratio(support, rows),
            mean_given: ratio(given, rows),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LabelSet;
    use crate::calibration::Calibration;
    use crate::model::Form;
    use crate::risk::RiskControl;
    use crate::set_rule::SetRule;

    /// scikit-learn's `f1_score` on the same table, the unknown label as a fourth column, gives 0.6667 with
    /// `average="micro"`.
    #[test]
    fn figures_of_a_small_table() {
        let labels = LabelSet::from_labels(["a", "b", "c"].map(str::to_owned).to_vec());
        let task = Task {
            name: "support".to_owned(),
            names: vec![None; 3],
            form: Form::Set(SetRule::unfitted(3)),
            labels,
            calibration: Calibration::default(),
            risk: RiskControl::default(),
        };
        let row = |known: &[u32], unknown: &[&str], probabilities: [f32; 3]| Outcome {
            truth: Truth::Set {
                known: known.to_vec(),
                unknown: unknown.iter().map(|label| (*label).to_owned()).collect(),
            },
            probabilities: probabilities.to_vec(),
        };
        let outcomes = [
            row(&[0, 1], &[], [0.9, 0.6, 0.1]),
            row(&[], &[], [0.2, 0.1, 0.1]),
            row(&[2], &["x"], [0.7, 0.1, 0.9]),
            row(&[1], &[], [0.1, 0.4, 0.1]),
        ];
        let report = report(&task, outcomes.iter());
        let set = report.set.unwrap();
        assert_eq!((report.rows, report.accuracy, report.unknown_labels), (4, 0.5, 1));
        assert!((set.micro_f1 - 2.0 * 3.0 / 9.0).abs() < 1e-9, "{set:?}");
        assert_eq!((set.mean_labels, set.mean_given), (1.25, 1.0));
        assert!((report.macro_f1 - (2.0 / 3.0 + 2.0 / 3.0 + 1.0) / 3.0).abs() < 1e-9);
        assert_eq!(report.top3_accuracy, 0.75);
    }
}
