use std::collections::BTreeMap;

use super::{CandidateRule, Certification, Promise};
use crate::Profile;

/// What was found for a task on labelled rows, kept in the bundle.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RiskControl {
    /// Which answers are accepted without a person.
    pub thresholds: Thresholds,
    /// What the thresholds promise; `None` where they were set by hand.
    pub promise: Option<Promise>,
    /// Which labels a person is shown; `None` where no rule was found.
    pub candidates: Option<CandidateRule>,
    /// What the answers to the rows were like; `None` where there were none.
    pub reference: Option<Profile>,
}

/// The least probabilities at which answers to a task are accepted without a person.
#[derive(Clone, Debug, PartialEq)]
pub enum Thresholds {
    /// One for all labels; `None` where nothing is accepted because nothing is promised.
    Pooled(Option<f32>),
    /// Labels with a threshold of their own, and one that the others share; `None` goes to a person.
    PerLabel {
        /// By the label's index.
        labels: BTreeMap<u32, Option<f32>>,
        /// Of labels that do not stand in `labels`.
        others: Option<f32>,
    },
}

impl Default for Thresholds {
    fn default() -> Self {
        Self::Pooled(None)
    }
}

impl Thresholds {
    /// The least probability at which an answer of this label is accepted.
    pub fn of(&self, label: u32) -> Option<f32> {
        match self {
            Self::Pooled(threshold) => *threshold,
            Self::PerLabel { labels, others } => labels.get(&label).copied().unwrap_or(*others),
        }
    }

    /// Whether an answer is accepted without a person; `None` where no label has a threshold.
    pub fn accepts(&self, label: u32, probability: f32) -> Option<bool> {
        let accepted = || self.of(label).is_some_and(|threshold| probability >= threshold);
        self.all().next().map(|_| accepted())
    }

    /// All thresholds there are.
    pub(crate) fn all(&self) -> impl Iterator<Item = f32> {
        let (labels, one) = match self {
            Self::Pooled(threshold) => (None, threshold),
            Self::PerLabel { labels, others } => (Some(labels), others),
        };
        labels.into_iter().flat_map(BTreeMap::values).chain([one]).copied().flatten()
    }
}

impl Certification {
    /// The least probability accepted; `None` where a person decides.
    pub fn threshold(&self) -> Option<f32> {
        match self {
            Self::Certified { threshold, .. } => Some(*threshold),
            Self::NotCertified { .. } => None,
        }
    }
}
