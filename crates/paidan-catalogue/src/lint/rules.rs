//! Rules that have expired, cannot hold, contradict each other, or give no basis.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::catalogue::Catalogue;
use crate::finding::Findings;
use crate::rules::{Rule, UnitRef};
use crate::words::WordId;

pub(super) fn look(catalogue: &Catalogue, day: Option<Date>, findings: &Findings) {
    for rule in &catalogue.rules.rules {
        if rule.basis.is_none() {
            let message = format!("rule `{}` has no `basis`: nothing holds when a unit objects", rule.id);
            findings.warning("missing_basis", &rule.place, message);
        }
        if let (Some(to), Some(day)) = (rule.period.to, day)
            && to < day
        {
            let message =
                format!("rule `{}` ended on {to}; extend it, or keep it for past tickets only", rule.id);
            findings.warning("expired_rule", &rule.place, message);
        }
        tell_impossible(catalogue, rule, findings);
        tell_elsewhere(catalogue, rule, findings);
        tell_short_words(catalogue, rule, findings);
    }
    tell_twins(catalogue, findings);
}

/// A rule whose words bring along a word that must not be there.
fn tell_impossible(catalogue: &Catalogue, rule: &Rule, findings: &Findings) {
    let words = &rule.when.words;
    let text = |word: &WordId| catalogue.words.word(*word);
    let is_barred = |word: &WordId| words.none.iter().any(|none| text(word).contains(text(none)));
    let groups = (!words.any.is_empty()).then_some(&words.any).into_iter().chain(&words.all);
    if groups.into_iter().any(|group| group.iter().all(is_barred)) {
        let message = format!(
            "rule `{}` can never hold: each word of `any`, or of an entry of `all`, holds a word of `none`",
            rule.id
        );
        findings.warning("unreachable_rule", &rule.place, message);
    }
}

/// A rule for one place with a unit of another.
fn tell_elsewhere(catalogue: &Catalogue, rule: &Rule, findings: &Findings) {
    let Some((UnitRef::Unit(unit), place)) = &rule.then.lead else { return };
    let Some(unit) = catalogue.units.get(*unit) else { return };
    let Some(own) = unit.area.filter(|_| !rule.when.areas.is_empty()) else { return };
    if !rule.when.areas.iter().any(|area| catalogue.areas.is_related(*area, own)) {
        let message = format!(
            "rule `{}` can never lead anywhere: `{}` is responsible for `{}`, which is none of its areas",
            rule.id,
            unit.code,
            catalogue.areas.code(own)
        );
        findings.warning("unreachable_rule", place, message);
    }
}

fn tell_short_words(catalogue: &Catalogue, rule: &Rule, findings: &Findings) {
    let words = &rule.when.words;
    // An entry of `all` is narrowed by the others.
    if let Some(word) =
        words.any.iter().map(|word| catalogue.words.word(*word)).find(|word| word.chars().count() == 1)
        && words.all.is_empty()
    {
        let message = format!(
            "rule `{}`: the word `{word}` has one character and is in many other words; make it longer",
            rule.id
        );
        findings.warning("short_word", &rule.place, message);
    }
}

/// Rules with the same conditions: equal in rank they contradict each other, otherwise the lower is never used.
fn tell_twins(catalogue: &Catalogue, findings: &Findings) {
    let mut by_condition: HashMap<String, Vec<&Rule>> = HashMap::new();
    for rule in catalogue.rules.rules.iter().filter(|rule| rule.contends()) {
        by_condition.entry(rule.when.canonical()).or_default().push(rule);
    }
    for rules in by_condition.values() {
        for (at, rule) in rules.iter().enumerate() {
            let overlapping = rules.iter().take(at).find(|other| other.period.overlaps(&rule.period));
            let Some(other) = overlapping else { continue };
            let leads = |rule: &Rule| rule.then.lead.as_ref().map(|(unit, _)| unit.clone());
            if rule.priority != other.priority {
                let (lower, higher) =
                    if rule.priority < other.priority { (rule, other) } else { (other, rule) };
                let message = format!(
                    "rule `{}` is never used: `{}` has the same conditions and a higher priority",
                    lower.id, higher.id
                );
                findings.warning("unreachable_rule", &lower.place, message);
            } else if leads(rule) != leads(other) || rule.then.review != other.then.review {
                let message = format!(
                    "rules `{}` and `{}` have the same conditions and different units: a person decides each time",
                    other.id, rule.id
                );
                findings.warning("contradiction", &rule.place, message);
            } else {
                let message = format!("rules `{}` and `{}` say the same; remove one", other.id, rule.id);
                findings.warning("repeated_rule", &rule.place, message);
            }
        }
    }
}
