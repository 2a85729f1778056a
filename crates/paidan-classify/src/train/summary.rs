use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::risk::binomial_cdf;

/// What training found out; no text of any ticket.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TrainingSummary {
    /// Tickets used.
    pub tickets: usize,
    /// Groups they come from.
    pub groups: usize,
    /// Tickets without labels from which the vectors of words were learnt.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unlabelled: usize,
    /// N-grams kept.
    pub features: usize,
    /// The seed.
    pub seed: u64,
    /// What was found out about the encoder, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoder: Option<EncoderSummary>,
    /// One entry a task.
    pub tasks: Vec<TaskSummary>,
}

/// What training found out about the encoder.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EncoderSummary {
    /// Numbers in an embedding.
    pub width: usize,
    /// Tickets longer than the encoder takes, of which it read the beginning only.
    pub truncated: usize,
    /// For each task the norm of the embedding where that of words and characters is 1; 0 where it did not help.
    pub weights: BTreeMap<String, f32>,
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// What training found out about one task.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TaskSummary {
    /// The task.
    pub task: String,
    /// Tickets with a label.
    pub rows: usize,
    /// Labels.
    pub labels: usize,
    /// Figures by name, each row judged by a model that has not seen it; empty where nothing could be
    /// measured. The two parameters of the calibration are fitted on the same scores, so that
    /// `expected_calibration_error` and `log_loss` are a little too good.
    pub metrics: BTreeMap<String, f64>,
    /// Remarks for the user, for instance merged spellings.
    pub notes: Vec<String>,
}

impl TaskSummary {
    /// Whether a model of the accuracy found in cross-validation would hardly ever be right on `right` of
    /// `rows` rows that it has not seen: a sign that it was trained on them. `false` where nothing was
    /// measured.
    pub fn looks_learnt(&self, rows: usize, right: usize) -> bool {
        let Some(mistakes) = self.metrics.get("accuracy").map(|accuracy| 1.0 - accuracy) else {
            return false;
        };
        let seen = rows.saturating_sub(right);
        // Half as many mistakes can come of easier tickets; the test leaves chance out.
        mistakes > 0.0
            && mistakes < 1.0
            && (seen as f64) < 0.5 * mistakes * rows as f64
            && binomial_cdf(rows, mistakes, seen) < 1e-3
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_were_learnt_are_told_by_their_accuracy() {
        let summary = |accuracy| TaskSummary {
            metrics: [("accuracy".to_owned(), accuracy)].into(),
            ..TaskSummary::default()
        };
        assert!(summary(0.8).looks_learnt(300, 297));
        // As good as expected, a little better, or too few rows to tell.
        assert!(!summary(0.8).looks_learnt(300, 240) && !summary(0.8).looks_learnt(300, 265));
        assert!(!summary(0.8).looks_learnt(20, 20) && !summary(0.8).looks_learnt(0, 0));
        assert!(!summary(1.0).looks_learnt(300, 300) && !TaskSummary::default().looks_learnt(300, 300));
    }
}
