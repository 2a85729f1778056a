use serde::Serialize;

/// What is to be done with a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// Goes to the lead unit without a person.
    Assign,
    /// Not acceptable: the citizen is told the lawful way.
    Guide,
    /// A person decides, with the ranked candidates before them.
    Review,
    /// An emergency: numbers are called at once.
    Escalate,
}

/// Who may see a ticket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// All who work with tickets.
    #[default]
    Ordinary,
    /// Those who handle it.
    Restricted,
}

impl Visibility {
    /// The name used in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ordinary => "ordinary",
            Self::Restricted => "restricted",
        }
    }
}

impl Outcome {
    /// The name used in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Assign => "assign",
            Self::Guide => "guide",
            Self::Review => "review",
            Self::Escalate => "escalate",
        }
    }

    /// The outcome in Chinese.
    pub fn in_chinese(self) -> &'static str {
        match self {
            Self::Assign => "自动派单",
            Self::Guide => "引导告知",
            Self::Review => "人工复核",
            Self::Escalate => "紧急上报",
        }
    }

    /// The graver comes later.
    pub(crate) fn gravity(self) -> u8 {
        match self {
            Self::Assign => 0,
            Self::Guide => 1,
            Self::Review => 2,
            Self::Escalate => 3,
        }
    }
}
