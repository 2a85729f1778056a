//! Training: what it writes, what it says of the labels, what it refuses.

use std::fmt::Write as _;
use std::fs;

use crate::support::{Folder, complaints, contents, csv, json, json_lines, keys, model, paidan};

/// A table `text,label` of 12 complaints for each label.
fn labelled(labels: &[&str]) -> String {
    let mut text = "text,label\n".to_owned();
    for (i, complaint) in complaints(12 * labels.len()).iter().enumerate() {
        let _ = writeln!(text, "{},{}", complaint.text, labels[i % labels.len()]);
    }
    text
}

#[test]
fn trains_and_describes() {
    let folder = Folder::new();
    let data = folder.file("history.csv", csv(&complaints(72)));
    let out = folder.join("model");
    let said = paidan!["train", "--data", data, "--label", "type=type", "--label", "topic=topic"]
        .args(["--out".as_ref(), out.as_os_str()])
        .done();
    assert!(said.contains("72") && said.contains("诉求类型") && said.contains("topic"), "{said}");
    let names: Vec<String> =
        contents(&out).into_iter().map(|(name, _)| name.into_string().unwrap()).collect();
    assert_eq!(names, ["dictionary.txt", "heads.safetensors", "manifest.json", "vocabulary.txt"]);
    assert_eq!(folder.names(), ["history.csv", "model"], "nothing temporary is left");

    let info = json(&paidan!["info", "--model", out, "--json"].done());
    assert_eq!(info["format_version"], 1);
    assert_eq!(info["training"]["tickets"], 72);
    let tasks = info["tasks"].as_array().unwrap();
    assert_eq!((&tasks[0]["task"], &tasks[1]["task"]), (&"type".into(), &"topic".into()));
    assert_eq!(tasks[1]["labels"].as_array().unwrap().len(), 12);
    assert!(tasks[0]["threshold"].is_null());
    let bytes: usize = contents(&out).iter().map(|(_, bytes)| bytes.len()).sum();
    assert_eq!(info["bytes"], bytes);

    let shown = paidan!["info", "--model", out].done();
    assert!(shown.contains("诉求类型") && shown.contains("投诉"), "{shown}");
}

#[test]
fn the_bundle_holds_no_ticket_and_no_number() {
    for (name, bytes) in contents(model()) {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("13800000"), "{name:?}");
        assert!(!text.contains("路灯坏了，夜里漆黑一片"), "{name:?}");
    }
}

#[test]
fn the_log_holds_no_ticket() {
    let folder = Folder::new();
    let data = folder.file("d.csv", csv(&complaints(36)) + "暗语九霄\n");
    let verbs = [
        paidan!["train", "--data", data, "--label", "type=type", "--out", folder.join("model")],
        paidan!["predict", "--model", model(), "--data", data, "--out", folder.join("out.jsonl")],
        paidan!["dispatch", "--model", model(), "--data", data, "--out", folder.join("out.csv")],
        paidan!["mask", "--data", data, "--out", folder.join("masked.jsonl")],
    ];
    for verb in verbs {
        let run = verb.env("RUST_LOG", "trace").ends(2);
        for words in ["九霄", "漆黑", "柳荫路", "13800000"] {
            assert!(!run.stderr.contains(words), "{words} in {}", run.stderr);
        }
    }
}

#[test]
fn label_names_are_shown_beside_codes() {
    let info = json(&paidan!["info", "--model", model(), "--json"].done());
    let label = &info["tasks"][1]["labels"][2];
    assert_eq!((&label["label"], &label["name"]), (&"water".into(), &"自来水公司".into()));
    assert!(info["tasks"][0]["labels"][0]["name"].is_null());
}

#[test]
fn several_files_are_one_training_set() {
    let folder = Folder::new();
    let all = complaints(72);
    let first = folder.file("a.csv", csv(&all[..36]));
    let mut lines = String::new();
    for c in &all[36..] {
        let _ = writeln!(lines, "{}", serde_json::json!({"text": c.text, "type": c.kind}));
    }
    let second = folder.file("b.jsonl", lines);
    let out = folder.join("model");
    paidan!["train", "--data", first, "--data", second, "--label", "type=type", "--out", out].done();
    let info = json(&paidan!["info", "--model", out, "--json"].done());
    assert_eq!(info["training"]["tickets"], 72);
}

