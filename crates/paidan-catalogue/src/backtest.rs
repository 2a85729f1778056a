//! What a catalogue would have made of past tickets, beside what was made of them.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::decision::{Decision, Outcome, Party};

/// The most changed tickets that are listed.
const LISTED: usize = 1000;

/// Counts what became of tickets before and after a change.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Backtest {
    /// Tickets counted.
    pub tickets: usize,
    /// Tickets of which outcome and lead are the same.
    pub unchanged: usize,
    /// By outcome: how many before (`None` where only the unit is known) and after.
    pub outcomes: BTreeMap<&'static str, Count>,
    /// By code of the unit.
    pub units: BTreeMap<String, UnitCount>,
    /// The first tickets that changed.
    pub changed: Vec<ChangedTicket>,
}

/// How many before and after.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Before the change.
    pub before: usize,
    /// After it.
    pub after: usize,
}

/// Tickets of a unit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct UnitCount {
    /// Its name.
    pub name: String,
    /// How many it had and would have.
    #[serde(flatten)]
    pub count: Count,
    /// How many it would get that it did not have.
    pub gained: usize,
    /// How many it had and would not get.
    pub lost: usize,
}

/// A ticket with another outcome or lead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangedTicket {
    /// Its id.
    pub id: String,
    /// What became of it.
    pub before: Fate,
    /// What would have become of it.
    pub after: Fate,
    /// Why, in Chinese.
    pub reason: String,
}

/// What became of a ticket.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Fate {
    /// `None` where only the unit is known.
    pub outcome: Option<Outcome>,
    /// Who got it; `None` where a person decided.
    pub lead: Option<Party>,
}

impl Fate {
    /// What a decision makes of a ticket.
    pub fn of(decision: &Decision) -> Self {
        Self { outcome: Some(decision.outcome), lead: decision.lead.clone() }
    }

    fn is_same(&self, other: &Self) -> bool {
        let same_outcome = match (self.outcome, other.outcome) {
            (Some(a), Some(b)) => a == b,
            _ => true,
        };
        let code = |fate: &Self| fate.lead.as_ref().map(|lead| lead.code.clone());
        same_outcome && code(self) == code(other)
    }
}

impl Backtest {
    /// Counts a ticket.
    pub fn add(&mut self, id: &str, before: Fate, after: &Decision) {
        let reason = after.reasons.first().map(|reason| reason.message.clone()).unwrap_or_default();
        let after = Fate::of(after);
        self.tickets += 1;
        if let Some(outcome) = before.outcome {
            self.outcomes.entry(outcome.name()).or_default().before += 1;
        }
        if let Some(outcome) = after.outcome {
            self.outcomes.entry(outcome.name()).or_default().after += 1;
        }
        let moved = before.lead.as_ref().map(|lead| &lead.code) != after.lead.as_ref().map(|lead| &lead.code);
        if let Some(lead) = &before.lead {
            let unit = self.unit(lead);
            unit.count.before += 1;
            unit.lost += usize::from(moved);
        }
        if let Some(lead) = &after.lead {
            let unit = self.unit(lead);
            unit.count.after += 1;
            unit.gained += usize::from(moved);
        }
        if before.is_same(&after) {
            self.unchanged += 1;
        } else if self.changed.len() < LISTED {
            self.changed.push(ChangedTicket { id: id.to_owned(), before, after, reason });
        }
    }

    fn unit(&mut self, party: &Party) -> &mut UnitCount {
        let unit = self.units.entry(party.code.clone()).or_default();
        if unit.name.is_empty() {
            unit.name.clone_from(&party.name);
        }
        unit
    }
}
