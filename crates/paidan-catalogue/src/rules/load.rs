use std::collections::HashMap;

use regex::{Regex, RegexBuilder};

use super::action::{Allowance, Escalate, Forbid, Then};
use super::condition::{LabelCondition, When};
use super::time::{Season, TimeOfDay};
use super::unit_ref::{UnitRef, read_unit_refs, read_units};
use super::word_condition::WordCondition;
use super::{Rule, RuleBook};
use crate::areas::{AreaId, Areas};
use crate::finding::Place;
use crate::level::Level;
use crate::period::Period;
use crate::read::{Folder, Section, Text};
use crate::units::Units;
use crate::words::WordTableBuilder;

/// Of a regular expression: characters, and bytes when compiled.
const MAX_REGEX: usize = 1_000;
const MAX_COMPILED: usize = 1 << 20;

impl RuleBook {
    /// Reads `rules.toml`.
    pub(crate) fn read(
        folder: &mut Folder<'_>,
        areas: &Areas,
        units: &Units,
        words: &mut WordTableBuilder,
    ) -> Self {
        let findings = folder.findings;
        let Some(document) = folder.document("rules.toml") else { return Self::default() };
        let rules = document
            .read(findings, |root| root.sections("rule", |section| read_rule(section, areas, units, words)));
        let rules: Vec<Rule> = rules.unwrap_or_default().into_iter().flatten().collect();
        let mut first: HashMap<&str, &Place> = HashMap::new();
        for rule in &rules {
            if let Some(place) = first.insert(&rule.id, &rule.place) {
                let message = format!(
                    "key `id`: expected an id of its own, found `{}` as in line {}; change one of them",
                    rule.id, place.line
                );
                findings.error("duplicate_rule", &rule.place, message);
            }
        }
        Self::new(rules)
    }
}

fn read_rule(
    section: &Section<'_>,
    areas: &Areas,
    units: &Units,
    words: &mut WordTableBuilder,
) -> Option<Rule> {
    let id = section.required("id");
    let name = section.string("name");
    let priority = section.integer("priority", -1000, 1000).unwrap_or(0);
    let period = section.period();
    let basis = section.string("basis").map(|text| text.value);
    let when = section.section("when", |when| read_when(when, areas, words));
    let then = section.section("then", |then| read_then(then, units));
    if !section.has("when") {
        section.expected("when", "missing_key", "a table of conditions");
    }
    if !section.has("then") {
        section.expected("then", "missing_key", "a table of actions");
    }
    let (id, when, then) = (id?, when?, then?);
    if when.is_empty() {
        section.expected("when", "no_condition", "at least one condition");
    }
    if then.is_empty() {
        section.expected("then", "no_action", "at least one action");
    }
    refuse_dead_units(section, period, &then, units);
    let specificity = when.specificity(areas);
    let name = name.map_or_else(|| id.value.clone(), |name| name.value);
    let priority = priority as i32;
    Some(Rule { id: id.value, name, priority, period, basis, when, then, specificity, place: id.place })
}

fn read_when(section: &Section<'_>, areas: &Areas, words: &mut WordTableBuilder) -> When {
    let labels = |task: &'static str| {
        let labels: Vec<String> = section.strings(task).into_iter().map(|text| text.value).collect();
        (!labels.is_empty()).then_some(LabelCondition { task, labels })
    };
    When {
        words: WordCondition::read(section, words),
        regex: section.strings("regex").iter().filter_map(|text| compiled(text, section)).collect(),
        labels: ["type", "department", "category", "urgency"].into_iter().filter_map(labels).collect(),
        least_probability: section.share("least_probability"),
        areas: section.strings("area").iter().filter_map(|text| named_area(text, section, areas)).collect(),
        channels: section.strings("channel").into_iter().map(|text| text.value).collect(),
        times_of_day: section
            .strings("time_of_day")
            .iter()
            .filter_map(|text| {
                or_tell(TimeOfDay::parse(&text.value), text, section, "times such as `22:00..06:00`")
            })
            .collect(),
        seasons: section
            .strings("season")
            .iter()
            .filter_map(|text| {
                or_tell(Season::parse(&text.value), text, section, "days such as `11-15..03-15`")
            })
            .collect(),
    }
}

fn or_tell<T>(read: Option<T>, text: &Text, section: &Section<'_>, expected: &str) -> Option<T> {
    if read.is_none() {
        let message = format!("expected {expected}, found `{}`", text.value);
        section.findings.error("bad_time", &text.place, message);
    }
    read
}

fn named_area(text: &Text, section: &Section<'_>, areas: &Areas) -> Option<AreaId> {
    let expected = match areas.find(&text.value) {
        Ok(area) => return Some(area),
        Err(_) if areas.list.is_empty() => return None,
        Err(0) => "the code or name of an area of `areas.csv`".to_owned(),
        Err(several) => format!("the code of an area, because {several} areas have this name"),
    };
    section.findings.error(
        "unknown_area",
        &text.place,
        format!("expected {expected}, found `{}`", text.value),
    );
    None
}

