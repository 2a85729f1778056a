//! What is decided of a ticket, and why.

mod explanation;
mod outcome;
mod party;

pub use explanation::{ExplanationNode, MatchedWord};
pub use outcome::{Outcome, Visibility};
pub use party::{Candidate, CandidateSource, Party};

use serde::Serialize;

/// Who handles a ticket, by when, and why.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Decision {
    /// What is to be done. Of a ticket with several demands the gravest.
    pub outcome: Outcome,
    /// Of an escalated ticket, the outcome without the emergency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ordinary: Option<Outcome>,
    /// 诉求类型; `None` where nothing says it.
    pub ticket_type: Option<String>,
    /// 紧急程度.
    pub urgency: Option<String>,
    /// 主办; `None` where a person decides.
    pub lead: Option<Party>,
    /// 协办.
    pub support: Vec<Party>,
    /// RFC 3339; `None` where no time of receipt or no deadline is known.
    pub deadline: Option<String>,
    /// The model's for the lead; `None` where no model speaks for it.
    pub probability: Option<f32>,
    /// Units to choose from, the best first.
    pub candidates: Vec<Candidate>,
    /// Who may see it.
    pub visibility: Visibility,
    /// Numbers to call at once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub call: Vec<String>,
    /// Units told at once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notify: Vec<Party>,
    /// Kinds of emergency.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub emergencies: Vec<String>,
    /// The lawful ways, where the matter is not acceptable.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub guidance: Vec<String>,
    /// Codes of the areas where the matter may lie.
    pub areas: Vec<String>,
    /// Why: stable code and Chinese sentence, the weightiest first.
    pub reasons: Vec<Reason>,
    /// All that the decision rests on.
    pub explanation: ExplanationNode,
    /// What was unknown, failed or was left out.
    pub diagnostics: Vec<Diagnostic>,
    /// Each demand, where the ticket holds several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub demands: Vec<Demand>,
    /// Hash of the catalogue.
    pub catalogue: String,
}

/// One of several demands of a ticket.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Demand {
    /// First code point in the original text.
    pub start: usize,
    /// Code point after the last.
    pub end: usize,
    /// What is decided of it.
    #[serde(flatten)]
    pub decision: Decision,
}

/// One reason for an outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// Stable code.
    pub code: &'static str,
    /// The same in Chinese.
    pub message: String,
}

/// Something that was unknown, failed or was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// Stable code.
    pub code: &'static str,
    /// The same in Chinese.
    pub message: String,
}
