use serde::{Deserialize, Serialize};

use super::binomial::{binomial_cdf, least_draws, most_hits};
use super::need::{Need, need};
use crate::Error;

/// A precision that is to hold, and how sure that must be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Promise {
    precision: f64,
    confidence: f64,
}

/// A model's answer to a labelled row that it was not trained on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Answer {
    /// The most probable label, by its index in the task's [`LabelSet`](crate::LabelSet).
    pub label: u32,
    /// Its probability, 0 to 1.
    pub probability: f32,
    /// Whether it is the true one.
    pub right: bool,
}

/// What came of the search for a threshold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Certification {
    /// Answers with at least this probability keep the promise.
    Certified {
        /// The least probability accepted.
        threshold: f32,
        /// Rows that reach it.
        accepted: usize,
        /// Those of them that are right.
        right: usize,
        /// All rows.
        rows: usize,
    },
    /// No threshold could be certified: a person decides.
    NotCertified {
        /// All rows.
        rows: usize,
        /// Rows above a threshold that would certify it if all of them were right.
        least_rows: usize,
        /// How many more rows would do.
        need: Need,
    },
}

/// Each step of a search accepts this many times the rows of the one before.
const STEP: f64 = 1.03;
/// How many times larger than stated each search takes the doubts to be, 1 − probability, when it chooses
/// where to begin: a little, for beginning too late ends a search at once, and a lot, for a model that boasts.
const DOUBTS: [f64; 2] = [1.5, 4.0];
/// Searches that share the admissible error.
const SEARCHES: f64 = DOUBTS.len() as f64;

impl Promise {
    /// A promise that at least `precision` of the accepted answers are right, which the threshold keeps with
    /// probability `confidence` over the draw of the rows.
    ///
    /// # Errors
    ///
    /// One of them does not lie between 0 and 1, both excluded.
    pub fn new(precision: f64, confidence: f64) -> Result<Self, Error> {
        for (what, value) in [("precision", precision), ("confidence", confidence)] {
            check_share(what, value)?;
        }
        Ok(Self { precision, confidence })
    }

    /// The share of the accepted answers that must be right.
    pub fn precision(self) -> f64 {
        self.precision
    }

    /// The probability, over the draw of the rows, with which that holds.
    pub fn confidence(self) -> f64 {
        self.confidence
    }

    /// The least threshold that keeps the promise, for rows that were not used in training.
    ///
    /// Learn then Test (Angelopoulos, Bates, Candès, Jordan, Lei, "Learn then Test: Calibrating Predictive
    /// Algorithms to Achieve Risk Control", 2021) with fixed-sequence testing: for growing shares of the
    /// rows, most probable first, an exact binomial test asks whether the precision may be too low, and the
    /// first yes ends the search. Two searches begin where the most may be hoped for, one should the stated
    /// probabilities be about right, one should they boast; each may err with half of the admissible
    /// probability.
    /// Which rows a test looks at depends on the probabilities alone, so that the rows' independence is all
    /// that is assumed; the promise is for tickets like these.
    pub fn certify(self, answers: &[Answer]) -> Certification {
        self.certify_group(&ranked(answers), self.error())
    }

    /// The probability with which the promise may be broken.
    pub(super) fn error(self) -> f64 {
        1.0 - self.confidence
    }

    /// [`certify`](Self::certify) for `ranked` answers, with this probability of being wrong.
    pub(super) fn certify_group(self, ranked: &[Answer], error: f64) -> Certification {
        let level = error / SEARCHES;
        let mistakes = running(ranked, |answer| if answer.right { 0.0 } else { 1.0 });
        let least_rows = self.least_rows(error);
        let mut accepted = 0;
        for start in DOUBTS.iter().filter_map(|doubts| self.promising_start(ranked, error, *doubts)) {
            for count in counts(ranked, start.rows) {
                let wrong = mistakes[count - 1] as usize;
                if binomial_cdf(count, 1.0 - self.precision, wrong) > level {
                    break;
                }
                accepted = accepted.max(count);
            }
        }
        let rows = ranked.len();
        let Some(last) = accepted.checked_sub(1) else {
            return Certification::NotCertified { rows, least_rows, need: self.need(ranked, error) };
        };
        let right = accepted - mistakes[last] as usize;
        Certification::Certified { threshold: ranked[last].probability, accepted, right, rows }
    }

    /// Rows that certify a threshold if all of them are right.
    pub(super) fn least_rows(self, error: f64) -> usize {
        least_draws(1.0 - self.precision, error / SEARCHES)
    }

