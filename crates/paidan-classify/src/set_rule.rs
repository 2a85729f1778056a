use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Turns the scores of the labels of a set into a probability for each by itself, and says which labels a
/// ticket gets.
///
/// A label's probability is 1 / (1 + exp(−slope · score − offset)), fitted on rows that the scores have not
/// seen (Platt, "Probabilistic Outputs for Support Vector Machines", 1999, with the algorithm of Lin, Lin,
/// Weng, "A Note on Platt's Probabilistic Outputs for Support Vector Machines", Machine Learning 68, 2007).
/// Labels with few rows share a slope and an offset. The threshold is the one that makes the micro-averaged F1
/// on the same rows greatest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetRule {
    /// (slope, offset) of each label.
    sigmoids: Vec<(f32, f32)>,
    /// The least probability of a label that a ticket gets.
    threshold: f32,
}

/// Rows from which on a label has a slope and an offset of its own.
const OWN_ROWS: usize = 30;
/// Thresholds lie between these.
const THRESHOLDS: std::ops::RangeInclusive<f32> = 0.05..=0.95;
/// Values beyond this are damage.
const LARGEST: f32 = 1e4;

impl SetRule {
    /// A rule for labels of which no unseen scores are known: 0 is even odds, which is where the heads divide.
    pub(crate) fn unfitted(labels: usize) -> Self {
        Self { sigmoids: vec![(2.0, 0.0); labels], threshold: 0.5 }
    }

    /// The rule for `scores`, `labels` columns a row; `truths` are the labels of each row, rising, and `None`
    /// for rows that are left out.
    pub(crate) fn fit(scores: &[f32], labels: usize, truths: &[Option<&[u32]>]) -> Self {
        let rows: Vec<(&[f32], &[u32])> = scores
            .chunks(labels.max(1))
            .zip(truths)
            .filter_map(|(row, truth)| Some((row, (*truth)?)))
            .collect();
        if rows.is_empty() {
            return Self::unfitted(labels);
        }
        let pairs = |label: usize| -> Vec<(f32, bool)> {
            let is_true = |truth: &[u32]| truth.binary_search(&(label as u32)).is_ok();
            let pair = |(row, truth): &(&[f32], &[u32])| (row.get(label).copied(), is_true(truth));
            rows.iter().map(pair).filter_map(|(score, is_true)| Some((score?, is_true))).collect()
        };
        // Every label in the pool, of each as many rows.
        let step = labels.div_ceil(64).max(1);
        let pool: Vec<(f32, bool)> = (0..labels).step_by(step).flat_map(pairs).collect();
        let shared = sigmoid(&pool);
        let own = |label: usize| {
            let pairs = pairs(label);
            let enough = pairs.iter().filter(|(_, is_true)| *is_true).count() >= OWN_ROWS;
            if enough { sigmoid(&pairs) } else { shared }
        };
        let sigmoids: Vec<(f32, f32)> = (0..labels).into_par_iter().map(own).collect();
        let mut rule = Self { sigmoids, threshold: 0.5 };
        rule.threshold = rule.best_threshold(&rows);
        rule
    }

    /// The threshold with the greatest micro-averaged F1 on `rows` of scores and true labels.
    fn best_threshold(&self, rows: &[(&[f32], &[u32])]) -> f32 {
        let mut given: Vec<(f32, bool)> = Vec::new();
        for (scores, truth) in rows {
            let mut row = scores.to_vec();
            self.apply(&mut row);
            let likely = row.iter().zip(0u32..).filter(|(probability, _)| THRESHOLDS.contains(*probability));
            given.extend(
                likely.map(|(probability, label)| (*probability, truth.binary_search(&label).is_ok())),
            );
            // What is surer than any threshold is given whatever the threshold is.
            let sure = row.iter().zip(0u32..).filter(|(probability, _)| **probability > *THRESHOLDS.end());
            given.extend(sure.map(|(_, label)| (f32::INFINITY, truth.binary_search(&label).is_ok())));
        }
        given.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let all: usize = rows.iter().map(|(_, truth)| truth.len()).sum();
        let mut best = (0.0, 0.5f32);
        let mut hits = 0;
        for (at, (probability, is_true)) in given.iter().enumerate() {
            hits += usize::from(*is_true);
            let boundary = given.get(at + 1).is_none_or(|(next, _)| next < probability);
            let f1 = 2.0 * hits as f64 / (at + 1 + all) as f64;
            if boundary && f1 > best.0 {
                best = (f1, probability.min(*THRESHOLDS.end()));
            }
        }
        best.1
    }

    /// Replaces scores by probabilities, each by itself.
    pub(crate) fn apply(&self, scores: &mut [f32]) {
        for (score, (slope, offset)) in scores.iter_mut().zip(&self.sigmoids) {
            *score = 1.0 / (1.0 + (-(slope * score.clamp(-LARGEST, LARGEST) + offset)).exp());
        }
    }

