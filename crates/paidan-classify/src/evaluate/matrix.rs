use std::collections::BTreeMap;

use serde::Serialize;

use super::{Interval, Outcome, Truth};
use crate::train::SplitMix64;

/// Which labels were given to rows of which labels, for the labels with the most rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ConfusionMatrix {
    /// Indices of the labels in the task's [`LabelSet`](crate::LabelSet), that with the most rows first.
    pub labels: Vec<u32>,
    /// Rows by true label, then by given label, in the order of `labels`; the last row and column are all others.
    pub counts: Vec<Vec<usize>>,
}

/// Replicates of a bootstrap.
const REPLICATES: usize = 400;
/// From this many rows on a Poisson number is drawn from a normal distribution.
const MANY: usize = 60;

impl ConfusionMatrix {
    /// The matrix of `outcomes` for at most `most` labels. Empty where no row has one known label.
    pub fn new<'o>(most: usize, outcomes: impl Iterator<Item = &'o Outcome>) -> Self {
        let pairs = pairs(outcomes);
        let mut support: BTreeMap<u32, usize> = BTreeMap::new();
        for ((truth, _), rows) in &pairs {
            if let Some(truth) = truth {
                *support.entry(*truth).or_default() += rows;
            }
        }
        let mut labels: Vec<u32> = support.keys().copied().collect();
        labels.sort_by_key(|label| (std::cmp::Reverse(support.get(label).copied()), *label));
        labels.truncate(most);
        if labels.is_empty() {
            return Self::default();
        }
        let place = |label: u32| labels.iter().position(|own| *own == label).unwrap_or(labels.len());
        let mut counts = vec![vec![0; labels.len() + 1]; labels.len() + 1];
        for ((truth, given), rows) in pairs {
            let row = truth.map_or(labels.len(), place);
            if let Some(cell) = counts.get_mut(row).and_then(|row| row.get_mut(place(given))) {
                *cell += rows;
            }
        }
        Self { labels, counts }
    }
}

impl Interval {
    /// Of the macro-averaged F1 over `outcomes`, by a Poisson bootstrap (Oza, Russell, "Online Bagging and Boosting",
    /// 2001); `None` where no row has one label. The same rows give the same interval.
    pub fn macro_f1<'o>(outcomes: impl Iterator<Item = &'o Outcome>) -> Option<Self> {
        let pairs: Vec<((Option<u32>, u32), usize)> = pairs(outcomes).into_iter().collect();
        if pairs.is_empty() {
            return None;
        }
        let mut random = SplitMix64(17);
        let mut replicate = || {
            let drawn = pairs.iter().map(|(pair, rows)| (*pair, poisson(&mut random, *rows)));
            macro_f1(drawn)
        };
        Self::percentile((0..REPLICATES).map(|_| replicate()).collect())
    }
}

/// Rows by true label, `None` where the model has not learnt it, and given label.
fn pairs<'o>(outcomes: impl Iterator<Item = &'o Outcome>) -> BTreeMap<(Option<u32>, u32), usize> {
    let mut pairs = BTreeMap::new();
    for outcome in outcomes {
        // Other kinds of truth have no one label.
        let truth = if let Truth::Known(label) = outcome.truth {
            Some(label)
        } else if let Truth::Unknown(_) = outcome.truth {
            None
        } else {
            continue;
        };
        if let Some(answer) = outcome.answer() {
            *pairs.entry((truth, answer.label)).or_default() += 1;
        }
    }
    pairs
}

/// The mean F1 over labels that occur or were given; rows of unknown labels count as one label more.
fn macro_f1(pairs: impl Iterator<Item = ((Option<u32>, u32), usize)>) -> f64 {
    // For each label: rows, rows given it, rows of both.
    let mut counts: BTreeMap<Option<u32>, (usize, usize, usize)> = BTreeMap::new();
    for ((truth, given), rows) in pairs.filter(|(_, rows)| *rows > 0) {
        counts.entry(truth).or_default().0 += rows;
        counts.entry(Some(given)).or_default().1 += rows;
        if truth == Some(given) {
            counts.entry(truth).or_default().2 += rows;
        }
    }
    let f1 = |(support, given, both): &(usize, usize, usize)| 2.0 * *both as f64 / (support + given) as f64;
    counts.values().map(f1).fold(0.0, |sum, f1| sum + f1) / counts.len().max(1) as f64
}

/// A number drawn from the Poisson distribution of this mean (Knuth, "Seminumerical Algorithms", 3.4.1).
fn poisson(random: &mut SplitMix64, mean: usize) -> usize {
    let mut uniform = || ((random.next() >> 11) as f64 + 0.5) / (1u64 << 53) as f64;
    if mean >= MANY {
        let normal = (-2.0 * uniform().ln()).sqrt() * (std::f64::consts::TAU * uniform()).cos();
        return (mean as f64 + (mean as f64).sqrt() * normal).round().max(0.0) as usize;
    }
    let (least, mut product, mut drawn) = ((-(mean as f64)).exp(), uniform(), 0);
    while product > least {
        product *= uniform();
        drawn += 1;
    }
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcomes() -> Vec<Outcome> {
        let outcome = |truth, given: usize| {
            let mut probabilities = vec![0.1; 4];
            probabilities[given] = 0.9;
            Outcome { truth, probabilities }
        };
        let mut outcomes: Vec<Outcome> =
            (0..60).map(|i| outcome(Truth::Known(2), if i < 50 { 2 } else { 0 })).collect();
        outcomes.extend((0..20).map(|_| outcome(Truth::Known(0), 0)));
        outcomes.extend((0..5).map(|_| outcome(Truth::Known(1), 3)));
        outcomes.push(outcome(Truth::Unknown("x".to_owned()), 2));
        outcomes
    }

    #[test]
    fn the_matrix_holds_all_rows() {
        let outcomes = outcomes();
        let matrix = ConfusionMatrix::new(2, outcomes.iter());
        assert_eq!(matrix.labels, [2, 0]);
        assert_eq!(matrix.counts, [[50, 10, 0], [0, 20, 0], [1, 0, 5]]);
        assert_eq!(
            ConfusionMatrix::new(5, outcomes.iter()).counts.concat().iter().sum::<usize>(),
            outcomes.len()
        );
        assert_eq!(ConfusionMatrix::new(3, [].iter()), ConfusionMatrix::default());
    }

    #[test]
    fn the_interval_of_macro_f1_holds_the_figure() {
        let outcomes = outcomes();
        let figure = macro_f1(pairs(outcomes.iter()).into_iter());
        let interval = Interval::macro_f1(outcomes.iter()).unwrap();
        assert!(interval.low < figure && figure < interval.high, "{interval:?} {figure}");
        assert!(interval.high - interval.low < 0.2, "{interval:?}");
        assert_eq!(Interval::macro_f1(outcomes.iter()), Some(interval));
        assert_eq!(Interval::macro_f1([].iter()), None);
    }

    #[test]
    fn poisson_numbers_have_their_mean() {
        let mut random = SplitMix64(1);
        for mean in [1usize, 20, 500] {
            let sum: usize = (0..4000).map(|_| poisson(&mut random, mean)).sum();
            let found = sum as f64 / 4000.0;
            assert!((found - mean as f64).abs() < 5.0 * (mean as f64 / 4000.0).sqrt(), "{mean} {found}");
        }
    }
}
