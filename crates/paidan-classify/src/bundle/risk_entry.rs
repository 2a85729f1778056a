use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::risk::{CandidateRule, Promise, RiskControl, Thresholds};
use crate::{LabelSet, Profile};

/// What the manifest keeps of a [`RiskControl`] besides `threshold`, which is there in every bundle.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct RiskEntry {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    promise: Option<Promise>,
    /// Where this is set, `threshold` is null: a paidan that does not know of it accepts nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    label_thresholds: Option<LabelThresholds>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    candidates: Option<CandidateRule>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reference: Option<Profile>,
}

#[derive(Debug, Serialize, Deserialize)]
struct LabelThresholds {
    /// By label; null goes to a person.
    labels: BTreeMap<String, Option<f32>>,
    others: Option<f32>,
}

impl RiskEntry {
    /// `threshold` and the rest; `None` where there is no more to say.
    pub(super) fn of(risk: &RiskControl, labels: &LabelSet) -> (Option<f32>, Option<Self>) {
        let (threshold, label_thresholds) = match &risk.thresholds {
            Thresholds::Pooled(threshold) => (*threshold, None),
            Thresholds::PerLabel { labels: own, others } => {
                let name = |index: &u32| Some(labels.get(*index as usize)?.to_owned());
                let labels = own.iter().filter_map(|(index, threshold)| Some((name(index)?, *threshold)));
                (None, Some(LabelThresholds { labels: labels.collect(), others: *others }))
            }
        };
        let RiskControl { promise, candidates, reference, .. } = risk.clone();
        let entry = Self { promise, label_thresholds, candidates, reference };
        let is_empty =
            *risk == RiskControl { thresholds: Thresholds::Pooled(threshold), ..Default::default() };
        (threshold, (!is_empty).then_some(entry))
    }

    /// The inverse of [`of`](Self::of), for an entry without [`problem`](Self::problem).
    pub(super) fn into_risk(self, threshold: Option<f32>, labels: &LabelSet) -> RiskControl {
        let thresholds = match self.label_thresholds {
            None => Thresholds::Pooled(threshold),
            Some(LabelThresholds { labels: mut own, others }) => {
                let indexed = labels.iter().zip(0..).filter_map(|(label, i)| Some((i, own.remove(label)?)));
                Thresholds::PerLabel { labels: indexed.collect(), others }
            }
        };
        let Self { promise, candidates, reference, .. } = self;
        RiskControl { thresholds, promise, candidates, reference }
    }

    /// What is wrong with the entry of a task with these labels, which stands beside `threshold`; if anything.
    pub(super) fn problem(&self, threshold: Option<f32>, labels: &[&str]) -> Option<String> {
        if let Some(LabelThresholds { labels: own, others }) = &self.label_thresholds {
            if own.keys().any(|label| !labels.contains(&label.as_str())) {
                return Some("label_thresholds: expected labels of the task only".to_owned());
            }
            let mut all = own.values().chain([others]).flatten();
            if threshold.is_some() || all.any(|threshold| !(0.0..=1.0).contains(threshold)) {
                return Some("label_thresholds: expected numbers from 0 to 1, and no `threshold`".to_owned());
            }
        }
        let promise = self.promise.map(|promise| Promise::new(promise.precision(), promise.confidence()));
        if promise.is_some_and(|checked| checked.is_err()) {
            return Some("promise: expected a precision and a confidence between 0 and 1".to_owned());
        }
        if self.candidates.is_some_and(|rule| !rule.is_valid()) {
            return Some("candidates: a number is out of range".to_owned());
        }
        let problem = self.reference.as_ref()?.problem(labels.len())?;
        Some(format!("reference: expected {problem}"))
    }
}
