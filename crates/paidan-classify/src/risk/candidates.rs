use serde::{Deserialize, Serialize};

use super::Promise;
use super::binomial::{least_draws, most_hits};
use crate::{Outcome, Truth};

/// The most labels on a short list.
pub const MAX_CANDIDATES: usize = 10;

/// Which labels a person is shown: the most probable ones, until their probabilities add up to enough.
///
/// The list is never empty and holds at most [`MAX_CANDIDATES`] labels. The rule is found by conformal
/// prediction (Vovk, Gammerman, Shafer, "Algorithmic Learning in a Random World", 2005; Angelopoulos, Bates,
/// "A Gentle Introduction to Conformal Prediction", 2021). A ticket's score is the sum of the probabilities
/// of the labels before the true one, as in adaptive prediction sets (Romano, Sesia, Candès,
/// "Classification with Valid and Adaptive Coverage", 2020), and infinite where the true label comes too
/// late for the list or was never learnt. Which order statistic of the scores is taken makes the coverage
/// hold with a stated confidence over the draw of the rows, not only on average over draws (Vovk,
/// "Conditional Validity of Inductive Conformal Predictors", ACML 2012).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CandidateRule {
    coverage: f64,
    confidence: f64,
    /// A label is listed if those before it add up to at most this.
    mass: f32,
}

/// What came of the search for a rule.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CandidateFit {
    /// Lists made by this rule hold the true label as often as stated.
    Found(CandidateRule),
    /// There are fewer rows than `least_rows`, with which nothing can be stated.
    TooFewRows {
        /// Rows from which on something can.
        least_rows: usize,
    },
    /// Too often the true label is not among the [`MAX_CANDIDATES`] most probable.
    TooLong {
        /// The share of the rows in which it is.
        reached: f64,
    },
}

impl CandidateRule {
    /// The shortest lists that hold the true label of at least `coverage` of tickets like these, with
    /// probability `confidence` over the draw of the rows.
    ///
    /// For the lists to do so among the tickets that a person sees, `outcomes` must be those that no
    /// threshold accepts. Thresholds found on the same rows spoil nothing: the search for one learns of the
    /// rows below it only that those nearest are wrong too often, which can but lengthen the lists.
    pub(super) fn fit<'o>(
        coverage: f64,
        confidence: f64,
        outcomes: impl Iterator<Item = &'o Outcome>,
    ) -> CandidateFit {
        let mut scores: Vec<f32> = outcomes.map(score).collect();
        scores.sort_by(f32::total_cmp);
        Self::for_scores(coverage, confidence, &scores)
    }

    /// The rule for `scores`, sorted.
    pub(crate) fn for_scores(coverage: f64, confidence: f64, scores: &[f32]) -> CandidateFit {
        let (miss, error) = (1.0 - coverage, 1.0 - confidence);
        let Some(misses) = most_hits(scores.len(), miss, error) else {
            return CandidateFit::TooFewRows { least_rows: least_draws(miss, error) };
        };
        match scores.iter().rev().nth(misses) {
            Some(&mass) if mass.is_finite() => CandidateFit::Found(Self { coverage, confidence, mass }),
            _ => {
                let listed = scores.iter().filter(|score| score.is_finite()).count();
                CandidateFit::TooLong { reached: listed as f64 / scores.len() as f64 }
            }
        }
    }

    /// The share of tickets whose true label is on the list.
    pub fn coverage(&self) -> f64 {
        self.coverage
    }

    /// The probability with which that holds.
    pub fn confidence(&self) -> f64 {
        self.confidence
    }

    /// How many labels are listed; `ranked` are their probabilities, the largest first.
    pub fn count(&self, ranked: impl Iterator<Item = f32>) -> usize {
        let mut before = 0.0;
        let listed = ranked.take(MAX_CANDIDATES).take_while(|probability| {
            let listed = before <= self.mass;
            before += probability;
            listed
        });
        listed.count()
    }

    /// Whether the list of a ticket holds its true label.
    pub(crate) fn holds(&self, outcome: &Outcome) -> bool {
        self.reaches(score(outcome))
    }

    /// Whether the list reaches a label of this score.
    pub(super) fn reaches(&self, score: f32) -> bool {
        score <= self.mass
    }

    pub(crate) fn is_valid(&self) -> bool {
        Promise::new(self.coverage, self.confidence).is_ok() && (0.0..=MOST_MASS).contains(&self.mass)
    }
}