#[test]
fn dev_files_are_measured_and_not_learnt() {
    let folder = Folder::new();
    let data = folder.file("history.csv", csv(&complaints(72)));
    let dev = folder.file("dev.csv", csv(&complaints(90)[72..]));
    let out = folder.join("model");
    let said = paidan!["train", "--data", data, "--dev", dev, "--label", "topic=topic", "--out", out].done();
    let last = said.lines().rfind(|line| line.starts_with("topic")).unwrap();
    assert!(last.split_whitespace().any(|cell| cell == "18"), "{said}");
    let info = json(&paidan!["info", "--model", out, "--json"].done());
    assert_eq!(info["training"]["tickets"], 72);
}

#[test]

fn a_dev_file_that_cannot_be_read_is_refused_before_training() {
    let folder = Folder::new();
    let data = folder.file("history.csv", csv(&complaints(36)));
    for dev in [folder.join("nowhere.csv"), folder.file("dev.csv", "text\n停水\n")] {
        let out = folder.join("model");
        let said =
            paidan!["train", "--data", data, "--dev", dev, "--label", "type=type", "--out", out].refused();
        assert!(said.contains(dev.to_str().unwrap()), "{said}");
        assert!(!out.exists());
    }
}

#[test]

fn bad_rows_of_a_dev_file_count() {
    let folder = Folder::new();
    let data = folder.file("history.csv", csv(&complaints(36)));
    let dev = folder.file("dev.csv", csv(&complaints(12)) + "少一格\n");
    let out = folder.join("model");
    paidan!["train", "--data", data, "--dev", dev, "--label", "type=type", "--out", out].ends(2);
}

#[test]
fn one_label_is_learnt_said_and_certain() {
    let folder = Folder::new();
    let data = folder.file("d.csv", labelled(&["投诉"]));
    let out = folder.join("model");
    let said = paidan!["train", "--data", data, "--label", "type=label", "--out", out].done();
    assert!(said.contains("only one label, `投诉`"), "{said}");
    let told = paidan!["predict", "--model", out, "--data", data].done();
    for line in json_lines(&told) {
        assert_eq!((&line["type"]["label"], &line["type"]["probability"]), (&"投诉".into(), &1.0.into()));
        assert_eq!(line["type"]["top"].as_array().unwrap().len(), 1);
    }
}

#[test]
fn spellings_of_one_label_are_merged_and_reported() {
    let folder = Folder::new();
    // Of each three rows one is spelled otherwise: the commonest spelling is the label.
    let mut text = labelled(&["投诉", "投诉", "投 诉", "Ａ类", "A类", "A类"]);
    text += "最后一条，路灯不亮,投诉\u{200b}\n";
    let data = folder.file("d.csv", text);
    let out = folder.join("model");
    let said = paidan!["train", "--data", data, "--label", "type=label", "--out", out].done();
    assert!(said.contains("read as `投诉`") && said.contains("`投 诉`"), "{said}");
    assert!(said.contains("read as `A类`") && said.contains("`Ａ类`"), "{said}");
    let info = json(&paidan!["info", "--model", out, "--json"].done());
    let labels: Vec<&str> = info["tasks"][0]["labels"]
        .as_array()
        .unwrap()
        .iter()
        .map(|label| label["label"].as_str().unwrap())
        .collect();
    assert_eq!(labels, ["A类", "投诉"]);
}

#[test]
fn a_class_with_one_example_is_learnt_and_said() {
    let folder = Folder::new();
    let data = folder.file("d.csv", labelled(&["投诉", "求助"]) + "想表扬公交司机，热心助人,表扬\n");
    let out = folder.join("model");
    let said = paidan!["train", "--data", data, "--label", "type=label", "--out", out].done();
    assert!(said.contains("single example") && said.contains("`表扬`"), "{said}");
    let told = paidan!["predict", "--model", out, "--data", "-"].stdin("text\n路灯不亮\n").done();
    assert_eq!(json(&told)["type"]["top"].as_array().unwrap().len(), 3);
}

