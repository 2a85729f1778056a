//! Thresholds: what is promised, what is stored, what becomes of it.

use serde_json::Value;

use crate::support::{Folder, complaints, csv, json, json_lines, paidan};

#[test]
fn a_certified_threshold_is_stored_and_decides() {
    let folder = Folder::new();
    let bundle = folder.bundle("m");
    let data = folder.file("d.csv", csv(&complaints(300)));
    let found = paidan![
        "find-thresholds",
        "--model",
        &bundle,
        "--data",
        &data,
        "--label",
        "type=type",
        "--target-precision",
        "0.9",
        "--confidence",
        "0.95",
        "--json"
    ];
    let found = json(&found.done());
    assert_eq!(found["schema"], 1);
    let task = &found["tasks"]["type"];
    assert_eq!(task["rows"], 300);
    let threshold = task["threshold"].as_f64().unwrap();

    let told = json_lines(&paidan!["predict", "--model", &bundle, "--data", &data].done());
    let above = |object: &Value| object["type"]["probability"].as_f64().unwrap() >= threshold - 1e-7;
    assert!(told.iter().all(|object| object["type"]["accepted"] == above(object)));
    let accepted = told.iter().filter(|object| object["type"]["accepted"] == true).count();
    assert_eq!(task["accepted"], accepted);
    assert!(accepted > 0);
    // The other task has been promised nothing.
    assert!(told.iter().all(|object| object["department"]["accepted"] == Value::Null));
}

#[test]
fn too_few_tickets_certify_nothing_and_take_an_old_threshold_back() {
    let folder = Folder::new();
    let bundle = folder.bundle("m");
    let many = folder.file("many.csv", csv(&complaints(300)));
    let few = folder.file("few.csv", csv(&complaints(12)));
    let find = |data| {
        paidan![
            "find-thresholds",
            "--model",
            &bundle,
            "--data",
            data,
            "--label",
            "type=type",
            "--target-precision",
            "0.95",
            "--json"
        ]
    };
    assert!(json(&find(&many).done())["tasks"]["type"]["threshold"].is_number());
    let task = json(&find(&few).done())["tasks"]["type"].clone();
    assert_eq!((&task["threshold"], &task["least_rows"]), (&Value::Null, &72.into()));
    let told = json_lines(&paidan!["predict", "--model", &bundle, "--data", &few].done());
    assert!(told.iter().all(|object| object["type"]["accepted"] == Value::Null));
}

#[test]
fn impossible_promises_are_refused() {
    let folder = Folder::new();
    let bundle = folder.bundle("m");
    let data = folder.file("d.csv", csv(&complaints(12)));
    for (precision, label, said) in [
        ("1.0", "type=type", "expected a precision between 0 and 1"),
        ("nan", "type=type", "expected a precision between 0 and 1"),
        ("0.9", "mood=type", "no task `mood`"),
        ("0.9", "type=mood", "`mood` not found"),
    ] {
        let find = paidan![
            "find-thresholds",
            "--model",
            &bundle,
            "--data",
            &data,
            "--label",
            label,
            "--target-precision",
            precision
        ];
        let message = find.refused();
        assert!(message.contains(said), "{message}");
    }
}
