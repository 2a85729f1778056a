//! What a page draws of one task: probabilities against outcomes, and how much can be answered how well.

use serde::Serialize;

use super::{Interval, Outcome};
use crate::Answer;

/// Curves of one task over the rows it was measured on.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Curves {
    /// Stated probabilities against the share of right answers, in rising bins that are not empty.
    pub reliability: Vec<ReliabilityBin>,
    /// What a threshold on the probability gives, from the most certain answers to all of them.
    pub coverage: Vec<CoveragePoint>,
}

/// Answers whose stated probabilities lie in one bin.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ReliabilityBin {
    /// Where the bin begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// Answers in it.
    pub rows: usize,
    /// Their mean stated probability.
    pub stated: f64,
    /// The share of them that is right.
    pub right: f64,
    /// What that share may be.
    pub interval: Interval,
}

/// What comes of accepting all answers from a probability on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CoveragePoint {
    /// The least probability accepted.
    pub threshold: f32,
    /// Share of all rows accepted.
    pub coverage: f64,
    /// Share of the accepted answers that is right.
    pub precision: f64,
    /// What that share may be.
    pub interval: Interval,
}

/// Bins of equal width between 0 and 1.
const BINS: usize = 15;
/// The most points of a curve: a page is some hundred pixels wide.
const POINTS: usize = 160;
/// A precision of fewer answers than this says too little for a point.
const LEAST_ROWS: usize = 5;

impl Curves {
    /// The curves over `outcomes`.
    pub fn new<'o>(outcomes: impl Iterator<Item = &'o Outcome>) -> Self {
        let mut answers: Vec<Answer> = outcomes.filter_map(Outcome::answer).collect();
        answers.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        Self { reliability: reliability(&answers), coverage: coverage(&answers) }
    }
}

fn reliability(answers: &[Answer]) -> Vec<ReliabilityBin> {
    let mut bins = [(0usize, 0.0f64, 0usize); BINS];
    for answer in answers {
        let index = ((answer.probability * BINS as f32) as usize).min(BINS - 1);
        if let Some((rows, sum, right)) = bins.get_mut(index) {
            *rows += 1;
            *sum += f64::from(answer.probability);
            *right += usize::from(answer.right);
        }
    }
    let bin = |(index, (rows, sum, right)): (usize, (usize, f64, usize))| ReliabilityBin {
        from: index as f64 / BINS as f64,
        to: (index + 1) as f64 / BINS as f64,
        rows,
        stated: sum / rows as f64,
        right: right as f64 / rows as f64,
        interval: Interval::wilson(right, rows),
    };
    bins.into_iter().enumerate().filter(|(_, (rows, _, _))| *rows > 0).map(bin).collect()
}

/// Points at equal distances of coverage; a threshold cannot tell equal probabilities apart.
fn coverage(ranked: &[Answer]) -> Vec<CoveragePoint> {
    let step = ranked.len().div_ceil(POINTS).max(1);
    let (mut points, mut right, mut next) = (Vec::new(), 0, LEAST_ROWS.min(ranked.len()));
    for (index, answer) in ranked.iter().enumerate() {
        right += usize::from(answer.right);
        let rows = index + 1;
        let is_boundary = ranked.get(rows).is_none_or(|after| after.probability < answer.probability);
        if is_boundary && (rows >= next || rows == ranked.len()) {
            points.push(CoveragePoint {
                threshold: answer.probability,
                coverage: rows as f64 / ranked.len() as f64,
                precision: right as f64 / rows as f64,
                interval: Interval::wilson(right, rows),
            });
            next = rows + step;
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Truth;

    fn outcome(probability: f32, right: bool) -> Outcome {
        Outcome {
            truth: Truth::Known(u32::from(!right)),
            probabilities: vec![probability, 1.0 - probability],
        }
    }

    #[test]
    fn curves_of_a_few_rows() {
        let mut outcomes: Vec<Outcome> = (0..8).map(|i| outcome(0.95, i != 0)).collect();
        outcomes.extend((0..4).map(|i| outcome(0.6, i < 2)));
        let curves = Curves::new(outcomes.iter());
        let [low, high] = curves.reliability.as_slice() else { panic!("{curves:?}") };
        assert_eq!((low.rows, low.right, high.rows, high.right), (4, 0.5, 8, 0.875));
        assert!((low.stated - 0.6).abs() < 1e-6 && low.interval.low < 0.5 && low.interval.high > 0.5);
        let [certain, all] = curves.coverage.as_slice() else { panic!("{curves:?}") };
        assert_eq!((certain.threshold, certain.precision), (0.95, 0.875));
        assert_eq!((all.coverage, all.precision), (1.0, 0.75));
        assert_eq!(Curves::new([].iter()), Curves::default());
    }

    #[test]
    fn a_long_curve_is_thinned_and_ends_at_all_rows() {
        let outcomes: Vec<Outcome> = (0..5000).map(|i| outcome(0.5 + i as f32 / 1e4, i % 3 > 0)).collect();
        let curve = Curves::new(outcomes.iter()).coverage;
        assert!(curve.len() > 100 && curve.len() <= POINTS + 1, "{}", curve.len());
        assert!(curve.is_sorted_by(|a, b| a.coverage < b.coverage && a.threshold > b.threshold));
        assert_eq!(curve.last().unwrap().coverage, 1.0);
    }
}