fn compiled(text: &Text, section: &Section<'_>) -> Option<Regex> {
    let tell = |expected: String| {
        let shown: String = text.value.chars().take(60).collect();
        section.findings.error("bad_regex", &text.place, format!("expected {expected}, found `{shown}`"));
    };
    if text.value.chars().count() > MAX_REGEX {
        tell(format!("a regular expression of at most {MAX_REGEX} characters"));
        return None;
    }
    let mut builder = RegexBuilder::new(&text.value);
    builder.size_limit(MAX_COMPILED).dfa_size_limit(MAX_COMPILED).nest_limit(50).case_insensitive(true);
    match builder.build() {
        Ok(regex) if regex.is_match("") => {
            tell("a regular expression that does not match everything".to_owned());
            None
        }
        Ok(regex) => Some(regex),
        Err(regex::Error::CompiledTooBig(limit)) => {
            tell(format!("a regular expression that compiles to at most {limit} bytes; repeat less"));
            None
        }
        Err(error) => {
            let error = error.to_string();
            let cause = error.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
            tell(format!("a regular expression ({cause})"));
            None
        }
    }
}

fn read_then(section: &Section<'_>, units: &Units) -> Then {
    let text = |key: &'static str| section.string(key).map(|text| text.value);
    let mut lead = read_unit_refs(section, "lead", units);
    if lead.len() > 1 {
        section.expected("lead", "several_leads", "one unit; others are `support`");
        lead.truncate(1);
    }
    let escalate = section.section("escalate", |escalate| {
        let kind = escalate.required("kind")?.value;
        Some(Escalate { kind, call: escalate.strings("call").into_iter().map(|text| text.value).collect() })
    });
    Then {
        lead: lead.pop(),
        support: read_unit_refs(section, "support", units),
        deadline: section.section("deadline", |deadline| read_allowance(deadline, "deadline")).flatten(),
        urgency: text("urgency"),
        ticket_type: text("type"),
        escalate: escalate.flatten(),
        guide: text("guide"),
        forbid: read_forbid(section, units),
        restrict: text("restrict"),
        against: read_units(section, "against", units),
        review: text("review"),
    }
}

/// One of `working_days`, `days` and `hours`.
pub(crate) fn read_allowance(section: &Section<'_>, what: &str) -> Option<Allowance> {
    let number = |key: &'static str| section.integer(key, 1, 1000).map(|number| number as u32);
    let given: Vec<Allowance> = [
        number("working_days").map(Allowance::WorkingDays),
        number("days").map(Allowance::Days),
        number("hours").map(Allowance::Hours),
    ]
    .into_iter()
    .flatten()
    .collect();
    let count = ["working_days", "days", "hours"].into_iter().filter(|key| section.has(key)).count();
    if count != 1 {
        let message = format!("{what}: expected one of `working_days`, `days` and `hours`, found {count}");
        section.findings.error("bad_deadline", &section.place(), message);
    }
    given.first().copied()
}

fn read_forbid(section: &Section<'_>, units: &Units) -> Option<Forbid> {
    if !section.has("forbid") {
        return None;
    }
    if !section.is_table("forbid") {
        let grassroots = section.string("forbid").filter(|text| text.value == "grassroots");
        if grassroots.is_none() {
            section.expected(
                "forbid",
                "bad_value",
                "`\"grassroots\"`, or a table with `levels`, `units`, `functions`",
            );
        }
        return Some(Forbid { levels: vec![Level::Street, Level::Community], ..Forbid::default() });
    }
    section.section("forbid", |forbid| {
        let mut levels = Vec::new();
        for text in forbid.strings("levels") {
            match Level::parse(&text.value) {
                Some(level) => levels.push(level),
                None => {
                    forbid.expected("levels", "bad_level", &format!("{} or `enterprise`", Level::EXPECTED))
                }
            }
        }
        let functions: Vec<String> = forbid.strings("functions").into_iter().map(|text| text.value).collect();
        Forbid { levels, units: read_units(forbid, "units", units), functions }
    })
}

/// A rule may not outlive the units that it names.
fn refuse_dead_units(section: &Section<'_>, period: Period, then: &Then, units: &Units) {
    let named = then.lead.iter().chain(&then.support).filter_map(|(unit, place)| match unit {
        UnitRef::Unit(unit) => Some((*unit, place)),
        UnitRef::Function { .. } => None,
    });
    for (id, place) in named {
        let end = units.end_of_line(id);
        let outlives = end.is_some_and(|end| period.to.is_none_or(|to| to > end));
        if let (true, Some(end), Some(unit)) = (outlives, end, units.get(id)) {
            let message = format!(
                "expected a unit that is in force as long as the rule, found `{}`, whose last day is {end}; give the \
                 unit a successor, or the rule a `valid_to`",
                unit.code
            );
            section.findings.error("dead_unit", place, message);
        }
    }
}
