use std::ops::Range;

use super::LinearHead;
use super::accumulate::{GROUP, Rows};

/// All heads of a model, interleaved: the weights of one feature for the labels of all tasks stand beside
/// each other, so that scoring a feature touches one or two cache lines and not several for every task.
#[derive(Clone, Debug, Default)]
pub(crate) struct Heads {
    /// `(features, stride)`: the labels of each task, filled up to whole groups with zeros.
    weights: Vec<i8>,
    /// `(features, tasks)`
    scales: Vec<f32>,
    /// `stride` numbers, zero where a task is filled up.
    bias: Vec<f32>,
    /// The columns of each task.
    columns: Vec<Range<usize>>,
    task_of_group: Vec<usize>,
    stride: usize,
}

impl Heads {
    /// Interleaves `heads`, one a task, which all have the same features.
    pub(crate) fn new(heads: Vec<LinearHead>) -> Self {
        let mut all = Self::default();
        for (task, head) in heads.iter().enumerate() {
            let groups = head.classes().div_ceil(GROUP);
            all.columns.push(all.stride..all.stride + head.classes());
            all.task_of_group.extend(std::iter::repeat_n(task, groups));
            all.stride += groups * GROUP;
            all.bias.extend(&head.bias);
            all.bias.resize(all.stride, 0.0);
        }
        let features = heads.first().map_or(0, |head| head.scales.len());
        all.weights = vec![0; features * all.stride];
        all.scales = vec![0.0; features * heads.len()];
        for (task, (head, columns)) in heads.iter().zip(&all.columns).enumerate() {
            let rows =
                all.weights.chunks_exact_mut(all.stride).zip(head.weights.chunks_exact(head.classes()));
            rows.for_each(|(into, from)| into[columns.clone()].copy_from_slice(from));
            let scales = all.scales.chunks_exact_mut(heads.len()).zip(&head.scales);
            scales.for_each(|(into, from)| into[task] = *from);
        }
        all
    }

    /// The head of `task` by itself, as it is stored.
    pub(crate) fn head(&self, task: usize) -> LinearHead {
        let columns = self.columns[task].clone();
        let rows = self.weights.chunks_exact(self.stride);
        LinearHead {
            weights: rows.flat_map(|row| &row[columns.clone()]).copied().collect(),
            scales: self.scales.chunks_exact(self.columns.len()).map(|scales| scales[task]).collect(),
            bias: self.bias[columns].to_vec(),
        }
    }

    /// Scores of all labels for a feature vector; those of a task stand in its [`columns`](Self::columns).
    pub(crate) fn scores(&self, indices: &[u32], values: &[f32]) -> Vec<f32> {
        let mut scores = self.bias.clone();
        let rows = Rows {
            weights: &self.weights,
            stride: self.stride,
            scales: &self.scales,
            tasks: self.columns.len(),
            task_of_group: &self.task_of_group,
        };
        rows.add(indices, values, &mut scores);
        scores
    }

    /// Where the scores of `task` stand.
    pub(crate) fn columns(&self, task: usize) -> Range<usize> {
        self.columns.get(task).cloned().unwrap_or_default()
    }

    /// The weights of feature `index` for all labels of `task`, before their scale, and the scale.
    pub(crate) fn row(&self, task: usize, index: u32) -> (&[i8], f32) {
        let columns = self.columns(task);
        let start = index as usize * self.stride;
        let weights = self.weights.get(start + columns.start..start + columns.end).unwrap_or_default();
        let scale = self.scales.get(index as usize * self.columns.len() + task);
        (weights, scale.copied().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heads() -> Vec<LinearHead> {
        let small = [[0.5f32, -1.0, 0.01], [0.0, 0.0, 0.0], [-2.0, 0.3, 0.7]];
        let large: Vec<Vec<f32>> =
            (0..3).map(|row| (0..11).map(|class| (row * 11 + class) as f32 * 0.1 - 1.5).collect()).collect();
        vec![
            LinearHead::quantize(small.iter().map(|row| row.as_slice()), vec![0.1, 0.2, 0.3]),
            LinearHead::quantize(large.iter().map(|row| row.as_slice()), vec![0.5; 11]),
        ]
    }

    #[test]
    fn quantised_scores_are_close() {
        let heads = Heads::new(heads());
        let scores = heads.scores(&[0, 1, 2], &[1.0, 5.0, 0.5]);
        for (score, expected) in scores[heads.columns(0)].iter().zip([-0.4, -0.65, 0.66]) {
            assert!((score - expected).abs() < 0.02, "{score} {expected}");
        }
        for (class, score) in scores[heads.columns(1)].iter().enumerate() {
            let weight = |row: usize| (row * 11 + class) as f32 * 0.1 - 1.5;
            let expected = 0.5 + weight(0) + 5.0 * weight(1) + 0.5 * weight(2);
            assert!((score - expected).abs() < 0.05, "{score} {expected}");
        }
    }

    #[test]
    fn each_head_comes_out_as_it_went_in() {
        let original = heads();
        let interleaved = Heads::new(heads());
        for (task, head) in original.iter().enumerate() {
            assert_eq!(interleaved.head(task), *head);
            let (weights, scale) = interleaved.row(task, 2);
            assert_eq!(weights, &head.weights[2 * head.classes()..]);
            assert_eq!(scale, head.scales[2]);
        }
    }
}
