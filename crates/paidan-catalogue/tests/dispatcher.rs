//! Scenarios of `tests/scenarios` decided by the invented city of `examples/city`, counted by subject.
//!
//! `held` is counted only: what goes wrong there is not shown, so that nothing is tuned to it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    dead_code,
    reason = "a test that meets the unexpected has failed"
)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use paidan_catalogue::{Catalogue, Decision, LabelPrediction, Party, Predictions, TaskPrediction};
use paidan_text::Ticket;
use support::{decide_with, lead};
use toml::Value;

/// The share of scenarios that must come out right.
const LEAST: f64 = 0.95;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)
}

fn string(table: &Value, key: &str) -> Option<String> {
    table.get(key).map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}

fn strings(table: &Value, key: &str) -> Vec<String> {
    let list = table.get(key).and_then(Value::as_array).into_iter().flatten();
    list.map(|value| value.as_str().unwrap().to_owned()).collect()
}

fn ticket(table: &Value) -> Ticket {
    Ticket {
        id: String::new(),
        title: string(table, "title").unwrap_or_default(),
        text: string(table, "text").unwrap_or_default(),
        requested_at: string(table, "requested_at"),
        address: string(table, "address"),
        channel: string(table, "channel"),
        returns: match table.get("returns") {
            Some(Value::String(text)) => text.split([';', '；', '、']).map(str::to_owned).collect(),
            _ => strings(table, "returns"),
        },
    }
}

fn predictions(table: Option<&Value>) -> Predictions {
    let number = |value: &Value| value.as_float().or(value.as_integer().map(|n| n as f64)).unwrap() as f32;
    let label = |label: &str, name: Option<String>, probability: f32| LabelPrediction {
        label: label.to_owned(),
        name,
        probability,
    };
    let task = |(task, object): (&String, &Value)| {
        let top = object.get("top").and_then(Value::as_array).into_iter().flatten();
        let mut labels: Vec<LabelPrediction> =
            top.map(|pair| label(pair[0].as_str().unwrap(), None, number(&pair[1]))).collect();
        if let (Some(own), Some(probability)) = (string(object, "label"), object.get("probability")) {
            labels.retain(|other| other.label != own);
            labels.insert(0, label(&own, string(object, "name"), number(probability)));
        }
        TaskPrediction { task: task.clone(), labels }
    };
    Predictions { tasks: table.and_then(Value::as_table).into_iter().flatten().map(task).collect() }
}

