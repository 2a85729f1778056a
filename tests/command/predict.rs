//! Predictions: the objects, their order and ids, tables, standard input.

use std::fs;

use serde_json::Value;

use crate::support::{Folder, complaints, csv, each, json, json_lines, keys, model, paidan};

/// Whether a prediction is what the contract says.
fn check_prediction(prediction: &Value, labels: usize) {
    assert_eq!(keys(prediction), ["accepted", "label", "name", "probability", "top"]);
    assert!(prediction["accepted"].is_null());
    let top = prediction["top"].as_array().unwrap();
    assert_eq!(top.len(), labels.min(5));
    assert_eq!((&top[0][0], &top[0][1]), (&prediction["label"], &prediction["probability"]));
    let probabilities: Vec<f64> = top.iter().map(|entry| entry[1].as_f64().unwrap()).collect();
    assert!(probabilities.is_sorted_by(|a, b| a >= b), "{top:?}");
    assert!(probabilities.iter().all(|p| (0.0..=1.0).contains(p)), "{top:?}");
    let sum: f64 = probabilities.iter().sum();
    assert!(sum <= 1.0001, "{sum}");
    assert!(labels > 5 || sum >= 0.9999, "{sum}");
    assert!(top.iter().all(|entry| entry.as_array().unwrap().len() == 2));
}

#[test]
fn objects_are_as_the_contract_says() {
    let folder = Folder::new();
    let all = complaints(72);
    let data = folder.file("d.csv", csv(&all));
    let objects = json_lines(&paidan!["predict", "--model", model(), "--data", data].done());
    assert_eq!(objects.len(), all.len());
    let mut right = 0;
    for (object, complaint) in objects.iter().zip(&all) {
        assert_eq!(keys(object), ["department", "id", "schema", "topic", "type"]);
        assert_eq!(object["id"], complaint.id);
        check_prediction(&object["type"], 3);
        check_prediction(&object["department"], 3);
        check_prediction(&object["topic"], 12);
        right += usize::from(object["department"]["label"] == complaint.department);
        let name = match object["department"]["label"].as_str().unwrap() {
            "lamps" => "市政管理所",
            "water" => "自来水公司",
            _ => "公共交通处",
        };
        assert_eq!(object["department"]["name"], name);
        assert!(object["type"]["name"].is_null());
    }
    assert!(right >= 70, "{right} of 72 right on rows that were learnt");
}

#[test]
fn rows_keep_their_order_over_several_batches() {
    let folder = Folder::new();
    let all = complaints(2100);
    let data = folder.file("d.csv", csv(&all));
    let objects = json_lines(&paidan!["predict", "--model", model(), "--data", data].done());
    let ids: Vec<&str> = all.iter().map(|complaint| complaint.id.as_str()).collect();
    assert_eq!(each(&objects, "id"), ids);
}

#[test]
fn ids_come_from_a_column_or_count_rows() {
    let ids = |table: &str, args: &[&str]| {
        let told = paidan!["predict", "--model", model(), "--data", "-"].args(args).stdin(table).done();
        each(&json_lines(&told), "id").join(" ")
    };
    assert_eq!(ids("text,no\n路灯不亮,a7\n停水,b8\n", &[]), "1 2");
    assert_eq!(ids("text,no\n路灯不亮,a7\n停水,b8\n", &["--id-column", "no"]), "a7 b8");
    assert_eq!(ids("text,id\n路灯不亮,a7\n停水,\n", &[]), "a7 2");
    assert_eq!(ids("{\"id\": 40, \"text\": \"停水\"}\n\n{\"text\": \"停水\"}\n", &[]), "40 2");
}

#[test]
fn ids_of_several_files_name_the_file() {
    let folder = Folder::new();
    folder.file("三月.csv", "text\n路灯不亮\n停水\n");
    folder.file("b.jsonl", "{\"text\": \"公交太慢\"}\n{\"id\": \"X\", \"text\": \"停水\"}\n");
    let told = paidan!["predict", "--model", model(), "--data", "三月.csv", "b.jsonl"].inside(folder.path());
    assert_eq!(each(&json_lines(&told.done()), "id"), ["三月.csv:1", "三月.csv:2", "b.jsonl:1", "X"]);
}

