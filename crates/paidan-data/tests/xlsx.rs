//! Workbooks as spreadsheet programs, exporters and attackers write them, part by part. All texts are invented.
#![expect(clippy::unwrap_used, reason = "helpers of tests stand outside the tests")]

use std::io::{Cursor, Write as _};

use paidan_data::{ErrorKind, RecordReader, Source, TicketColumns, TicketReader};
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A workbook's parts, by name.
#[derive(Clone)]
struct Workbook(Vec<(String, Vec<u8>)>);

impl Workbook {
    /// One sheet called `工单` with this XML inside `sheetData`.
    fn new(rows: &str) -> Self {
        Self::with_sheets(&[("工单", "", rows)])
    }

    /// Sheets by name, attributes beside the name, and rows.
    fn with_sheets(sheets: &[(&str, &str, &str)]) -> Self {
        let mut book = Self(Vec::new());
        let (mut listed, mut related) = (String::new(), String::new());
        for (at, (name, attributes, rows)) in sheets.iter().enumerate() {
            listed += &format!(r#"<sheet name="{name}" sheetId="{at}" {attributes} r:id="rId{at}"/>"#);
            related +=
                &format!(r#"<Relationship Id="rId{at}" Type="x/worksheet" Target="worksheets/s{at}.xml"/>"#);
            let sheet =
                format!("<worksheet><dimension ref=\"A1\"/><sheetData>{rows}</sheetData></worksheet>");
            book.set(&format!("xl/worksheets/s{at}.xml"), sheet);
        }
        for part in ["sharedStrings", "styles"] {
            related += &format!(r#"<Relationship Id="{part}" Type="x/{part}" Target="{part}.xml"/>"#);
        }
        book.set("_rels/.rels", r#"<Relationships><Relationship Id="r" Type="x/officeDocument" Target="/xl/workbook.xml"/></Relationships>"#);
        book.set("xl/_rels/workbook.xml.rels", format!("<Relationships>{related}</Relationships>"));
        book.set("xl/workbook.xml", format!("<workbook><workbookPr/><sheets>{listed}</sheets></workbook>"));
        // Styles 1 to 4: a day, a day and a time as Chinese offices write it, a length of time, text.
        book.set("xl/styles.xml", r#"<styleSheet><numFmts><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot; hh:mm"/></numFmts>
            <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
            <cellXfs><xf numFmtId="0"/><xf numFmtId="31"/><xf numFmtId="176"/><xf numFmtId="46"/><xf numFmtId="49"/></cellXfs></styleSheet>"#);
        book
    }

    fn set(&mut self, part: &str, content: impl Into<Vec<u8>>) {
        self.0.retain(|(name, _)| name != part);
        self.0.push((part.to_owned(), content.into()));
    }

    fn with(mut self, part: &str, content: impl Into<Vec<u8>>) -> Self {
        self.set(part, content);
        self
    }

    fn strings(self, items: &str) -> Self {
        self.with("xl/sharedStrings.xml", format!("<sst uniqueCount=\"99999999999999\">{items}</sst>"))
    }

    fn bytes(&self) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in &self.0 {
            zip.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
            zip.write_all(content).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn file(&self) -> Opened {
        Opened::new("t.xlsx", &self.bytes())
    }
}

/// A file in a folder of its own.
struct Opened {
    _folder: TempDir,
    source: Source,
}

impl Opened {
    fn new(name: &str, bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        Self { _folder: folder, source: Source::new(path) }
    }

    fn reader(&self) -> RecordReader {
        RecordReader::open(std::slice::from_ref(&self.source)).unwrap()
    }

    /// Each row as `LINE=value|value`, `∅` where a cell is empty, or `LINE!code message`.
    fn rows(&self) -> Vec<String> {
        let shown = |item| match item {
            Ok(record) => {
                let record: paidan_data::Record = record;
                let names: Vec<_> = record.columns().map(str::to_owned).collect();
                let values: Vec<_> = names.iter().map(|name| record.get(name).unwrap_or("∅")).collect();
                format!("{}={}", record.position().line, values.join("|"))
            }
            Err(error) => {
                let error: paidan_data::RowError = error;
                format!("{}!{} {}", error.position().line, error.code(), error.message())
            }
        };
        self.reader().map(shown).collect()
    }

    fn notes(&self) -> Vec<String> {
        let mut reader = self.reader();
        while reader.next().is_some() {}
        assert_eq!(Some(reader.bytes_read()), reader.total_bytes());
        reader.notes().iter().map(|note| self.without_folder(&note.to_string())).collect()
    }

    fn error(&self) -> (ErrorKind, String) {
        let error = RecordReader::open(std::slice::from_ref(&self.source)).unwrap_err();
        (error.kind(), self.without_folder(&error.to_string()))
    }

    fn without_folder(&self, text: &str) -> String {
        let Source::Path(path) = &self.source else { return text.to_owned() };
        text.replace(&format!("{}/", path.parent().unwrap().display()), "")
    }
}

/// A row of inline strings.
fn texts(row: usize, values: &[&str]) -> String {
    let cells: String =
        values.iter().map(|value| format!("<c t=\"inlineStr\"><is><t>{value}</t></is></c>")).collect();
    format!("<row r=\"{row}\">{cells}</row>")
}

#[test]
fn every_kind_of_cell_becomes_text() {
    let cells = [
        (r#"<c t="s"><v>0</v></c>"#, "路灯不亮"),
        (r#"<c t="s"><v>1</v></c>"#, "上\r\n下 & <甲>"),
        (r#"<c t="s"><v>2</v></c>"#, "富文本"),
        (
            r#"<c t="inlineStr"><is><r><t xml:space="preserve"> 两 </t></r><r><t>段</t></r></is></c>"#,
            " 两 段",
        ),
        (r#"<c t="str"><f>A1&amp;"x"</f><v>公式&#x7684;值</v></c>"#, "公式的值"),
        (r#"<c><f>1+1</f><v>2</v></c>"#, "2"),
        (r#"<c t="b"><v>1</v></c>"#, "true"),
        (r#"<c t="e"><v>#N/A</v></c>"#, "∅"),
        (r#"<c t="e"><v>#SPILL!</v></c>"#, "∅"),
        (r#"<c t="n"><v>20240501123456</v></c>"#, "20240501123456"),
        (r#"<c><v>2.0240501123456E13</v></c>"#, "20240501123456"),
        (r#"<c s="4"><v>1.0</v></c>"#, "1"),
        (r#"<c s="1"><v>45413</v></c>"#, "2024-05-01"),
        (r#"<c s="2"><v>45413.333333333336</v></c>"#, "2024-05-01T08:00:00"),
        (r#"<c s="3"><v>1.25</v></c>"#, "30:00:00"),
        (r#"<c s="99"><v>45413</v></c>"#, "45413"),
        (r#"<c t="d"><v>2024-05-01T08:00:00</v></c>"#, "2024-05-01T08:00:00"),
        (r#"<c s="1"/>"#, "∅"),
        (r#"<c t="s"><v></v></c>"#, "∅"),
    ];
    let names: Vec<String> = (0..cells.len()).map(|column| format!("c{column}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let row: String = cells.iter().map(|(xml, _)| *xml).collect();
    let book = Workbook::new(&(texts(1, &names) + "<row>" + &row + "</row>")).strings(
        "<si><t>路灯不亮</t></si><si><t>上_x000D_\r\n下 &amp; <![CDATA[<甲>]]></t></si>\
         <si><r><rPr><b/></rPr><t>富</t></r><r><t>文本</t></r><rPh sb=\"0\" eb=\"1\"><t>フ</t></rPh><phoneticPr fontId=\"1\"/></si>",
    );
    let expected: Vec<&str> = cells.iter().map(|(_, value)| *value).collect();
    assert_eq!(book.file().rows(), [format!("2={}", expected.join("|"))]);
    assert_eq!(book.file().notes(), [""; 0]);
}

#[test]
fn rows_keep_their_numbers() {
    let rows = texts(3, &["id", "text"])
        + r#"<row r="4"><c r="A4" s="1"/></row><row r="5"/>"#
        + r#"<row r="7"><c r="B7" t="inlineStr"><is><t>跳格</t></is></c></row>"#
        + r#"<row><c><v>8</v></c><c t="str"><v>无号</v></c><c t="str"><v>表外</v></c></row>"#
        + "<row r=\"1048576\"><c><v>9</v></c></row>";
    assert_eq!(Workbook::new(&rows).file().rows(), ["7=∅|跳格", "8=8|无号", "1048576=9|∅"]);
}

#[test]
fn days_may_count_from_1904() {
    let rows = texts(1, &["a", "day"]) + r#"<row><c><v>1</v></c><c s="1"><v>43951</v></c></row>"#;
    let book = Workbook::new(&rows);
    let old = String::from_utf8(book.0.iter().find(|(name, _)| name == "xl/workbook.xml").unwrap().1.clone())
        .unwrap();
    let book = book.with("xl/workbook.xml", old.replace("<workbookPr/>", "<workbookPr date1904=\"1\"/>"));
    assert_eq!(book.file().rows(), ["2=1|2024-05-01"]);
}

#[test]
fn the_first_sheet_that_is_shown_is_read_unless_one_is_named() {
    let sheet = |text| texts(1, &["id", "text"]) + &texts(2, &["1", text]);
    let (hidden, first, second) = (sheet("藏"), sheet("甲"), sheet("乙"));
    let book = Workbook::with_sheets(&[
        ("说明", "state=\"hidden\"", &hidden),
        ("五月", "state=\"visible\"", &first),
        ("六月", "", &second),
    ]);
    let mut file = book.file();
    assert_eq!(file.rows(), ["2=1|甲"]);
    let note = "of 2 sheets in t.xlsx only the first, `五月`, is read; name another with --sheet";
    assert_eq!(file.notes(), [note]);
    for (name, text) in [("六月", "乙"), (" 六 月", "乙"), ("说明", "藏")] {
        file.source = file.source.with_sheet(name);
        assert_eq!(file.rows(), [format!("2=1|{text}")]);
        assert_eq!(file.notes(), [""; 0]);
    }
    let mut named = book.file();
    named.source = named.source.with_sheet("七月");
    let (kind, message) = named.error();
    assert_eq!(kind, ErrorKind::MissingSheet);
    assert!(message.starts_with("sheet `七月` not found in "), "{message}");
    assert!(message.ends_with("it has `说明`, `五月`, `六月`; name one with --sheet"), "{message}");
}

#[test]
fn titles_above_the_header_are_skipped_and_told() {
    let rows = texts(1, &["云澜市热线工单明细表"])
        + &texts(2, &["五月"])
        + &texts(4, &["id", "诉求 \n内容"])
        + &texts(5, &["1", "甲"]);
    let file = Workbook::new(&rows).file();
    assert_eq!(file.rows(), ["5=1|甲"]);
    let note = "row 4 of t.xlsx is taken for the header, because each row above it has a single cell";
    assert_eq!(file.notes(), [note]);
    let columns = TicketColumns::default().with_text("诉求内容");
    assert_eq!(TicketReader::open(&[file.source], &columns).unwrap().filter_map(Result::ok).count(), 1);

    // A table of one column has no titles.
    let one: String = ["text", "甲", "乙", "丙", "丁", "戊"]
        .iter()
        .enumerate()
        .map(|(at, text)| texts(at + 1, &[text]))
        .collect();
    assert_eq!(Workbook::new(&one).file().rows(), ["2=甲", "3=乙", "4=丙", "5=丁", "6=戊"]);
    assert_eq!(Workbook::new(&texts(1, &["text"])).file().rows(), [""; 0]);
}

#[test]
fn sixteen_thousand_columns_are_read() {
    let styled: String = (0..16_384).map(|_| "<c s=\"1\"/>").collect();
    let named: String = (0..16_384).map(|column| format!("<c t=\"str\"><v>c{column}</v></c>")).collect();
    let file = Workbook::new(&format!(
        "<row>{named}</row><row>{styled}</row><row><c r=\"XFD3\"><v>1</v></c><c><v>2</v></c></row>"
    ));
    let rows = file.file().rows();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0], "3!invalid_cell a cell stands right of the last column, 16384");

    // Cells that are only coloured are no columns.
    let rows =
        texts(1, &["id", "text"]).replace("</row>", &format!("{styled}</row>")) + &texts(2, &["1", "甲"]);
    assert_eq!(Workbook::new(&rows).file().rows(), ["2=1|甲"]);
}

#[test]
fn merged_cells_have_their_value_in_the_first() {
    let sheet = format!(
        "<worksheet><sheetData>{}<row r=\"2\"><c r=\"A2\"><v>1</v></c><c r=\"B2\" t=\"str\"><v>投诉</v></c></row>\
         <row r=\"3\"><c r=\"A3\"><v>2</v></c><c r=\"B3\"/></row></sheetData>\
         <mergeCells count=\"1\"><mergeCell ref=\"B2:B3\"/></mergeCells></worksheet>",
        texts(1, &["id", "type"])
    );
    assert_eq!(Workbook::new("").with("xl/worksheets/s0.xml", sheet).file().rows(), ["2=1|投诉", "3=2|∅"]);
}

#[test]
fn formulas_without_values_are_told() {
    let rows = texts(1, &["id", "text"])
        + "<row><c><v>1</v></c><c><f>A2&amp;A3</f></c></row><row><c><v>2</v></c><c><f>A3</f><v></v></c></row>";
    let file = Workbook::new(&rows).file();
    assert_eq!(file.rows(), ["2=1|∅", "3=2|∅"]);
    let note = "t.xlsx has formulas without stored values, first in B2, which are read as empty; open it in a \
                spreadsheet program and save it";
    assert_eq!(file.notes(), [note]);
}

#[test]
fn a_bad_cell_is_one_bad_row() {
    let rows = texts(1, &["id", "text"])
        + "<row><c t=\"s\"><v>7</v></c></row><row><c t=\"b\"><v>maybe</v></c></row>\
           <row><c/><c t=\"n\"><v>13800001234,1</v></c></row>"
        + &texts(5, &["1", "好"]);
    let end = "save the file again";
    let expected = [
        format!("2!invalid_cell cell A2 points to a text that is not there; {end}"),
        format!("3!invalid_cell cell A3 holds neither true nor false, although it says so; {end}"),
        format!("4!invalid_cell cell B4 holds no number, although it says so; {end}"),
        "5=1|好".to_owned(),
    ];
    assert_eq!(Workbook::new(&rows).strings("<si><t>x</t></si>").file().rows(), expected);
}

#[test]
fn headers_that_cannot_be_used() {
    let twice = Workbook::new(&texts(1, &["id", "类型", "", "类型\n"])).file().error();
    let message = "column `类型` stands twice in the header of t.xlsx, as column B and column D, expected once; rename one of the two";
    assert_eq!(twice, (ErrorKind::DuplicateColumn, message.to_owned()));
    assert_eq!(Workbook::new("").file().error().0, ErrorKind::Empty);
    assert_eq!(Workbook::new("<row/><row><c s=\"1\"/></row>").file().error().0, ErrorKind::Empty);
    let pointing = Workbook::new("<row r=\"2\"><c t=\"s\"><v>0</v></c><c><v>1</v></c></row>").file().error();
    assert_eq!(pointing.0, ErrorKind::BadHeader);
    assert!(pointing.1.starts_with("t.xlsx:2: the header cannot be read: cell A2 points"), "{}", pointing.1);
}

#[test]
fn exporters_have_their_ways() {
    // Prefixes, parts with backslashes and other cases, no relations, no styles.
    let sheet = "<x:worksheet xmlns:x=\"m\"><x:sheetData><x:row><x:c t=\"inlineStr\"><x:is><x:t>id</x:t></x:is></x:c>\
        <x:c t=\"inlineStr\"><x:is><x:t>text</x:t></x:is></x:c></x:row><x:row><x:c><x:v>1</x:v></x:c>\
        <x:c t=\"s\"><x:v>0</x:v></x:c></x:row></x:sheetData></x:worksheet>";
    let mut book = Workbook::new("")
        .strings("<x:si xmlns:x=\"m\"><x:t>甲</x:t></x:si>")
        .with("xl\\Worksheets\\S0.xml", sheet);
    book.0.retain(|(name, _)| {
        name != "xl/worksheets/s0.xml" && name != "_rels/.rels" && name != "xl/styles.xml"
    });
    assert_eq!(book.file().rows(), ["2=1|甲"]);
    // The name need not say what it is.
    assert_eq!(Opened::new("t.csv", &book.bytes()).rows(), ["2=1|甲"]);
}

#[test]
fn what_is_no_workbook_is_told() {
    let rows = texts(1, &["id", "text"]) + &texts(2, &["1", "甲"]);
    let book = Workbook::new(&rows);
    let bytes = book.bytes();
    let (kind, message) = Opened::new("t.xlsx", &bytes[..bytes.len() / 2]).error();
    assert_eq!(kind, ErrorKind::Damaged);
    assert_eq!(
        message,
        "t.xlsx is no complete Excel workbook: it is no complete zip file; save or copy it again"
    );
    assert_eq!(Opened::new("t.xlsx", b"id,text\n1,a\n").error().0, ErrorKind::Damaged);

    let mut odt = book.clone();
    odt.0.retain(|(name, _)| !name.contains("workbook") && !name.contains("rels"));
    assert_eq!(Opened::new("t.xlsx", &odt.bytes()).error().0, ErrorKind::Unsupported);
    let missing = book.clone().with("xl/_rels/workbook.xml.rels", "<Relationships/>");
    assert_eq!(missing.file().error().0, ErrorKind::Damaged);

    for (name, bytes) in [("t.xls", &b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"[..]), ("t.xls", b"<html><table>")] {
        let (kind, message) = Opened::new(name, bytes).error();
        assert_eq!(kind, ErrorKind::Unsupported);
        assert!(message.contains("save it as .xlsx"), "{message}");
    }
}

#[test]
fn entities_are_not_expanded() {
    let bomb = "<!DOCTYPE b [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;\">]>";
    let rows = texts(1, &["id", "text"]) + &texts(2, &["1", "&b;"]);
    let sheet = format!("{bomb}<worksheet><sheetData>{rows}</sheetData></worksheet>");
    let (kind, message) = Workbook::new("").with("xl/worksheets/s0.xml", sheet).file().error();
    assert_eq!(kind, ErrorKind::Damaged);
    assert!(message.contains("declares a document type"), "{message}");
    let rows = Workbook::new(&rows).file().rows();
    assert_eq!(rows.len(), 1);
    assert!(rows[0].starts_with("2!damaged ") && rows[0].contains("entity"), "{rows:?}");
}

#[test]
fn bombs_are_bounded() {
    let header = texts(1, &["id", "text"]);
    // One text, one nesting, and one row without end.
    let long = header.clone() + &texts(2, &["1", &" ".repeat(70 << 20)]);
    let rows = Workbook::new(&long).file().rows();
    assert_eq!(
        rows,
        ["2!field_too_large the rest of the file is not read: a row or a text of it is too long"]
    );
    let deep = header.clone() + &texts(2, &["1", "甲"]) + &"<row>".repeat(1 << 20);
    let rows = Workbook::new(&deep).file().rows();
    assert!(rows[0] == "2=1|甲" && rows[1].starts_with("3!damaged "), "{rows:?}");
    let wide = header + "<row>" + &"<c t=\"str\"><v>1</v></c>".repeat(4 << 20) + "</row>";
    let rows = Workbook::new(&wide).file().rows();
    assert!(rows[0].starts_with("2!"), "{rows:?}");
    let blank = texts(1, &["id", "text"]) + &"<row r=\"2\"/>".repeat(1 << 20);
    let rows = Workbook::new(&blank).file().rows();
    assert!(rows[0].contains("more than 1048576 rows"), "{rows:?}");
    let shared = Workbook::new("").strings(&format!("<si><t>{}</t></si>", " ".repeat(70 << 20)));
    assert_eq!(shared.file().error().0, ErrorKind::TooLarge);
}

#[test]
fn damage_is_found_and_never_a_panic() {
    let rows: String = (2..40).map(|row| texts(row, &["1", "我家楼下的路灯坏了三天"])).collect();
    let book = Workbook::new(&(texts(1, &["id", "text"]) + &rows)).strings("<si><t>x</t></si>");
    let bytes = book.bytes();
    let whole = book.file().rows();
    let mut seed = 7_u64;
    let (mut refused, mut broken) = (0, 0);
    for round in 0..2_000 {
        let mut bytes = bytes.clone();
        for _ in 0..=round % 3 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let at = (seed >> 33) as usize % bytes.len();
            bytes[at] ^= 1 << (seed % 8);
        }
        let file = Opened::new("t.xlsx", &bytes);
        match RecordReader::open(std::slice::from_ref(&file.source)) {
            Err(error) => {
                refused += 1;
                assert!(!error.to_string().contains('\n'));
            }
            Ok(_) => {
                let rows = file.rows();
                broken += usize::from(rows.iter().any(|row| row.contains('!')));
                // What is read without an error is what was written.
                assert!(rows == whole || rows.iter().any(|row| row.contains('!')), "{round}: {rows:?}");
            }
        }
    }
    assert!(refused > 200 && broken > 50, "{refused} {broken}");
}

/// A file of `tests/fixtures/files`, written by the program of its name; see `make.py` there.
fn fixture(name: &str) -> Opened {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/files").join(name);
    Opened::new(name, &std::fs::read(path).unwrap())
}

#[test]
fn openpyxl_is_read() {
    let file = fixture("openpyxl.xlsx");
    let expected = [
        "3=20260501000000123|路灯不亮|柳荫路路灯坏了三天|投诉|1|2026-05-01T08:30:00|2026-05-01|∅",
        "4=20260501000000124|∅|自来水发黄，\n有铁锈味|求助|2|2026-05-02T23:59:59|∅|∅",
        "5=20260501000000125|咨询公交|公交车几点收班？|∅|∅|∅|2026-05-03|∅",
    ];
    assert_eq!(file.rows(), expected);
    let notes = file.notes();
    assert!(notes[0].starts_with("row 2 of openpyxl.xlsx is taken for the header"), "{notes:?}");
    assert!(notes[1].contains("first in H3"), "{notes:?}");
    let columns = TicketColumns::default().with_text("诉求内容").with_id("工单编号");
    assert_eq!(TicketReader::open(&[file.source], &columns).unwrap().filter_map(Result::ok).count(), 3);
}

#[test]
fn xlsxwriter_is_read() {
    let mut file = fixture("xlsxwriter.xlsx");
    let expected = [
        "2=20260501000000123|路灯不亮|柳荫路路灯坏了三天|投诉|1|2026-05-01T08:30:00|2026-05-01|2",
        "3=20260501000000124|∅|自来水发黄，\n有铁锈味|求助|2|2026-05-02T23:59:59|∅|3",
        "4=20260501000000125|咨询公交|公交车几点收班？|∅|∅|∅|2026-05-03|1",
    ];
    assert_eq!(file.rows(), expected);
    assert_eq!(file.notes().len(), 1);
    file.source = file.source.with_sheet("六月");
    assert_eq!(file.rows(), expected[..1]);
}
