use super::unit_ref::UnitRef;
use crate::finding::Place;
use crate::level::Level;
use crate::units::UnitId;

/// What follows: `[rule.then]`.
#[derive(Debug, Default)]
pub(crate) struct Then {
    pub(crate) lead: Option<(UnitRef, Place)>,
    pub(crate) support: Vec<(UnitRef, Place)>,
    pub(crate) deadline: Option<Allowance>,
    pub(crate) urgency: Option<String>,
    pub(crate) ticket_type: Option<String>,
    pub(crate) escalate: Option<Escalate>,
    pub(crate) guide: Option<String>,
    pub(crate) forbid: Option<Forbid>,
    pub(crate) restrict: Option<String>,
    pub(crate) against: Vec<UnitId>,
    pub(crate) review: Option<String>,
}

/// How much time there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Allowance {
    WorkingDays(u32),
    Days(u32),
    Hours(u32),
}

/// An emergency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Escalate {
    pub(crate) kind: String,
    pub(crate) call: Vec<String>,
}

/// Who never gets the ticket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Forbid {
    pub(crate) levels: Vec<Level>,
    pub(crate) units: Vec<UnitId>,
    pub(crate) functions: Vec<String>,
}

impl Allowance {
    pub(crate) fn in_chinese(self) -> String {
        match self {
            Self::WorkingDays(days) => format!("{days} 个工作日"),
            Self::Days(days) => format!("{days} 天"),
            Self::Hours(hours) => format!("{hours} 小时"),
        }
    }
}

impl Then {
    pub(crate) fn is_empty(&self) -> bool {
        self.lead.is_none()
            && self.support.is_empty()
            && self.deadline.is_none()
            && self.urgency.is_none()
            && self.ticket_type.is_none()
            && self.escalate.is_none()
            && self.guide.is_none()
            && self.forbid.is_none()
            && self.restrict.is_none()
            && self.against.is_empty()
            && self.review.is_none()
    }
}
