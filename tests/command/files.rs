//! Files in and out: what is missing, what is there already.

use std::fs;

use crate::support::{Folder, Paidan, complaints, csv, model, paidan};

/// Each verb that reads `--data`, without its files.
fn readers(folder: &Folder) -> Vec<Paidan> {
    vec![
        paidan!["train", "--label", "type=type", "--out", folder.join("new")],
        paidan!["predict", "--model", model()],
        paidan!["evaluate", "--model", model(), "--label", "type=type"],
        paidan!["dispatch", "--model", model(), "--json"],
        paidan!["mask"],
    ]
}

/// Each verb that writes a file, reading `d.csv` of the folder, with the option that names the file.
fn writers(folder: &Folder) -> Vec<(Paidan, &'static str)> {
    let data = folder.join("d.csv");
    vec![
        (paidan!["predict", "--model", model(), "--data", data], "--out"),
        (paidan!["dispatch", "--model", model(), "--data", data], "--out"),
        (paidan!["mask", "--data", data], "--out"),
        (paidan!["evaluate", "--model", model(), "--data", data, "--label", "type=type"], "--report"),
    ]
}

#[test]
fn empty_files_are_refused() {
    let folder = Folder::new();
    for (name, content) in [("a.csv", ""), ("b.jsonl", ""), ("c.csv", "\u{feff}\r\n \n")] {
        let data = folder.file(name, content);
        for verb in readers(&folder) {
            let said = verb.args(["--data".as_ref(), data.as_os_str()]).refused();
            assert!(said.contains(name) && said.contains("empty"), "{said}");
        }
    }
    let said = paidan!["predict", "--model", model(), "--data", "-"].refused();
    assert!(said.contains("standard input is empty"), "{said}");
    assert!(!folder.join("new").exists());
}

#[test]
fn missing_files_and_folders_are_refused() {
    let folder = Folder::new();
    fs::create_dir(folder.join("box")).unwrap();
    for name in ["nowhere.csv", "box"] {
        for verb in readers(&folder) {
            let said = verb.args(["--data".as_ref(), folder.join(name).as_os_str()]).refused();
            assert!(said.contains(name), "{said}");
        }
    }
}

#[test]
fn a_missing_text_column_is_told_with_those_that_exist() {
    let folder = Folder::new();
    let data = folder.file("d.csv", "编号,诉求内容,type\n1,自来水停了,投诉\n");
    for verb in readers(&folder) {
        let said = verb.args(["--data".as_ref(), data.as_os_str()]).refused();
        assert!(said.contains("`编号`, `诉求内容`, `type`") && said.contains("--text-column"), "{said}");
        assert!(!said.contains("停了"), "{said}");
    }
    for verb in readers(&folder) {
        let run = verb.args(["--data".as_ref(), data.as_os_str()]).args(["--text-column", "内容"]);
        let said = run.refused();
        assert!(said.contains("`内容`") && said.contains("`诉求内容`"), "{said}");
    }
}

#[test]
fn a_file_without_a_header_does_not_tell_its_numbers() {
    for table in ["电话13800001234,停水\n", "a,13800001234停水了\nb,c\n"] {
        for verb in [paidan!["predict", "--model", model(), "--data", "-"], paidan!["mask", "--data", "-"]] {
            let said = verb.stdin(table).refused();
            assert!(!said.contains("1234"), "{said}");
        }
    }
}

#[test]
fn a_missing_label_column_is_told_with_those_that_exist() {
    let folder = Folder::new();
    let data = folder.file("d.jsonl", "{\"text\":\"自来水停了\",\"kind\":\"投诉\"}\n");
    let verbs = [
        paidan!["train", "--out", folder.join("new"), "--label", "type=label"],
        paidan!["evaluate", "--model", model(), "--label", "type=label"],
    ];
    for verb in verbs {
        let said = verb.args(["--data".as_ref(), data.as_os_str()]).refused();
        assert!(said.contains("`label`") && said.contains("`text`, `kind`"), "{said}");
    }
    assert!(!folder.join("new").exists());
}

#[test]
fn a_missing_id_column_is_told() {
    let run = paidan!["predict", "--model", model(), "--data", "-", "--id-column", "编号"];
    let said = run.stdin("text,no\n停水,1\n").refused();
    assert!(said.contains("`编号`") && said.contains("`no`"), "{said}");
}

#[test]
fn the_second_file_is_looked_at_before_the_first_is_read() {
    let folder = Folder::new();
    let good = folder.file("good.csv", "text\n停水\n");
    let bad = folder.file("bad.csv", "words\n停水\n");
    let said = paidan!["predict", "--model", model(), "--data", good, bad].refused();
    assert!(said.contains("bad.csv"), "{said}");
}

