//! Bad files as hotlines have them, through the public API only. All texts are invented.
#![expect(clippy::unwrap_used, reason = "helpers of tests stand outside the tests")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use paidan_data::{Error, ErrorKind, RecordReader, RowError, Source, TicketColumns, TicketReader};
use tempfile::TempDir;

/// A folder with files in it; gone at the end of the test.
struct Files {
    folder: TempDir,
    sources: Vec<Source>,
}

impl Files {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), sources: Vec::new() }
    }

    fn with(mut self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        self.sources.push(Source::new(path));
        self
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn error(&self, columns: &TicketColumns) -> Error {
        TicketReader::open(&self.sources, columns).unwrap_err()
    }

    /// The message without the folder, which differs from run to run.
    fn message(&self, columns: &TicketColumns) -> String {
        self.without_folder(&self.error(columns).to_string())
    }

    fn without_folder(&self, text: &str) -> String {
        text.replace(&format!("{}/", self.folder.path().display()), "")
    }

    /// Each row as `FILE:LINE ROW id text` or `FILE:LINE ROW id !code`.
    fn rows(&self) -> Vec<String> {
        self.rows_with(&TicketColumns::default())
    }

    fn rows_with(&self, columns: &TicketColumns) -> Vec<String> {
        let reader = TicketReader::open(&self.sources, columns).unwrap();
        reader
            .map(|item| {
                let (position, id, rest) = match &item {
                    Ok(item) => (item.record.position(), &*item.ticket.id, item.ticket.text.clone()),
                    Err(error) => (error.position(), error.id(), format!("!{}", error.code())),
                };
                self.without_folder(&format!("{position} {} {id} {rest}", position.row))
            })
            .collect()
    }

    fn row_errors(&self) -> Vec<RowError> {
        RecordReader::open(&self.sources).unwrap().filter_map(Result::err).collect()
    }
}

fn csv(bytes: impl AsRef<[u8]>) -> Files {
    Files::new().with("t.csv", bytes)
}

fn jsonl(bytes: impl AsRef<[u8]>) -> Files {
    Files::new().with("t.jsonl", bytes)
}

#[test]
fn embedded_newlines_and_quotes_keep_line_numbers() {
    let files = csv("id,text\n1,\"第一行\n第二行\n\"\"引用\"\"，完\"\n\n2,路灯不亮\n");
    assert_eq!(files.rows(), ["t.csv:2 1 1 第一行\n第二行\n\"引用\"，完", "t.csv:6 2 2 路灯不亮"]);
}

#[test]
fn crlf_keeps_line_numbers_and_values_clean() {
    let files = csv("id,text\r\n1,\"上\r\n下\"\r\n\r\n2,井盖缺失\r\n3,\"噪音\"\r\n");
    assert_eq!(files.rows(), ["t.csv:2 1 1 上\r\n下", "t.csv:5 2 2 井盖缺失", "t.csv:6 3 3 噪音"]);
}

