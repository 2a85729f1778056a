use serde::Serialize;

use super::calibration_error::expected_calibration_error;
use super::{Outcome, Truth};
use crate::model::Form;
use crate::path_tree::{level_key, levels_of};
use crate::{LabelSet, Task};

/// Figures of one level of a path.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LevelFigures {
    /// The level, counted from 1, the broadest.
    pub level: usize,
    /// Labels that the model knows down to this level.
    pub labels: usize,
    /// Rows whose true path reaches this level.
    pub rows: usize,
    /// Share of them whose answer is right from the first level down to this one.
    pub accuracy: f64,
    /// Share of them that belong to one of the three most probable labels of the level.
    pub top3_accuracy: f64,
    /// Gap between stated and true probability of the answer down to this level, in 15 bins.
    pub expected_calibration_error: f64,
}

/// The figures of each level of `task`, which is a path; `None` for other tasks.
pub(super) fn levels<'o>(
    task: &Task,
    outcomes: impl Iterator<Item = &'o Outcome> + Clone,
) -> Option<Vec<LevelFigures>> {
    let Form::Path(tree) = &task.form else { return None };
    let level = |level: usize| {
        let (mut right, mut within, mut rows) = (0usize, 0usize, Vec::new());
        let keys: Vec<String> = task.labels().iter().map(|label| level_key(label, level + 1)).collect();
        for outcome in outcomes.clone() {
            let (Some(answer), Some(truth)) = (outcome.answer(), spelled(&outcome.truth, task.labels()))
            else {
                continue;
            };
            if levels_of(truth).count() <= level {
                continue;
            }
            let given = answer.label as usize;
            let probability = tree
                .node(level, given)
                .map_or(0.0, |node| tree.probability(level, node, &outcome.probabilities));
            let truth = level_key(truth, level + 1);
            // An answer that ends above this level is wrong here.
            let reaches = task.labels().get(given).is_some_and(|label| levels_of(label).count() > level);
            let is_right = reaches && keys.get(given).is_some_and(|key| *key == truth);
            right += usize::from(is_right);
            rows.push((probability, is_right));
            let mut sums = vec![0.0f32; tree.count(level)];
            for (node, probability) in tree.nodes(level).iter().zip(&outcome.probabilities) {
                sums[*node as usize] += probability;
            }
            let node = keys.iter().position(|key| *key == truth).and_then(|label| tree.node(level, label));
            let own = node.map(|node| sums[node as usize]);
            within += usize::from(own.is_some_and(|own| sums.iter().filter(|sum| **sum > own).count() < 3));
        }
        let share = |count: usize| count as f64 / rows.len().max(1) as f64;
        LevelFigures {
            level: level + 1,
            labels: tree.count(level),
            rows: rows.len(),
            accuracy: share(right),
            top3_accuracy: share(within),
            expected_calibration_error: expected_calibration_error(rows.iter().copied()),
        }
    };
    Some((0..tree.depth()).map(level).collect())
}

fn spelled<'a>(truth: &'a Truth, labels: &'a LabelSet) -> Option<&'a str> {
    match truth {
        Truth::Known(index) => labels.get(*index as usize),
        Truth::Unknown(label) => Some(label),
        Truth::Set { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibration::Calibration;
    use crate::path_tree::PathTree;
    use crate::risk::RiskControl;

    #[test]
    fn each_level_is_measured_along_the_answer() {
        let labels = ["城管 > 环卫 > 公厕", "城管 > 环卫 > 垃圾", "城管 > 市容", "供水 > 停水"];
        let labels = LabelSet::from_labels(labels.map(str::to_owned).to_vec());
        let task = Task {
            name: "category".to_owned(),
            names: vec![None; 4],
            form: Form::Path(PathTree::new(&labels)),
            labels,
            calibration: Calibration::default(),
            risk: RiskControl::default(),
        };
        let outcome =
            |truth, probabilities: [f32; 4]| Outcome { truth, probabilities: probabilities.to_vec() };
        let outcomes = [
            outcome(Truth::Known(0), [0.4, 0.3, 0.2, 0.1]),
            outcome(Truth::Known(1), [0.4, 0.3, 0.2, 0.1]),
            outcome(Truth::Known(2), [0.4, 0.3, 0.2, 0.1]),
            outcome(Truth::Unknown("供水 > 水质".to_owned()), [0.1, 0.1, 0.1, 0.7]),
        ];
        let found = levels(&task, outcomes.iter()).unwrap();
        let figures: Vec<_> = found.iter().map(|level| (level.labels, level.rows, level.accuracy)).collect();
        assert_eq!(figures, [(2, 4, 1.0), (3, 4, 0.5), (4, 2, 0.5)]);
        assert_eq!(found[1].top3_accuracy, 0.75, "the fourth is a label of no training row");
        // The answers at the first level are stated with 0.9, 0.9, 0.9 and 0.7, and all right.
        assert!((found[0].expected_calibration_error - 0.15).abs() < 1e-6);
    }
}
