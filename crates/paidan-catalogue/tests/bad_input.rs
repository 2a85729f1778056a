//! What is wrong in a catalogue is told with file and line, all of it, and nothing panics.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    dead_code,
    reason = "a test that meets the unexpected has failed"
)]

mod support;

use std::fs;
use std::time::Instant;

use paidan_catalogue::{Catalogue, Severity};
use support::{documented, write};

/// `FILE:LINE: code` of all errors, with the messages.
fn errors(changes: &[(&str, &str)]) -> Vec<(String, String)> {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), changes);
    let error =
        Catalogue::load(folder.path()).err().map(|error| error.findings().to_vec()).unwrap_or_default();
    let name = |file: &str| file.rsplit(['/', '\\']).next().unwrap().to_owned();
    error
        .iter()
        .map(|finding| {
            let line = finding.line.map(|line| format!(":{line}")).unwrap_or_default();
            (format!("{}{line} {}", name(&finding.file), finding.code), finding.message.clone())
        })
        .collect()
}

fn of(name: &str) -> String {
    documented().into_iter().find(|(file, _)| file == name).unwrap().1
}

#[test]
fn every_mistake_has_its_place() {
    let units = of("units.csv");
    let areas = of("areas.csv");
    let rules = of("rules.toml");
    let units_with = |row: &str| format!("{units}{row}\n");
    let areas_with = |row: &str| format!("{areas}{row}\n");
    let rules_with = |rule: &str| format!("{rules}\n{rule}\n");
    let rule = |when: &str, then: &str| {
        rules_with(&format!("[[rule]]\nid = \"X\"\nbasis = \"b\"\nwhen = {{ {when} }}\nthen = {{ {then} }}"))
    };
    let cases: Vec<(&str, String, &str, &str)> = vec![
        ("units.csv", units_with("HB,又一个局,,YL,city,,,,,"), "units.csv:13 duplicate_code", "as in line 6"),
        ("units.csv", units_with("XX,某局,,YL,市里,,,,,"), "units.csv:13 bad_level", "found `市里`"),
        ("units.csv", units_with("XX,某局,,QQ,city,,,,,"), "units.csv:13 unknown_area", "found `QQ`"),
        ("units.csv", units_with("XX,某局,,YL,city,QQ,,,,"), "units.csv:13 unknown_unit", "found `QQ`"),
        (
            "units.csv",
            units_with("XX,某局,,YL,city,,,2026-02-30,,"),
            "units.csv:13 bad_date",
            "found `2026-02-30`",
        ),
        (
            "units.csv",
            units_with("XX,某局,,YL,city,,,2026-02-03,2026-02-01,"),
            "units.csv:13 reversed_dates",
            "not before `valid_from`",
        ),
        ("units.csv", units_with(",某局,,YL,city,,,,,"), "units.csv:13 empty_cell", "column `code`"),
        (
            "units.csv",
            units_with("XX,某局,,YL,city,,,,,HB"),
            "units.csv:13 successor_without_end",
            "last day",
        ),
        ("units.csv", units_with("X X,某局,,YL,city,,,,,"), "units.csv:13 bad_code", "a code of letters"),
        ("units.csv", units_with("XX,某局,,YL"), "units.csv:13 bad_row", "fields"),
        (
            "units.csv",
            units_with("P1,甲,,YL,city,P2,,,,\nP2,乙,,YL,city,P1,,,,"),
            "units.csv:13 unit_cycle",
            "`P1` above itself",
        ),
        (
            "units.csv",
            units_with("P1,甲,,YL,city,,,,2026-01-01,P2\nP2,乙,,YL,city,,,,2026-02-01,P1"),
            "units.csv:14 successor_cycle",
            "`P2` after itself",
        ),
        (
            "areas.csv",
            areas_with("A1,甲,street,A2,,\nA2,乙,district,A1,,"),
            "areas.csv:7 area_cycle",
            "cycle",
        ),
        (
            "areas.csv",
            areas_with("A1,甲,district,YL-CJ-QH,,"),
            "areas.csv:7 level_order",
            "a level above district",
        ),
        ("areas.csv", areas_with("A1,甲,city,,,"), "areas.csv:7 no_parent", "only one area"),
        (
            "areas.csv",
            areas_with("A1,甲,street,YL-CJ,,学府路(北段)"),
            "areas.csv:7 bad_house_numbers",
            "(北段)",
        ),
        ("areas.csv", areas.replace("landmarks", "地标"), "areas.csv:1 unknown_column", "found `地标`"),
        ("rules.toml", rule("any = [\"垃圾\"]", "lead = \"QQ\""), "rules.toml:55 unknown_unit", "found `QQ`"),
        (
            "rules.toml",
            rule("any = [\"垃圾\"]", "lead = \"城管\""),
            "rules.toml:55 unknown_unit",
            "units have this name",
        ),
        ("rules.toml", rule("any = []", "lead = \"HB\""), "rules.toml:54 bad_value", "found an empty list"),
        (
            "rules.toml",
            rule("least_probability = 0.5", "lead = \"HB\""),
            "rules.toml:54 no_condition",
            "condition",
        ),
        (
            "rules.toml",
            rule("any = [\"垃圾\"]", "leed = \"HB\""),
            "rules.toml:55 unknown_key",
            "found `then.leed`",
        ),
        (
            "rules.toml",
            rule("regex = \"(a{1000}){1000}\"", "lead = \"HB\""),
            "rules.toml:54 bad_regex",
            "bytes",
        ),
        (
            "rules.toml",
            rule("regex = \"(未闭合\"", "lead = \"HB\""),
            "rules.toml:54 bad_regex",
            "unclosed group",
        ),
        (
            "rules.toml",
            rule("regex = \"a*\"", "lead = \"HB\""),
            "rules.toml:54 bad_regex",
            "match everything",
        ),
        (
            "rules.toml",
            rule("time_of_day = \"22-6\"", "lead = \"HB\""),
            "rules.toml:54 bad_time",
            "22:00..06:00",
        ),
        ("rules.toml", rule("area = \"QQ\"", "lead = \"HB\""), "rules.toml:54 unknown_area", "found `QQ`"),
        (
            "rules.toml",
            rule("any = [\"垃圾\"]", "lead = { function = \"navy\" }"),
            "rules.toml:55 unknown_function",
            "found `navy`",
        ),
        ("rules.toml", rules_with("[[rule]]\nid = \"R-01\"\n"), "rules.toml:51 missing_key", "key `when`"),
        ("rules.toml", rules_with("[[rule]\nid = 1"), "rules.toml:51 bad_toml", "TOML"),
        (
            "rules.toml",
            rules_with("[[rule]]\nid = \"R-01\"\nwhen = { any = \"垃圾\" }\nthen = { lead = \"HB\" }"),
            "rules.toml:52 duplicate_rule",
            "as in line 2",
        ),
        ("settings.toml", "time_zone = \"北京\"".to_owned(), "settings.toml:1 bad_zone", "found `北京`"),
        ("settings.toml", "least_probability = 1.5".to_owned(), "settings.toml:1 bad_value", "from 0 to 1"),
        (
            "deadlines.toml",
            "holidays = \"no.csv\"".to_owned(),
            "deadlines.toml:1 missing_file",
            "found `no.csv`",
        ),
        (
            "deadlines.toml",
            "[[deadline]]\ntype = \"咨询\"".to_owned(),
            "deadlines.toml:1 bad_deadline",
            "one of",
        ),
        ("holidays.csv", "date,kind\n五一,holiday".to_owned(), "holidays.csv:2 bad_date", "found `五一`"),
    ];
    for (file, content, place, message) in cases {
        let found = errors(&[(file, &content)]);
        let hit = found.iter().any(|(found, text)| found == place && text.contains(message));
        assert!(hit, "expected {place}: …{message}…, found {found:#?}");
        for (_, text) in &found {
            assert!(!text.contains('\n') && !text.ends_with('.'), "{text}");
        }
    }
}

