//! Rows that cannot be read, or hardly: the others are predicted, and no message tells what they say.

use serde_json::Value;

use crate::support::{Folder, each, json, json_lines, keys, model, paidan};

/// Predicts `content` in a file called `name`; the objects and the exit status.
fn predict(name: &str, content: impl AsRef<[u8]>) -> (Vec<Value>, i32) {
    let folder = Folder::new();
    let data = folder.file(name, content);
    let run = paidan!["predict", "--model", model(), "--data", data].run();
    let objects = json_lines(&run.stdout);
    for object in &objects {
        if let Some(error) = object.get("error") {
            assert_eq!(keys(object), ["error", "id", "schema"]);
            assert_eq!(keys(error), ["code", "message"]);
            let message = error["message"].as_str().unwrap();
            assert!(message.contains(&format!("{name}:")), "{message}");
        }
    }
    let failed = objects.iter().filter(|object| object.get("error").is_some()).count();
    let said = if failed == 0 { String::new() } else { format!("paidan: {failed} rows could not be read\n") };
    assert_eq!(run.stderr, said);
    // What stands in the bad rows of all these tests.
    assert!(!run.stdout.contains("九霄") && !run.stdout.contains("13800001234"), "{}", run.stdout);
    (objects, run.status)
}

/// The error code of each object, or `ok`.
fn codes(objects: &[Value]) -> Vec<&str> {
    objects.iter().map(|object| object["error"]["code"].as_str().unwrap_or("ok")).collect()
}

#[test]
fn ragged_rows_are_told_and_the_others_predicted() {
    let table = "id,text\nA,自来水停了\nB,暗语九霄,13800001234\n\n暗语九霄\nE,公交太慢\n";
    let (objects, status) = predict("d.csv", table);
    assert_eq!(status, 2);
    assert_eq!(codes(&objects), ["ok", "ragged_row", "ragged_row", "ok"]);
    assert_eq!(each(&objects, "id"), ["A", "2", "3", "E"]);
    let message = |i: usize| objects[i]["error"]["message"].as_str().unwrap().to_owned();
    assert!(message(1).contains("d.csv:3: expected 2 fields") && message(1).contains("found 3"));
    assert!(message(2).contains("d.csv:5: ") && message(2).contains("found 1"), "lines count blank ones");
}

#[test]
fn embedded_newlines_and_quotes_belong_to_the_field() {
    let table = "id,text\nA,\"水表读数\n不对，他说\"\"水费\"\"\r\n多收了\"\nB,\"公交车,太慢\"\n暗语九霄\n";
    let (objects, status) = predict("d.csv", table);
    assert_eq!(status, 2);
    assert_eq!(each(&objects, "id"), ["A", "B", "3"]);
    assert_eq!(objects[0]["topic"]["label"], "水费");
    assert_eq!(objects[1]["department"]["label"], "bus");
    let message = objects[2]["error"]["message"].as_str().unwrap();
    assert!(message.contains("d.csv:6: "), "lines inside quotes count: {message}");
}

#[test]
fn quotes_and_line_breaks_are_masked_as_they_stand() {
    let masked = paidan!["mask", "--data", "-"].stdin("text\n\"他说\"\"水费\"\"\n多收了\"\n").done();
    assert_eq!(json(&masked)["text"], "他说\"水费\" 多收了");
}

#[test]
fn an_unclosed_quote_loses_its_own_row_only() {
    let (objects, status) = predict("d.csv", "id,text\nA,\"暗语九霄\nB,公交太慢\nC,自来水停了\n");
    assert_eq!((codes(&objects), status), (vec!["unclosed_quote", "ok", "ok"], 2));
}

#[test]
fn broken_json_lines_are_told_and_the_others_predicted() {
    let lines = "{\"id\":\"A\",\"text\":\"自来水停了\"}\n{\"id\":\"B\",\"text\":\"暗语九霄\n[\"暗语九霄\"]\n\"暗语九霄\"\n\n\
        {\"id\":\"E\",\"text\":\"\\ud800暗语九霄\"}\n{\"id\":\"F\",\"text\":\"公交太慢\"}";
    let (objects, status) = predict("d.jsonl", lines);
    assert_eq!(status, 2);
    assert_eq!(
        codes(&objects),
        ["ok", "invalid_json", "not_an_object", "not_an_object", "invalid_json", "ok"]
    );
    assert_eq!(each(&objects, "id"), ["A", "2", "3", "4", "5", "F"]);
    assert!(objects[4]["error"]["message"].as_str().unwrap().contains("d.jsonl:6: "));
    assert_eq!(objects[5]["department"]["label"], "bus");
}