#[test]
fn rows_without_a_label_are_left_out_of_that_task_and_said() {
    let folder = Folder::new();
    let data = folder.file("d.csv", labelled(&["投诉", "求助", "", " "]));
    let out = folder.join("model");
    let said = paidan!["train", "--data", data, "--label", "type=label", "--out", out].done();
    assert!(said.contains("24 rows have no label"), "{said}");
    let info = json(&paidan!["info", "--model", out, "--json"].done());
    assert_eq!(info["tasks"][0]["labels"].as_array().unwrap().len(), 2);
    assert_eq!(info["training"]["tasks"][0]["rows"], 24);
}

#[test]
fn a_task_without_any_label_is_refused() {
    let folder = Folder::new();
    let data = folder.file("d.csv", labelled(&["", "\u{3000}"]));
    let out = folder.join("model");
    let said = paidan!["train", "--data", data, "--label", "type=label", "--out", out].refused();
    assert!(said.contains("`type`") && said.contains("labels"), "{said}");
    assert_eq!(folder.names(), ["d.csv"]);
}

#[test]
fn a_header_without_rows_trains_nothing() {
    let folder = Folder::new();
    let data = folder.file("d.csv", "text,label\n");
    let out = folder.join("model");
    let said = paidan!["train", "--data", data, "--label", "type=label", "--out", out].refused();
    assert!(said.contains("tickets") && said.contains("none"), "{said}");
    assert_eq!(folder.names(), ["d.csv"]);
}

#[test]
fn a_single_ticket_is_refused_or_learnt_without_panic() {
    let folder = Folder::new();
    let data = folder.file("d.csv", "text,label\n路灯不亮,求助\n");
    let run = paidan!["train", "--data", data, "--label", "type=label", "--out", folder.join("m")].run();
    assert!(run.status <= 1, "{}", run.stderr);
}

#[test]
fn data_that_teaches_nothing_still_gives_a_model() {
    let table = |row: &dyn Fn(usize) -> String| {
        let rows: String = (0..24).map(row).collect();
        format!("text,label,weight\n{rows}")
    };
    let cases = [
        ("same text", table(&|i| format!("路灯不亮,{},1\n", ["a", "b"][i % 2]))),
        ("each its own label", table(&|i| format!("路灯不亮第{i}次,k{i},1\n"))),
        ("no weight", table(&|i| format!("路灯不亮第{i}次,{},0\n", ["a", "b"][i % 2]))),
        ("signs only", table(&|i| format!("！！。。😀,{},1\n", ["a", "b"][i % 2]))),
        ("two rows", "text,label,weight\n路灯不亮,a,1\n路灯太亮,b,1\n".to_owned()),
    ];
    for (name, table) in cases {
        let folder = Folder::new();
        let data = folder.file("d.csv", table);
        let out = folder.join("model");
        paidan!["train", "--data", data, "--label", "t=label", "--weight", "weight", "--out", out].done();
        for line in json_lines(&paidan!["predict", "--model", out, "--data", data].done()) {
            let probability = line["t"]["probability"].as_f64().unwrap();
            assert!((0.0..=1.0).contains(&probability), "{name}: {line}");
        }
    }
}

#[test]
fn a_bundle_of_odd_texts_loads_again() {
    let folder = Folder::new();
    let odd = [
        "\u{2028}",
        "\u{85}",
        "\u{b}",
        "\t",
        "⟦phone⟧",
        "\u{200b}",
        "\u{feff}",
        "e\u{301}",
        "𠮷",
        "🧑‍🔧",
        "#",
        "\\",
    ];
    let mut lines = String::new();
    for i in 0..120 {
        let text = format!("水{0}电{1}{0}路{1}", odd[i % 12], odd[i / 12]);
        let _ = writeln!(lines, "{}", serde_json::json!({"text": text, "label": odd[8 + i % 2]}));
    }
    let data = folder.file("d.jsonl", lines);
    let out = folder.join("model");
    paidan!["train", "--data", data, "--label", "诉求=label", "--out", out].done();
    assert_eq!(json_lines(&paidan!["predict", "--model", out, "--data", data].done()).len(), 120);
}

