use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::emergency::Alarm;
use crate::prediction::{Prediction, SCHEMA};

/// Who handles a ticket, and why.
///
/// Serialises to the object that `paidan dispatch --json` writes: the predictions as `paidan predict`
/// writes them, then `outcome` and `explanation`.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// The ticket's id.
    pub id: String,
    /// What is to be done.
    pub outcome: Outcome,
    /// What the model says, one prediction a task.
    pub predictions: Vec<Prediction>,
    /// What the decision rests on.
    pub explanation: Explanation,
}

/// What is to be done with a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// Goes to the predicted department without a person.
    Assign,
    /// A person decides, with the ranked candidates before them.
    Review,
    /// An emergency: a person acts at once; who is to handle what remains stands beside it.
    Escalate,
}

/// What a decision rests on; no unmasked text.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Explanation {
    /// Why the outcome is what it is.
    pub reasons: Vec<Reason>,
    /// The title after masking.
    pub masked_title: String,
    /// The text after masking.
    pub masked_text: String,
    /// Words that speak of an emergency, those that are taken back too.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alarms: Vec<Alarm>,
    /// For each task, the words that decided.
    pub evidence: Vec<Evidence>,
}

/// One reason for an outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// Stable code.
    pub code: &'static str,
    /// The same in Chinese.
    pub message: String,
}

/// The words that decided one task.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evidence {
    /// The task.
    pub task: String,
    /// The label they speak for.
    pub label: String,
    /// Words for the label, the strongest first.
    pub supporting: Vec<WordEvidence>,
    /// Words against it, the strongest first.
    pub opposing: Vec<WordEvidence>,
    /// What the encoder's reading of the whole ticket adds to the score of the label over that of the mean label, in
    /// the unit of the words' weights; no share of it belongs to a word. `None` where the bundle has no encoder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub embedding: Option<f32>,
}

/// One word and what it adds to the score of a label.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WordEvidence {
    /// The word as it stands in the masked text.
    pub word: String,
    /// `title` or `text`.
    pub field: &'static str,
    /// First code point in the original field.
    pub start: usize,
    /// Code point after the last in the original field.
    pub end: usize,
    /// What all its occurrences together add to the score of the label over that of the mean label.
    pub weight: f32,
}

impl Outcome {
    /// The name used in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Assign => "assign",
            Self::Review => "review",
            Self::Escalate => "escalate",
        }
    }
}

impl Decision {
    /// The prediction of `task`.
    pub fn prediction(&self, task: &str) -> Option<&Prediction> {
        self.predictions.iter().find(|prediction| prediction.task == task)
    }
}

impl Serialize for Decision {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(4 + self.predictions.len()))?;
        map.serialize_entry("schema", &SCHEMA)?;
        map.serialize_entry("id", &self.id)?;
        for prediction in &self.predictions {
            map.serialize_entry(&prediction.task, prediction)?;
        }
        map.serialize_entry("outcome", &self.outcome)?;
        map.serialize_entry("explanation", &self.explanation)?;
        map.end()
    }
}