/// What of the expectation does not hold.
fn wrong(decision: &Decision, expected: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut check = |holds: bool, what: String| {
        if !holds {
            wrong.push(what);
        }
    };
    let outcome = decision.outcome.name();
    if let Some(expected) = string(expected, "outcome") {
        check(outcome == expected, format!("outcome {outcome}, not {expected}"));
    }
    check(
        !strings(expected, "not_outcome").iter().any(|other| other == outcome),
        format!("outcome {outcome}"),
    );
    if let Some(expected) = string(expected, "lead") {
        let found = lead(decision).replace('–', "-");
        check(found == expected, format!("lead {found}, not {expected}"));
    }
    let codes = |parties: &[Party]| parties.iter().map(|party| party.code.clone()).collect::<Vec<_>>();
    let candidates: Vec<String> = decision.candidates.iter().map(|c| c.unit.code.clone()).collect();
    for (key, found) in [
        ("support", codes(&decision.support)),
        ("notify", codes(&decision.notify)),
        ("emergencies", decision.emergencies.clone()),
        ("candidates", candidates.clone()),
    ] {
        for entry in strings(expected, key) {
            check(found.contains(&entry), format!("{key} {found:?} without {entry}"));
        }
    }
    for number in strings(expected, "call") {
        check(
            decision.call.iter().any(|call| call.starts_with(&number)),
            format!("call {:?}", decision.call),
        );
    }
    if expected.get("call").and_then(Value::as_array).is_some_and(Vec::is_empty) {
        check(decision.call.is_empty(), format!("call {:?}", decision.call));
    }
    let parts = std::iter::once(decision).chain(decision.demands.iter().map(|demand| &demand.decision));
    let all: Vec<String> = parts
        .flat_map(|part| part.lead.iter().chain(&part.support).chain(part.candidates.iter().map(|c| &c.unit)))
        .map(|party| party.code.clone())
        .collect();
    for unit in strings(expected, "must_not") {
        check(!all.contains(&unit), format!("{unit} is among {all:?}"));
    }
    if let Some(expected) = string(expected, "deadline") {
        let found = decision.deadline.clone().unwrap_or_else(|| "-".to_owned());
        check(found == expected, format!("deadline {found}, not {expected}"));
    }
    if let Some(expected) = string(expected, "urgency") {
        check(decision.urgency.as_deref() == Some(&expected), format!("urgency {:?}", decision.urgency));
    }
    if let Some(expected) = string(expected, "visibility") {
        check(decision.visibility.name() == expected, format!("visibility {}", decision.visibility.name()));
    }
    for part in strings(expected, "guidance") {
        check(
            decision.guidance.iter().any(|way| way.contains(&part)),
            format!("guidance {:?}", decision.guidance),
        );
    }
    if let Some(demands) = expected.get("demands").and_then(Value::as_array) {
        let found: Vec<&str> = decision.demands.iter().map(|demand| lead(&demand.decision)).collect();
        let leads: Vec<Option<String>> = demands.iter().map(|demand| string(demand, "lead")).collect();
        let same = found.len() == leads.len()
            && found.iter().zip(&leads).all(|(found, lead)| lead.as_ref().is_none_or(|lead| lead == found));
        check(same, format!("demands {found:?}, not {leads:?}"));
    }
    if expected.get("demands_count").is_some() {
        check(decision.demands.is_empty(), format!("{} demands", decision.demands.len()));
    }
    wrong
}

/// By subject how many came out right and how many there are; what went wrong is shown where `is_shown`.
fn run(set: &str, is_shown: bool) -> BTreeMap<String, (usize, usize)> {
    let city =
        Catalogue::load(folder("examples/city")).unwrap_or_else(|error| panic!("{:#?}", error.findings()));
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut files: Vec<PathBuf> = fs::read_dir(folder("tests/scenarios").join(set))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    for file in files {
        let subject = file.file_stem().unwrap().to_string_lossy().into_owned();
        let root: Value = fs::read_to_string(&file).unwrap().parse::<toml::Table>().unwrap().into();
        for scenario in root["scenario"].as_array().unwrap() {
            let table = &scenario["ticket"];
            let predictions = predictions(table.get("predictions").or(scenario.get("predictions")));
            let decision = decide_with(&city, &ticket(table), &predictions, "");
            let wrong = wrong(&decision, &scenario["expected"]);
            let (right, all) = counts.entry(subject.clone()).or_default();
            *all += 1;
            *right += usize::from(wrong.is_empty());
            if is_shown && !wrong.is_empty() {
                let reasons: Vec<&str> =
                    decision.reasons.iter().map(|reason| reason.message.as_str()).collect();
                let (id, note) = (string(scenario, "id"), string(scenario, "note"));
                println!(
                    "{id:?} {note:?}\n  {}\n  {wrong:?}\n  {reasons:?}",
                    string(table, "text").unwrap_or_default()
                );
            }
        }
    }
    counts
}

fn check(set: &str, is_shown: bool, safety: &[&str]) {
    let counts = run(set, is_shown);
    let (right, all) = counts.values().fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
    println!("{set}: {right} of {all}; {counts:?}");
    for subject in safety {
        let (right, all) = counts[*subject];
        assert_eq!(right, all, "{set}: {subject}");
    }
    assert!(right as f64 >= LEAST * all as f64, "{set}: {right} of {all}");
}

#[test]
fn scenarios_for_work_come_out_as_a_dispatcher_decides() {
    check("dev", true, &["emergency", "confidential", "exclusion"]);
}

#[test]
fn held_out_scenarios_come_out_as_a_dispatcher_decides() {
    // Emergencies in words that the table does not know yet are counted in the whole.
    check("held", false, &["exclusion"]);
}
