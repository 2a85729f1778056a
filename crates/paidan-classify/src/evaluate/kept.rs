use serde::Serialize;

use super::Outcome;
use crate::risk::{RiskControl, binomial_cdf};

/// What became of the answers that the thresholds accept.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AcceptedFigures {
    /// Rows accepted without a person.
    pub rows: usize,
    /// Share of all rows.
    pub coverage: f64,
    /// Share of the accepted answers that are right; 0 where none is.
    pub precision: f64,
    /// The precision that was promised; `None` where the thresholds were set by hand.
    pub promised: Option<f64>,
    /// Whether the precision lies below the promise by more than chance would make it in 19 of 20 cases
    /// (exact binomial test).
    pub broken: bool,
}

/// What became of the short lists for the person who decides.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CandidateFigures {
    /// Rows that go to a person.
    pub rows: usize,
    /// Share of them whose list holds the true label; 0 where there are none.
    pub coverage: f64,
    /// Labels on their lists, on average.
    pub mean_size: f64,
    /// The coverage that was stated.
    pub promised: f64,
    /// Whether the coverage lies below it by more than chance would make it in 19 of 20 cases.
    pub broken: bool,
}

/// How improbable a figure must be for a promise to count as broken.
const LEVEL: f64 = 0.05;

impl AcceptedFigures {
    /// The figures of `outcomes`; `None` where the task has no threshold.
    pub(super) fn new<'o>(risk: &RiskControl, outcomes: impl Iterator<Item = &'o Outcome>) -> Option<Self> {
        let (mut all, mut rows, mut right) = (0usize, 0usize, 0usize);
        risk.thresholds.all().next()?;
        for answer in outcomes.filter_map(Outcome::answer) {
            let accepted = risk.thresholds.accepts(answer.label, answer.probability) == Some(true);
            all += 1;
            rows += usize::from(accepted);
            right += usize::from(accepted && answer.right);
        }
        let promised = risk.promise.map(|promise| promise.precision());
        Some(Self {
            rows,
            coverage: rows as f64 / all.max(1) as f64,
            precision: right as f64 / rows.max(1) as f64,
            promised,
            broken: promised.is_some_and(|promised| is_broken(rows, right, promised)),
        })
    }
}

impl CandidateFigures {
    /// The figures of `outcomes`; `None` where the task has no rule for lists.
    pub(crate) fn new<'o>(risk: &RiskControl, outcomes: impl Iterator<Item = &'o Outcome>) -> Option<Self> {
        let rule = risk.candidates?;
        let (mut rows, mut held, mut listed) = (0usize, 0usize, 0usize);
        for outcome in outcomes.filter(|outcome| outcome.is_handed_over(&risk.thresholds)) {
            let mut ranked = outcome.probabilities.clone();
            ranked.sort_by(|a, b| b.total_cmp(a));
            rows += 1;
            held += usize::from(rule.holds(outcome));
            listed += rule.count(ranked.into_iter());
        }
        Some(Self {
            rows,
            coverage: held as f64 / rows.max(1) as f64,
            mean_size: listed as f64 / rows.max(1) as f64,
            promised: rule.coverage(),
            broken: is_broken(rows, held, rule.coverage()),
        })
    }
}

/// Whether so few hits are improbable where each row hits with probability `promised`.
fn is_broken(rows: usize, hits: usize, promised: f64) -> bool {
    rows > 0 && binomial_cdf(rows, promised, hits) < LEVEL
}
