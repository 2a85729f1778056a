use std::fmt;

use serde::Serialize;

/// A kind of personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PiiKind {
    /// Mobile number of mainland China.
    Phone,
    /// Resident identity number, GB 11643-1999, or its 15-digit predecessor.
    IdCard,
    /// E-mail address.
    Email,
}

impl PiiKind {
    /// All kinds.
    pub const ALL: &[Self] = &[Self::Phone, Self::IdCard, Self::Email];

    /// The name used in JSON and inside the token.
    pub fn name(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::IdCard => "id_card",
            Self::Email => "email",
        }
    }

    /// The token that replaces a stretch of this kind.
    pub fn token(self) -> &'static str {
        match self {
            Self::Phone => "⟦phone⟧",
            Self::IdCard => "⟦id_card⟧",
            Self::Email => "⟦email⟧",
        }
    }
}

impl fmt::Display for PiiKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
