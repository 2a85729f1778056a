//! By when: allowances by type and urgency, and the calendar that they are counted in.

mod calendar;
mod load;

pub(crate) use calendar::Calendar;

use crate::finding::Place;
use crate::predictions::LabelPrediction;
use crate::rules::Allowance;

/// `deadlines.toml`.
#[derive(Debug, Default)]
pub(crate) struct Deadlines {
    entries: Vec<Entry>,
    pub(crate) calendar: Calendar,
}

/// One `[[deadline]]`.
#[derive(Debug)]
pub(crate) struct Entry {
    ticket_type: Option<String>,
    urgency: Option<String>,
    pub(crate) allowance: Allowance,
    pub(crate) basis: Option<String>,
    pub(crate) place: Place,
}

impl Deadlines {
    /// The entry for a type and an urgency: the one with both before that with the type, before that with the urgency,
    /// before that with neither.
    pub(crate) fn entry(
        &self,
        ticket_type: Option<&LabelPrediction>,
        urgency: &LabelPrediction,
    ) -> Option<&Entry> {
        let fits = |entry: &&Entry| {
            entry.ticket_type.as_deref().is_none_or(|name| ticket_type.is_some_and(|label| label.is(name)))
                && entry.urgency.as_deref().is_none_or(|name| urgency.is(name))
        };
        self.entries
            .iter()
            .filter(fits)
            .max_by_key(|entry| (entry.ticket_type.is_some(), entry.urgency.is_some()))
    }
}
