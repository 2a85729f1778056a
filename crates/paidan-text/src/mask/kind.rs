use std::fmt;

use serde::Serialize;

/// A kind of personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PiiKind {
    /// Mobile number of mainland China.
    Phone,
    /// Fixed-line number, with its extension.
    Landline,
    /// Resident identity number, GB 11643-1999, or its 15-digit predecessor, or a residence permit's number.
    IdCard,
    /// Number of a passport or of a permit for travel to or from Hong Kong, Macao or Taiwan.
    TravelDoc,
    /// Bank card number whose Luhn check digit holds.
    BankCard,
    /// Number plate of a vehicle, GA 36.
    Plate,
    /// E-mail address.
    Email,
    /// Account of WeChat or QQ, or number of a QQ group.
    WechatOrQq,
    /// Full name of a person; not a surname with a form of address.
    PersonName,
    /// Where someone lives or works, from the estate or village down to the door.
    Address,
    /// Social security number.
    SocialSecurityNo,
    /// Customer number of a utility or a fund, such as 户号.
    AccountNo,
}

impl PiiKind {
    /// All kinds.
    pub const ALL: &[Self] = &[
        Self::Phone,
        Self::Landline,
        Self::IdCard,
        Self::TravelDoc,
        Self::BankCard,
        Self::Plate,
        Self::Email,
        Self::WechatOrQq,
        Self::PersonName,
        Self::Address,
        Self::SocialSecurityNo,
        Self::AccountNo,
    ];

    /// The name used in JSON and inside the token.
    pub fn name(self) -> &'static str {
        // The token is the name between its brackets, which take three bytes each.
        self.token().get(3..self.token().len() - 3).unwrap_or_default()
    }

    /// The token that replaces a stretch of this kind.
    pub fn token(self) -> &'static str {
        match self {
            Self::Phone => "⟦phone⟧",
            Self::Landline => "⟦landline⟧",
            Self::IdCard => "⟦id_card⟧",
            Self::TravelDoc => "⟦travel_doc⟧",
            Self::BankCard => "⟦bank_card⟧",
            Self::Plate => "⟦plate⟧",
            Self::Email => "⟦email⟧",
            Self::WechatOrQq => "⟦wechat_or_qq⟧",
            Self::PersonName => "⟦person_name⟧",
            Self::Address => "⟦address⟧",
            Self::SocialSecurityNo => "⟦social_security_no⟧",
            Self::AccountNo => "⟦account_no⟧",
        }
    }
}

impl fmt::Display for PiiKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_token_without_its_brackets() {
        assert_eq!(PiiKind::WechatOrQq.name(), "wechat_or_qq");
        for kind in PiiKind::ALL {
            assert_eq!(kind.token(), format!("⟦{kind}⟧"));
        }
    }
}
