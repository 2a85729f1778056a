//! Labels that are probably wrong are listed, and nothing of a ticket but words.

use std::collections::BTreeSet;
use std::fs;

use crate::support::{Complaint, Folder, complaints, csv, json_lines, paidan};

/// 216 complaints, every fifteenth with the department of another; the ids of those.
fn planted() -> (Vec<Complaint>, BTreeSet<String>) {
    let mut all = complaints(216);
    let mut wrong = BTreeSet::new();
    for complaint in all.iter_mut().skip(4).step_by(15) {
        complaint.department = if complaint.department == "water" { "bus" } else { "water" };
        wrong.insert(complaint.id.clone());
    }
    (all, wrong)
}

#[test]
fn planted_errors_come_first() {
    let folder = Folder::new();
    let (all, wrong) = planted();
    let data = folder.file("history.csv", csv(&all));
    let run = || paidan!["audit-labels", "--data", data, "--label", "department=department"];
    let told = json_lines(&run().args(["--json", "--top", "15"]).done());
    let (task, doubts) = told.split_first().unwrap();
    assert_eq!((&task["task"], &task["rows"]), (&"department".into(), &216.into()));
    let estimated = task["estimated_errors"].as_f64().unwrap();
    assert!((8.0..25.0).contains(&estimated), "{estimated} of {} errors", wrong.len());
    let found = doubts.iter().filter(|doubt| wrong.contains(doubt["id"].as_str().unwrap())).count();
    assert!(found >= 12, "{found} of {} planted errors among the first 15", wrong.len());
    for (rank, doubt) in doubts.iter().enumerate() {
        assert_eq!(doubt["rank"], rank + 1);
        assert_ne!(doubt["given"], doubt["suggested"]);
        let [given, suggested] =
            ["given_probability", "suggested_probability"].map(|field| doubt[field].as_f64().unwrap());
        assert!((0.0..=1.0).contains(&given) && (0.0..=1.0).contains(&suggested));
        assert!(!doubt["reasons"].as_array().unwrap().is_empty());
        // Words of the ticket, in no order of the text, and never a number.
        let text = &all.iter().find(|c| c.id == doubt["id"].as_str().unwrap()).unwrap().text;
        for word in doubt["words"].as_array().unwrap() {
            let word = word.as_str().unwrap();
            assert!(text.contains(word) && word.chars().count() <= 6 && !word.contains('1'), "{word}");
        }
    }
    assert!(doubts.iter().any(|doubt| doubt["words"].as_array().unwrap().len() > 1));
    let shown = run().args(["--top", "3"]).done();
    assert!(
        shown.contains("承办单位") && shown.contains("估计标错约") && shown.contains("最常存疑"),
        "{shown}"
    );
    assert!(!shown.contains("1380000"), "{shown}");
    assert_eq!(run().args(["--threads", "1"]).done(), run().args(["--threads", "3"]).done());
}

#[test]
fn copies_with_other_labels_are_doubted() {
    let folder = Folder::new();
    let mut all = complaints(144);
    let copy = "我们小区北门外的烧烤摊每天晚上营业到凌晨两点，油烟直接飘进窗户，希望有关部门尽快到现场查处";
    for (i, kind) in ["投诉", "投诉", "咨询"].into_iter().enumerate() {
        let text = format!("{copy}，第{i}次");
        all.push(Complaint { id: format!("COPY{i}"), text, kind, ..all[0].clone() });
    }
    let data = folder.file("history.csv", csv(&all));
    let told =
        paidan!["audit-labels", "--data", data, "--label", "type=type", "--top", "1000", "--json"].done();
    let of_copy = |id: &str| json_lines(&told).into_iter().find(|line| line["id"] == id).unwrap();
    let odd = of_copy("COPY2");
    assert!(
        odd["reasons"].as_array().unwrap().contains(&"near_duplicate_with_another_label".into()),
        "{odd}"
    );
    assert_eq!(odd["duplicates"], serde_json::json!(["COPY0", "COPY1"]));
    assert_eq!(of_copy("COPY0")["duplicates"], serde_json::json!(["COPY2"]));
}

#[test]
fn a_table_is_written_and_bad_rows_are_told() {
    let folder = Folder::new();
    let (all, _) = planted();
    let data = folder.file("history.csv", csv(&all) + "少一格\n");
    let out = folder.join("doubts.csv");
    let run = || {
        paidan!["audit-labels", "--data", data, "--label", "department=department", "--label", "type=type"]
            .args(["--top", "4", "--out"])
            .args([&out])
    };
    let said = run().ends(2).stderr;
    assert!(said.contains("history.csv:218") && !said.contains("少一格"), "{said}");
    let table = fs::read_to_string(&out).unwrap();
    assert!(table.starts_with("\u{feff}task,rank,id,given,given_probability,suggested,"), "{table}");
    assert!(table.lines().skip(1).take(4).all(|line| line.starts_with("department,")), "{table}");
    run().refused();
}

#[test]
fn what_cannot_be_audited_is_refused() {
    let folder = Folder::new();
    let data = folder.file("history.csv", csv(&complaints(36)));
    let set = paidan!["audit-labels", "--data", data, "--label", "support=topic:set"].refused();
    assert!(set.contains("task `support` is a set"), "{set}");
    paidan!["audit-labels", "--data", data, "--label", "type=nowhere"].refused();
    paidan!["audit-labels", "--data", data, "--label", "type=text"].refused();
    paidan!["audit-labels", "--data", folder.join("none.csv"), "--label", "type=type"].refused();
}