#[test]
fn columns_can_be_named() {
    let table = "标题,诉求内容,text\n自来水发黄有铁锈味,水表读数不对水费多收,公交车等了四十分钟\n";
    let department = |args: &[&str]| {
        let told = paidan!["predict", "--model", model(), "--data", "-"].args(args).stdin(table).done();
        json(&told)["department"]["label"].as_str().unwrap().to_owned()
    };
    assert_eq!(department(&[]), "bus");
    assert_eq!(department(&["--text-column", "诉求内容", "--title-column", "标题"]), "water");
}

#[test]
fn a_title_alone_is_a_ticket() {
    let told = paidan!["predict", "--model", model(), "--data", "-"].stdin("title\n自来水停了两天\n").done();
    assert_eq!(json(&told)["department"]["label"], "water");
}

#[test]
fn a_table_has_a_byte_order_mark_and_parses() {
    let folder = Folder::new();
    let all = complaints(12);
    let data = folder.file("d.csv", csv(&all) + "暗语九霄\n");
    let out = folder.join("out.csv");
    let run = paidan!["predict", "--model", model(), "--data", data, "--out", out].ends(2);
    assert_eq!(run.stdout, "");
    let bytes = fs::read(&out).unwrap();
    let table = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap();
    let mut reader = csv::Reader::from_reader(table);
    let heading: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let of = |task: &str| {
        [task.to_owned()]
            .into_iter()
            .chain(["name", "probability", "accepted", "top"].map(|part| format!("{task}_{part}")))
    };
    let tasks = of("type").chain(of("department")).chain(of("topic"));
    let expected: Vec<String> =
        ["id".to_owned()].into_iter().chain(tasks).chain(["error".to_owned()]).collect();
    assert_eq!(heading, expected);
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 13);
    let objects = json_lines(&paidan!["predict", "--model", model(), "--data", data].ends(2).stdout);
    for (row, object) in rows.iter().zip(&objects).take(12) {
        assert_eq!(row[0], *object["id"].as_str().unwrap());
        assert_eq!(row[1], *object["type"]["label"].as_str().unwrap());
        assert_eq!(row[7], *object["department"]["name"].as_str().unwrap());
        let (shown, given): (f64, &Value) = (row[3].parse().unwrap(), &object["type"]["probability"]);
        assert!((shown - given.as_f64().unwrap()).abs() < 1e-6);
        assert_eq!(&row[16], "");
    }
    assert_eq!(&rows[12][0], "13");
    assert!(rows[12][16].contains("d.csv:14"), "{:?}", rows[12]);
    assert!(!String::from_utf8(bytes).unwrap().contains("九霄"));
}

#[test]
fn an_out_file_holds_what_standard_output_would() {
    let folder = Folder::new();
    let data = folder.file("d.csv", csv(&complaints(12)));
    let out = folder.join("out.jsonl");
    let predict = || paidan!["predict", "--model", model(), "--data", data];
    assert_eq!(predict().args(["--out".as_ref(), out.as_os_str()]).done(), "");
    assert_eq!(fs::read_to_string(&out).unwrap(), predict().done());
}

#[test]
fn standard_input_is_csv_or_json_lines() {
    let predict = |text: &str| {
        let run = paidan!["predict", "--model", model(), "--data", "-"].stdin(text).done();
        json_lines(&run).iter().map(|o| o["department"]["label"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(predict("text\n自来水停了两天\n公交车等了很久\n"), ["water", "bus"]);
    assert_eq!(predict("\u{feff}text\r\n自来水停了两天\r\n公交车等了很久\r\n"), ["water", "bus"]);
    assert_eq!(predict("id;text\n1;自来水停了两天\n2;公交车等了很久\n"), ["water", "bus"]);
    assert_eq!(predict("id\ttext\n1\t自来水停了两天\n2\t公交车等了很久\n"), ["water", "bus"]);
    assert_eq!(predict("{\"text\":\"自来水停了两天\"}\n{\"text\":\"公交车等了很久\"}"), ["water", "bus"]);
}

#[test]
fn a_row_of_unknown_words_gets_the_usual_labels() {
    let told = paidan!["predict", "--model", model(), "--data", "-"].stdin("text\nqwxyz\n😀😀\n!!!\n").done();
    let objects = json_lines(&told);
    assert_eq!(objects.len(), 3);
    objects.iter().for_each(|object| check_prediction(&object["topic"], 12));
}
