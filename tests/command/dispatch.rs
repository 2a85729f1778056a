//! Decisions: the object, its evidence, the text for people.

use std::fs;

use serde_json::Value;

use crate::support::{Folder, code_points, complaints, csv, each, json, json_lines, keys, model, paidan};

const TEXT: &str = "😀热线你好，我住梧桐里，电话 138-0000-4321，自来水停了两天，没有通知，要求严肃处理";

#[test]
fn the_object_is_the_prediction_with_outcome_and_explanation() {
    let folder = Folder::new();
    let data = folder.file("d.csv", csv(&complaints(24)));
    let predicted = json_lines(&paidan!["predict", "--model", model(), "--data", data].done());
    let decided = json_lines(&paidan!["dispatch", "--model", model(), "--data", data, "--json"].done());
    assert_eq!(decided.len(), 24);
    for (predicted, mut decided) in predicted.into_iter().zip(decided) {
        let object = decided.as_object_mut().unwrap();
        let outcome = object.remove("outcome").unwrap();
        let explanation = object.remove("explanation").unwrap();
        assert_eq!(decided, predicted);
        assert_eq!(outcome, "review", "without thresholds a person decides");
        let mut parts = keys(&explanation);
        parts.retain(|part| *part != "alarms");
        assert_eq!(parts, ["evidence", "masked_text", "masked_title", "reasons"]);
        let reason = &explanation["reasons"][0];
        assert_eq!(reason["code"], "no_threshold");
        let name = decided["department"]["name"].as_str().unwrap();
        assert!(reason["message"].as_str().unwrap().contains(name), "{reason}");
    }
}

#[test]
fn evidence_points_into_the_original_text() {
    let told = paidan!["dispatch", "--model", model(), "--json", "--text", TEXT].done();
    let decision = json(&told);
    assert_eq!(decision["department"]["label"], "water");
    let evidence = decision["explanation"]["evidence"].as_array().unwrap();
    assert_eq!(each(evidence, "task"), ["type", "department", "topic"]);
    let mut words = 0;
    for task in evidence {
        let own = task["task"].as_str().unwrap();
        assert_eq!(task["label"], decision[own]["label"]);
        for side in ["supporting", "opposing"] {
            for word in task[side].as_array().unwrap() {
                assert_eq!(keys(word), ["end", "field", "start", "weight", "word"]);
                assert_eq!(word["field"], "text");
                let original = code_points(TEXT, &word["start"], &word["end"]);
                let shown = word["word"].as_str().unwrap();
                let expected = if shown == "⟦phone⟧" { "138-0000-4321" } else { shown };
                assert_eq!(original, expected);
                assert_eq!(word["weight"].as_f64().unwrap() > 0.0, side == "supporting", "{word}");
                words += 1;
            }
        }
    }
    assert!(words >= 3, "{told}");
    let department = &evidence[1]["supporting"];
    assert!(department.to_string().contains("自来水"), "{department}");
}

#[test]
fn evidence_of_a_title_points_into_the_title() {
    let (title, text) = ("🚌　公交车等了四十分钟", "请帮忙尽快解决");
    let line = serde_json::json!({"title": title, "text": text}).to_string();
    let told = paidan!["dispatch", "--model", model(), "--json", "--data", "-"].stdin(line).done();
    let decision = json(&told);
    let mut fields = Vec::new();
    for word in decision["explanation"]["evidence"][1]["supporting"].as_array().unwrap() {
        let field = word["field"].as_str().unwrap();
        let original = if field == "title" { title } else { text };
        assert_eq!(code_points(original, &word["start"], &word["end"]), word["word"].as_str().unwrap());
        fields.push(field);
    }
    assert!(fields.contains(&"title"), "{decision}");
}

#[test]
fn nothing_written_holds_the_phone_number() {
    let folder = Folder::new();
    let data = folder.file("d.jsonl", serde_json::json!({"text": TEXT}).to_string());
    let out = folder.join("out.csv");
    paidan!["dispatch", "--model", model(), "--data", data, "--out", out].done();
    let outputs = [
        paidan!["dispatch", "--model", model(), "--text", TEXT].done(),
        paidan!["dispatch", "--model", model(), "--text", TEXT, "--json"].done(),
        paidan!["dispatch", "--model", model(), "--data", data].done(),
        fs::read_to_string(&out).unwrap(),
    ];
    for output in &outputs {
        assert!(!output.contains("4321"), "{output}");
    }
    for output in &outputs[..3] {
        assert!(output.contains("电话 ⟦phone⟧，自来水停了两天"), "{output}");
    }
}

