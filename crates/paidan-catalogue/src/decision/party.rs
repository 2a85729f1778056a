use serde::Serialize;

/// A unit in a decision.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Party {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// A unit to choose from.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Candidate {
    /// The unit.
    #[serde(flatten)]
    pub unit: Party,
    /// The model's probability; `None` where no model speaks for it.
    pub probability: Option<f32>,
    /// What speaks for it.
    pub source: CandidateSource,
}

/// What speaks for a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CandidateSource {
    /// A rule names it.
    Rule,
    /// The model predicts it, or its function.
    Model,
    /// It is responsible for one of the possible areas.
    Area,
}
