//! Nothing leaks: the whole command is run on tickets full of personal data, and whatever it prints, logs or
//! writes is searched for it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::{Complaint, Folder, Run, complaints, paidan};

/// Invented personal data of every kind, each in the way people write it; the numbers satisfy their checks.
const CANARIES: [(&str, &str); 12] = [
    ("请回电", "13900007413"),
    ("座机", "0719-8426953"),
    ("身份证号", "110101190003077298"),
    ("护照号", "EJ7413928"),
    ("银行卡号", "6222020000741392864"),
    ("车牌号", "云F7K41Q"),
    ("邮箱", "ouyang.cuilan@example.com"),
    ("微信号", "cuilan_7413k"),
    ("我叫", "欧阳翠岚"),
    ("家住", "碧霄鹭苑7栋3单元1402室"),
    ("社保号", "7413928650"),
    ("户号", "8650741392"),
];

/// What must not be seen: the canaries, and pieces of them that neither a text nor a figure has by chance.
fn traces() -> Vec<String> {
    let mut traces: Vec<String> = CANARIES.iter().map(|(_, canary)| (*canary).to_owned()).collect();
    traces.extend(
        ["0000741", "8426953", "1900030", "翠岚", "欧阳", "霄鹭", "单元1402", "cuilan", "F7K4", "暗语九霄"]
            .map(str::to_owned),
    );
    traces
}

fn luhn_check_digit(digits: &str) -> char {
    let sum: u32 = (digits.bytes().rev().enumerate())
        .map(|(at, byte)| {
            let digit = u32::from(byte - b'0');
            if at % 2 == 1 { digit } else { digit / 5 + digit * 2 % 10 }
        })
        .sum();
    char::from(b'0' + ((10 - sum % 10) % 10) as u8)
}

fn with_canaries(complaint: &Complaint, row: usize) -> String {
    let (word, canary) = CANARIES[row % CANARIES.len()];
    let (other_word, other) = CANARIES[(row + 5) % CANARIES.len()];
    format!("{word}{canary}，{}，{other_word}：{other}。", complaint.text)
}

/// 240 tickets; the same few citizens complain again and again, so that their data is frequent.
fn tickets() -> String {
    let mut text = "title,text,type,topic,time\n".to_owned();
    for (row, complaint) in complaints(240).iter().enumerate() {
        let (word, canary) = CANARIES[(row + 3) % CANARIES.len()];
        let Complaint { kind, topic, time, .. } = complaint;
        let _ = writeln!(text, "{word}{canary},{},{kind},{topic},{time}", with_canaries(complaint, row));
    }
    text
}

/// Rows that no reader can read, full of canaries and of a word that is nowhere else.
fn broken_rows() -> (String, String) {
    let canaries: String = CANARIES.iter().map(|(word, canary)| format!("{word}{canary}暗语九霄 ")).collect();
    let csv = format!(
        "text,type,topic,time\n{canaries}\n路灯不亮,投诉,路灯,{canaries},{canaries},1\n路灯\u{fffd}{canaries},投诉,路灯\n\"{canaries}"
    );
    let jsonl = format!(
        "{{\"text\": \"路灯不亮\", \"type\": \"投诉\", \"topic\": \"路灯\", \"time\": \"2026-03-01\"}}\n\
         {{\"text\": \"{canaries}\n[\"{canaries}\"]\n{{\"text\": {{\"{canaries}\": \"\\ud83d\"}}, \"type\": [1}}\n\
         {{\"text\": \"\\ud83d{canaries}\"}}\n"
    );
    (csv, jsonl)
}

fn assert_clean(place: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for trace in traces() {
        assert!(!text.contains(&trace), "{place} holds {trace}:\n{}", excerpt(&text, &trace));
        let wide: Vec<u8> = trace.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(!bytes.windows(wide.len()).any(|window| window == wide), "{place} holds {trace} in UTF-16");
    }
}

fn excerpt(text: &str, trace: &str) -> String {
    let lines = text.lines().filter(|line| line.contains(trace));
    lines.take(3).map(|line| line.chars().take(600).collect::<String>() + "\n").collect()
}

fn assert_silent(what: &str, run: &Run) {
    assert_clean(&format!("standard output of {what}"), run.stdout.as_bytes());
    assert_clean(&format!("standard error of {what}"), run.stderr.as_bytes());
}

/// Every file below `folder` but those that were given.
fn assert_files_clean(folder: &Path, given: &[&str]) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        assert_clean("a file's name", name.as_bytes());
        if path.is_dir() {
            assert_files_clean(&path, given);
        } else if !given.contains(&name.as_str()) {
            assert_clean(&path.display().to_string(), &fs::read(&path).unwrap());
        }
    }
}

#[test]
fn the_canaries_are_what_they_seem() {
    let card = CANARIES[4].1;
    assert!(card.ends_with(luhn_check_digit(&card[..card.len() - 1])));
    let identity = CANARIES[2].1;
    let sum = identity.bytes().fold(0, |sum, byte| (sum * 2 + u32::from(byte - b'0')) % 11);
    assert_eq!(sum, 1);
    let folder = Folder::new();
    let data = folder.file("d.csv", tickets());
    let text = fs::read_to_string(data).unwrap();
    assert!(CANARIES.iter().all(|(_, canary)| text.matches(canary).count() >= 20));
}

