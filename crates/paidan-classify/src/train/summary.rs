use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What training found out; no text of any ticket.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TrainingSummary {
    /// Tickets used.
    pub tickets: usize,
    /// Groups they come from.
    pub groups: usize,
    /// N-grams kept.
    pub features: usize,
    /// The seed.
    pub seed: u64,
    /// One entry a task.
    pub tasks: Vec<TaskSummary>,
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