#[test]
fn deeply_nested_json_is_read_or_told() {
    let (open, close) = ("[".repeat(300_000), "]".repeat(300_000));
    let lines =
        format!("{{\"a\":{open}{close},\"text\":\"停水\"}}\n{{\"text\":{open}\n{{\"text\":\"公交太慢\"}}\n");
    let (objects, status) = predict("d.jsonl", lines);
    assert_eq!((codes(&objects)[1..].to_vec(), status), (vec!["invalid_json", "ok"], 2));
}

#[test]
fn rows_that_are_not_utf8_are_told_and_the_others_predicted() {
    let mut table = "id,text\nA,自来水停了\nB,".as_bytes().to_vec();
    table.extend(b"\xC2\xB7\xB5\xC6\xB2\xBB\xC1\xC1\nC,");
    table.extend("公交太慢\n".as_bytes());
    let (objects, status) = predict("d.csv", &table);
    assert_eq!((codes(&objects), status), (vec!["ok", "not_utf8", "ok"], 2));
    assert!(objects[1]["error"]["message"].as_str().unwrap().contains("`text`"));
    assert_eq!(objects[2]["department"]["label"], "bus");

    let mut lines = "{\"text\":\"自来水停了\"}\n{\"text\":\"".as_bytes().to_vec();
    lines.extend(b"\xC2\xB7\xB5\xC6\"}\n");
    lines.extend("{\"text\":\"公交太慢\"}\n".as_bytes());
    let (objects, status) = predict("d.jsonl", &lines);
    assert_eq!((codes(&objects), status), (vec!["ok", "not_utf8", "ok"], 2));
}

#[test]
fn blank_tickets_are_told() {
    let (objects, status) = predict("d.csv", "id,title,text\nA,,\nB,\u{3000}, \nC,,公交太慢\n");
    assert_eq!((codes(&objects), status), (vec!["empty_text", "empty_text", "ok"], 2));
    assert_eq!(each(&objects, "id"), ["A", "B", "C"]);
}

#[test]
fn a_json_row_without_text_is_told() {
    let lines = "{\"text\":\"公交太慢\"}\n{\"words\":\"暗语九霄\"}\n{\"text\":null}\n{\"text\":7}\n";
    let (objects, status) = predict("d.jsonl", lines);
    assert_eq!((codes(&objects), status), (vec!["ok", "empty_text", "empty_text", "ok"], 2));
}

#[test]
fn nul_bytes_are_read_over() {
    let (objects, status) = predict("d.csv", "id,text\nA,自来\0水停\0了\0\nB,自来水停了\n");
    assert_eq!((codes(&objects), status), (vec!["ok", "ok"], 0));
    assert_eq!(objects[0]["department"], objects[1]["department"]);
    let (objects, status) =
        predict("d.jsonl", "{\"text\":\"自来\\u0000水停了\"}\n{\"text\":\"自来水停了\"}\n");
    assert_eq!(status, 0);
    assert_eq!(objects[0]["department"], objects[1]["department"]);
}

#[test]
fn a_field_of_three_megabytes_is_predicted() {
    let long = "自来水停了两天，没有通知。".repeat(80_000);
    assert!(long.len() > 3_000_000);
    let (objects, status) = predict("d.csv", format!("id,text\nA,{long}\nB,公交太慢\n"));
    assert_eq!((codes(&objects), status), (vec!["ok", "ok"], 0));
    assert_eq!(objects[0]["department"]["label"], "water");
    let run = paidan!["dispatch", "--model", model(), "--json", "--data", "-"];
    let decision = json(&run.stdin(format!("text\n{long}\n")).done());
    assert_eq!(decision["department"]["label"], "water");
}

#[test]
fn three_megabytes_without_a_break_are_predicted() {
    for filling in ["1", "啊", " ", "𠮷", "a@", "138-"] {
        let long = filling.repeat(3_000_000 / filling.len());
        let (objects, status) = predict("d.csv", format!("id,text\nA,x{long}\n"));
        assert_eq!((codes(&objects), status), (vec!["ok"], 0), "{filling:?}");
    }
}

#[test]
fn a_header_without_rows_predicts_nothing() {
    let (objects, status) = predict("d.csv", "id,text\n");
    assert_eq!((objects.len(), status), (0, 0));
    let folder = Folder::new();
    let data = folder.file("d.csv", "id,text\n");
    let out = folder.join("out.csv");
    paidan!["predict", "--model", model(), "--data", data, "--out", out].done();
    assert_eq!(std::fs::read_to_string(&out).unwrap().lines().count(), 1);
}
