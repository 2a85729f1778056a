//! The example of `docs/catalogue.md` loads and decides as the page says.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    dead_code,
    reason = "a test that meets the unexpected has failed"
)]

mod support;

use support::{catalogue, decide, documented, lead};

#[test]
fn the_page_has_all_files() {
    let names: Vec<String> = documented().into_iter().map(|(name, _)| name).collect();
    let expected = [
        "areas.csv",
        "units.csv",
        "rules.toml",
        "deadlines.toml",
        "holidays.csv",
        "escalations.toml",
        "settings.toml",
    ];
    assert_eq!(names, expected);
}

#[test]
fn tickets_are_decided_as_the_page_says() {
    let catalogue = catalogue(&[]);
    let page = include_str!("../../../docs/catalogue.md");
    let (_, table) = page.split_once("| text | received |").unwrap();
    let mut rows = 0;
    for row in table.lines().skip(2).take_while(|line| line.starts_with('|')) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [text, at, outcome, expected, why] = cells[..] else { panic!("{row}") };
        let decision = decide(&catalogue, text, at);
        let shown = serde_json::to_string_pretty(&decision).unwrap();
        assert_eq!((decision.outcome.name(), lead(&decision)), (outcome, expected), "{text}: {why}\n{shown}");
        rows += 1;
    }
    assert!(rows >= 12);
}

#[test]
fn the_page_tells_the_details() {
    let catalogue = catalogue(&[]);
    let lamp = decide(&catalogue, "柳荫路的路灯坏了一周", "2026-04-29 10:00");
    assert_eq!(lamp.deadline.as_deref(), Some("2026-05-09T17:30:00+08:00"));
    assert_eq!((lamp.ticket_type.as_deref(), lamp.urgency.as_deref()), (Some("求助"), Some("一般")));
    let stall = decide(&catalogue, "清河街道柳荫路占道经营", "2026-03-02 10:00");
    assert!(stall.support.is_empty(), "{:?}", stall.support);
    assert!(stall.diagnostics.iter().any(|diagnostic| diagnostic.code == "support_left_out"));
    let gas = decide(&catalogue, "金桂花园煤气味很重，停水也没人管", "2026-03-02 10:00");
    assert!(gas.call.contains(&"119".to_owned()) && gas.call.iter().any(|call| call.contains("96777")));
    assert_eq!(gas.notify.first().map(|unit| unit.code.as_str()), Some("GAS"));
    assert_eq!(gas.ordinary.map(|outcome| outcome.name()), Some("assign"));
    let bribe = decide(&catalogue, "投诉澄江区城管局执法人员打人，占道经营他们收钱", "2026-03-02 10:00");
    assert_eq!(serde_json::to_value(&bribe).unwrap()["visibility"], "restricted");
    let two = decide(&catalogue, "柳荫路路灯不亮。另外金桂花园停水两天", "2026-03-02 10:00");
    let leads: Vec<&str> = two.demands.iter().map(|demand| lead(&demand.decision)).collect();
    assert_eq!(leads, ["CJ-CG", "WS"]);
    let road = decide(&catalogue, "人民路路灯不亮", "2026-03-02 10:00");
    let codes: Vec<&str> = road.candidates.iter().map(|candidate| candidate.unit.code.as_str()).collect();
    assert_eq!(codes, ["CJ-CG", "MH-CG"]);
}