#[test]
fn delimiters_are_found() {
    for (name, text) in [
        ("a.csv", "id;text;type\n1;停水,两天;投诉\n"),
        ("a.tsv", "id\ttext\ttype, or not, or\n1\t停水,两天\t投诉\n"),
        ("a.txt", "id,text,type\n1,\"停水,两天\",投诉\n"),
        ("a", "\"id;\",text,type\n,\"停水,两天\",投诉\n"),
    ] {
        assert_eq!(Files::new().with(name, text).rows(), [format!("{name}:2 1 1 停水,两天")]);
    }
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_first_column() {
    assert_eq!(csv("\u{feff}id,text\nA1,好\n").rows(), ["t.csv:2 1 A1 好"]);
    assert_eq!(jsonl("\u{feff}{\"id\":\"A1\",\"text\":\"好\"}\n").rows(), ["t.jsonl:1 1 A1 好"]);
}

#[test]
fn several_files_of_several_formats() {
    let files = Files::new()
        .with("a.csv", "id,text\n,甲\nA2\n")
        .with("b.jsonl", "\n{\"text\":\"乙\"}\noops\n")
        .with("c", "{\"text\":\"丙\",\"id\":3}");
    let expected = [
        "a.csv:2 1 a.csv:1 甲",
        "a.csv:3 2 a.csv:2 !ragged_row",
        "b.jsonl:2 1 b.jsonl:1 乙",
        "b.jsonl:3 2 b.jsonl:2 !invalid_json",
        "c:1 1 3 丙",
    ];
    assert_eq!(files.rows(), expected);
}

#[test]
fn progress_ends_at_the_total() {
    let files = csv("id,text\n1,甲\n\n").with("b.jsonl", "{\"text\":\"乙\"}\n \n");
    let mut reader = TicketReader::open(&files.sources, &TicketColumns::default()).unwrap();
    assert_eq!(reader.total_bytes(), Some(15 + 17));
    assert_eq!(reader.bytes_read(), 0);
    while reader.next().is_some() {}
    assert_eq!(Some(reader.bytes_read()), reader.total_bytes());
}

#[test]
fn ragged_rows_say_what_was_expected() {
    let files = csv("id,title,text\n1,题,文\n2,文\n3,题,文,多\n4,题,\"两\n行\",多\n5,题,好\n");
    let messages: Vec<_> =
        files.row_errors().iter().map(|error| files.without_folder(&error.to_string())).collect();
    let remedy = "quote fields that hold the delimiter or a quote";
    let expected = [
        format!("t.csv:3: expected 3 fields as in the header, found 2; {remedy}"),
        format!("t.csv:4: expected 3 fields as in the header, found 4; {remedy}"),
        format!("t.csv:5: expected 3 fields as in the header, found 4 in lines 5 to 6; {remedy}"),
    ];
    assert_eq!(messages, expected);
    assert_eq!(files.rows().last().map(String::as_str), Some("t.csv:7 5 5 好"));
}

#[test]
fn a_row_in_another_encoding_is_one_bad_row() {
    let mut bytes = b"id,text\n1,".to_vec();
    bytes.extend(b"\xC2\xB7\xB5\xC6"); // 路灯 in GB18030
    bytes.extend("\n2,路灯\n".as_bytes());
    let files = csv(&bytes);
    assert_eq!(files.rows(), ["t.csv:2 1 1 !not_utf8", "t.csv:3 2 2 路灯"]);
    let message = files.row_errors()[0].message().to_owned();
    assert!(message.starts_with("field 2 (`text`) is not in the encoding of the rest"), "{message}");

    let files = jsonl(b"{\"text\":\"\xC2\xB7\xB5\"}\n{\"text\":\"ok\"}\n");
    assert_eq!(files.rows(), ["t.jsonl:1 1 1 !not_utf8", "t.jsonl:2 2 2 ok"]);
}

#[test]
fn an_unclosed_quote_does_not_swallow_the_file() {
    let files = csv("id,text\n1,甲\n2,\"没有收尾，\n3,丙\n4,\"丁\"\"\n5,戊\n");
    let expected =
        ["t.csv:2 1 1 甲", "t.csv:3 2 2 !unclosed_quote", "t.csv:4 3 3 丙", "t.csv:5 4 4 !unclosed_quote"];
    assert_eq!(files.rows()[..4], expected);
    assert_eq!(files.rows().last().map(String::as_str), Some("t.csv:6 5 5 戊"));
}

#[test]
fn a_broken_line_in_the_middle() {
    let files =
        jsonl("{\"text\":\"甲\"}\n{\"text\":\"乙\"\n[\"丙\"]\n\n{\"text\":\"丁\"} x\n{\"text\":\"戊\"}");
    let expected = [
        "t.jsonl:1 1 1 甲",
        "t.jsonl:2 2 2 !invalid_json",
        "t.jsonl:3 3 3 !not_an_object",
        "t.jsonl:5 4 4 !invalid_json",
        "t.jsonl:6 5 5 戊",
    ];
    assert_eq!(files.rows(), expected);
    let message = files.row_errors()[0].message().to_owned();
    assert_eq!(message, "expected one JSON object in the line, found the end of the line at byte 13");
}

#[test]
fn messages_never_hold_what_is_in_a_field() {
    let secret = "王某某13800001234";
    let bad_csv =
        format!("id,text\n{secret}\n1,{secret},{secret}\n2,\"{secret}\n3,\"{secret}\"x\n4,\"{secret}\n");
    let bad_jsonl = format!(
        "{{\"text\":{secret}}}\n\"{secret}\"\n{{\"{secret}\":\"\\ud800\"}}\n{{\"{secret}\n{secret}\n"
    );
    let headless = csv(format!("{secret}{secret},{secret}\n"));
    let mut messages = vec![headless.message(&TicketColumns::default())];
    for files in [csv(bad_csv), jsonl(bad_jsonl)] {
        let errors = files.row_errors();
        assert!(errors.len() >= 4, "{errors:?}");
        messages.extend(errors.iter().map(|error| format!("{error} {error:?}")));
    }
    for message in messages {
        assert!(!message.contains("13800001234") && !message.contains('\n'), "{message}");
    }
}

#[test]
fn a_field_of_three_megabytes() {
    let long = "水管爆裂。".repeat(200_000);
    assert_eq!(long.len(), 3_000_000);
    assert_eq!(csv(format!("id,text\n1,\"{long}\"\n")).rows(), [format!("t.csv:2 1 1 {long}")]);
    assert_eq!(jsonl(format!("{{\"text\":\"{long}\"}}")).rows(), [format!("t.jsonl:1 1 1 {long}")]);
}

#[test]
fn a_record_above_64_mebibytes_is_one_bad_row() {
    let long = "x".repeat((64 << 20) + 1);
    let files = jsonl(format!("{{\"text\":\"{long}\"}}\n{{\"text\":\"好\"}}\n"));
    assert_eq!(files.rows(), ["t.jsonl:1 1 1 !field_too_large", "t.jsonl:2 2 2 好"]);
    let files = csv(format!("id,text\n1,{long}\n2,好\n"));
    assert_eq!(files.rows(), ["t.csv:2 1 1 !field_too_large", "t.csv:3 2 2 好"]);
}

#[test]
fn nul_bytes_are_kept() {
    assert_eq!(csv("id,text\n1,前\0后\n").rows(), ["t.csv:2 1 1 前\0后"]);
    assert_eq!(jsonl("{\"text\":\"前\\u0000后\"}").rows(), ["t.jsonl:1 1 1 前\0后"]);
}

#[test]
fn a_header_alone_has_no_rows() {
    assert_eq!(csv("id,text\n").rows(), [""; 0]);
    assert_eq!(csv("id,text").rows(), [""; 0]);
}

#[test]
fn empty_files_are_refused() {
    for bytes in ["", "\u{feff}", "\n \r\n"] {
        for files in [csv(bytes), jsonl(bytes)] {
            let error = files.error(&TicketColumns::default());
            assert_eq!(error.kind(), ErrorKind::Empty);
            assert!(error.to_string().contains(" is empty, expected a header line"), "{error}");
        }
    }
}

#[test]
fn missing_columns_are_told_with_those_that_exist() {
    let content = TicketColumns::default().with_text("content");
    let expected =
        "column `content` not found in t.csv; it has `id`, `title`, `text`; name one with --text-column";
    assert_eq!(csv("id, title ,text\n").message(&content), expected);
    let expected = "neither column `text` nor column `title` found in t.csv; it has `编号`, `标题`, `诉求内容`; \
                    name one with --text-column, for instance `诉求内容`";
    assert_eq!(csv("编号,标题, 诉求\u{3000}内容\n").message(&TicketColumns::default()), expected);
    let files = csv("id,content\n").with("b.jsonl", "oops\n{\"id\":1,\"body\":null}\n");
    let expected = "column `content` not found in b.jsonl; it has `id`, `body`; name one with --text-column, \
                    for instance `body`";
    assert_eq!(files.message(&content), expected);
    let expected = "neither column `text` nor column `title` found in t.csv; it has `id`, `content`; \
                    name one with --text-column, for instance `content`";
    assert_eq!(files.message(&TicketColumns::default()), expected);
    assert_eq!(files.error(&content).kind(), ErrorKind::MissingColumn);

    let files = csv("id,text,type\n");
    let reader = TicketReader::open(&files.sources, &TicketColumns::default()).unwrap();
    assert!(reader.require_columns(&["type"]).is_ok());
    let error = reader.require_columns(&["type", "单位"]).unwrap_err();
    assert!(error.to_string().starts_with("column `单位` not found in "), "{error}");
}

#[test]
fn a_later_object_may_lack_a_column() {
    let files = jsonl("{\"id\":1,\"内容\":\"甲\"}\n{\"id\":2}\n{\"id\":3,\"内容\":null}\n");
    let expected = ["t.jsonl:1 1 1 甲", "t.jsonl:2 2 2 !empty_text", "t.jsonl:3 3 3 !empty_text"];
    assert_eq!(files.rows_with(&TicketColumns::default().with_text("内容")), expected);
}

#[test]
fn headers_that_cannot_be_used() {
    let usual = TicketColumns::default();
    let files = csv("id,text,类型,类型 \n");
    assert_eq!(
        files.message(&usual),
        "column `类型` stands twice in the header of t.csv, as field 3 and field 4, expected once; rename one of the two"
    );
    assert_eq!(files.error(&usual).kind(), ErrorKind::DuplicateColumn);

    let files = csv(b"id,\xFFtext\n1,\xE5\xA5\xBD\n");
    assert_eq!(files.error(&usual).kind(), ErrorKind::UnknownEncoding);
    assert!(files.message(&usual).ends_with("; save the file as UTF-8"));

    assert_eq!(csv("id,text,,\n1,好,,\n").rows(), ["t.csv:2 1 1 好"]);
    assert_eq!(csv("id,\"text\n1,好\n").error(&usual).kind(), ErrorKind::BadHeader);
    assert_eq!(csv(b"PK\x03\x04\x14").error(&usual).kind(), ErrorKind::Damaged);
}

#[test]
fn a_typo_in_the_last_file_is_told_before_work_starts() {
    let files = csv("id,text\n1,好\n");
    let kind = |last: &Path| {
        let sources = [files.sources[0].clone(), Source::new(last)];
        RecordReader::open(&sources).unwrap_err().kind()
    };
    assert_eq!(kind(&files.path("tickts.csv")), ErrorKind::NotFound);
    assert_eq!(kind(files.folder.path()), ErrorKind::IsDirectory);
}

#[test]
fn old_macintosh_line_ends() {
    assert_eq!(csv("id;text\r1;路灯\r2;\"井盖\"\r").rows(), ["t.csv:2 1 1 路灯", "t.csv:3 2 2 井盖"]);
}

#[cfg(unix)]
#[test]
fn a_named_pipe_is_read_once() {
    let mut files = Files::new();
    let path = files.path("pipe");
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    files.sources.push(Source::new(path.clone()));
    let writer = std::thread::spawn(move || std::fs::write(path, "id,text\n1,好\n"));
    let reader = TicketReader::open(&files.sources, &TicketColumns::default()).unwrap();
    assert_eq!(reader.total_bytes(), None);
    assert_eq!(reader.filter_map(Result::ok).count(), 1);
    writer.join().unwrap().unwrap();
}

/// Runs [`child_reads_standard_input`] in a process of its own and gives what it printed.
fn through_stdin(bytes: &[u8]) -> String {
    let files = Files::new().with("input", bytes);
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child_reads_standard_input", "--ignored", "--nocapture"])
        .stdin(Stdio::from(std::fs::File::open(files.path("input")).unwrap()))
        .output()
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let found: Vec<_> =
        printed.lines().filter_map(|line| line.split_once("got ").map(|(_, got)| got)).collect();
    found.join("; ")
}

#[test]
#[ignore = "run by the tests below, with a standard input of its own"]
fn child_reads_standard_input() {
    match TicketReader::open(&["-".into()], &TicketColumns::default()) {
        Ok(reader) => {
            assert_eq!(reader.total_bytes(), None);
            for item in reader {
                match item {
                    Ok(item) => println!("got {} {}", item.record.position(), item.ticket.text),
                    Err(error) => println!("got {} {}", error.position(), error.code()),
                }
            }
        }
        Err(error) => println!("got {error}"),
    }
}

#[test]
fn standard_input_is_csv_or_jsonl() {
    assert_eq!(
        through_stdin("text;id\n甲;1\n\"乙;2\n丙;3\n".as_bytes()),
        "-:2 甲; -:3 unclosed_quote; -:4 丙"
    );
    assert_eq!(through_stdin("\n{\"text\":\"甲\"}\nx\n".as_bytes()), "-:2 甲; -:3 invalid_json");
    assert!(through_stdin(b"").starts_with("standard input is empty, expected"));
}

/// `text` in the encodings that files have, by their names.
fn encoded(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let pairs = |text: &str, bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect();
    let marked = format!("\u{feff}{text}");
    vec![
        ("UTF-16LE", pairs(text, u16::to_le_bytes)),
        ("UTF-16BE", pairs(text, u16::to_be_bytes)),
        ("UTF-16LE", pairs(&marked, u16::to_le_bytes)),
        ("UTF-16BE", pairs(&marked, u16::to_be_bytes)),
        ("GB18030", encoding_rs::GB18030.encode(text).0.into_owned()),
    ]
}

fn notes(files: &Files) -> Vec<String> {
    let mut reader = RecordReader::open(&files.sources).unwrap();
    assert_eq!(reader.bytes_read(), 0);
    while reader.next().is_some() {}
    assert_eq!(Some(reader.bytes_read()), reader.total_bytes());
    reader.notes().iter().map(|note| files.without_folder(&note.to_string())).collect()
}

#[test]
fn files_in_other_encodings_are_read_and_told() {
    let table = "编号,诉求内容\r\nA,\"路灯不亮，\r\n😀\"\r\n\r\nB,井盖缺失\r\n";
    let lines = "{\"编号\":\"A\",\"诉求内容\":\"路灯不亮，\\r\\n😀\"}\n\n\n\n{\"编号\":\"B\",\"诉求内容\":\"井盖缺失\"}\n";
    let columns = TicketColumns::default().with_text("诉求内容").with_id("编号");
    for (name, text) in [("t.csv", table), ("t", table), ("t.jsonl", lines), ("t", lines)] {
        for (encoding, bytes) in encoded(text) {
            let files = Files::new().with(name, bytes);
            let expected_first = if text == table { "2 1 A" } else { "1 1 A" };
            let expected =
                [format!("{name}:{expected_first} 路灯不亮，\r\n😀"), format!("{name}:5 2 B 井盖缺失")];
            assert_eq!(files.rows_with(&columns), expected, "{encoding}");
            assert_eq!(notes(&files), [format!("{name} is read as {encoding}")]);
        }
    }
    assert_eq!(notes(&csv(table)), [""; 0]);
    assert_eq!(notes(&csv(format!("\u{feff}{table}"))), [""; 0]);
}

#[test]
fn a_row_that_is_broken_in_another_encoding_is_one_bad_row() {
    let line = encoding_rs::GB18030.encode("甲,我家楼下的路灯不亮\n").0;
    let utf8 = "乙,我家楼下的路灯不亮\n".as_bytes();
    let files = csv([b"id,text\n", &line[..], utf8, b"3,\xC2\n", &line[..], b"5,\xC2"].concat());
    let expected = [
        "t.csv:2 1 甲 我家楼下的路灯不亮",
        "t.csv:3 2 2 !not_utf8",
        "t.csv:4 3 3 !not_utf8",
        "t.csv:5 4 甲 我家楼下的路灯不亮",
        "t.csv:6 5 5 !not_utf8",
    ];
    assert_eq!(files.rows(), expected);

    let odd =
        [&b"\xFF\xFE"[..], &b"i\0d\0,\0t\0e\0x\0t\0\n\0A\0,\0\x00\xD8\n\0B\0,\0\x7D\x59\n\0C\0,\0\x7D"[..]];
    assert_eq!(
        csv(odd.concat()).rows(),
        ["t.csv:2 1 1 !not_utf8", "t.csv:3 2 B 好", "t.csv:4 3 3 !not_utf8"]
    );
}

#[test]
fn the_first_object_may_lack_the_text() {
    for text in [
        "{\"id\":1}\n{\"id\":2,\"text\":\"乙\"}\n{\"title\":\"丙\"}\n",
        "[{\"id\":1},\n{\"id\":2,\"text\":\"乙\"},\n{\"title\":\"丙\"}]\n",
    ] {
        let files = jsonl(text);
        assert_eq!(files.rows(), ["t.jsonl:1 1 1 !empty_text", "t.jsonl:2 2 2 乙", "t.jsonl:3 3 3 "]);
    }
}

#[test]
fn names_of_columns_are_matched_as_people_write_them() {
    let files = csv("\"诉求\n内容 \",ＩＤ,\u{200b}类型\n甲,A1,投诉\n");
    let columns = TicketColumns::default().with_text("诉求 内容").with_id("ＩＤ");
    assert_eq!(files.rows_with(&columns), ["t.csv:3 1 A1 甲"]);
    let reader = TicketReader::open(&files.sources, &columns).unwrap();
    assert!(reader.require_columns(&["类型", " 类型"]).is_ok());
    let item = reader.filter_map(Result::ok).next().unwrap();
    assert_eq!(item.record.get(" 类型"), Some("投诉"));
    assert_eq!(item.record.get("类别"), None);
}

#[cfg(unix)]
#[test]
fn symbolic_links_are_followed_or_told() {
    use std::os::unix::fs::symlink;
    let mut files = csv("id,text\n1,好\n");
    let link = |files: &mut Files, to: PathBuf, name: &str| {
        symlink(to, files.path(name)).unwrap();
        files.sources = vec![Source::new(files.path(name))];
    };
    let target = files.path("t.csv");
    link(&mut files, target, "link.csv");
    assert_eq!(files.rows(), ["link.csv:2 1 1 好"]);
    let nowhere = files.path("nowhere.csv");
    link(&mut files, nowhere, "dangling.csv");
    let usual = TicketColumns::default();
    assert_eq!(files.error(&usual).kind(), ErrorKind::NotFound);
    let expected = "dangling.csv is a symbolic link that leads to no file; check it with `ls -l`";
    assert_eq!(files.message(&usual), expected);
    let itself = files.path("loop.csv");
    link(&mut files, itself, "loop.csv");
    assert_eq!(files.error(&usual).kind(), ErrorKind::Io);
    assert!(files.message(&usual).starts_with("loop.csv is a symbolic link that leads to no file"));
    let folder = files.folder.path().to_owned();
    link(&mut files, folder, "folder.csv");
    assert_eq!(files.error(&usual).kind(), ErrorKind::IsDirectory);
}