#[test]
fn all_mistakes_are_told_at_once() {
    let units = of("units.csv") + "HB,又,,YL,city,,,,,\nXX,某,,QQ,市里,,,,,\n";
    let found = errors(&[("units.csv", &units), ("settings.toml", "least_lead = 9\nunknown = 1")]);
    let places: Vec<&str> = found.iter().map(|(place, _)| place.as_str()).collect();
    let expected = [
        "settings.toml:1 bad_value",
        "settings.toml:2 unknown_key",
        "units.csv:13 duplicate_code",
        "units.csv:14 unknown_area",
        "units.csv:14 bad_level",
    ];
    for place in expected {
        assert!(places.contains(&place), "{place}: {places:?}");
    }
}

#[test]
fn a_rule_may_not_outlive_its_unit() {
    let units = of("units.csv").replace("2026-06-30,CJ-ZHZF", "2026-06-30,");
    let rules = "[[rule]]\nid = \"A\"\nwhen = { any = \"垃圾\" }\nthen = { lead = \"CJ-CG\" }\n";
    let found = errors(&[("units.csv", &units), ("rules.toml", rules)]);
    assert_eq!(found[0].0, "rules.toml:4 dead_unit");
    assert!(found[0].1.contains("2026-06-30"), "{found:?}");
    let in_time = rules.replace("id = \"A\"", "id = \"A\"\nvalid_to = 2026-06-30");
    assert!(errors(&[("units.csv", &units), ("rules.toml", &in_time)]).is_empty());
}

