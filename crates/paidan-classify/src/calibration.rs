use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Turns scores into probabilities: softmax of `scale` × score.
///
/// Temperature scaling (Guo, Pleiss, Sun, Weinberger, "On Calibration of Modern Neural Networks", ICML
/// 2017) with `scale` as the inverse of the temperature, fitted on rows that the scores have not seen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemperatureScaling {
    scale: f32,
}

/// Inverse temperatures considered.
const SCALES: std::ops::RangeInclusive<f32> = 0.01..=100.0;

impl TemperatureScaling {
    /// The scale that makes `targets` most likely; 1 where there is nothing to fit on.
    ///
    /// `scores` has `classes` columns a row.
    pub(crate) fn fit(scores: &[f32], classes: usize, targets: &[Option<u32>]) -> Self {
        if classes < 2 || targets.iter().all(Option::is_none) {
            return Self { scale: 1.0 };
        }
        // The loss has one minimum in the logarithm of the scale: golden-section search.
        let loss = |log_scale: f64| {
            let scaling = Self { scale: log_scale.exp() as f32 };
            mean_log_loss(scores, classes, targets, scaling)
        };
        let ratio = (5f64.sqrt() - 1.0) / 2.0;
        let (mut low, mut high) = (f64::from(*SCALES.start()).ln(), f64::from(*SCALES.end()).ln());
        let mut inner = (high - ratio * (high - low), low + ratio * (high - low));
        let mut losses = (loss(inner.0), loss(inner.1));
        for _ in 0..30 {
            if losses.0 < losses.1 {
                high = inner.1;
                inner = (high - ratio * (high - low), inner.0);
                losses = (loss(inner.0), losses.0);
            } else {
                low = inner.0;
                inner = (inner.1, low + ratio * (high - low));
                losses = (losses.1, loss(inner.1));
            }
        }
        Self { scale: ((low + high) / 2.0).exp() as f32 }
    }

    /// Replaces scores by probabilities that sum to 1.
    pub fn apply(self, scores: &mut [f32]) {
        let largest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let mut sum = 0.0;
        for score in scores.iter_mut() {
            *score = ((*score - largest) * self.scale).exp();
            sum += *score;
        }
        for score in scores {
            *score /= sum;
        }
    }

    pub(crate) fn is_valid(self) -> bool {
        SCALES.contains(&self.scale)
    }
}

fn mean_log_loss(
    scores: &[f32],
    classes: usize,
    targets: &[Option<u32>],
    scaling: TemperatureScaling,
) -> f64 {
    let chunk = 1024;
    // Sums of fixed chunks, added in order, so that the number of threads does not matter.
    let sums: Vec<f64> = scores
        .par_chunks(chunk * classes)
        .zip(targets.par_chunks(chunk))
        .map(|(scores, targets)| {
            let mut row = Vec::with_capacity(classes);
            let losses = scores.chunks(classes).zip(targets).filter_map(|(scores, target)| {
                let target = (*target)? as usize;
                row.clear();
                row.extend_from_slice(scores);
                scaling.apply(&mut row);
                Some(-f64::from(row.get(target)?.max(1e-12)).ln())
            });
            losses.sum()
        })
        .collect();
    sums.iter().sum::<f64>() / targets.iter().flatten().count().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::SplitMix64;

    #[test]
    fn recovers_the_scale_that_made_the_labels() {
        let mut random = SplitMix64(3);
        let mut uniform = || (random.next() >> 40) as f32 / (1u64 << 24) as f32;
        let truth = TemperatureScaling { scale: 2.5 };
        let (mut scores, mut targets) = (Vec::new(), Vec::new());
        for _ in 0..20_000 {
            let row: Vec<f32> = (0..4).map(|_| uniform() * 2.0 - 1.0).collect();
            let mut probabilities = row.clone();
            truth.apply(&mut probabilities);
            let mut left = uniform();
            let drawn = probabilities.iter().position(|p| {
                left -= p;
                left < 0.0
            });
            targets.push(drawn.map(|class| class as u32));
            scores.extend(row);
        }
        let fitted = TemperatureScaling::fit(&scores, 4, &targets);
        assert!((fitted.scale - 2.5).abs() < 0.1, "{fitted:?}");
    }

    #[test]
    fn gives_probabilities_for_extreme_scores() {
        let mut scores = [1e30, -1e30, 0.0];
        TemperatureScaling { scale: 1.0 }.apply(&mut scores);
        assert_eq!(scores, [1.0, 0.0, 0.0]);
        let mut one = [3.0];
        TemperatureScaling::fit(&[3.0], 1, &[Some(0)]).apply(&mut one);
        assert_eq!(one, [1.0]);
    }
}
