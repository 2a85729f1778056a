//! Tasks whose labels are paths or sets.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde_json::{Value, json as object};

use crate::support::{Folder, Paidan, complaints, json, json_lines, keys, paidan};

/// Three levels: what is meant, by whom, and the matter.
fn path(department: &str, topic: &str) -> Vec<String> {
    let broad = if department == "bus" { "出行" } else { "市政服务" };
    vec![broad.to_owned(), department.to_owned(), topic.to_owned()]
}

/// Who helps: none for most, two where water meets the road.
fn helpers(topic: &str) -> Vec<&'static str> {
    match topic {
        "停水" | "水压" => vec!["物业"],
        "井盖" => vec!["水务", "交警"],
        "停车" => vec!["交警"],
        _ => vec![],
    }
}

/// JSON Lines with arrays, `count` rows from `first` on.
fn lines(first: usize, count: usize) -> String {
    let mut text = String::new();
    for c in &complaints(first + count)[first..] {
        let row = object!({
            "id": c.id, "text": c.text, "category": path(c.department, c.topic), "support": helpers(c.topic),
            "type": c.kind,
        });
        let _ = writeln!(text, "{row}");
    }
    text
}

struct Trained {
    folder: Folder,
    model: PathBuf,
}

fn trained() -> &'static Trained {
    static TRAINED: LazyLock<Trained> = LazyLock::new(|| {
        let folder = Folder::new();
        let data = folder.file("history.jsonl", lines(0, 216));
        let model = folder.join("model");
        train(&data, &model).done();
        Trained { folder, model }
    });
    &TRAINED
}

fn train(data: &Path, out: &Path) -> Paidan {
    paidan!["train", "--data", data, "--out", out, "--label", "category=category:path"].args([
        "--label",
        "support=support:set",
        "--label",
        "type=type",
    ])
}

#[test]
fn a_path_is_told_with_all_its_levels() {
    let folder = Folder::new();
    let data = folder.file("new.jsonl", lines(216, 36));
    let told = json_lines(&paidan!["predict", "--model", trained().model, "--data", data].done());
    assert_eq!(told.len(), 36);
    let mut right = 0;
    for (object, complaint) in told.iter().zip(&complaints(252)[216..]) {
        let category = &object["category"];
        assert_eq!(
            keys(category),
            ["accepted", "label", "levels", "name", "probability", "top"],
            "a path has levels besides"
        );
        let label = category["label"].as_str().unwrap();
        let levels: Vec<(&str, f64)> = category["levels"]
            .as_array()
            .unwrap()
            .iter()
            .map(|level| (level[0].as_str().unwrap(), level[1].as_f64().unwrap()))
            .collect();
        assert_eq!(levels.iter().map(|level| level.0).collect::<Vec<_>>().join(" > "), label);
        assert!(levels.windows(2).all(|pair| pair[0].1 >= pair[1].1 - 1e-6), "{levels:?}");
        assert!((levels[2].1 - category["probability"].as_f64().unwrap()).abs() < 1e-6);
        right += usize::from(label == path(complaint.department, complaint.topic).join(" > "));
    }
    assert!(right > 30, "{right} of 36 paths are right");
}

#[test]
fn a_set_is_told_with_the_probability_of_each_label() {
    let folder = Folder::new();
    let data = folder.file("new.jsonl", lines(216, 36));
    let told = json_lines(&paidan!["predict", "--model", trained().model, "--data", data].done());
    let info = json(&paidan!["info", "--model", trained().model, "--json"].done());
    let threshold = info["tasks"][1]["set_threshold"].as_f64().unwrap();
    let mut right = 0;
    for (object, complaint) in told.iter().zip(&complaints(252)[216..]) {
        let support = &object["support"];
        assert_eq!(keys(support), ["accepted", "label", "labels", "name", "probability", "top"]);
        assert!(support["accepted"].is_null());
        let labels: Vec<(&str, f64)> = support["labels"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| (entry[0].as_str().unwrap(), entry[1].as_f64().unwrap()))
            .collect();
        assert!(labels.iter().all(|(_, probability)| *probability >= threshold - 1e-6), "{labels:?}");
        let label = support["label"].as_str().unwrap();
        assert_eq!(labels.iter().map(|entry| entry.0).collect::<Vec<_>>().join(";"), label);
        // The labels that were not given are below the threshold.
        let top = support["top"].as_array().unwrap();
        let above = top.iter().filter(|entry| entry[1].as_f64().unwrap() >= threshold + 1e-6).count();
        assert!(above <= labels.len());
        let given: BTreeSet<&str> = labels.iter().map(|entry| entry.0).collect();
        right += usize::from(given == helpers(complaint.topic).into_iter().collect());
    }
    assert!(right > 30, "{right} of 36 sets are right");
}