#[test]
fn the_text_for_people_names_what_was_decided() {
    let shown = paidan!["dispatch", "--model", model(), "--text", TEXT].done();
    for part in ["人工复核", "承办单位", "自来水公司", "诉求类型", "依据：", "脱敏文本"]
    {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    assert!(!shown.contains('\u{1b}'), "no colours when piped: {shown:?}");
}

#[test]
fn a_threshold_of_the_bundle_decides_who_dispatches() {
    let folder = Folder::new();
    for (threshold, accepted, outcome, code) in
        [(0.1, true, "assign", "above_threshold"), (1.0, false, "review", "below_threshold")]
    {
        let bundle = folder.bundle(outcome);
        let path = bundle.join("manifest.json");
        let mut manifest: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        manifest["tasks"][1]["threshold"] = threshold.into();
        fs::write(&path, manifest.to_string()).unwrap();
        let text = "自来水公司的公交车撞了路灯";
        let decision = json(&paidan!["dispatch", "--model", bundle, "--json", "--text", text].done());
        assert_eq!(decision["department"]["accepted"], accepted, "{decision}");
        assert!(decision["topic"]["accepted"].is_null());
        assert_eq!(decision["outcome"], outcome);
        assert_eq!(decision["explanation"]["reasons"][0]["code"], code);
    }
}

#[test]
fn text_or_data_is_needed_and_not_both() {
    for args in [&[][..], &["--text", "停水", "--data", "-"]] {
        let run = paidan!["dispatch", "--model", model()].args(args).ends(1);
        assert!(run.stderr.contains("--text") && run.stderr.contains("--data"), "{}", run.stderr);
    }
}

#[test]
fn a_blank_text_is_refused() {
    let said = paidan!["dispatch", "--model", model(), "--text", " \u{3000}"].refused();
    assert!(said.contains("blank"), "{said}");
}

#[test]
fn bad_rows_are_told_and_the_rest_is_decided() {
    let table = "id,text\nA,自来水停了两天\n暗语九霄\nC,公交车等了很久\n";
    let dispatch = || paidan!["dispatch", "--model", model(), "--data", "-"].stdin(table);
    let run = dispatch().args(["--json"]).ends(2);
    let objects = json_lines(&run.stdout);
    assert_eq!(each(&objects, "id"), ["A", "2", "C"]);
    assert_eq!(objects[1]["error"]["code"], "ragged_row");
    let run = dispatch().ends(2);
    assert!(run.stdout.contains("工单 A") && run.stdout.contains("工单 C"), "{}", run.stdout);
    assert!(run.stderr.contains(":3: "), "{}", run.stderr);
    assert!(!run.stderr.contains("九霄"), "{}", run.stderr);
}

#[test]
fn a_table_has_outcome_and_reason() {
    let folder = Folder::new();
    let data = folder.file("d.csv", csv(&complaints(3)));
    let out = folder.join("out.csv");
    paidan!["dispatch", "--model", model(), "--data", data, "--out", out].done();
    let text = fs::read_to_string(&out).unwrap();
    let mut reader = csv::Reader::from_reader(text.strip_prefix('\u{feff}').unwrap().as_bytes());
    let heading = reader.headers().unwrap().clone();
    let place = |name: &str| heading.iter().position(|column| column == name).unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 3);
    for row in &rows {
        assert_eq!(&row[place("outcome")], "review");
        assert!(row[place("reason")].contains("人工复核"), "{row:?}");
    }
}

#[test]

fn one_text_can_be_written_as_a_table() {
    let folder = Folder::new();
    let out = folder.join("out.csv");
    paidan!["dispatch", "--model", model(), "--text", TEXT, "--out", out].done();
    let text = fs::read_to_string(&out).unwrap();
    assert!(text.starts_with("\u{feff}id,"), "{text}");
}

#[test]
fn explain_takes_the_scores_apart() {
    let told = paidan!["dispatch", "--model", model(), "--json", "--explain", "--text", TEXT].done();
    let decision = json(&told);
    let tasks = decision["explanation"]["contributions"].as_array().unwrap();
    assert_eq!(each(tasks, "task"), ["type", "department", "topic"]);
    for label in tasks.iter().flat_map(|task| task["labels"].as_array().unwrap()) {
        let number = |value: &Value| value.as_f64().unwrap();
        let words = label["words"].as_array().unwrap();
        let sum: f64 = words.iter().map(|word| number(&word["contribution"])).sum();
        assert!((number(&label["bias"]) + sum - number(&label["score"])).abs() < 1e-3, "{label}");
    }
    assert!(!told.contains("4321"), "{told}");
    let plain = json(&paidan!["dispatch", "--model", model(), "--json", "--text", TEXT].done());
    assert!(plain["explanation"]["contributions"].is_null());
}

#[test]
fn an_emergency_is_escalated_whatever_the_model_says() {
    let text = "电话138-0000-4321，楼道里煤气味很浓，快来人";
    let decision = json(&paidan!["dispatch", "--model", model(), "--json", "--text", text].done());
    assert_eq!(decision["outcome"], "escalate");
    let alarm = &decision["explanation"]["alarms"][0];
    assert_eq!((&alarm["kind"], &alarm["level"]), (&"gas_leak".into(), &"emergency".into()));
    assert_eq!(code_points(text, &alarm["start"], &alarm["end"]), alarm["words"].as_str().unwrap());
    assert!(alarm["call"].to_string().contains("119"));
    let shown = paidan!["dispatch", "--model", model(), "--text", text].done();
    assert!(shown.contains("紧急上报") && shown.contains("119") && !shown.contains("4321"), "{shown}");
}
