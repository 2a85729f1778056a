use serde::{Deserialize, Serialize};

use super::Promise;
use super::binomial::{least_draws, most_hits};
use crate::{Outcome, Truth};

/// The most labels on a short list.
pub const MAX_CANDIDATES: usize = 10;

/// Which labels a person is shown: the most probable one, and all that are at least so probable.
///
/// The list is never empty and holds at most [`MAX_CANDIDATES`] labels. The rule is found by conformal
/// prediction (Vovk, Gammerman, Shafer, "Algorithmic Learning in a Random World", 2005; Angelopoulos, Bates,
/// "A Gentle Introduction to Conformal Prediction", 2021) with the probability of the true label as score,
/// which makes the shortest lists (Sadinle, Lei, Wasserman, "Least Ambiguous Set-Valued Classifiers with
/// Bounded Error Levels", JASA 2019); a true label that comes too late for the list or was never learnt
/// scores lowest. Which order statistic of the scores is taken makes the coverage hold with a stated
/// confidence over the draw of the rows, not only on average over draws (Vovk, "Conditional Validity of
/// Inductive Conformal Predictors", ACML 2012).
///
/// Sums of probabilities as in adaptive prediction sets (Romano, Sesia, Candès, "Classification with Valid
/// and Adaptive Coverage", NeurIPS 2020), with a penalty on rank or without, and fixed numbers of labels
/// made longer lists on tickets of a hotline: where most is certain the sums have little left to tell.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CandidateRule {
    coverage: f64,
    confidence: f64,
    /// The least probability of a label after the first.
    least: f32,
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
        match scores.get(misses) {
            Some(&least) if least > NEVER => CandidateFit::Found(Self { coverage, confidence, least }),
            _ => {
                let listed = scores.iter().filter(|score| **score > NEVER).count();
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
        let is_listed = |(rank, probability): &(usize, f32)| *rank == 0 || *probability >= self.least;
        ranked.take(MAX_CANDIDATES).enumerate().take_while(is_listed).count()
    }

    /// Whether the list of a ticket holds its true label.
    pub(crate) fn holds(&self, outcome: &Outcome) -> bool {
        self.reaches(score(outcome))
    }

    /// Whether the list reaches a label of this score.
    pub(super) fn reaches(&self, score: f32) -> bool {
        score >= self.least
    }

    pub(crate) fn is_valid(&self) -> bool {
        Promise::new(self.coverage, self.confidence).is_ok() && (0.0..=1.0).contains(&self.least)
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

/// The score of a label that no list holds.
const NEVER: f32 = -1.0;

/// How probable the true label is; 1 where it is the first, for that is on every list.
pub(super) fn score(outcome: &Outcome) -> f32 {
    let Truth::Known(truth) = outcome.truth else { return NEVER };
    let truth = truth as usize;
    let Some(&of_truth) = outcome.probabilities.get(truth) else { return NEVER };
    let is_before = |&(class, &p): &(usize, &f32)| p > of_truth || p == of_truth && class < truth;
    match outcome.probabilities.iter().enumerate().filter(is_before).count() {
        0 => 1.0,
        1..MAX_CANDIDATES => of_truth,
        _ => NEVER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(truth: u32, probabilities: &[f32]) -> Outcome {
        Outcome { truth: Truth::Known(truth), probabilities: probabilities.to_vec() }
    }

    fn rule(least: f32) -> CandidateRule {
        CandidateRule { coverage: 0.9, confidence: 0.9, least }
    }

    #[test]
    fn lists_what_is_probable_enough() {
        let ranked = [0.5f32, 0.25, 0.125, 0.125];
        let count = |least| rule(least).count(ranked.into_iter());
        assert_eq!([1.0, 0.6, 0.3, 0.25, 0.2, 0.125, 0.0].map(count), [1, 1, 1, 2, 2, 4, 4]);
        assert_eq!(rule(0.0).count(std::iter::repeat_n(0.001, 50)), MAX_CANDIDATES);
        assert_eq!(rule(0.3).count(std::iter::empty()), 0);
    }

    /// Whatever the rule, a list holds the truth exactly where the score says so.
    #[test]
    fn the_score_of_a_label_is_where_the_list_reaches_it() {
        let probabilities = [0.125f32, 0.0625, 0.5, 0.3125];
        let order = [2u32, 3, 0, 1];
        for least in [0.0, 0.0625, 0.1, 0.125, 0.3, 0.4, 0.9, 1.0] {
            let listed = rule(least).count(order.iter().map(|label| probabilities[*label as usize]));
            for (rank, &label) in order.iter().enumerate() {
                let holds = rule(least).holds(&outcome(label, &probabilities));
                assert_eq!(holds, rank < listed, "{least} {label}");
            }
        }
        let never = Outcome { truth: Truth::Unknown("x".to_owned()), probabilities: vec![1.0] };
        assert_eq!(score(&never), NEVER);
        let equal = [1.0 / 11.0; 11];
        assert_eq!([0, 9, 10].map(|label| score(&outcome(label, &equal))), [1.0, 1.0 / 11.0, NEVER]);
    }

    #[test]
    fn says_why_there_is_no_rule() {
        let fit = |scores: &[f32]| CandidateRule::for_scores(0.9, 0.9, scores);
        assert_eq!(fit(&[0.1; 21]), CandidateFit::TooFewRows { least_rows: 22 });
        assert_eq!(fit(&[0.1; 22]), CandidateFit::Found(rule(0.1)));
        // One of 22 misses the list, and none may.
        let mut scores = [0.1; 22];
        scores[0] = NEVER;
        assert_eq!(fit(&scores), CandidateFit::TooLong { reached: 21.0 / 22.0 });
        // One of 60 may.
        let mut scores = [0.1; 60];
        scores[0] = 0.05;
        assert_eq!(fit(&scores), CandidateFit::Found(rule(0.1)));
    }
}