#[test]
fn bad_rows_are_told_and_the_rest_is_learnt() {
    let folder = Folder::new();
    let data = folder.file("d.csv", labelled(&["投诉", "求助"]) + "暗语九霄\n,求助\n");
    let out = folder.join("model");
    let run = paidan!["train", "--data", data, "--label", "type=label", "--out", out].ends(2);
    assert!(run.stderr.contains("d.csv:26:") && run.stderr.contains("d.csv:27:"), "{}", run.stderr);
    assert!(run.stderr.contains("2 rows could not be read"), "{}", run.stderr);
    assert!(!run.stderr.contains("九霄"), "{}", run.stderr);
    assert_eq!(json(&paidan!["info", "--model", out, "--json"].done())["training"]["tickets"], 24);
}

#[test]
fn a_weight_that_is_no_number_is_a_bad_row() {
    let folder = Folder::new();
    let rows = labelled(&["投诉", "求助"]).replace("label\n", "label,w\n").replace("诉\n", "诉,2\n");
    let data = folder.file("d.csv", rows.replace("助\n", "助,\n") + "暗语九霄,求助,-1\n暗语九霄,求助,many\n");
    let out = folder.join("model");
    let run =
        paidan!["train", "--data", data, "--label", "type=label", "--weight", "w", "--out", out].ends(2);
    assert!(run.stderr.contains("d.csv:26: ") && run.stderr.contains("column `w`"), "{}", run.stderr);
    assert!(!run.stderr.contains("九霄"), "{}", run.stderr);
}

#[test]
fn an_existing_bundle_is_replaced_only_with_force() {
    let folder = Folder::new();
    let bundle = folder.bundle("model");
    let before = contents(&bundle);
    let data = folder.file("d.csv", csv(&complaints(36)));
    let train = || paidan!["train", "--data", data, "--label", "type=type", "--out", bundle];
    let said = train().refused();
    assert!(said.contains("model`") && said.contains("--force"), "{said}");
    assert_eq!(contents(&bundle), before);
    train().args(["--force"]).done();
    let info = json(&paidan!["info", "--model", bundle, "--json"].done());
    assert_eq!(info["training"]["tickets"], 36);
    assert_eq!(folder.names(), ["d.csv", "model"]);
}

#[test]
fn a_training_that_fails_leaves_the_old_bundle() {
    let folder = Folder::new();
    let bundle = folder.bundle("model");
    let before = contents(&bundle);
    let data = folder.file("d.csv", "text,label\n路灯不亮,\n");
    paidan!["train", "--data", data, "--label", "type=label", "--out", bundle, "--force"].refused();
    assert_eq!(contents(&bundle), before);
    assert_eq!(folder.names(), ["d.csv", "model"]);
}

#[test]
fn a_folder_that_is_no_bundle_is_never_replaced() {
    let folder = Folder::new();
    let out = folder.join("photos");
    fs::create_dir(&out).unwrap();
    fs::write(out.join("cat.jpg"), "miau").unwrap();
    let data = folder.file("d.csv", csv(&complaints(36)));
    for force in [&[][..], &["--force"]] {
        let said =
            paidan!["train", "--data", data, "--label", "type=type", "--out", out].args(force).refused();
        assert!(said.contains("photos`"), "{said}");
        assert_eq!(fs::read_to_string(out.join("cat.jpg")).unwrap(), "miau");
    }
    assert_eq!(folder.names(), ["d.csv", "photos"]);
}

#[test]
fn an_input_is_never_replaced_by_the_bundle() {
    let folder = Folder::new();
    let data = folder.file("d.csv", csv(&complaints(36)));
    let said = paidan!["train", "--data", data, "--label", "type=type", "--out", data, "--force"].refused();
    assert!(said.contains("d.csv`"), "{said}");
    assert_eq!(fs::read_to_string(&data).unwrap(), csv(&complaints(36)));
}

#[test]

fn an_input_inside_the_old_bundle_is_not_deleted() {
    let folder = Folder::new();
    let bundle = folder.bundle("model");
    let data = folder.file("model/history.csv", csv(&complaints(36)));
    paidan!["train", "--data", data, "--label", "type=type", "--out", bundle, "--force"].run();
    assert_eq!(fs::read_to_string(&data).unwrap(), csv(&complaints(36)));
}

#[test]
fn a_bundle_in_a_missing_folder_is_refused() {
    let folder = Folder::new();
    let data = folder.file("d.csv", csv(&complaints(36)));
    let out = folder.join("missing/model");
    let said = paidan!["train", "--data", data, "--label", "type=type", "--out", out].refused();
    assert!(said.contains("missing"), "{said}");
    assert_eq!(folder.names(), ["d.csv"]);
}