    /// How many rows more would certify a threshold for a group like `ranked`.
    pub(super) fn need(self, ranked: &[Answer], error: f64) -> Need {
        let mistakes = running(ranked, |answer| if answer.right { 0.0 } else { 1.0 });
        let tops = counts(ranked, 1).map(|count| (count, mistakes[count - 1] as usize));
        need(ranked.len(), tops, self.precision, error / SEARCHES)
    }

    /// The chance that the first test of a group passes, were the stated probabilities about right.
    pub(super) fn chance(self, ranked: &[Answer], error: f64) -> f64 {
        self.promising_start(ranked, error, DOUBTS[0]).map_or(0.0, |start| start.chance)
    }

    /// Where a search may be expected to certify most, were the doubts `factor` times as large as stated;
    /// `None` where no test can pass.
    fn promising_start(self, ranked: &[Answer], error: f64, factor: f64) -> Option<Start> {
        let doubts = running(ranked, |answer| factor * (1.0 - f64::from(answer.probability)));
        let mut best: Option<(f64, Start)> = None;
        for rows in counts(ranked, self.least_rows(error)) {
            let Some(allowed) = most_hits(rows, 1.0 - self.precision, error / SEARCHES) else { continue };
            let rate = (doubts[rows - 1] / rows as f64).clamp(1e-9, 1.0 - 1e-9);
            let chance = binomial_cdf(rows, rate, allowed);
            let expected = rows as f64 * chance;
            if best.is_none_or(|(most, _)| expected > most) {
                best = Some((expected, Start { rows, chance }));
            }
        }
        best.map(|(_, start)| start)
    }
}

/// Where a search begins.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Start {
    /// Rows of the first test.
    rows: usize,
    /// The chance that it passes.
    chance: f64,
}

/// Refuses a share that does not lie between 0 and 1, both excluded.
pub(super) fn check_share(what: &str, value: f64) -> Result<(), Error> {
    if value > 0.0 && value < 1.0 {
        return Ok(());
    }
    Err(Error::setting(format!("expected a {what} between 0 and 1, got {value}")))
}

/// The answers, most probable first.
pub(super) fn ranked(answers: &[Answer]) -> Vec<Answer> {
    let mut ranked = answers.to_vec();
    ranked.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    ranked
}

/// Sums of `of` over the first row, the first two, and so on.
fn running(ranked: &[Answer], of: impl Fn(&Answer) -> f64) -> Vec<f64> {
    let mut sum = 0.0;
    let add = |row: &Answer| {
        sum += of(row);
        sum
    };
    ranked.iter().map(add).collect()
}

/// The numbers of rows that are tested, from `start` on, the last of them all rows.
fn counts(ranked: &[Answer], start: usize) -> impl Iterator<Item = usize> + Clone {
    std::iter::successors(whole_ties(ranked, start), |&count| {
        let wanted = (count + 1).max((count as f64 * STEP) as usize);
        if count < ranked.len() { whole_ties(ranked, wanted.min(ranked.len())) } else { None }
    })
}

/// The least number of rows from `wanted` on that a threshold can part from the rest; `None` beyond the end.
fn whole_ties(ranked: &[Answer], wanted: usize) -> Option<usize> {
    let last = ranked.get(wanted.checked_sub(1)?)?.probability;
    Some(wanted + ranked.iter().skip(wanted).take_while(|answer| answer.probability == last).count())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(count: usize, of: impl Fn(usize) -> (f32, bool)) -> Vec<Answer> {
        let answer = |i| {
            let (probability, right) = of(i);
            Answer { label: 0, probability, right }
        };
        (0..count).map(answer).collect()
    }

    #[test]
    fn certifies_all_or_nothing_where_that_is_plain() {
        let promise = Promise::new(0.9, 0.95).unwrap();
        let all_right = answers(300, |i| (0.5 + i as f32 / 1000.0, true));
        let expected = Certification::Certified { threshold: 0.5, accepted: 300, right: 300, rows: 300 };
        assert_eq!(promise.certify(&all_right), expected);
        let refused = |answers: &[Answer]| match promise.certify(answers) {
            Certification::NotCertified { rows, least_rows, need } => (rows, least_rows, need),
            certified => panic!("{certified:?}"),
        };
        // Twenty in one tie, all right: sixteen more would make 36, but one in 22 may still be wrong.
        assert_eq!(refused(&answers(20, |_| (0.7, true))).1, 36);
        assert_eq!(refused(&[]), (0, 36, Need::AtLeast { rows: 36 }));
        assert_eq!(refused(&answers(500, |_| (0.9, false))), (500, 36, Need::BetterModel));
    }

    #[test]
    fn refuses_what_is_no_share() {
        for (precision, confidence) in [(1.0, 0.95), (0.0, 0.95), (0.9, f64::NAN), (0.9, 1.0)] {
            assert!(Promise::new(precision, confidence).is_err());
        }
    }
}