impl CandidateFit {
    /// The rule, where one was found.
    pub fn rule(&self) -> Option<CandidateRule> {
        match self {
            Self::Found(rule) => Some(*rule),
            Self::TooFewRows { .. } | Self::TooLong { .. } => None,
        }
    }
}

/// Probabilities add up to 1 but for rounding.
const MOST_MASS: f32 = 1.01;

/// The sum of the probabilities before that of the true label.
pub(super) fn score(outcome: &Outcome) -> f32 {
    let Truth::Known(truth) = outcome.truth else { return f32::INFINITY };
    let truth = truth as usize;
    let Some(&of_truth) = outcome.probabilities.get(truth) else { return f32::INFINITY };
    let is_before = |&(class, &p): &(usize, &f32)| p > of_truth || p == of_truth && class < truth;
    let classes = outcome.probabilities.iter().enumerate();
    let mut before: Vec<f32> = classes.filter(is_before).map(|(_, p)| *p).take(MAX_CANDIDATES).collect();
    if before.len() >= MAX_CANDIDATES {
        return f32::INFINITY;
    }
    // In the order in which `count` adds them, for sums in single precision depend on it.
    before.sort_by(|a, b| b.total_cmp(a));
    before.iter().fold(0.0, |sum, probability| sum + probability)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(truth: u32, probabilities: &[f32]) -> Outcome {
        Outcome { truth: Truth::Known(truth), probabilities: probabilities.to_vec() }
    }

    fn rule(mass: f32) -> CandidateRule {
        CandidateRule { coverage: 0.9, confidence: 0.9, mass }
    }

    #[test]
    fn lists_until_the_probabilities_add_up() {
        let ranked = [0.5f32, 0.25, 0.125, 0.125];
        let count = |mass| rule(mass).count(ranked.into_iter());
        assert_eq!([0.0, 0.4, 0.5, 0.8, 1.0].map(count), [1, 1, 2, 3, 4]);
        assert_eq!(rule(1.0).count(std::iter::repeat_n(0.001, 50)), MAX_CANDIDATES);
        assert_eq!(rule(0.3).count(std::iter::empty()), 0);
    }

    /// Whatever the rule, a list holds the truth exactly where the score says so.
    #[test]
    fn the_score_of_a_label_is_where_the_list_reaches_it() {
        let probabilities = [0.125f32, 0.125, 0.5, 0.25];
        let order = [2u32, 3, 0, 1];
        for mass in [0.0, 0.3, 0.5, 0.75, 0.875, 1.0] {
            let listed = rule(mass).count([0.5, 0.25, 0.125, 0.125].into_iter());
            for (rank, &label) in order.iter().enumerate() {
                assert_eq!(
                    rule(mass).holds(&outcome(label, &probabilities)),
                    rank < listed,
                    "{mass} {label}"
                );
            }
        }
        let never = Outcome { truth: Truth::Unknown("x".to_owned()), probabilities: vec![1.0] };
        assert_eq!(score(&never), f32::INFINITY);
        assert_eq!(score(&outcome(10, &[1.0 / 11.0; 11])), f32::INFINITY);
    }

    #[test]
    fn says_why_there_is_no_rule() {
        let fit = |scores: &[f32]| CandidateRule::for_scores(0.9, 0.9, scores);
        assert_eq!(fit(&[0.1; 21]), CandidateFit::TooFewRows { least_rows: 22 });
        assert_eq!(fit(&[0.1; 22]), CandidateFit::Found(rule(0.1)));
        // One of 22 misses the list, and none may.
        let mut scores = [0.1; 22];
        scores[21] = f32::INFINITY;
        assert_eq!(fit(&scores), CandidateFit::TooLong { reached: 21.0 / 22.0 });
    }
}
