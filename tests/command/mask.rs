//! Masking: the objects and their offsets.

use std::fs;

use crate::support::{Folder, code_points, each, json, json_lines, keys, paidan};

/// An invented identity number whose check character is right.
fn identity_number() -> String {
    let digits = "11010119000307729";
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 =
        digits.chars().zip(weights).map(|(digit, weight)| digit.to_digit(10).unwrap() * weight).sum();
    format!("{digits}{}", ["1", "0", "X", "9", "8", "7", "6", "5", "4", "3", "2"][sum as usize % 11])
}

#[test]
fn offsets_are_code_points_of_the_original() {
    let identity = identity_number();
    let text = format!(
        "😀\u{3000}你好，请回电１３８００００１２３４ 或 138-0000-4321，证号{identity}，邮箱 li.ming@example.com。"
    );
    let object = json(&paidan!["mask", "--text", text].done());
    assert_eq!(keys(&object), ["id", "schema", "spans", "text"]);
    assert_eq!(object["id"], "1");
    let masked = object["text"].as_str().unwrap();
    assert!(masked.ends_with("请回电⟦phone⟧ 或 ⟦phone⟧，证号⟦id_card⟧，邮箱 ⟦email⟧。"), "{masked}");
    let expected = [
        ("phone", "１３８００００１２３４"),
        ("phone", "138-0000-4321"),
        ("id_card", identity.as_str()),
        ("email", "li.ming@example.com"),
    ];
    let spans = object["spans"].as_array().unwrap();
    assert_eq!(spans.len(), expected.len(), "{object}");
    for (span, (kind, original)) in spans.iter().zip(expected) {
        assert_eq!(keys(span), ["end", "kind", "start"]);
        assert_eq!(span["kind"], kind);
        assert_eq!(code_points(&text, &span["start"], &span["end"]), original);
    }
}

#[test]
fn masking_twice_changes_nothing() {
    let once = json(&paidan!["mask", "--text", "电话13800001234，邮箱 li.ming@example.com"].done());
    let again = json(&paidan!["mask", "--text", once["text"].as_str().unwrap()].done());
    assert_eq!(again["text"], once["text"]);
    assert_eq!(again["spans"].as_array().unwrap().len(), 0);
}

#[test]
fn files_are_masked_row_by_row_with_their_titles() {
    let folder = Folder::new();
    let data = folder
        .file("d.csv", "id,title,text\nA,找13800001234,路灯不亮\n13900004321少一格\nC,,打13700001111\n");
    let out = folder.join("out.jsonl");
    let run = paidan!["mask", "--data", data, "--out", out].ends(2);
    assert_eq!(run.stdout, "");
    let text = fs::read_to_string(&out).unwrap();
    assert!(!text.contains("0000"), "{text}");
    let objects = json_lines(&text);
    assert_eq!(each(&objects, "id"), ["A", "2", "C"]);
    assert_eq!(objects[0]["title"], "找⟦phone⟧");
    assert_eq!(
        (&objects[0]["title_spans"][0]["start"], &objects[0]["title_spans"][0]["end"]),
        (&1.into(), &12.into())
    );
    assert_eq!(objects[1]["error"]["code"], "ragged_row");
    assert_eq!(keys(&objects[2]), ["id", "schema", "spans", "text"]);
    assert_eq!(objects[2]["text"], "打⟦phone⟧");
}

#[test]

fn a_table_is_written_or_refused() {
    let folder = Folder::new();
    let out = folder.join("out.csv");
    let run = paidan!["mask", "--data", "-", "--out", out].stdin("text\n路灯不亮\n").run();
    let refused = run.status == 1 && !out.exists();
    assert!(refused || fs::read_to_string(&out).unwrap().starts_with("\u{feff}id,"));
}

#[test]
fn needs_no_model() {
    let told =
        paidan!["mask", "--data", "-"].env("PAIDAN_MODEL", "/nowhere").stdin("text\n路灯不亮\n").done();
    assert_eq!(json(&told)["text"], "路灯不亮");
}
