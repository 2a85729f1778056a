//! The table as it is written in TOML.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How soon somebody must act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmergencyLevel {
    /// Within hours or a day: harm grows.
    Urgent,
    /// Now: life or safety is in danger.
    Emergency,
}

/// One kind of emergency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EmergencyKind {
    /// Stable code, for instance `gas_leak`.
    pub code: String,
    /// The same in Chinese.
    pub name: String,
    /// How soon somebody must act.
    pub level: EmergencyLevel,
    /// Numbers to call, the first first.
    pub call: Vec<String>,
}

/// The file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    /// Alternatives that cues name as `{name}`.
    #[serde(default)]
    pub(super) sets: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) kind: Vec<KindTable>,
    /// Words that hold a word of another list and mean something else.
    #[serde(default)]
    pub(super) neutral: Words,
    /// What shows that a matter is going on.
    #[serde(default)]
    pub(super) live: Words,
    #[serde(default)]
    pub(super) suppressor: Vec<SuppressorTable>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KindTable {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) level: EmergencyLevel,
    #[serde(default)]
    pub(super) call: Vec<String>,
    /// Codes of suppressors that do not touch this kind.
    #[serde(default)]
    pub(super) ignores: Vec<String>,
    pub(super) cues: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    pub(super) words: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SuppressorTable {
    pub(super) code: String,
    pub(super) name: String,
    #[serde(rename = "where")]
    pub(super) place: Place,
    #[serde(default)]
    pub(super) scope: Scope,
    /// The most characters between the word and the cue; any number in the scope where it is left out.
    pub(super) within: Option<usize>,
    /// Whether a word of the present lifts it.
    #[serde(default)]
    pub(super) lifted: bool,
    #[serde(default)]
    pub(super) words: Vec<String>,
}

/// Where the words of a suppressor stand, seen from the cue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Place {
    /// Before it.
    Before,
    /// After it.
    After,
    /// On either side.
    Around,
    /// The cue begins or ends within the word: a set phrase.
    Enclosing,
    /// No word: the cue stands between 《 and 》.
    Marks,
    /// No word: the cue comes after more than `within` characters. Who is in danger says so at once.
    Late,
}

impl Place {
    /// Whether the suppressor has words.
    pub(super) fn has_words(self) -> bool {
        !matches!(self, Self::Marks | Self::Late)
    }
}

/// How far a suppressor reaches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Scope {
    /// Up to the next comma.
    Clause,
    /// Up to the next full stop.
    #[default]
    Sentence,
}