    /// The least probability of a label that a ticket gets.
    pub(crate) fn threshold(&self) -> f32 {
        self.threshold
    }

    pub(crate) fn is_valid(&self, labels: usize) -> bool {
        let sane = |(slope, offset): &(f32, f32)| slope.abs() <= LARGEST && offset.abs() <= LARGEST;
        self.sigmoids.len() == labels
            && self.sigmoids.iter().all(sane)
            && (0.0..=1.0).contains(&self.threshold)
    }
}

/// Slope and offset that make `pairs` of score and truth most likely, by Newton's method.
fn sigmoid(pairs: &[(f32, bool)]) -> (f32, f32) {
    let positive = pairs.iter().filter(|(_, is_true)| *is_true).count() as f64;
    let negative = pairs.len() as f64 - positive;
    // Platt's targets, which leave room for rows not seen.
    let (high, low) = ((positive + 1.0) / (positive + 2.0), 1.0 / (negative + 2.0));
    let target = |is_true: bool| if is_true { high } else { low };
    let loss = |slope: f64, offset: f64| -> f64 {
        let of_pair = |(score, is_true): &(f32, bool)| {
            let z = slope * f64::from(*score) + offset;
            // ln(1 + e^z) − t z, without overflow.
            z.max(0.0) + (-z.abs()).exp().ln_1p() - target(*is_true) * z
        };
        pairs.iter().map(of_pair).sum()
    };
    let (mut slope, mut offset) = (0.0, ((positive + 1.0) / (negative + 1.0)).ln());
    let mut least = loss(slope, offset);
    for _ in 0..50 {
        let (mut g, mut h) = ([0.0f64; 2], [1e-6f64, 0.0, 1e-6]);
        for (score, is_true) in pairs {
            let score = f64::from(*score);
            let p = 1.0 / (1.0 + (-(slope * score + offset)).exp());
            let (miss, spread) = (p - target(*is_true), p * (1.0 - p));
            g = [g[0] + miss * score, g[1] + miss];
            h = [h[0] + spread * score * score, h[1] + spread * score, h[2] + spread];
        }
        let determinant = h[0] * h[2] - h[1] * h[1];
        if g[0].abs() < 1e-5 && g[1].abs() < 1e-5 || determinant <= 0.0 {
            break;
        }
        let step = [(h[2] * g[0] - h[1] * g[1]) / determinant, (h[0] * g[1] - h[1] * g[0]) / determinant];
        let shorter = (0..20).map(|halvings| 0.5f64.powi(halvings)).find_map(|length| {
            let next = (slope - length * step[0], offset - length * step[1]);
            let loss = loss(next.0, next.1);
            (loss < least).then_some((next, loss))
        });
        let Some((next, loss)) = shorter else { break };
        (slope, offset) = next;
        least = loss;
    }
    let bounded = |value: f64| (value as f32).clamp(-LARGEST, LARGEST);
    (bounded(slope), bounded(offset))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::SplitMix64;

    #[test]
    fn recovers_the_sigmoid_and_a_fitting_threshold() {
        let mut random = SplitMix64(11);
        let mut uniform = || (random.next() >> 40) as f32 / (1u64 << 24) as f32;
        let (mut scores, mut truths) = (Vec::new(), Vec::new());
        for _ in 0..8000 {
            let row = [uniform() * 3.0 - 2.0, uniform() * 3.0 - 2.0];
            let chance = |score: f32| 1.0 / (1.0 + (-(3.0 * score - 0.5)).exp());
            truths.push((0..2).filter(|i| uniform() < chance(row[*i as usize])).collect::<Vec<u32>>());
            scores.extend(row);
        }
        let truths: Vec<Option<&[u32]>> = truths.iter().map(|truth| Some(truth.as_slice())).collect();
        let rule = SetRule::fit(&scores, 2, &truths);
        for (slope, offset) in &rule.sigmoids {
            assert!((slope - 3.0).abs() < 0.3 && (offset + 0.5).abs() < 0.2, "{rule:?}");
        }
        // The best threshold for F1 is half the best F1 (Lipton, Elkan, Naryanaswamy, 2014).
        assert!((0.25..0.5).contains(&rule.threshold), "{rule:?}");
        assert!(rule.is_valid(2) && !rule.is_valid(3));
    }

    #[test]
    fn nothing_to_fit_on() {
        assert_eq!(SetRule::fit(&[0.3, 0.1], 2, &[None]), SetRule::unfitted(2));
        let only_empty = SetRule::fit(&[-1.0, -0.9, -1.1, -0.8], 2, &[Some(&[]), Some(&[])]);
        assert!(only_empty.is_valid(2), "{only_empty:?}");
        let mut row = vec![1e30, -1e30];
        only_empty.apply(&mut row);
        assert!(row.iter().all(|p| (0.0..=1.0).contains(p)), "{row:?}");
    }
}
