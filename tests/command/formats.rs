//! The same tickets in every format and encoding that is read: the same answers.

use crate::support::{Folder, complaints, csv, each, json, json_lines, model, paidan};

/// The table in the encodings that spreadsheets write, by name.
fn encoded(table: &str) -> Vec<(&'static str, Vec<u8>)> {
    let utf16 = format!("\u{feff}{table}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    vec![("GB18030", encoding_rs::GB18030.encode(table).0.into_owned()), ("UTF-16LE", utf16)]
}

#[test]
fn encodings_give_the_same_answers_and_are_told() {
    let folder = Folder::new();
    let table = csv(&complaints(24));
    let expected = paidan!["predict", "--model", model(), "--data", folder.file("utf8.csv", &table)].done();
    for (encoding, bytes) in encoded(&table) {
        let data = folder.file("t.csv", bytes);
        let note = format!("paidan: note: {} is read as {encoding}\n", data.display());
        let run = paidan!["predict", "--model", model(), "--data", data].ends(0);
        assert_eq!((run.stdout, run.stderr), (expected.clone(), note.clone()));
        let run = paidan!["mask", "--data", data].ends(0);
        assert_eq!((each(&json_lines(&run.stdout), "id")[23], run.stderr), ("G00023", note.clone()));
        let run = paidan!["evaluate", "--model", model(), "--data", data, "--label", "type=type"].ends(0);
        assert_eq!(run.stderr, note);
        let run = paidan!["train", "--data", data, "--label", "type=type", "--out", folder.join("new")];
        assert_eq!(run.args(["--force"]).ends(0).stderr, note);
    }
}

#[test]
fn standard_input_may_be_in_another_encoding() {
    let table = csv(&complaints(24));
    let expected = paidan!["mask", "--data", "-"].stdin(table.as_str()).done();
    for (encoding, bytes) in encoded(&table) {
        let run = paidan!["mask", "--data", "-"].stdin(bytes).ends(0);
        assert_eq!(
            (run.stdout.as_str(), run.stderr),
            (expected.as_str(), format!("paidan: note: standard input is read as {encoding}\n"))
        );
    }
    // The first character that is not ASCII comes after the reader has begun.
    let late = format!("id,text\n{}9,路灯一直不亮\n", "1,abc\n".repeat(20_000));
    let run = paidan!["mask", "--data", "-"].stdin(encoding_rs::GB18030.encode(&late).0).ends(0);
    assert!(run.stdout.ends_with("\"text\":\"路灯一直不亮\",\"spans\":[]}\n"), "{}", run.stdout);
    assert_eq!(run.stderr, "paidan: note: standard input is read as GB18030\n");
}

/// A file of `tests/fixtures/files`; three tickets with the columns 工单编号, 标题, 诉求内容, 类型 and more.
fn fixture(name: &str) -> std::path::PathBuf {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/files");
    std::path::Path::new(folder).join(name)
}

const COLUMNS: [&str; 6] = ["--text-column", "诉求内容", "--title-column", "标题", "--id-column", "工单编号"];
const IDS: [&str; 3] = ["20260501000000123", "20260501000000124", "20260501000000125"];

#[test]
fn workbooks_are_read_by_every_verb() {
    let data = fixture("xlsxwriter.xlsx");
    let run = paidan!["predict", "--model", model(), "--data", data].args(COLUMNS).ends(0);
    let objects = json_lines(&run.stdout);
    assert_eq!(each(&objects, "id"), IDS);
    assert_eq!(objects[1]["department"]["label"], "water");
    let note = "only the first, `五月`, is read; name another with --sheet\n";
    assert!(run.stderr.starts_with("paidan: note: ") && run.stderr.ends_with(note), "{}", run.stderr);

    let sheet = ["--sheet", "六月"];
    let masked = paidan!["mask", "--data", data].args(COLUMNS).args(sheet).done();
    assert_eq!(each(&json_lines(&masked), "text"), ["柳荫路路灯坏了三天"]);
    let verb = paidan!["evaluate", "--model", model(), "--data", data, "--label", "type=类型", "--json"];
    assert_eq!(json(&verb.args(COLUMNS).args(sheet).done())["rows"], 1);
    let said = paidan!["mask", "--data", data, "--sheet", "七月"].args(COLUMNS).refused();
    assert!(said.contains("it has `五月`, `六月`; name one with --sheet"), "{said}");
}

#[test]
fn a_sheet_means_nothing_in_other_formats() {
    let run = paidan!["mask", "--data", "-", "--sheet", "六月"].stdin("text\n停水\n").done();
    assert_eq!(json(&run)["text"], "停水");
}

#[test]
fn a_workbook_in_a_pipe_is_refused() {
    let bytes = std::fs::read(fixture("xlsxwriter.xlsx")).unwrap();
    let said = paidan!["mask", "--data", "-"].stdin(bytes).refused();
    assert!(said.contains("save it in a file"), "{said}");
}

#[test]
fn parquet_is_read_by_every_verb() {
    let data = fixture("pyarrow.parquet");
    let objects = json_lines(&paidan!["predict", "--model", model(), "--data", data].args(COLUMNS).done());
    assert_eq!(each(&objects, "id"), IDS);
    assert_eq!(objects[1]["department"]["label"], "water");
    let verb = paidan!["evaluate", "--model", model(), "--data", data, "--label", "type=类型", "--json"];
    assert_eq!(json(&verb.args(COLUMNS).done())["rows"], 3);
}

#[test]
fn a_parquet_file_cut_in_half_is_refused() {
    let bytes = std::fs::read(fixture("pyarrow.parquet")).unwrap();
    let folder = Folder::new();
    let data = folder.file("half.parquet", &bytes[..bytes.len() / 2]);
    let said = paidan!["mask", "--data", data].args(COLUMNS).refused();
    assert!(said.contains("half.parquet is no complete Parquet file"), "{said}");
}

#[test]
fn damaged_bytes_never_panic() {
    let folder = Folder::new();
    for name in ["pyarrow.parquet", "openpyxl.xlsx"] {
        let bytes = std::fs::read(fixture(name)).unwrap();
        for at in (0..bytes.len()).step_by(bytes.len() / 60) {
            let mut bytes = bytes.clone();
            bytes[at] ^= 0x55;
            let run = paidan!["mask", "--data", folder.file(name, bytes)].args(COLUMNS).run();
            assert!((0..=2).contains(&run.status), "{name} {at}: {}", run.stderr);
        }
    }
}

#[test]
fn a_label_is_the_same_in_every_file() {
    // Text in one file, numbers in the others; blanks and full width beside the label.
    let folder = Folder::new();
    let rows =
        |label: &str| complaints(12).iter().map(|c| format!("{},{label}\n", c.text)).collect::<String>();
    let text = folder.file("a.csv", format!("text,code\n{}{}", rows("1"), rows("Ａ１ ")));
    let number = |label: &str| {
        complaints(12)
            .iter()
            .map(|c| format!("{{\"text\":\"{}\",\"code\":{label}}}\n", c.text))
            .collect::<String>()
    };
    let json_text = folder.file("b.jsonl", format!("{}{}{}", number("1"), number("1.0"), number("\" A1\"")));
    let out = folder.join("model");
    paidan!["train", "--data", text, json_text, "--label", "code=code", "--out", out].done();
    let info = json(&paidan!["info", "--model", out, "--json"].done());
    let labels = info["tasks"][0]["labels"].as_array().unwrap();
    assert_eq!(labels.len(), 2, "{info}");
}
