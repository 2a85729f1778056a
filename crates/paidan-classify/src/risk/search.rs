use super::promise::check_share;
use super::{Answer, CandidateFit, CandidateRule, Certification, PerLabel, Promise, RiskControl, Thresholds};
use crate::evaluate::CandidateFigures;
use crate::{Error, Outcome, Profile};

/// What is to be found on labelled rows that the model was not trained on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ThresholdSearch {
    promise: Promise,
    per_label: bool,
    candidate_coverage: f64,
}

/// What was found for one task.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundThresholds {
    /// Rows searched.
    pub rows: usize,
    /// Rows whose most probable label is right.
    pub right: usize,
    /// The thresholds with what they rest on.
    pub certified: Certified,
    /// The short lists for the rows that no threshold accepts.
    pub candidates: CandidateFit,
    /// What the lists hold of the same rows; `None` where there are none.
    pub candidate_figures: Option<CandidateFigures>,
    /// What a bundle keeps of it: see [`Model::set_risk`](crate::Model::set_risk).
    pub risk: RiskControl,
}

/// One threshold for all labels, or several.
#[derive(Clone, Debug, PartialEq)]
pub enum Certified {
    /// One threshold for all labels.
    Pooled(Certification),
    /// Labels by themselves where their rows suffice.
    PerLabel(PerLabel),
}

impl ThresholdSearch {
    /// A search for one threshold that keeps `promise`, and for short lists that hold the true label of
    /// 0.9 of what is left to a person, with the confidence of the promise.
    pub fn new(promise: Promise) -> Self {
        Self { promise, per_label: false, candidate_coverage: 0.9 }
    }

    /// Whether labels get a threshold of their own where their rows suffice: see
    /// [`Promise::certify_per_label`].
    #[must_use]
    pub fn per_label(mut self, per_label: bool) -> Self {
        self.per_label = per_label;
        self
    }

    /// The share of the tickets left to a person whose short list holds the true label.
    ///
    /// # Errors
    ///
    /// It does not lie between 0 and 1, both excluded.
    pub fn candidate_coverage(mut self, coverage: f64) -> Result<Self, Error> {
        check_share("coverage of the candidates", coverage)?;
        self.candidate_coverage = coverage;
        Ok(self)
    }

    /// Searches the `outcomes` of a task of `labels` labels.
    pub fn search<'o>(
        self,
        labels: usize,
        outcomes: impl Iterator<Item = &'o Outcome> + Clone,
    ) -> FoundThresholds {
        let answers: Vec<Answer> = outcomes.clone().filter_map(Outcome::answer).collect();
        let certified = if self.per_label {
            Certified::PerLabel(self.promise.certify_per_label(&answers))
        } else {
            Certified::Pooled(self.promise.certify(&answers))
        };
        let thresholds = certified.thresholds();
        let handed_over = outcomes.clone().filter(|outcome| outcome.is_handed_over(&thresholds));
        let confidence = self.promise.confidence();
        let candidates = CandidateRule::fit(self.candidate_coverage, confidence, handed_over);
        let risk = RiskControl {
            thresholds,
            promise: Some(self.promise),
            candidates: candidates.rule(),
            reference: Profile::reference(labels, &answers),
        };
        FoundThresholds {
            rows: answers.len(),
            right: answers.iter().filter(|answer| answer.right).count(),
            certified,
            candidates,
            candidate_figures: CandidateFigures::new(&risk, outcomes),
            risk,
        }
    }
}

impl Certified {
    fn thresholds(&self) -> Thresholds {
        match self {
            Self::Pooled(certification) => Thresholds::Pooled(certification.threshold()),
            Self::PerLabel(labels) => labels.thresholds(),
        }
    }

    /// Rows accepted, and those of them that are right.
    pub fn accepted(&self) -> (usize, usize) {
        match self {
            Self::Pooled(Certification::Certified { accepted, right, .. }) => (*accepted, *right),
            Self::Pooled(Certification::NotCertified { .. }) => (0, 0),
            Self::PerLabel(found) => {
                let labels = found.labels.iter();
                labels
                    .fold((0, 0), |(accepted, right), label| (accepted + label.accepted, right + label.right))
            }
        }
    }
}
