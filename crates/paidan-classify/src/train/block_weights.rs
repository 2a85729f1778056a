//! Weights on their way from the solver to the heads, dense or without those near 0.

use super::fit::Part;
use super::solver::{LANES, Lanes, Solution};
use crate::heads::{Head, LinearHead, SparseHead};
use crate::vectors::WordVectors;

/// Weights below this share of the largest of their class are dropped where memory is short. On 237 units of a
/// hotline it leaves 7 % of the weights and changes no figure by more than 0.001.
const NEGLIGIBLE: f32 = 0.02;

/// What is kept of one block.
pub(super) struct BlockWeights {
    bias: Lanes,
    weights: Kept,
}

enum Kept {
    /// For each feature those of all classes of the block.
    All(Vec<Lanes>),
    /// (feature, lane, weight)
    Large(Vec<(u32, u16, f32)>),
}

impl BlockWeights {
    pub(super) fn new(solution: Solution, is_sparse: bool) -> Self {
        let Solution { weights, bias } = solution;
        if !is_sparse {
            return Self { bias, weights: Kept::All(weights) };
        }
        let mut least = [0.0f32; LANES];
        for lanes in &weights {
            for (least, weight) in least.iter_mut().zip(lanes) {
                *least = least.max(weight.abs() * NEGLIGIBLE);
            }
        }
        let mut large = Vec::new();
        for (feature, lanes) in weights.iter().enumerate() {
            for (lane, (weight, least)) in lanes.iter().zip(least).enumerate() {
                if *weight != 0.0 && weight.abs() >= least {
                    large.push((feature as u32, lane as u16, *weight));
                }
            }
        }
        Self { bias, weights: Kept::Large(large) }
    }
}

/// The weights of one task.
pub(super) struct Weights {
    pub(super) classes: usize,
    features: usize,
    bias: Vec<f32>,
    values: Values,
}

enum Values {
    /// For each feature those of all classes.
    Dense(Vec<f32>),
    /// (feature, class, weight), in no order; those of one pair add up.
    Sparse(Vec<(u32, u16, f32)>),
}

impl Weights {
    pub(super) fn new(features: usize, classes: usize, is_sparse: bool) -> Self {
        let values =
            if is_sparse { Values::Sparse(Vec::new()) } else { Values::Dense(vec![0.0; features * classes]) };
        Self { classes, features, bias: vec![0.0; classes], values }
    }

    /// Adds the weights of the block of `part` from `first_class` on to those of the classes that share them.
    pub(super) fn add(&mut self, block: BlockWeights, part: &Part, first_class: u32) {
        let mut of_lane: [Vec<usize>; LANES] = Default::default();
        part.for_each_class(first_class, |class, lane| of_lane[lane].push(class));
        for (lane, classes) in of_lane.iter().enumerate() {
            classes.iter().for_each(|class| self.bias[*class] += part.share * block.bias[lane]);
        }
        match (&mut self.values, block.weights) {
            (Values::Dense(values), Kept::All(weights)) => {
                for (row, lanes) in values.chunks_mut(self.classes).zip(&weights) {
                    for (weight, classes) in lanes.iter().zip(&of_lane) {
                        classes.iter().for_each(|class| row[*class] += part.share * weight);
                    }
                }
            }
            (Values::Sparse(values), Kept::Large(weights)) => {
                for (feature, lane, weight) in weights {
                    let classes = &of_lane[usize::from(lane)];
                    values.extend(classes.iter().map(|class| (feature, *class as u16, part.share * weight)));
                }
            }
            // A task is sparse or dense from beginning to end.
            _ => {}
        }
    }

    /// The head with these weights; `vectors` of words, whose numbers follow the n-grams, are folded into those.
    pub(super) fn into_head(mut self, vectors: Option<&WordVectors>) -> Head {
        let width = vectors.map_or(0, WordVectors::width);
        match self.values {
            Values::Dense(mut values) => {
                if let Some(vectors) = vectors {
                    let start = vectors.features() * self.classes;
                    let heads: Vec<f32> = values.drain(start..start + width * self.classes).collect();
                    let (words, _) = values.split_at_mut(start);
                    vectors.fold(&heads, self.classes, words, &mut self.bias);
                }
                Head::Dense(LinearHead::quantize(values.chunks(self.classes.max(1)), self.bias))
            }
            Values::Sparse(mut values) => {
                // Sparse heads do without vectors, whose weights are none.
                let first = vectors.map_or(u32::MAX, |vectors| vectors.features() as u32);
                values.retain_mut(|(feature, ..)| {
                    let is_vector = (first..first.saturating_add(width as u32)).contains(feature);
                    if *feature >= first {
                        *feature = feature.saturating_sub(width as u32);
                    }
                    !is_vector
                });
                Head::Sparse(SparseHead::quantize(self.features - width, values, self.bias))
            }
        }
    }
}