#[test]
fn no_verb_leaks_from_good_tickets() {
    let folder = Folder::new();
    let data = folder.file("given.csv", tickets());
    let model = folder.join("model");
    let labels = ["--label", "type=type", "--label", "topic=topic"];
    let logged = |run: crate::support::Paidan| run.env("RUST_LOG", "trace").run();
    let out = |name: &str| folder.join(name);
    let runs = [
        ("train", logged(paidan!["train", "--data", data, "--out", model, "--dev", data].args(labels))),
        ("predict", logged(paidan!["predict", "--model", model, "--data", data, "--out", out("p.jsonl")])),
        (
            "predict to a table",
            logged(paidan!["predict", "--model", model, "--data", data, "--out", out("p.csv")]),
        ),
        ("dispatch", logged(paidan!["dispatch", "--model", model, "--data", data, "--json"])),
        ("dispatch in words", logged(paidan!["dispatch", "--model", model, "--data", data])),
        (
            "dispatch to a table",
            logged(paidan!["dispatch", "--model", model, "--data", data, "--out", out("d.csv")]),
        ),
        ("evaluate", logged(paidan!["evaluate", "--model", model, "--data", data].args(labels))),
        (
            "evaluate as JSON",
            logged(paidan!["evaluate", "--model", model, "--data", data, "--json"].args(labels)),
        ),
        ("mask", logged(paidan!["mask", "--data", data])),
        ("mask to a table", logged(paidan!["mask", "--data", data, "--out", out("m.csv")])),
        (
            "find-thresholds",
            logged(
                paidan!["find-thresholds", "--model", model, "--data", data, "--target-precision", "0.9"]
                    .args(["--confidence", "0.9", "--label", "topic=topic"]),
            ),
        ),
        ("info", logged(paidan!["info", "--model", model])),
        ("info as JSON", logged(paidan!["info", "--model", model, "--json"])),
    ];
    for (what, run) in &runs {
        assert_eq!(run.status, 0, "{what}: {}", run.stderr);
        assert_silent(what, run);
    }
    assert_files_clean(folder.path(), &["given.csv"]);
}

#[test]
fn no_verb_leaks_from_broken_rows() {
    let folder = Folder::new();
    let good = folder.file("given.csv", tickets());
    let model = folder.join("model");
    paidan!["train", "--data", good, "--out", model, "--label", "topic=topic"].done();
    let (csv, jsonl) = broken_rows();
    let given = [
        folder.file("broken.csv", &csv),
        folder.file("broken.jsonl", jsonl),
        folder.file("wide.csv", csv.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()),
        folder.file("no_header.csv", csv.lines().skip(1).collect::<Vec<_>>().join("\n")),
    ];
    for (i, data) in given.iter().enumerate() {
        let out = |name: &str| folder.join(&format!("{i}-{name}"));
        let labels = ["--label", "type=type", "--label", "topic=topic"];
        let runs = [
            paidan!["train", "--data", data, "--out", out("model")].args(labels),
            paidan!["predict", "--model", model, "--data", data, "--out", out("p.jsonl")],
            paidan!["predict", "--model", model, "--data", data, "--out", out("p.csv")],
            paidan!["dispatch", "--model", model, "--data", data],
            paidan!["dispatch", "--model", model, "--data", data, "--json"],
            paidan!["evaluate", "--model", model, "--data", data, "--label", "topic=topic"],
            paidan!["evaluate", "--model", model, "--data", data, "--label", "topic=暗语九霄", "--json"],
            paidan!["mask", "--data", data],
        ];
        for (at, run) in runs.into_iter().enumerate() {
            // The last but one names the word itself.
            if at != 6 {
                assert_silent(
                    &format!("run {at} on {}", data.display()),
                    &run.env("RUST_LOG", "trace").run(),
                );
            }
        }
    }
    assert_files_clean(
        folder.path(),
        &["given.csv", "broken.csv", "broken.jsonl", "wide.csv", "no_header.csv"],
    );
}

/// A complaint given in the wrong place comes back in no message.
#[test]
fn mistaken_arguments_are_not_repeated() {
    let text: String = CANARIES.iter().map(|(word, canary)| format!("{word}{canary}，")).collect();
    for run in [
        paidan!["dispatch", text],
        paidan!["mask", text],
        paidan!["dispatch", "--json", format!("--{text}")],
        paidan!["dispatch", "--threads", text, "--text", "路灯不亮"],
        paidan![text],
    ] {
        let run = run.run();
        assert_eq!(run.status, 1);
        assert_silent("a mistaken command line", &run);
        assert!(!run.stderr.is_empty());
    }
}

/// The progress bar of a terminal. `script` gives the command one; where there is none, nothing is tested.
#[test]
fn the_progress_bar_shows_no_ticket() {
    let folder = Folder::new();
    let data = folder.file("given.csv", tickets());
    let command = format!(
        "{} train --data '{}' --out '{}' --label topic=topic",
        env!("CARGO_BIN_EXE_paidan"),
        data.display(),
        folder.join("model").display()
    );
    let Ok(output) = Command::new("script").args(["-qec", &command, "/dev/null"]).output() else {
        return;
    };
    assert!(output.status.success());
    assert_clean("the terminal", &output.stdout);
}
