//! Thresholds: what is promised, what is stored, what becomes of it.

use std::fs;
use std::path::Path;

use serde_json::{Value, json as value};

use crate::support::{Complaint, Folder, Paidan, complaints, csv, json, json_lines, keys, paidan};

/// `find-thresholds` for the task `type` unless `args` name others.
fn find(bundle: &Path, data: &Path, precision: &str) -> Paidan {
    paidan!["find-thresholds", "--model", bundle, "--data", data, "--target-precision", precision]
}

/// What `find-thresholds --json` tells of the task `type`.
fn found(bundle: &Path, data: &Path, precision: &str, args: &[&str]) -> Value {
    let run = find(bundle, data, precision).args(["--label", "type=type", "--json"]).args(args);
    json(&run.done())["tasks"]["type"].clone()
}

fn predict(bundle: &Path, data: &Path) -> Vec<Value> {
    json_lines(&paidan!["predict", "--model", bundle, "--data", data].done())
}

/// Changes the manifest of a bundle.
fn edit(bundle: &Path, change: impl FnOnce(&mut Value)) {
    let path = bundle.join("manifest.json");
    let mut manifest: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    change(&mut manifest);
    fs::write(&path, manifest.to_string()).unwrap();
}

/// Complaints whose types are all told wrong.
fn mislabelled(count: usize) -> Vec<Complaint> {
    let wrong = |kind| if kind == "投诉" { "求助" } else { "投诉" };
    complaints(count).into_iter().map(|c| Complaint { kind: wrong(c.kind), ..c }).collect()
}

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

#[test]
fn classes_with_enough_rows_get_thresholds_of_their_own() {
    let folder = Folder::new();
    let bundle = folder.bundle("m");
    // A label that is given to one row only stays with the others.
    let data = folder.file("d.csv", csv(&complaints(300)));
    let task = found(&bundle, &data, "0.9", &["--per-class"]);
    assert!(task["threshold"].is_null() && task["least_rows"].is_null());
    let classes = task["per_class"].as_array().unwrap();
    assert_eq!(classes.iter().map(|class| class["rows"].as_u64().unwrap()).sum::<u64>(), 300);
    let told = predict(&bundle, &data);
    for class in classes {
        assert_eq!(
            (&class["own"], &class["need"], &class["name"]),
            (&true.into(), &Value::Null, &Value::Null)
        );
        let threshold = class["threshold"].as_f64().unwrap();
        let of_class: Vec<&Value> =
            told.iter().map(|line| &line["type"]).filter(|t| t["label"] == class["label"]).collect();
        let above = |t: &Value| t["probability"].as_f64().unwrap() >= threshold - 1e-7;
        assert!(of_class.iter().all(|t| t["accepted"] == above(t)));
        assert_eq!(class["accepted"], of_class.iter().filter(|t| above(t)).count());
    }
    let accepted = told.iter().filter(|line| line["type"]["accepted"] == true).count();
    assert_eq!(task["accepted"], accepted);

    let info = paidan!["info", "--model", &bundle];
    assert!(info.done().contains("诉求类型: 自动处理的准确率不低于 90%（置信度 95%），"));
    let info = json(&paidan!["info", "--model", &bundle, "--json"].done());
    let shown = &info["tasks"][0];
    assert_eq!(shown["promise"], value!({"precision": 0.9, "confidence": 0.95}));
    assert_eq!(shown["label_thresholds"]["labels"].as_object().unwrap().len(), 3);
    // The other tasks have been promised nothing.
    assert_eq!(keys(&info["tasks"][1]), ["kind", "labels", "task", "threshold"]);
    // A paidan that knows of one threshold only finds none and accepts nothing.
    edit(&bundle, |manifest| assert!(manifest["tasks"][0]["threshold"].is_null()));
}

