use std::borrow::Cow;
use std::ops::Range;

use super::accumulate::{GROUP, Rows};
use super::{Head, LinearHead, SparseHead};

/// All heads of a model. Dense ones are interleaved: the weights of one feature for the labels of their tasks
/// stand beside each other, so that scoring a feature touches one or two cache lines and not several for every
/// task.
#[derive(Clone, Debug, Default)]
pub(crate) struct Heads {
    /// `(features, stride)`: the labels of each dense task, filled up to whole groups with zeros.
    weights: Vec<i8>,
    /// `(features, dense tasks)`
    scales: Vec<f32>,
    /// One for each score, zero where a task is filled up.
    bias: Vec<f32>,
    tasks: Vec<Place>,
    /// Dense tasks.
    dense: usize,
    /// The dense task of each group.
    task_of_group: Vec<usize>,
    stride: usize,
    sparse: Vec<SparseHead>,
}

/// Where a task stands.
#[derive(Clone, Debug)]
struct Place {
    columns: Range<usize>,
    /// Its place among the dense or the sparse heads.
    head: usize,
    is_sparse: bool,
}

impl Heads {
    /// Puts `heads` together, one a task, which all have the same features.
    pub(crate) fn new(heads: Vec<Head>) -> Self {
        let mut all = Self::default();
        let mut dense: Vec<LinearHead> = Vec::new();
        for head in heads {
            let (is_sparse, head) = match head {
                Head::Dense(head) => {
                    let groups = head.classes().div_ceil(GROUP);
                    all.task_of_group.extend(std::iter::repeat_n(dense.len(), groups));
                    all.tasks.push(Place {
                        columns: all.stride..all.stride + head.classes(),
                        head: dense.len(),
                        is_sparse: false,
                    });
                    all.stride += groups * GROUP;
                    dense.push(head);
                    continue;
                }
                Head::Sparse(head) => (true, head),
            };
            // The columns follow when the dense ones are known.
            all.tasks.push(Place { columns: 0..head.bias.len(), head: all.sparse.len(), is_sparse });
            all.sparse.push(head);
        }
        all.dense = dense.len();
        all.bias = vec![0.0; all.stride];
        let mut end = all.stride;
        for place in all.tasks.iter_mut().filter(|place| place.is_sparse) {
            place.columns = end..end + place.columns.len();
            end = place.columns.end;
            all.bias.extend(&all.sparse[place.head].bias);
        }
        let features = dense.first().map_or(0, |head| head.scales.len());
        all.weights = vec![0; features * all.stride];
        all.scales = vec![0.0; features * dense.len()];
        for place in all.tasks.iter().filter(|place| !place.is_sparse) {
            let head = &dense[place.head];
            all.bias[place.columns.clone()].copy_from_slice(&head.bias);
            let rows =
                all.weights.chunks_exact_mut(all.stride).zip(head.weights.chunks_exact(head.classes()));
            rows.for_each(|(into, from)| into[place.columns.clone()].copy_from_slice(from));
            let scales = all.scales.chunks_exact_mut(dense.len()).zip(&head.scales);
            scales.for_each(|(into, from)| into[place.head] = *from);
        }
        all
    }

    /// The head of `task` by itself, as it is stored.
    pub(crate) fn head(&self, task: usize) -> Head {
        let Place { columns, head, is_sparse } = self.tasks[task].clone();
        if is_sparse {
            return Head::Sparse(self.sparse[head].clone());
        }
        let rows = self.weights.chunks_exact(self.stride);
        Head::Dense(LinearHead {
            weights: rows.flat_map(|row| &row[columns.clone()]).copied().collect(),
            scales: self.scales.chunks_exact(self.dense).map(|scales| scales[head]).collect(),
            bias: self.bias[columns].to_vec(),
        })
    }

    /// Whether any head is sparse.
    pub(crate) fn has_sparse(&self) -> bool {
        !self.sparse.is_empty()
    }

    /// Scores of all labels for a feature vector; those of a task stand in its [`columns`](Self::columns).
    pub(crate) fn scores(&self, indices: &[u32], values: &[f32]) -> Vec<f32> {
        let mut scores = self.bias.clone();
        let rows = Rows {
            weights: &self.weights,
            stride: self.stride,
            scales: &self.scales,
            tasks: self.dense,
            task_of_group: &self.task_of_group,
        };
        rows.add(indices, values, &mut scores);
        for place in self.tasks.iter().filter(|place| place.is_sparse) {
            self.sparse[place.head].add(indices, values, &mut scores[place.columns.clone()]);
        }
        scores
    }

    /// Where the scores of `task` stand.
    pub(crate) fn columns(&self, task: usize) -> Range<usize> {
        self.tasks.get(task).map(|place| place.columns.clone()).unwrap_or_default()
    }

    /// The weights of feature `index` for all labels of `task`, before their scale, and the scale.
    pub(crate) fn row(&self, task: usize, index: u32) -> (Cow<'_, [i8]>, f32) {
        let Some(place) = self.tasks.get(task) else { return (Cow::Borrowed(&[]), 0.0) };
        if place.is_sparse {
            let (classes, weights, scale) = self.sparse[place.head].row(index);
            let mut row = vec![0; place.columns.len()];
            for (class, weight) in classes.iter().zip(weights) {
                if let Some(into) = row.get_mut(usize::from(*class)) {
                    *into = *weight;
                }
            }
            return (Cow::Owned(row), scale);
        }
        let start = index as usize * self.stride;
        let weights = self.weights.get(start + place.columns.start..start + place.columns.end);
        let scale = self.scales.get(index as usize * self.dense + place.head);
        (Cow::Borrowed(weights.unwrap_or_default()), scale.copied().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heads() -> Vec<Head> {
        let small = [[0.5f32, -1.0, 0.01], [0.0, 0.0, 0.0], [-2.0, 0.3, 0.7]];
        let large: Vec<Vec<f32>> =
            (0..3).map(|row| (0..11).map(|class| (row * 11 + class) as f32 * 0.1 - 1.5).collect()).collect();
        vec![
            Head::Dense(LinearHead::quantize(small.iter().map(|row| row.as_slice()), vec![0.1, 0.2, 0.3])),
            Head::Sparse(SparseHead::quantize(3, vec![(0, 1, 0.25), (2, 0, -1.0)], vec![0.0, 1.0])),
            Head::Dense(LinearHead::quantize(large.iter().map(|row| row.as_slice()), vec![0.5; 11])),
        ]
    }

    #[test]
    fn quantised_scores_are_close() {
        let heads = Heads::new(heads());
        let scores = heads.scores(&[0, 1, 2], &[1.0, 5.0, 0.5]);
        for (score, expected) in scores[heads.columns(0)].iter().zip([-0.4, -0.65, 0.66]) {
            assert!((score - expected).abs() < 0.02, "{score} {expected}");
        }
        let sparse = &scores[heads.columns(1)];
        assert!((sparse[0] + 0.5).abs() < 0.01 && (sparse[1] - 1.25).abs() < 0.01, "{sparse:?}");
        for (class, score) in scores[heads.columns(2)].iter().enumerate() {
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
            let (stored, scales) = match head {
                Head::Dense(head) => (head.weights[2 * head.classes()..].to_vec(), &head.scales),
                Head::Sparse(head) => (vec![-127, 0], &head.scales),
            };
            assert_eq!(weights, stored);
            assert_eq!(scale, scales[2]);
        }
    }
}