#[test]
fn each_level_and_the_set_are_measured() {
    let folder = Folder::new();
    // A path that the model does not know is known as far as its second level.
    let stray = object!({"id": "x", "text": "云澜镇公交车等了四十分钟才来一辆", "type": "投诉",
        "category": "出行 > bus > 站牌", "support": ["交警", "园林"]});
    let data = folder.file("new.jsonl", lines(216, 36) + &format!("{stray}\n"));
    let labels = ["--label", "category=category", "--label", "support=support:set"];
    let run = || paidan!["evaluate", "--model", trained().model, "--data", data].args(labels);
    let report = json(&run().args(["--json"]).done());
    let category = &report["tasks"]["category"];
    let levels = category["levels"].as_array().unwrap();
    let column = |field: &str| -> Vec<f64> { levels.iter().map(|l| l[field].as_f64().unwrap()).collect() };
    assert_eq!((column("labels"), column("rows")), (vec![2.0, 3.0, 12.0], vec![37.0; 3]));
    let accuracy = column("accuracy");
    assert!(accuracy[0] >= accuracy[1] && accuracy[1] > accuracy[2] && accuracy[2] > 0.8, "{accuracy:?}");
    assert!((accuracy[2] - category["accuracy"].as_f64().unwrap()).abs() < 1e-9);
    assert_eq!(category["unknown_labels"], 1);

    let support = &report["tasks"]["support"];
    let set = &support["set"];
    let [precision, recall, f1] =
        ["micro_precision", "micro_recall", "micro_f1"].map(|field| set[field].as_f64().unwrap());
    assert!((f1 - 2.0 * precision * recall / (precision + recall)).abs() < 1e-9 && f1 > 0.8, "{set}");
    assert!(recall < 1.0, "one label was never learnt");
    assert_eq!(support["unknown_labels"], 1);
    assert!(support["accuracy"].as_f64().unwrap() > 0.8 && category.get("set").is_none());

    let shown = run().done();
    for said in ["第 1 级", "第 3 级", "微平均 F1", "宏平均 F1", "全对"] {
        assert!(shown.contains(said), "{said} in {shown}");
    }
    let page = folder.join("report.html");
    run().args(["--report".as_ref(), page.as_os_str()]).done();
    assert!(fs::read_to_string(page).unwrap().contains("事项分类"));
}

#[test]
fn csv_has_paths_and_sets_in_one_cell() {
    let folder = Folder::new();
    let mut history = "id,text,category,support\n".to_owned();
    for c in complaints(144) {
        let helpers = helpers(c.topic).join(";");
        let helpers = if helpers.is_empty() { "[]" } else { &helpers };
        let _ =
            writeln!(history, "{},{},{},{helpers}", c.id, c.text, path(c.department, c.topic).join(" > "));
    }
    let data = folder.file("history.csv", history);
    let (model, out) = (folder.join("model"), folder.join("out.csv"));
    paidan!["train", "--data", data, "--out", model, "--label", "category=category:path"]
        .args(["--label", "support=support:set"])
        .done();
    paidan!["predict", "--model", model, "--data", data, "--out", out].done();
    let table = fs::read_to_string(out).unwrap();
    let heading = table.lines().next().unwrap();
    assert!(heading.ends_with(
        "category_top,category_levels,support,support_name,support_probability,support_accepted,support_top,error"
    ));
    let row = table.lines().nth(1).unwrap();
    assert!(row.contains("市政服务 > lamps > 路灯,") && row.contains("; lamps "), "{row}");
}