#[test]
fn missing_files_are_named() {
    for (name, _) in documented().into_iter().filter(|(name, _)| name != "holidays.csv") {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &[]);
        fs::remove_file(folder.path().join(&name)).unwrap();
        let error = Catalogue::load(folder.path()).unwrap_err();
        let finding = error.findings().iter().find(|finding| finding.code == "missing_file").unwrap();
        assert!(finding.file.ends_with(&name) && finding.message.contains(&name), "{finding}");
    }
}

#[test]
fn encodings_and_line_ends_make_no_difference() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[]);
    let hash = Catalogue::load(folder.path()).unwrap().hash().to_owned();
    for (name, content) in documented() {
        let bytes = match name.ends_with(".csv") {
            true => encoding_rs::GB18030.encode(&content).0.into_owned(),
            false => format!("\u{feff}{}", content.replace('\n', "\r\n")).into_bytes(),
        };
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    assert_eq!(Catalogue::load(folder.path()).unwrap().hash(), hash);
    fs::write(folder.path().join("settings.toml"), "name = \"另一个\"").unwrap();
    assert_ne!(Catalogue::load(folder.path()).unwrap().hash(), hash);
}

#[test]
fn a_hundred_thousand_aliases_load() {
    let aliases: Vec<String> = (0..100_000).map(|number| format!("里弄{number}号院")).collect();
    let areas = of("areas.csv") + &format!("YL-CJ-DF,东风街道,street,YL-CJ,{},\n", aliases.join(";"));
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[("areas.csv", &areas)]);
    let start = Instant::now();
    let catalogue = Catalogue::load(folder.path()).unwrap();
    assert!(start.elapsed().as_secs() < 20);
    let decision = support::decide(&catalogue, "里弄77777号院路灯不亮", "2026-03-02 10:00");
    assert_eq!(decision.areas, ["YL-CJ-DF"]);
}

#[test]
fn a_clean_catalogue_has_few_warnings_and_each_has_a_line() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[]);
    let findings = Catalogue::lint(folder.path(), Some("2026-03-02"));
    assert!(findings.iter().all(|finding| finding.severity == Severity::Warning && finding.line.is_some()));
    let codes: Vec<&str> = findings.iter().map(|finding| finding.code).collect();
    assert!(codes.iter().all(|code| *code == "ambiguous_unit"), "{findings:#?}");
}

#[test]
fn lint_tells_what_to_look_at() {
    let rules = r#"
[[rule]]
id = "A"
valid_to = 2025-12-31
when = { any = ["垃圾"] }
then = { lead = "HB" }
[[rule]]
id = "B"
basis = "b"
when = { any = ["噪音"] }
then = { lead = "HB" }
[[rule]]
id = "C"
basis = "b"
when = { any = ["噪音"] }
then = { lead = "JY" }
[[rule]]
id = "D"
basis = "b"
when = { any = ["停水费"], none = ["停水"] }
then = { lead = "WS" }
[[rule]]
id = "E"
basis = "b"
priority = 5
when = { any = ["油烟", "烧烤"] }
then = { lead = "HB" }
[[rule]]
id = "F"
basis = "b"
when = { any = ["烧烤", "油烟"] }
then = { lead = "JY" }
"#;
    let areas = of("areas.csv").replace(",学府路", ",柳荫路");
    let areas = areas.replace("人民路(200-);柳荫路", "柳荫路");
    let areas = areas.replace(";学府路", ";柳荫路");
    let units = of("units.csv")
        + "DY,某大队,,YL,city,,,,,\nHB2,云澜市环境二局,environment,YL,city,,,,,\nMH-GY,明湖区公园处,park,YL-MH,district,,,,,\n";
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[("rules.toml", rules), ("areas.csv", &areas), ("units.csv", &units)]);
    let findings = Catalogue::lint(folder.path(), Some("2026-03-02"));
    let codes: Vec<&str> = findings.iter().map(|finding| finding.code).collect();
    for code in [
        "missing_basis",
        "expired_rule",
        "contradiction",
        "unreachable_rule",
        "ambiguous_alias",
        "unreachable_unit",
        "shared_duty",
        "gap",
    ] {
        assert!(codes.contains(&code), "{code}: {findings:#?}");
    }
    let never = findings.iter().filter(|finding| finding.code == "unreachable_rule");
    let never: Vec<String> = never.map(|finding| finding.message.clone()).collect();
    assert!(never.iter().any(|m| m.contains("`D`")) && never.iter().any(|m| m.contains("`F`")), "{never:?}");
}