#[test]
fn small_classes_share_a_threshold_and_are_told_what_they_need() {
    let folder = Folder::new();
    let bundle = folder.bundle("m");
    let data = folder.file("d.csv", csv(&complaints(180)));
    let run = || find(&bundle, &data, "0.9").args(["--label", "topic=topic", "--per-class"]);
    let task = &json(&run().args(["--json"]).done())["tasks"]["topic"];
    let shared = &task["others"]["threshold"];
    assert!(shared.is_number(), "{task}");
    for class in task["per_class"].as_array().unwrap() {
        assert_eq!((&class["own"], &class["rows"], &class["threshold"]), (&false.into(), &15.into(), shared));
        assert_eq!(class["need"]["kind"], "at_least", "fifteen right answers prove little");
        assert!((20..60).contains(&class["need"]["rows"].as_u64().unwrap()), "{class}");
    }
    let shown = run().done();
    for part in ["每个单列的类别、以及其余各类合计，", "停水", "（合计）", "至少还需", "其余各类合计 180 条"]
    {
        assert!(shown.contains(part), "{part} in {shown}");
    }
}

#[test]
fn what_cannot_be_certified_says_what_it_needs() {
    let folder = Folder::new();
    let bundle = folder.bundle("m");
    let many = folder.file("many.csv", csv(&complaints(300)));
    let few = folder.file("few.csv", csv(&complaints(12)));
    let wrong = folder.file("wrong.csv", csv(&mislabelled(300)));
    let unknown = csv(&complaints(60)).replace("求助,", "表扬,").replace("投诉,", "表扬,");
    let unknown = folder.file("unknown.csv", unknown.replace("咨询,", "表扬,"));
    let nothing = folder.file("nothing.csv", "text,type\n");
    let one = folder.file("one.csv", csv(&complaints(1)));
    for (data, precision, kind, said) in [
        (&few, "0.95", "at_least", "还看不准，至少还需 60 条已标注工单"),
        (&many, "0.999", "at_least", "还看不准，至少还需"),
        (&wrong, "0.95", "better_model", "需改进模型"),
        (&unknown, "0.95", "better_model", "需改进模型"),
        (&nothing, "0.95", "at_least", "至少还需 72 条"),
        (&one, "0.95", "at_least", "至少还需 71 条"),
    ] {
        for per_class in [&[][..], &["--per-class"]] {
            let task = found(&bundle, data, precision, per_class);
            assert!(task["threshold"].is_null() && task["accepted"] == 0, "{task}");
            let own = |class: &&Value| class["own"] == true;
            let classes = task["per_class"].as_array().map_or(&[][..], Vec::as_slice);
            let mut groups: Vec<&Value> = classes.iter().filter(own).collect();
            if groups.is_empty() {
                groups.push(if per_class.is_empty() { &task } else { &task["others"] });
            }
            assert!(groups.iter().all(|group| group["need"]["kind"] == kind), "{precision}: {task}");
            let shown = find(&bundle, data, precision).args(["--label", "type=type"]).args(per_class).done();
            assert!(shown.contains(said), "{said} in {shown}");
            assert!(predict(&bundle, &few).iter().all(|line| line["type"]["accepted"].is_null()));
        }
    }
}

#[test]
fn short_lists_are_stored_and_shown() {
    let folder = Folder::new();
    let bundle = folder.bundle("m");
    let data = folder.file("d.csv", csv(&mislabelled(300)));
    let task = found(&bundle, &data, "0.95", &["--set-coverage", "0.9"]);
    assert_eq!(
        (&task["candidates"]["kind"], &task["candidates"]["coverage"]),
        (&"found".into(), &0.9.into())
    );
    let figures = &task["candidate_figures"];
    assert_eq!(figures["rows"], 300);
    assert!(figures["coverage"].as_f64().unwrap() >= 0.9, "{task}");
    let told = predict(&bundle, &data);
    let mut listed = 0;
    for (line, complaint) in told.iter().zip(mislabelled(300)) {
        let candidates = line["type"]["candidates"].as_array().unwrap();
        assert_eq!(candidates[..], line["type"]["top"].as_array().unwrap()[..candidates.len()]);
        listed += usize::from(candidates.iter().any(|entry| entry[0] == complaint.kind));
        assert_eq!(keys(&line["topic"]), ["accepted", "label", "name", "probability", "top"]);
    }
    assert_eq!(listed as f64 / 300.0, figures["coverage"].as_f64().unwrap());
    let out = folder.join("o.csv");
    paidan!["predict", "--model", &bundle, "--data", &data, "--out", &out].done();
    let table = fs::read_to_string(&out).unwrap();
    assert!(table.starts_with(
        "\u{feff}id,type,type_name,type_probability,type_accepted,type_top,type_candidates,dep"
    ));
    let mut reader = csv::Reader::from_reader(table.trim_start_matches('\u{feff}').as_bytes());
    let row = reader.records().next().unwrap().unwrap();
    assert_eq!(row[6].split("; ").count(), told[0]["type"]["candidates"].as_array().unwrap().len());
    let shown = find(&bundle, &data, "0.95").args(["--label", "type=type"]).done();
    assert!(shown.contains("诉求类型的候选清单：交人工的 300 条平均列"), "{shown}");
}

