//! Evaluation: figures against our own count, months, the report.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use serde_json::Value;

use crate::support::{Complaint, Folder, complaints, csv, json, json_lines, keys, model, paidan};

/// Accuracy and macro-F1 of (truth, given) pairs, the mean over labels that occur or were given.
fn figures(pairs: &[(String, String)]) -> (f64, f64) {
    let count =
        |test: &dyn Fn(&(String, String)) -> bool| pairs.iter().filter(|pair| test(pair)).count() as f64;
    let labels: BTreeSet<&String> = pairs.iter().flat_map(|(truth, given)| [truth, given]).collect();
    let f1 = |label: &&String| {
        let hits = count(&|(truth, given)| truth == *label && given == *label);
        let wrong = count(&|(truth, given)| (truth == *label) != (given == *label));
        2.0 * hits / (2.0 * hits + wrong)
    };
    let sum: f64 = labels.iter().map(f1).sum();
    (count(&|(truth, given)| truth == given) / pairs.len() as f64, sum / labels.len() as f64)
}

/// Complaints some of whose types are not what the model learnt.
fn disputed() -> Vec<Complaint> {
    let mut all = complaints(60);
    all.iter_mut().step_by(7).for_each(|complaint| complaint.kind = "投诉");
    all.iter_mut().skip(3).step_by(5).for_each(|complaint| complaint.kind = "咨询");
    all
}

/// (truth, given) of the task `type`, from `predict`.
fn pairs(data: &std::path::Path, all: &[Complaint]) -> Vec<(String, String)> {
    let told = json_lines(&paidan!["predict", "--model", model(), "--data", data].done());
    let given = |object: &Value| object["type"]["label"].as_str().unwrap().to_owned();
    all.iter().zip(&told).map(|(complaint, object)| (complaint.kind.to_owned(), given(object))).collect()
}

fn close(value: &Value, expected: f64) {
    assert!((value.as_f64().unwrap() - expected).abs() < 1e-9, "{value} for {expected}");
}

#[test]
fn figures_equal_those_counted_from_predictions() {
    let folder = Folder::new();
    let all = disputed();
    let data = folder.file("d.csv", csv(&all));
    let pairs = pairs(&data, &all);
    let (accuracy, macro_f1) = figures(&pairs);
    assert!(accuracy < 0.9, "the test needs mistakes");
    let run = paidan!["evaluate", "--model", model(), "--data", data, "--label", "type=type", "--json"];
    let report = json(&run.done());
    assert_eq!(keys(&report), ["failed_rows", "rows", "schema", "tasks"]);
    assert_eq!((&report["rows"], &report["failed_rows"]), (&60.into(), &0.into()));
    let report = &report["tasks"]["type"];
    assert_eq!(report["rows"], 60);
    close(&report["accuracy"], accuracy);
    close(&report["macro_f1"], macro_f1);
    close(&report["top3_accuracy"], 1.0);
    let wrong: u64 = report["confusion"].as_array().unwrap().iter().map(|row| row[2].as_u64().unwrap()).sum();
    assert_eq!(wrong as usize, pairs.iter().filter(|(truth, given)| truth != given).count());
    for class in report["per_class"].as_array().unwrap() {
        let truths = pairs.iter().filter(|(truth, _)| class["label"] == **truth).count();
        assert_eq!(class["support"], truths);
    }
}

#[test]
fn several_tasks_are_measured_in_one_run() {
    let folder = Folder::new();
    let data = folder.file("d.csv", csv(&complaints(72)));
    let evaluate = || {
        paidan!["evaluate", "--model", model(), "--data", data].args([
            "--label",
            "topic=topic",
            "--label",
            "department=department",
        ])
    };
    let report = json(&evaluate().args(["--json"]).done());
    assert_eq!(keys(&report["tasks"]), ["department", "topic"]);
    close(&report["tasks"]["department"]["accuracy"], 1.0);
    close(&report["tasks"]["topic"]["macro_f1"], 1.0);
    let shown = evaluate().done();
    let line = shown.lines().find(|line| line.starts_with("承办单位")).unwrap();
    assert!(line.contains("72") && line.contains("1.0000"), "{shown}");
}

#[test]
fn each_month_is_measured_by_itself() {
    let folder = Folder::new();
    let all = disputed();
    let data = folder.file("d.csv", csv(&all));
    let pairs = pairs(&data, &all);
    let evaluate =
        || paidan!["evaluate", "--model", model(), "--data", data, "--label", "type=type", "--by", "month"];
    let report = json(&evaluate().args(["--json"]).done());
    assert_eq!(keys(&report["by_month"]), ["2026-03", "2026-04"]);
    for (parity, month) in ["2026-03", "2026-04"].into_iter().enumerate() {
        let of_month: Vec<_> = pairs.iter().skip(parity).step_by(2).cloned().collect();
        let (accuracy, macro_f1) = figures(&of_month);
        let report = &report["by_month"][month]["type"];
        assert_eq!(report["rows"], 30);
        close(&report["accuracy"], accuracy);
        close(&report["macro_f1"], macro_f1);
    }
    let shown = evaluate().done();
    assert!(shown.contains("\n2026-03\n") && shown.contains("\n2026-04\n"), "{shown}");
}

