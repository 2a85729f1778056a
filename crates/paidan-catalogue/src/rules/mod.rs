//! Rules: conditions, actions, and which of them hold for a ticket.

mod action;
mod book;
mod condition;
mod judge;
mod load;
mod time;
mod unit_ref;
mod word_condition;

pub(crate) use action::{Allowance, Forbid, Then};
pub(crate) use book::RuleBook;
pub(crate) use condition::When;
pub(crate) use judge::{Circumstances, Judged, Match};
pub(crate) use load::read_allowance;
pub(crate) use unit_ref::{UnitRef, read_unit_refs};
pub(crate) use word_condition::{HitSet, WordCondition};

use crate::finding::Place;
use crate::period::Period;

/// A rule, by its place in the [`RuleBook`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct RuleId(pub(crate) u32);

/// One `[[rule]]`.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) priority: i32,
    pub(crate) period: Period,
    pub(crate) basis: Option<String>,
    pub(crate) when: When,
    pub(crate) then: Then,
    /// Number of conditions, see `docs/catalogue.md`.
    pub(crate) specificity: u32,
    pub(crate) place: Place,
}

impl Rule {
    /// Whether it says who handles a ticket, or that a person does.
    pub(crate) fn contends(&self) -> bool {
        self.then.lead.is_some() || self.then.review.is_some()
    }
}