#[test]
fn other_formats_are_named() {
    let folder = Folder::new();
    let cases: [(&str, &[u8], &str); 3] = [
        ("a.xlsx", b"PK\x03\x04xxxxxxxx", "Excel workbook"),
        ("c.xls", b"<html><table>", "HTML"),
        ("d.csv", b"\xE9t\xE9,text\n1,2\n", "encoding"),
    ];
    for (name, content, found) in cases {
        let said = paidan!["predict", "--model", model(), "--data", folder.file(name, content)].refused();
        assert!(said.contains(name) && said.contains(found), "{said}");
    }
}

#[test]
fn a_file_in_a_missing_folder_is_refused() {
    let folder = Folder::new();
    folder.file("d.csv", csv(&complaints(12)));
    let path = folder.join("missing/out.jsonl");
    for (verb, option) in writers(&folder) {
        let said = verb.args([option.as_ref(), path.as_os_str()]).refused();
        assert!(said.contains("missing/out.jsonl") && said.contains("write"), "{said}");
    }
    assert_eq!(folder.names(), ["d.csv"]);
}

#[test]
fn an_existing_file_is_replaced_only_with_force() {
    let folder = Folder::new();
    folder.file("d.csv", csv(&complaints(12)));
    let longer = "old ".repeat(100_000);
    for (verb, option) in writers(&folder) {
        let path = folder.file("out.jsonl", &longer);
        let said = verb.args([option.as_ref(), path.as_os_str()]).refused();
        assert!(said.contains("out.jsonl`") && said.contains("--force"), "{said}");
        assert_eq!(fs::read_to_string(&path).unwrap(), longer);
    }
    for (verb, option) in writers(&folder) {
        let path = folder.file("out.jsonl", &longer);
        verb.args([option.as_ref(), path.as_os_str()]).args(["--force"]).done();
        let text = fs::read_to_string(&path).unwrap();
        assert!(!text.is_empty() && !text.contains("old "), "{option}");
    }
}

#[test]
fn an_existing_file_stays_when_the_model_or_the_data_cannot_be_used() {
    let folder = Folder::new();
    let data = folder.file("d.csv", csv(&complaints(12)));
    let words = folder.file("w.csv", "words\n停水\n");
    let path = folder.file("out.jsonl", "old");
    let nowhere = folder.join("nowhere");
    paidan!["predict", "--model", nowhere, "--data", data, "--out", path, "--force"].refused();
    paidan!["predict", "--model", model(), "--data", words, "--out", path, "--force"].refused();
    assert_eq!(fs::read_to_string(&path).unwrap(), "old");
}

#[test]
fn an_input_is_never_overwritten() {
    let folder = Folder::new();
    let before = csv(&complaints(12));
    folder.file("d.csv", &before);
    fs::create_dir(folder.join("sub")).unwrap();
    let mut paths = vec![folder.join("d.csv"), folder.join("sub/../d.csv")];
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(folder.join("d.csv"), folder.join("link.csv")).unwrap();
        paths.push(folder.join("link.csv"));
    }
    for path in &paths {
        for force in [&[][..], &["--force"]] {
            for (verb, option) in writers(&folder) {
                let said = verb.args([option.as_ref(), path.as_os_str()]).args(force).refused();
                assert!(said.contains("input"), "{said}");
                assert_eq!(fs::read_to_string(folder.join("d.csv")).unwrap(), before);
            }
        }
    }
}

#[cfg(unix)]
#[test]

fn an_input_is_not_overwritten_by_another_of_its_names() {
    let folder = Folder::new();
    let before = csv(&complaints(12));
    let data = folder.file("d.csv", &before);
    let link = folder.join("hard.csv");
    fs::hard_link(&data, &link).unwrap();
    let run = paidan!["mask", "--data", data, "--out", link, "--force"].run();
    assert_eq!(fs::read_to_string(&data).unwrap(), before, "{}", run.stderr);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let folder = Folder::new();
    folder.file("d.csv", csv(&complaints(12)));
    for (verb, option) in writers(&folder) {
        let said = verb.args([option, "/dev/full", "--force"]).refused();
        assert!(said.contains("/dev/full"), "{said}");
    }
    for verb in [
        paidan!["predict", "--model", model(), "--data", folder.join("d.csv")],
        paidan!["info", "--model", model()],
        paidan!["info", "--model", model(), "--json"],
    ] {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let output = verb.command().stdout(full).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("standard output") && !said.contains("panicked"), "{said}");
    }
}