#[test]
fn lists_that_cannot_hold_what_is_asked_are_not_made() {
    let folder = Folder::new();
    let bundle = folder.bundle("m");
    let few = folder.file("few.csv", csv(&complaints(12)));
    let task = found(&bundle, &few, "0.95", &[]);
    assert_eq!(task["candidates"], value!({"kind": "too_few_rows", "least_rows": 29}));
    let unknown = csv(&complaints(300)).replace("求助,", "表扬,");
    let unknown = folder.file("unknown.csv", unknown);
    let run = || find(&bundle, &unknown, "0.99").args(["--label", "type=type"]);
    let task = &json(&run().args(["--json"]).done())["tasks"]["type"];
    assert_eq!(task["candidates"]["kind"], "too_long", "{task}");
    assert!(task["candidates"]["reached"].as_f64().unwrap() < 0.95);
    assert!(run().done().contains("可用 --set-coverage 降低要求"));
    assert!(predict(&bundle, &few).iter().all(|line| line["type"].get("candidates").is_none()));
    for coverage in ["0", "1", "nan", "-0.5"] {
        let said = run().args([format!("--set-coverage={coverage}")]).refused();
        assert!(said.contains("expected a coverage of the candidates between 0 and 1"), "{said}");
    }
}

#[test]
fn rows_that_were_trained_on_are_suspected() {
    let folder = Folder::new();
    let bundle = folder.bundle("m");
    let data = folder.file("d.csv", csv(&complaints(300)));
    // A model that was right on 60 % of what it had not seen.
    edit(&bundle, |manifest| manifest["training"]["tasks"][0]["metrics"]["accuracy"] = 0.6.into());
    let run = find(&bundle, &data, "0.9").args(["--label", "type=type"]).ends(0);
    assert!(run.stderr.contains("task `type`: expected about"), "{}", run.stderr);
    assert!(run.stderr.contains("use rows that it has not seen"), "{}", run.stderr);
    assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
}

#[test]
fn a_department_without_a_certified_threshold_goes_to_a_person() {
    let folder = Folder::new();
    let bundle = folder.bundle("m");
    let thresholds = value!({"labels": {"lamps": null, "water": 0.0}, "others": null});
    edit(&bundle, |manifest| manifest["tasks"][1]["risk"] = value!({"label_thresholds": thresholds}));
    let decide = |text: &str| {
        let told = json(&paidan!["dispatch", "--model", &bundle, "--json", "--text", text].done());
        let code = told["explanation"]["reasons"][0]["code"].as_str().unwrap().to_owned();
        (told["department"]["accepted"].as_bool(), told["outcome"].as_str().unwrap().to_owned(), code)
    };
    let person = |code: &str| (Some(false), "review".to_owned(), code.to_owned());
    assert_eq!(decide("门口的路灯坏了，夜里漆黑一片"), person("label_not_certified"));
    assert_eq!(decide("公交车等了四十分钟才来一辆"), person("label_not_certified"));
    let assigned = (Some(true), "assign".to_owned(), "above_threshold".to_owned());
    assert_eq!(decide("自来水停了两天，没有通知"), assigned);
}

