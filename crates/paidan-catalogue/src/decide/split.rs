//! 诉求拆分: one decision for each of several demands that go to different units.

use std::ops::Range;

use super::facts::Facts;
use super::ordinary::{Matter, Ordinary};
use super::parts::parts;
use crate::catalogue::Catalogue;
use crate::decision::Outcome;
use crate::predictions::Predictions;
use crate::units::UnitId;

/// A demand: bytes of the folded text, and what becomes of it.
pub(super) struct DemandPart {
    pub(super) range: Range<usize>,
    pub(super) ordinary: Ordinary,
}

/// A part with a unit of its own.
struct Own {
    range: Range<usize>,
    is_marked: bool,
    /// `None` where it is not acceptable.
    lead: Option<UnitId>,
    priority: i32,
}

impl Catalogue {
    /// The demands of a ticket; empty where it is one matter.
    pub(super) fn demands(&self, facts: &Facts<'_>) -> Vec<DemandPart> {
        let text = facts.fields.folded(crate::words::Field::Text);
        let parts = parts(text);
        if parts.len() < 2 || facts.hits.len() < 2 {
            return Vec::new();
        }
        let none = Predictions::default();
        let decide = |range: &Range<usize>| {
            let areas = facts.areas_of(self, range);
            self.ordinary(facts, &Matter { part: Some(range.clone()), areas, predictions: &none })
        };
        let mut own: Vec<Own> = Vec::new();
        for part in parts {
            let has_words = facts.hits.iter().any(|hit| {
                hit.field == crate::words::Field::Text
                    && part.range.start <= hit.range.start
                    && hit.range.end <= part.range.end
            });
            let decided = if has_words { Some(decide(&part.range)) } else { None };
            match decided.and_then(|decided| own_lead(&decided)) {
                Some((lead, priority)) => {
                    own.push(Own { range: part.range, is_marked: part.is_marked, lead, priority })
                }
                // What has no unit of its own goes with what stands before it.
                None => {
                    if let Some(last) = own.last_mut() {
                        last.range.end = part.range.end;
                    }
                }
            }
        }
        let merged = merge(own);
        if merged.len() < 2 {
            return Vec::new();
        }
        let mut demands: Vec<DemandPart> = merged
            .into_iter()
            .map(|own| DemandPart { ordinary: decide(&own.range), range: own.range })
            .collect();
        // What stood before the first demand is its introduction.
        if let Some(first) = demands.first_mut() {
            first.range.start = 0;
        }
        demands
    }
}

/// The unit of a part and the priority of the rule that chose it, where a rule has; no unit where it is not acceptable.
fn own_lead(decided: &Ordinary) -> Option<(Option<UnitId>, i32)> {
    match decided.outcome {
        Outcome::Assign => Some((Some(decided.lead?), decided.by_rule?)),
        Outcome::Guide => Some((None, 0)),
        _ => None,
    }
}

/// Joins parts of the same unit, and sentences that no mark sets apart and whose rules are not of equal priority: the
/// lesser is then said in passing.
fn merge(own: Vec<Own>) -> Vec<Own> {
    let mut merged: Vec<Own> = Vec::new();
    for part in own {
        // A unit that comes again has its demand already; only what stands side by side is joined.
        if let Some(last) = merged.last_mut().filter(|last| last.lead == part.lead) {
            last.range.end = part.range.end;
            continue;
        }
        if merged.iter().any(|other| other.lead == part.lead) {
            continue;
        }
        match merged.last_mut() {
            Some(last) if !part.is_marked && last.priority != part.priority => {
                last.range.end = part.range.end;
                if part.priority > last.priority {
                    (last.lead, last.priority) = (part.lead, part.priority);
                }
            }
            _ => merged.push(part),
        }
    }
    merged
}