#[test]
fn labels_that_the_model_does_not_know_count_as_wrong() {
    let table =
        "text,type\n路灯坏了，太不像话，要求严肃处理,投诉\n路灯坏了，太不像话，要求严肃处理,表扬\n停水,\n";
    let evaluate =
        || paidan!["evaluate", "--model", model(), "--data", "-", "--label", "type=type"].stdin(table);
    let report = json(&evaluate().args(["--json"]).done());
    let task = &report["tasks"]["type"];
    assert_eq!((&report["rows"], &task["rows"], &task["unknown_labels"]), (&3.into(), &2.into(), &1.into()));
    close(&task["accuracy"], 0.5);
    assert!(evaluate().done().contains("1 条"));
}

#[test]
fn labels_are_found_however_they_are_spelled() {
    let table = "text,type\n路灯坏了，太不像话，要求严肃处理,\" 投\u{3000}诉\"\n";
    let run = paidan!["evaluate", "--model", model(), "--data", "-", "--label", "type=type", "--json"];
    let report = json(&run.stdin(table).done());
    close(&report["tasks"]["type"]["accuracy"], 1.0);
}

#[test]
fn bad_rows_are_counted_and_the_rest_is_measured() {
    let table = "text,type\n路灯坏了，太不像话，要求严肃处理,投诉\n暗语九霄\n";
    let run = paidan!["evaluate", "--model", model(), "--data", "-", "--label", "type=type", "--json"]
        .stdin(table)
        .ends(2);
    let report = json(&run.stdout);
    assert_eq!((&report["rows"], &report["failed_rows"]), (&1.into(), &1.into()));
    assert!(run.stderr.contains(":3: ") && !run.stderr.contains("九霄"), "{}", run.stderr);
}

#[test]
fn a_header_without_rows_gives_zeros() {
    let run = paidan!["evaluate", "--model", model(), "--data", "-", "--label", "type=type", "--json"];
    let report = json(&run.stdin("text,type\n").done());
    assert_eq!((&report["rows"], &report["tasks"]["type"]["rows"]), (&0.into(), &0.into()));
}

#[test]
fn rows_are_measured_by_channel_or_by_any_column() {
    let table = "text,type,channel,area\n停水,投诉,电话,东区\n停水,投诉,网站,\n停水,投诉,,东区\n";
    let evaluate = |by: &str| {
        let run = paidan!["evaluate", "--model", model(), "--data", "-", "--label", "type=type", "--json"];
        json(&run.args(["--by", by]).stdin(table).done())
    };
    let report = evaluate("channel");
    assert_eq!(keys(&report["by_channel"]), ["渠道不明", "电话", "网站"]);
    assert!(report["by_month"].is_null() && report["by_column"].is_null());
    let report = evaluate("area");
    assert_eq!(keys(&report["by_column"]), ["东区", "未填"]);
    assert_eq!(report["by_column"]["东区"]["type"]["rows"], 2);
    let run =
        paidan!["evaluate", "--model", model(), "--data", "-", "--label", "type=type", "--by", "nowhere"];
    assert!(run.stdin(table).refused().contains("nowhere"));
}

#[test]

fn figures_of_nothing_are_plain_zeros() {
    let evaluate = |table: &str| {
        let run = paidan!["evaluate", "--model", model(), "--data", "-", "--label", "type=type"];
        run.stdin(table).done()
    };
    for table in ["text,type\n", "text,type\n停水,表扬\n"] {
        assert!(!evaluate(table).contains("-0"), "{}", evaluate(table));
    }
}

#[test]
fn times_that_cannot_be_read_are_a_month_of_their_own() {
    let table = "text,type,time\n停水,投诉,2026/3/5 8:00\n停水,投诉,昨天\n停水,投诉,\n停水,投诉,2026-13-01\n";
    let run = paidan!["evaluate", "--model", model(), "--data", "-", "--label", "type=type", "--json"];
    let report = json(&run.args(["--by", "month"]).stdin(table).done());
    assert_eq!(keys(&report["by_month"]), ["2026-03", "时间不明"]);
    assert_eq!(report["by_month"]["时间不明"]["type"]["rows"], 3);
}

#[test]
fn a_task_that_the_model_does_not_have_is_refused() {
    let run = paidan!["evaluate", "--model", model(), "--data", "-", "--label", "urgency=type"];
    let said = run.stdin("text,type\n停水,投诉\n").refused();
    assert!(said.contains("`urgency`") && said.contains("`topic`"), "{said}");
}

#[test]