#[test]
fn a_bundle_with_nothing_but_a_threshold_accepts_by_it() {
    let folder = Folder::new();
    let bundle = folder.bundle("m");
    edit(&bundle, |manifest| manifest["tasks"][0]["threshold"] = 0.0.into());
    let data = folder.file("d.csv", csv(&complaints(6)));
    assert!(predict(&bundle, &data).iter().all(|line| line["type"]["accepted"] == true));
    let info = json(&paidan!["info", "--model", &bundle, "--json"].done());
    assert_eq!(keys(&info["tasks"][0]), ["kind", "labels", "task", "threshold"]);
}

#[test]
fn evaluation_tells_what_became_of_the_promises() {
    let folder = Folder::new();
    let bundle = folder.bundle("m");
    let before = folder.file("before.csv", csv(&complaints(300)));
    find(&bundle, &before, "0.9").args(["--label", "department=department"]).done();
    let evaluate = |data: &Path| {
        paidan!["evaluate", "--model", &bundle, "--data", data, "--label", "department=department"]
    };
    let same = &json(&evaluate(&before).args(["--json"]).done())["tasks"]["department"].clone();
    assert_eq!(same["drift"]["level"], "stable");
    assert_eq!((&same["drift"]["rows"], &same["drift"]["reference_rows"]), (&300.into(), &300.into()));
    assert_eq!((&same["accepted"]["promised"], &same["accepted"]["broken"]), (&0.9.into(), &false.into()));

    // Only buses now, half of which are somebody else's business.
    let mut moved: Vec<Complaint> =
        complaints(600).into_iter().filter(|complaint| complaint.department == "bus").collect();
    moved.iter_mut().step_by(2).for_each(|complaint| complaint.department = "water");
    let moved = folder.file("moved.csv", csv(&moved));
    let report = json(&evaluate(&moved).args(["--json", "--by", "month"]).done());
    let task = &report["tasks"]["department"];
    assert_eq!((&task["drift"]["level"], &task["accepted"]["broken"]), (&"major".into(), &true.into()));
    let months = report["by_month"].as_object().unwrap();
    assert!(months.values().all(|month| month["department"]["drift"]["level"] == "major"), "{report}");
    let shown = evaluate(&moved).done();
    for part in ["承办单位: 自动处理", "（承诺 90.0%），低于承诺", "已明显不同（PSI 超过 0.25）"]
    {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    let page = folder.join("report.html");
    evaluate(&moved).args(["--report".as_ref(), page.as_os_str()]).done();
    assert!(fs::read_to_string(&page).unwrap().contains("工单与求阈值时已明显不同，承诺靠不住"));
    // A bundle without promises tells nothing of them.
    let plain = folder.bundle("plain");
    let run = paidan!["evaluate", "--model", plain, "--data", moved, "--label", "department=department"];
    assert!(!run.done().contains("PSI"));
}

#[test]
fn tickets_unlike_those_of_the_promise_are_told_without_labels() {
    let folder = Folder::new();
    let bundle = folder.bundle("m");
    let before = folder.file("before.csv", csv(&complaints(300)));
    find(&bundle, &before, "0.9").args(["--label", "department=department", "--label", "type=type"]).done();
    let only_buses: Vec<Complaint> =
        complaints(300).into_iter().filter(|complaint| complaint.department == "bus").collect();
    let data = folder.file("d.csv", csv(&only_buses));
    for verb in ["predict", "dispatch"] {
        assert_eq!(paidan![verb, "--model", &bundle, "--data", &before].ends(0).stderr, "");
        let run = paidan![verb, "--model", &bundle, "--data", &data].ends(0);
        assert!(run.stderr.starts_with("paidan: task `department`: expected tickets like"), "{}", run.stderr);
        assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
    }
    // One ticket proves nothing.
    paidan!["dispatch", "--model", &bundle, "--text", "公交车等了四十分钟才来一辆"].done();
}
