//! Dispatching by a catalogue: the object, predictions of a file, lint, diff, backtest, replay, feedback.

use std::fs;
use std::path::PathBuf;

use crate::support::{Folder, each, json, json_lines, model, paidan};

/// The example of `docs/catalogue.md`, in the folder `name`.
fn city(folder: &Folder, name: &str) -> PathBuf {
    let city = folder.join(name);
    fs::create_dir(&city).unwrap();
    let page = include_str!("../../docs/catalogue.md");
    let (_, example) = page.split_once("## A whole small catalogue").unwrap();
    let (mut file, mut content, mut is_inside) = (String::new(), String::new(), false);
    for line in example.lines() {
        if line.starts_with("```") {
            if is_inside && !file.is_empty() {
                fs::write(city.join(&file), &content).unwrap();
            }
            is_inside = !is_inside;
            content.clear();
        } else if is_inside {
            content += &format!("{line}\n");
        } else if let Some(name) = line.strip_prefix('`').and_then(|line| line.strip_suffix('`')) {
            file = name.to_owned();
        } else if line.starts_with('#') {
            file.clear();
        }
    }
    city
}

const TICKETS: &str = "id,text,address,channel,returns,requested_at,unit
A,路灯不亮,明湖区学府路9号,电话,,2026-03-02 10:00,MH-CG
B,柳荫路占道经营,,网站,CJ-CG,2026-03-02 10:00,CJ-CG
C,金桂花园煤气味很重,,电话,,2026-03-02 10:00,GAS
D,有人随意倾倒东西在澄江区,,电话,,2026-03-02 10:00,HB
E,,,,,,
";

#[test]
fn a_catalogue_decides_without_a_model() {
    let folder = Folder::new();
    let (city, data) = (city(&folder, "city"), folder.file("t.csv", TICKETS));
    let run = paidan!["dispatch", "--model", "none", "--catalogue", city, "--data", data, "--json"].ends(2);
    let decisions = json_lines(&run.stdout);
    assert_eq!(each(&decisions, "outcome"), ["assign", "review", "escalate", "review", "-"]);
    assert_eq!(decisions[0]["lead"]["code"], "MH-CG");
    assert_eq!(decisions[0]["deadline"], "2026-03-09T17:30:00+08:00");
    assert_eq!(decisions[1]["lead"], serde_json::Value::Null, "the district has returned it");
    assert_eq!(decisions[2]["call"].as_array().unwrap().last().unwrap(), "燃气抢修 0577-96777");
    assert_eq!(decisions[2]["decided_urgency"], "特急");
    assert_eq!(decisions[3]["reasons"], serde_json::Value::Null);
    assert_eq!(decisions[3]["explanation"]["reasons"][0]["code"], "no_rule");
    assert_eq!(decisions[4]["error"]["code"], "empty_text");
    let nodes = decisions[0]["explanation"]["tree"]["children"].as_array().unwrap();
    let rule = nodes.iter().find(|node| node["kind"] == "rule").unwrap();
    assert_eq!(rule["id"], "R-01");
    assert_eq!(rule["basis"], "市权责清单城管类 4 项");
    assert_eq!(
        (rule["words"][0]["word"].as_str(), rule["words"][0]["start"].as_u64()),
        (Some("路灯"), Some(0))
    );
}

#[test]
fn predictions_come_from_a_file() {
    let folder = Folder::new();
    let (city, data) = (city(&folder, "city"), folder.file("t.csv", TICKETS));
    let line = r#"{"schema":1,"id":"D","department":{"label":"environment","name":"生态环境","probability":0.9,"accepted":null,"top":[["environment",0.9],["market",0.05]]}}"#;
    let predictions = folder.file("p.jsonl", format!("{line}\n"));
    let args = ["--catalogue", city.to_str().unwrap(), "--predictions", predictions.to_str().unwrap()];
    let run = paidan!["dispatch", "--data", data, "--json"].args(args).ends(2);
    let decisions = json_lines(&run.stdout);
    assert_eq!(decisions[3]["lead"]["code"], "HB");
    assert_eq!(decisions[3]["probability"], 0.9);
    assert_eq!(decisions[3]["department"]["label"], "environment");
    folder.file("p.jsonl", format!("{line}\n{line}\n"));
    let told = paidan!["dispatch", "--data", data, "--json"].args(args).refused();
    assert!(told.contains("p.jsonl:2: expected each id once"), "{told}");
}

#[test]
fn a_model_and_a_catalogue_decide_together() {
    let folder = Folder::new();
    let city = city(&folder, "city");
    let args = ["--catalogue", city.to_str().unwrap(), "--at", "2026-03-02T10:00", "--json"];
    let decision =
        json(&paidan!["dispatch", "--model", model(), "--text", "柳荫路路灯不亮"].args(args).done());
    assert_eq!(
        (decision["outcome"].as_str(), decision["lead"]["code"].as_str()),
        (Some("assign"), Some("CJ-CG"))
    );
    assert!(decision["department"]["label"].is_string());
    assert_eq!(decision["bundle"].as_str().map(str::len), Some(64));
    assert_eq!(decision["catalogue"].as_str().map(str::len), Some(64));
    let shown =
        paidan!["dispatch", "--model", model(), "--text", "柳荫路路灯不亮", "--catalogue", city].done();
    assert!(shown.contains("主办") && shown.contains("澄江区"), "{shown}");
}