fn a_task_named_twice_is_refused() {
    let folder = Folder::new();
    let data = folder.file("d.csv", csv(&complaints(12)));
    let run = paidan!["evaluate", "--model", model(), "--data", data, "--label", "type=type", "--json"];
    let said = run.args(["--label", "type=topic"]).refused();
    assert!(said.contains("`type`"), "{said}");
}

#[test]
fn the_report_names_tasks_in_chinese_and_holds_no_ticket() {
    let folder = Folder::new();
    let all = disputed();
    let data = folder.file("d.csv", csv(&all));
    let report = folder.join("report.html");
    paidan!["evaluate", "--model", model(), "--data", data, "--report", report, "--by", "month"]
        .args(["--label", "type=type", "--label", "department=department"])
        .done();
    let page = fs::read_to_string(&report).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
    for part in ["诉求类型", "承办单位", "2026-03", "2026-04", "投诉"] {
        assert!(page.contains(part), "{part}");
    }
    let (accuracy, _) = figures(&pairs(&data, &all));
    assert!(page.contains(&format!("{:.1}%", accuracy * 100.0)));
    for complaint in &all {
        assert!(!page.contains(&complaint.text));
    }
    assert!(!page.contains("138000") && !page.contains("柳荫路"));
    for fetched in ["<script", "http:", "https:", "src=", "@import"] {
        assert!(!page.contains(fetched), "{fetched}");
    }
}

#[test]
fn the_report_escapes_labels_and_file_names() {
    let folder = Folder::new();
    let mut text = "text,label\n".to_owned();
    for (i, complaint) in complaints(24).iter().enumerate() {
        let label = if i % 2 == 0 { "<b>投诉</b>&\"\"急\"\"" } else { "<script>alert(1)</script>" };
        let _ = writeln!(text, "{},\"{label}\"", complaint.text);
    }
    let data = folder.file("<i>.csv", text);
    let (out, report) = (folder.join("model"), folder.join("report.html"));
    paidan!["train", "--data", data, "--label", "kind=label", "--out", out].done();
    paidan!["evaluate", "--model", out, "--data", data, "--label", "kind=label", "--report", report].done();
    let page = fs::read_to_string(&report).unwrap();
    for raw in ["<b>", "<script", "<i>"] {
        assert!(!page.contains(raw), "{raw}");
    }
    assert!(page.contains("&lt;b&gt;投诉&lt;/b&gt;&amp;&quot;急&quot;"), "{page}");
}

/// Every section of the page, for tasks with mistakes, thresholds and slices; nothing that a label says is markup.
#[test]
fn the_report_draws_curves_and_says_what_to_do_next() {
    let folder = Folder::new();
    let mut table = "text,kind,time,channel\n".to_owned();
    for (i, complaint) in complaints(240).iter().enumerate() {
        let label = ["</style><img src=x onerror=alert(1)>", "\"\" onload=\"\"alert(1)", "供水"][i % 3];
        let text = [&complaint.text, "路灯又坏了", "自来水又停了"][i % 3];
        let text = if i % 7 == 0 { "有时路灯，有时自来水" } else { text };
        let channel = if i % 2 == 0 { "<svg>" } else { "电话" };
        let _ = writeln!(table, "{text},\"{label}\",2026-0{}-03,{channel}", 1 + i % 4);
    }
    let data = folder.file("d.csv", table);
    let (out, report) = (folder.join("model"), folder.join("report.html"));
    paidan!["train", "--data", data, "--label", "kind=kind", "--out", out].done();
    let evaluate = || {
        let run =
            paidan!["evaluate", "--model", out, "--data", data, "--label", "kind=kind", "--report", report];
        run.args(["--force"]).done();
        fs::read_to_string(&report).unwrap()
    };
    let page = evaluate();
    for part in
        ["下一步", "能放手多少", "按月", "按渠道", "容易混淆的类别", "各个类别", "2026-04", "find-thresholds"]
    {
        assert!(page.contains(part), "{part}");
    }
    assert_eq!(page.matches("<svg ").count(), 3, "reliability, coverage, months");
    for raw in ["<img", "<svg>", "</style><img", "\" onload"] {
        assert!(!page.contains(raw), "{raw}");
    }
    assert!(!page.contains("现行阈值：") && !page.contains("NaN") && !page.contains("inf%"));
    let search = paidan!["find-thresholds", "--model", out, "--data", data, "--label", "kind=kind"];
    search.args(["--target-precision", "0.6", "--confidence", "0.9"]).ends(0);
    let page = evaluate();
    assert!(page.contains("现行阈值：") && page.contains("承诺兑现了吗"), "the threshold in force is marked");
}

#[test]
fn a_report_of_no_rows_says_so() {
    let folder = Folder::new();
    let report = folder.join("report.html");
    let run =
        paidan!["evaluate", "--model", model(), "--data", "-", "--label", "type=type", "--report", report];
    run.stdin("text,type\n").done();
    let page = fs::read_to_string(&report).unwrap();
    assert!(page.contains("没有一条工单带有这个任务的标签") && !page.contains("NaN"));
}