#[test]
fn a_user_dictionary_is_stored_and_used() {
    let folder = Folder::new();
    let mut text = "text,label\n".to_owned();
    for i in 0..12 {
        let _ = writeln!(text, "澜影梦工坊噪音太大第{i}次,环保\n望溪街的路面坑洼第{i}次,道路");
    }
    let data = folder.file("d.csv", text);
    let words = folder.file("words.txt", "# 我们的词\n澜影梦工坊 100000 n\n");
    let out = folder.join("model");
    paidan!["train", "--data", data, "--label", "unit=label", "--user-dict", words, "--out", out].done();
    let dictionary = fs::read_to_string(out.join("dictionary.txt")).unwrap();
    assert!(dictionary.contains("澜影梦工坊 100000 n"));
    let told = paidan!["dispatch", "--model", out, "--json", "--text", "请管一管澜影梦工坊的噪音"].done();
    let evidence = json(&told)["explanation"]["evidence"][0]["supporting"].to_string();
    assert!(evidence.contains("\"澜影梦工坊\""), "{evidence}");
}

#[test]
fn a_bad_line_of_a_user_dictionary_is_named() {
    let folder = Folder::new();
    let data = folder.file("d.csv", csv(&complaints(36)));
    let words = folder.file("words.txt", "澜影梦工坊 100 n\n望溪街 often\n");
    let out = folder.join("model");
    let said = paidan!["train", "--data", data, "--label", "type=type", "--user-dict", words, "--out", out]
        .refused();
    assert!(said.contains("words.txt`") && said.contains("line 2"), "{said}");
    assert!(!out.exists());
    let missing = folder.join("nowhere.txt");
    let said = paidan!["train", "--data", data, "--label", "type=type", "--user-dict", missing, "--out", out]
        .refused();
    assert!(said.contains("nowhere.txt`"), "{said}");
}

#[test]
fn a_table_of_names_without_its_columns_is_refused() {
    let folder = Folder::new();
    let data = folder.file("d.csv", csv(&complaints(36)));
    let names = format!("type={}", folder.file("names.csv", "kind,chinese\na,b\n").display());
    let out = folder.join("model");
    let said = paidan!["train", "--data", data, "--label", "type=type", "--label-names", names, "--out", out]
        .refused();
    assert!(said.contains("names.csv") && said.contains("`name`"), "{said}");
}

#[test]
fn summary_has_the_fields_that_programs_read() {
    let info = json(&paidan!["info", "--model", model(), "--json"].done());
    assert_eq!(
        keys(&info),
        [
            "bytes",
            "dictionary_words",
            "encoder",
            "features",
            "folder",
            "format_version",
            "schema",
            "tasks",
            "training",
            "version"
        ]
    );
}

#[test]
fn tickets_without_labels_are_read_and_counted() {
    let folder = Folder::new();
    let data = folder.file("history.csv", csv(&complaints(72)));
    let corpus = folder.file("corpus.csv", csv(&complaints(112)[72..]) + "少一格\n");
    let train = |out: &str, threads: &str| {
        paidan!["train", "--data", data, "--label", "type=type", "--corpus", corpus, "--threads", threads]
            .args(["--out".as_ref(), folder.join(out).as_os_str()])
            .ends(2)
    };
    let said = train("one", "1").stderr;
    assert!(said.contains("corpus.csv:42") && said.contains("1 rows"), "{said}");
    train("three", "3");
    assert_eq!(contents(&folder.join("one")), contents(&folder.join("three")));
    let info = json(&paidan!["info", "--model", folder.join("one"), "--json"].done());
    assert_eq!((&info["training"]["tickets"], &info["training"]["unlabelled"]), (&72.into(), &40.into()));
    let nowhere = folder.join("nowhere.csv");
    let run = paidan!["train", "--data", data, "--label", "type=type", "--corpus", nowhere];
    let said = run.args(["--out".as_ref(), folder.join("none").as_os_str()]).refused();
    assert!(said.contains("nowhere.csv") && !folder.join("none").exists(), "{said}");
}