#[test]
fn wrong_use_is_told() {
    let folder = Folder::new();
    let city = city(&folder, "city");
    let told = paidan!["dispatch", "--text", "路灯", "--model", "none"].refused();
    assert!(told.contains("needs --catalogue"), "{told}");
    let told = paidan!["dispatch", "--text", "路灯", "--model", "none", "--catalogue", city, "--at", "昨天"]
        .refused();
    assert!(told.contains("2026-03-02T10:00"), "{told}");
    fs::write(city.join("units.csv"), "code,name\n").unwrap();
    let told = paidan!["dispatch", "--text", "路灯", "--model", "none", "--catalogue", city].refused();
    assert!(told.contains("the catalogue cannot be used"), "{told}");
}

#[test]
fn lint_has_three_endings() {
    let folder = Folder::new();
    let city = city(&folder, "city");
    let units = fs::read_to_string(city.join("units.csv")).unwrap();
    fs::write(city.join("units.csv"), units.replace(";城管", "")).unwrap();
    let clean = paidan!["catalogue", "lint", city, "--at", "2026-03-02"].run();
    assert!(clean.status == 0 || clean.stdout.contains("ambiguous_unit"), "{}", clean.stdout);
    let rules = fs::read_to_string(city.join("rules.toml")).unwrap();
    fs::write(city.join("rules.toml"), rules.replace("basis = \"《城市供水条例》\"\n", "")).unwrap();
    let warned = paidan!["catalogue", "lint", city, "--at", "2026-03-02", "--json"].ends(2);
    let object = json(&warned.stdout);
    assert_eq!(object["errors"], 0);
    assert!(object["findings"].to_string().contains("missing_basis"));
    fs::write(city.join("settings.toml"), "time_zone = 8").unwrap();
    let refused = paidan!["catalogue", "lint", city].ends(1);
    assert!(refused.stdout.contains("settings.toml:1: error[bad_value]"), "{}", refused.stdout);
}

#[test]
fn changes_are_shown_and_tested_on_the_past() {
    let folder = Folder::new();
    let (old, new, data) = (city(&folder, "old"), city(&folder, "new"), folder.file("t.csv", TICKETS));
    let rules = fs::read_to_string(new.join("rules.toml")).unwrap();
    let changed = rules.replace("lead = { function = \"urban_management\" }, type", "lead = \"JY\", type");
    assert_ne!(changed, rules);
    fs::write(new.join("rules.toml"), changed).unwrap();
    let diff = json(&paidan!["catalogue", "diff", old, new, "--json"].done());
    let change = &diff["changes"][0];
    assert_eq!((change["file"].as_str(), change["id"].as_str()), (Some("rules"), Some("R-01")));
    let args = ["--catalogue", new.to_str().unwrap(), "--model", "none"];
    let report = folder.join("r.html");
    let run =
        paidan!["catalogue", "backtest", "--data", data, "--against", old, "--json", "--report", report]
            .args(args);
    let object = json(&run.ends(2).stdout);
    assert_eq!((object["tickets"].as_u64(), object["unchanged"].as_u64()), (Some(4), Some(3)));
    assert_eq!(object["units"]["JY"]["gained"], 1);
    assert_eq!(object["units"]["MH-CG"]["lost"], 1);
    assert_eq!(object["changed"][0]["id"], "A");
    assert!(fs::read_to_string(report).unwrap().contains("明湖区城市管理局"));
    let run = paidan!["catalogue", "backtest", "--data", data, "--unit-column", "unit"].args(args).ends(2);
    assert!(run.stdout.contains("明湖区城市管理局 MH-CG"), "{}", run.stdout);
}

#[test]
fn a_replay_proves_decisions() {
    let folder = Folder::new();
    let (city, data) = (city(&folder, "city"), folder.file("t.csv", TICKETS.replace("E,,,,,,\n", "")));
    let out = folder.join("d.jsonl");
    let args = ["--catalogue", city.to_str().unwrap(), "--model", "none", "--data", data.to_str().unwrap()];
    paidan!["dispatch", "--out", out].args(args).ends(0);
    let proof = json(&paidan!["replay", "--decisions", out, "--json", "--threads", "1"].args(args).done());
    assert_eq!((proof["same"].as_u64(), proof["different"].as_array().map(Vec::len)), (Some(4), Some(0)));
    fs::write(city.join("settings.toml"), "name = \"改\"").unwrap();
    let proof = json(&paidan!["replay", "--decisions", out, "--json"].args(args).ends(2).stdout);
    assert_eq!((proof["same"].as_u64(), proof["other_snapshot"].as_u64()), (Some(0), Some(4)));
}

#[test]
fn returns_become_suggestions() {
    let folder = Folder::new();
    let city = city(&folder, "city");
    let tickets: String = (0..12).map(|n| format!("{n},学府路占道经营的烧烤摊油烟\n")).collect();
    let data = folder.file("t.csv", format!("id,text\n{tickets}"));
    let out = folder.join("d.jsonl");
    let args = [
        "--catalogue",
        city.to_str().unwrap(),
        "--model",
        "none",
        "--at",
        "2026-03-02",
        "--data",
        data.to_str().unwrap(),
    ];
    paidan!["dispatch", "--out", out].args(args).ends(0);
    let rows: String = (0..10).map(|n| format!("{n},MH-CG,HB,职责,2026-03-03\n")).collect();
    let returns = folder.file("r.csv", format!("ticket,from,to,reason,time\n{rows}"));
    let object = json(&paidan!["feedback", "--data", returns, "--decisions", out, "--json"].done());
    assert_eq!((object["returns"].as_u64(), object["moved"][0]["tickets"].as_u64()), (Some(10), Some(10)));
    assert_eq!(object["doubtful_rules"][0]["rule"], "R-03");
    assert_eq!(object["doubtful_rules"][0]["returned"], 10);
    assert!(
        object["new_rules"][0]["support"] == 10 && object["new_rules"][0]["counter_examples"] == 2,
        "{object}"
    );
}
