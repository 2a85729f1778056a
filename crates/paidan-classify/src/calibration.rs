use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Turns the scores of one-against-rest heads into probabilities.
///
/// A head trained with squared hinge loss approaches 2p − 1, so that (1 + score) / 2 estimates the
/// probability of its class (Zhang, "Statistical behavior and consistency of classification methods based
/// on convex risk minimization", Annals of Statistics 32, 2004). The probability of a class is therefore
/// taken as proportional to `h(1 + score)` to the power `sharpness`, where `h(t) = (t + √(t² + softness²)) / 2`
/// is the positive part of t, rounded off. With a large `softness` this is temperature scaling (Guo, Pleiss,
/// Sun, Weinberger, "On Calibration of Modern Neural Networks", ICML 2017).
///
/// Both parameters are fitted on rows that the scores have not seen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Calibration {
    sharpness: f32,
    softness: f32,
}

/// Values considered for the two parameters.
const SHARPNESS: std::ops::RangeInclusive<f32> = 0.05..=200.0;
const SOFTNESS: std::ops::RangeInclusive<f32> = 0.01..=10.0;
/// Rows at most used for the fit: more change the third digit only.
const MAX_ROWS: usize = 20_000;

impl Default for Calibration {
    fn default() -> Self {
        Self { sharpness: 2.0, softness: 0.3 }
    }
}

impl Calibration {
    /// The parameters that make `targets` most likely; the default where there is nothing to fit on.
    ///
    /// `scores` has `classes` columns a row.
    pub(crate) fn fit(scores: &[f32], classes: usize, targets: &[Option<u32>]) -> Self {
        if classes < 2 {
            return Self::default();
        }
        let labelled: Vec<(&[f32], u32)> =
            scores.chunks(classes).zip(targets).filter_map(|(row, target)| Some((row, (*target)?))).collect();
        if labelled.is_empty() {
            return Self::default();
        }
        let step = labelled.len().div_ceil(MAX_ROWS);
        let rows: Vec<(&[f32], u32)> = labelled.into_iter().step_by(step).collect();
        let mut fitted = Self::default();
        // Each parameter in turn.
        for _ in 0..4 {
            fitted.sharpness = golden_section(&SHARPNESS, 14, |sharpness| {
                mean_log_loss(&rows, Self { sharpness, ..fitted })
            });
            fitted.softness =
                golden_section(&SOFTNESS, 10, |softness| mean_log_loss(&rows, Self { softness, ..fitted }));
        }
        fitted
    }

    /// Replaces scores by probabilities that sum to 1.
    pub(crate) fn apply(self, scores: &mut [f32]) {
        for score in scores.iter_mut() {
            *score = self.log_weight(*score);
        }
        let largest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let mut sum = 0.0;
        for score in scores.iter_mut() {
            *score = (*score - largest).exp();
            sum += *score;
        }
        for score in scores {
            *score /= sum;
        }
    }

    /// Logarithm of the unnormalised probability of a class with this score.
    pub(crate) fn log_weight(self, score: f32) -> f32 {
        // Scores lie within a few units of 0; the bounds keep damaged weights from making infinities.
        let t = 1.0 + score.clamp(-1e6, 1e6);
        let root = (t * t + self.softness * self.softness).sqrt();
        // For negative t the sum cancels; this form does not.
        let positive =
            if t >= 0.0 { (t + root) / 2.0 } else { self.softness * self.softness / (2.0 * (root - t)) };
        self.sharpness * positive.ln()
    }

    pub(crate) fn is_valid(self) -> bool {
        SHARPNESS.contains(&self.sharpness) && SOFTNESS.contains(&self.softness)
    }
}

/// The minimum of `loss` over `range`, searched on a logarithmic scale in `steps` steps.
fn golden_section(range: &std::ops::RangeInclusive<f32>, steps: usize, loss: impl Fn(f32) -> f64) -> f32 {
    let ratio = (5f64.sqrt() - 1.0) / 2.0;
    let at = |log: f64| loss(log.exp() as f32);
    let (mut low, mut high) = (f64::from(*range.start()).ln(), f64::from(*range.end()).ln());
    let mut inner = (high - ratio * (high - low), low + ratio * (high - low));
    let mut losses = (at(inner.0), at(inner.1));
    for _ in 0..steps {
        if losses.0 < losses.1 {
            high = inner.1;
            inner = (high - ratio * (high - low), inner.0);
            losses = (at(inner.0), losses.0);
        } else {
            low = inner.0;
            inner = (inner.1, low + ratio * (high - low));
            losses = (losses.1, at(inner.1));
        }
    }
    (((low + high) / 2.0).exp() as f32).clamp(*range.start(), *range.end())
}

fn mean_log_loss(rows: &[(&[f32], u32)], calibration: Calibration) -> f64 {
    // Sums of fixed chunks, added in order, so that the number of threads does not matter.
    let sums: Vec<f64> = rows
        .par_chunks(256)
        .map(|rows| {
            let mut row = Vec::new();
            let losses = rows.iter().map(|(scores, target)| {
                row.clear();
                row.extend_from_slice(scores);
                calibration.apply(&mut row);
                -f64::from(row.get(*target as usize).copied().unwrap_or_default().max(1e-12)).ln()
            });
            losses.sum()
        })
        .collect();
    sums.iter().sum::<f64>() / rows.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::SplitMix64;

    #[test]
    fn recovers_the_probabilities_that_made_the_labels() {
        let mut random = SplitMix64(3);
        let mut uniform = || (random.next() >> 40) as f32 / (1u64 << 24) as f32;
        let truth = Calibration { sharpness: 2.5, softness: 0.2 };
        let (mut scores, mut targets) = (Vec::new(), Vec::new());
        for _ in 0..20_000 {
            let row: Vec<f32> = (0..4).map(|_| uniform() * 2.4 - 1.6).collect();
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
        let fitted = Calibration::fit(&scores, 4, &targets);
        assert!((fitted.sharpness - truth.sharpness).abs() < 0.25, "{fitted:?}");
        assert!((fitted.softness - truth.softness).abs() < 0.05, "{fitted:?}");
    }

    #[test]
    fn gives_probabilities_for_extreme_scores() {
        let mut scores = [1e30, -1e30, 0.0];
        Calibration::default().apply(&mut scores);
        assert!((scores[0] - 1.0).abs() < 1e-6 && scores[1] >= 0.0, "{scores:?}");
        assert!((scores.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        let mut one = [3.0];
        Calibration::fit(&[3.0], 1, &[Some(0)]).apply(&mut one);
        assert_eq!(one, [1.0]);
    }
}
