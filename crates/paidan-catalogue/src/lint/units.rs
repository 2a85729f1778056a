//! Units that end without a successor, that nothing leads to, or that share a duty.

use std::collections::HashSet;

use jiff::civil::Date;

use crate::catalogue::Catalogue;
use crate::finding::Findings;
use crate::rules::UnitRef;
use crate::units::{Unit, UnitId};

pub(super) fn look(catalogue: &Catalogue, day: Option<Date>, findings: &Findings) {
    let units = &catalogue.units;
    let named = named_units(catalogue);
    for id in units.ids() {
        let Some(unit) = units.get(id) else { continue };
        tell_end(catalogue, unit, day, findings);
        if unit.functions.is_empty() && !named.contains(&units.last_successor(id)) {
            let message =
                format!("`{}` has no function and no rule names it: no ticket can go there", unit.code);
            findings.warning("unreachable_unit", &unit.place, message);
        }
    }
    for (function, ids) in &units.by_function {
        tell_shared_duties(catalogue, function, ids, findings);
    }
    for (name, ids) in &units.by_name {
        let last = |id: &UnitId| units.last_successor(*id);
        let Some((first, rest)) = ids.split_first() else { continue };
        let others: Vec<&Unit> =
            rest.iter().filter(|id| last(id) != last(first)).filter_map(|id| units.get(*id)).collect();
        if let (Some(first), Some(other)) = (units.get(*first), others.first()) {
            let message = format!(
                "`{name}` is a name of `{}` and of `{}`: rules and models cannot name either by it",
                first.code, other.code
            );
            findings.warning("ambiguous_unit", &other.place, message);
        }
    }
}

fn tell_end(catalogue: &Catalogue, unit: &Unit, day: Option<Date>, findings: &Findings) {
    let Some(end) = unit.period.to else { return };
    let Some(successor) = unit.successor.and_then(|id| catalogue.units.get(id)) else {
        let is_over = day.is_some_and(|day| end < day);
        let message = if is_over {
            format!(
                "`{}` ended on {end} without a successor; name one, or remove what leads to it",
                unit.code
            )
        } else {
            format!("`{}` ends on {end} without a successor; name one in time", unit.code)
        };
        findings.warning(if is_over { "dead_unit" } else { "ending_unit" }, &unit.place, message);
        return;
    };
    if let (Ok(next), Some(from)) = (end.tomorrow(), successor.period.from)
        && from > next
    {
        let message = format!(
            "`{}` ends on {end} and its successor `{}` begins on {from}: between them nobody stands for it",
            unit.code, successor.code
        );
        findings.warning("succession_gap", &unit.place, message);
    }
}

fn tell_shared_duties(catalogue: &Catalogue, function: &str, ids: &[UnitId], findings: &Findings) {
    let mut seen: Vec<&Unit> = Vec::new();
    for unit in ids.iter().filter_map(|id| catalogue.units.get(*id)) {
        let same = |other: &&&Unit| {
            other.area == unit.area && other.level == unit.level && other.period.overlaps(&unit.period)
        };
        if let Some(other) = seen.iter().find(same) {
            let message = format!(
                "`{}` and `{}` have the function {function} in the same area at the same time: a person chooses",
                other.code, unit.code
            );
            findings.warning("shared_duty", &unit.place, message);
        }
        seen.push(unit);
    }
}

/// Units that rules, escalations or settings name, as the last of their line.
fn named_units(catalogue: &Catalogue) -> HashSet<UnitId> {
    let of_rules = catalogue.rules.rules.iter().flat_map(|rule| {
        let refs = rule.then.lead.iter().chain(&rule.then.support).map(|(unit, _)| unit);
        refs.filter_map(unit_of).chain(rule.then.against.iter().copied())
    });
    let others = catalogue.settings.supervision.iter().chain(catalogue.escalations.units());
    let all = of_rules.chain(others.filter_map(unit_of));
    all.map(|unit| catalogue.units.last_successor(unit)).collect()
}

fn unit_of(unit: &UnitRef) -> Option<UnitId> {
    match unit {
        UnitRef::Unit(unit) => Some(*unit),
        UnitRef::Function { .. } => None,
    }
}
