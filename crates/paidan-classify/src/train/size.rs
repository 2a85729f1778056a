//! What the size of a task allows: how many rows measure, how many models are made, which weights are kept.

use super::solver::SplitMix64;
use super::targets::Targets;

/// How large a task is.
#[derive(Clone, Copy, Debug)]
pub(super) struct TaskSize {
    /// Rows with a label.
    pub(super) rows: usize,
    pub(super) classes: usize,
    pub(super) features: usize,
}

/// Weights up to which all are kept: 32 MB in the bundle, 128 MB while they are fitted.
const DENSE_WEIGHTS: usize = 32 << 20;
/// Scores of unseen rows kept at most: 128 MB.
const MOST_SCORES: usize = 32 << 20;
/// Scores up to which every fold is held out in turn; beyond, one fold measures well enough.
const CROSS_VALIDATED: usize = 128 << 20;

impl TaskSize {
    /// Whether weights near 0 are dropped.
    pub(super) fn is_sparse(self) -> bool {
        self.classes.saturating_mul(self.features) > DENSE_WEIGHTS
    }

    /// The folds that are held out, of `folds`.
    pub(super) fn held_out(self, folds: u32) -> Vec<u32> {
        let all = self.classes.saturating_mul(self.rows) <= CROSS_VALIDATED;
        (0..folds).take(if all { folds as usize } else { 1 }).collect()
    }

    /// The rows with a label and of a fold in `held_out` whose scores are kept: all, or as many as there is
    /// memory for, drawn the same each time.
    pub(super) fn scored(self, targets: &Targets, folds: &[u32], held_out: &[u32]) -> Vec<u32> {
        let is_held_out = |row: &usize| folds.get(*row).is_some_and(|fold| held_out.contains(fold));
        let rows: Vec<u32> = (0..targets.len())
            .filter(|row| targets.of(*row).is_some() && is_held_out(row))
            .map(|row| row as u32)
            .collect();
        let most = (MOST_SCORES / self.classes.max(1)).max(1);
        if rows.len() <= most {
            return rows;
        }
        let mut random = SplitMix64(rows.len() as u64);
        let mut drawn = rows;
        random.shuffle(&mut drawn);
        drawn.truncate(most);
        drawn.sort_unstable();
        drawn
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TaskKind;

    #[test]
    fn large_tasks_are_measured_on_some_rows_of_one_fold() {
        let column: Vec<Option<String>> = (0..90_000).map(|i| Some(format!("{}", i % 7))).collect();
        let (_, targets, _) = Targets::collect(TaskKind::Label, &column).unwrap();
        let folds: Vec<u32> = (0..90_000).map(|i| i % 5).collect();
        let small = TaskSize { rows: 90_000, classes: 7, features: 1000 };
        assert_eq!(small.held_out(5), [0, 1, 2, 3, 4]);
        assert_eq!(small.scored(&targets, &folds, &[0, 1, 2, 3, 4]).len(), 90_000);
        assert!(!small.is_sparse());
        let large = TaskSize { rows: 90_000, classes: 3000, features: 100_000 };
        assert!(large.is_sparse());
        assert_eq!(large.held_out(5), [0]);
        let scored = large.scored(&targets, &folds, &[0]);
        assert_eq!(scored.len(), MOST_SCORES / 3000);
        assert!(scored.is_sorted() && scored.iter().all(|row| row % 5 == 0));
        assert_eq!(scored, large.scored(&targets, &folds, &[0]));
    }
}
