use paidan_catalogue::{ExplanationNode, Outcome};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::contributions::TaskContributions;
use crate::emergency::Alarm;
use crate::prediction::{Prediction, SCHEMA};

/// Who handles a ticket, and why.
///
/// Serialises to the object that `paidan dispatch --json` writes: the predictions as `paidan predict`
/// writes them, then `outcome`, what a catalogue decided, and `explanation`.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// The ticket's id.
    pub id: String,
    /// What is to be done.
    pub outcome: Outcome,
    /// What the model says, one prediction a task.
    pub predictions: Vec<Prediction>,
    /// What a catalogue decided; `None` where there is none.
    pub dispatch: Option<Box<paidan_catalogue::Decision>>,
    /// SHA-256 of the bundle's manifest, where a catalogue and a bundle decided together.
    pub bundle: Option<String>,
    /// What the decision rests on.
    pub explanation: Explanation,
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
    /// All that made the scores, where it was asked for: see [`Engine::explain`](crate::Engine::explain).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contributions: Option<Vec<TaskContributions>>,
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

impl Decision {
    /// The prediction of `task`.
    pub fn prediction(&self, task: &str) -> Option<&Prediction> {
        self.predictions.iter().find(|prediction| prediction.task == task)
    }
}

impl Serialize for Decision {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("schema", &SCHEMA)?;
        map.serialize_entry("id", &self.id)?;
        for prediction in &self.predictions {
            map.serialize_entry(&prediction.task, prediction)?;
        }
        map.serialize_entry("outcome", &self.outcome)?;
        let Some(dispatch) = &self.dispatch else {
            map.serialize_entry("explanation", &self.explanation)?;
            return map.end();
        };
        if let Some(ordinary) = &dispatch.ordinary {
            map.serialize_entry("ordinary", ordinary)?;
        }
        map.serialize_entry("ticket_type", &dispatch.ticket_type)?;
        map.serialize_entry("decided_urgency", &dispatch.urgency)?;
        map.serialize_entry("lead", &dispatch.lead)?;
        map.serialize_entry("support", &dispatch.support)?;
        map.serialize_entry("deadline", &dispatch.deadline)?;
        map.serialize_entry("probability", &dispatch.probability)?;
        map.serialize_entry("candidates", &dispatch.candidates)?;
        map.serialize_entry("visibility", &dispatch.visibility)?;
        map.serialize_entry("call", &dispatch.call)?;
        map.serialize_entry("notify", &dispatch.notify)?;
        map.serialize_entry("emergencies", &dispatch.emergencies)?;
        map.serialize_entry("guidance", &dispatch.guidance)?;
        map.serialize_entry("areas", &dispatch.areas)?;
        map.serialize_entry("demands", &dispatch.demands)?;
        map.serialize_entry("explanation", &self.explained(&dispatch.explanation))?;
        map.serialize_entry("diagnostics", &dispatch.diagnostics)?;
        map.serialize_entry("catalogue", &dispatch.catalogue)?;
        map.serialize_entry("bundle", &self.bundle)?;
        map.end()
    }
}

/// The explanation with the catalogue's tree.
#[derive(Serialize)]
struct Explained<'d> {
    #[serde(flatten)]
    explanation: &'d Explanation,
    tree: &'d ExplanationNode,
}

impl Decision {
    fn explained<'d>(&'d self, tree: &'d ExplanationNode) -> Explained<'d> {
        Explained { explanation: &self.explanation, tree }
    }
}