#[test]
fn rows_with_wrong_paths_are_told_and_the_others_learnt() {
    let folder = Folder::new();
    let deep = object!({"text": "云澜镇路灯坏了", "category": "a > b > c > d > e > f", "support": [], "type": "投诉"});
    let torn = object!({"text": "云澜镇路灯坏了", "category": ["a"], "support": "[\"物业\"", "type": "投诉"});
    let data = folder.file("d.jsonl", format!("{}{deep}\n{torn}\n", lines(0, 72)));
    let run = train(&data, &folder.join("model")).ends(2);
    let said: Vec<&str> = run.stderr.lines().collect();
    assert!(said[0].contains("d.jsonl:73: expected a path in column `category`"), "{said:?}");
    assert!(said[1].contains("d.jsonl:74: expected a set in column `support`"), "{said:?}");
    assert!(!run.stderr.contains("物业") && said[2].contains("2 rows"), "{said:?}");
    let model = folder.join("model");
    let info = json(&paidan!["info", "--model", model, "--json"].done());
    assert_eq!(info["training"]["tickets"], 72);
    let run = paidan!["evaluate", "--model", model, "--data", data, "--label", "category=category"].ends(2);
    assert!(run.stderr.contains("d.jsonl:73: task `category`: expected a path"), "{}", run.stderr);
}

#[test]
fn kinds_are_kept_and_named() {
    let info = json(&paidan!["info", "--model", trained().model, "--json"].done());
    assert_eq!(info["format_version"], 2, "an older paidan must not misread it");
    let kinds: Vec<&str> =
        info["tasks"].as_array().unwrap().iter().map(|task| task["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["path", "set", "label"]);
    assert!(info["tasks"][0].get("set_threshold").is_none());
    let shown = paidan!["info", "--model", trained().model].done();
    assert!(shown.contains("多选"), "{shown}");

    let data = trained().folder.join("history.jsonl");
    let said = paidan!["evaluate", "--model", trained().model, "--data", data]
        .args(["--label", "category=category:set"])
        .refused();
    assert!(said.contains("task `category` was trained as `path`, got `:set`"), "{said}");

    // A kind of a paidan to come is refused by its name.
    let folder = Folder::new();
    let bundle = folder.join("bundle");
    fs::create_dir(&bundle).unwrap();
    for entry in fs::read_dir(&trained().model).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), bundle.join(entry.file_name())).unwrap();
    }
    let manifest = bundle.join("manifest.json");
    let mut parsed: Value = serde_json::from_slice(&fs::read(&manifest).unwrap()).unwrap();
    parsed["tasks"][0]["kind"] = "graph".into();
    fs::write(&manifest, parsed.to_string()).unwrap();
    let said = paidan!["info", "--model", bundle].refused();
    assert!(said.contains("expected kind `label`, `path` or `set`, found `graph`"), "{said}");
}

#[test]
fn thresholds_are_found_for_paths_and_refused_for_sets() {
    let folder = Folder::new();
    let model = folder.join("model");
    train(&trained().folder.join("history.jsonl"), &model).done();
    let data = folder.file("new.jsonl", lines(216, 120));
    let find = |label: &str| {
        paidan!["find-thresholds", "--model", model, "--data", data, "--label", label].args([
            "--target-precision",
            "0.8",
            "--confidence",
            "0.8",
            "--json",
        ])
    };
    let found = json(&find("category=category").done());
    assert!(found["tasks"]["category"]["threshold"].is_number(), "{found}");
    let told = json_lines(&paidan!["predict", "--model", model, "--data", data].done());
    assert!(told.iter().any(|object| object["category"]["accepted"] == true));
    let said = find("support=support").refused();
    assert!(said.contains("task `support` is a set") && said.contains("found in training"), "{said}");
}

#[test]
fn a_department_that_is_a_path_is_dispatched() {
    let folder = Folder::new();
    let data = folder.file("history.jsonl", lines(0, 72));
    let model = folder.join("model");
    paidan!["train", "--data", data, "--out", model, "--label", "department=category:path"].done();
    let decision =
        json(&paidan!["dispatch", "--model", model, "--text", "公交车等了四十分钟", "--json"].done());
    assert_eq!(decision["outcome"], "review");
    assert!(decision["department"]["label"].as_str().unwrap().starts_with("出行 > bus"), "{decision}");
    assert!(!decision["explanation"]["evidence"][0]["supporting"].as_array().unwrap().is_empty());
}
