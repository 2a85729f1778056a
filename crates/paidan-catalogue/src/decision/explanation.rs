use serde::Serialize;

/// A node of the tree of reasons.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ExplanationNode {
    /// What it is: `decision`, `emergency`, `area`, `rule`, `lost_rule`, `forbidden`, `prediction`, `deadline`, `demand` …
    pub kind: &'static str,
    /// In Chinese.
    pub text: String,
    /// Id of the rule, code of the area, kind of the emergency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The reason that holds when a unit objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
    /// Words that were found.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<MatchedWord>,
    /// 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<f32>,
    /// What it rests on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<ExplanationNode>,
}

/// A word of the catalogue in the ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MatchedWord {
    /// The word as the catalogue has it; `None` where it must not be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub word: Option<String>,
    /// `title`, `text` or `address`.
    pub field: &'static str,
    /// First code point in the original field.
    pub start: usize,
    /// Code point after the last in the original field.
    pub end: usize,
}

impl ExplanationNode {
    pub(crate) fn new(kind: &'static str, text: impl Into<String>) -> Self {
        Self { kind, text: text.into(), ..Self::default() }
    }

    pub(crate) fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    pub(crate) fn with_basis(mut self, basis: Option<&str>) -> Self {
        self.basis = basis.map(str::to_owned);
        self
    }

    pub(crate) fn with_words(mut self, words: Vec<MatchedWord>) -> Self {
        self.words = words;
        self
    }
}
