//! Tables as workbooks: cells merged downwards are filled, across columns they are refused.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    dead_code,
    reason = "a test that meets the unexpected has failed"
)]

mod support;

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::Path;

use paidan_catalogue::Catalogue;
use support::{decide, lead, write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A workbook of one sheet with these rows and merged ranges.
fn workbook(rows: &[&str], merged: &[&str]) -> Vec<u8> {
    let cell = |row: usize, column: usize, text: &str| {
        let name = char::from(b'A' + column as u8);
        format!(r#"<c r="{name}{row}" t="inlineStr"><is><t>{text}</t></is></c>"#)
    };
    let row = |(at, text): (usize, &&str)| {
        let cells = text.split(',').enumerate().map(|(column, text)| cell(at + 1, column, text));
        format!(r#"<row r="{}">{}</row>"#, at + 1, cells.collect::<String>())
    };
    let sheet: String = rows.iter().enumerate().map(row).collect();
    let merged: String = merged.iter().map(|range| format!(r#"<mergeCell ref="{range}"/>"#)).collect();
    let parts = [
        (
            "_rels/.rels",
            r#"<Relationships><Relationship Id="r" Type="x/officeDocument" Target="/xl/workbook.xml"/></Relationships>"#
                .to_owned(),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            r#"<Relationships><Relationship Id="rId0" Type="x/worksheet" Target="worksheets/s0.xml"/></Relationships>"#
                .to_owned(),
        ),
        (
            "xl/workbook.xml",
            r#"<workbook><workbookPr/><sheets><sheet name="表" sheetId="0" r:id="rId0"/></sheets></workbook>"#.to_owned(),
        ),
        (
            "xl/worksheets/s0.xml",
            format!("<worksheet><sheetData>{sheet}</sheetData><mergeCells>{merged}</mergeCells></worksheet>"),
        ),
    ];
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn with_areas(folder: &Path, rows: &[&str], merged: &[&str]) {
    write(folder, &[]);
    fs::remove_file(folder.join("areas.csv")).unwrap();
    fs::write(folder.join("areas.xlsx"), workbook(rows, merged)).unwrap();
}

const AREAS: [&str; 6] = [
    "code,name,level,parent,aliases,landmarks",
    "YL,云澜市,city,,云澜,",
    "YL-CJ,澄江区,district,YL,澄江,南门汽车站",
    "YL-MH,明湖区,,,明湖,",
    "YL-CJ-QH,清河街道,street,YL-CJ,清河街,柳荫路;金桂花园;人民路(1-199)",
    "YL-MH-BS,北山街道,street,YL-MH,,人民路(200-);学府路",
];

#[test]
fn cells_merged_downwards_are_filled() {
    let folder = tempfile::tempdir().unwrap();
    with_areas(folder.path(), &AREAS, &["C3:C4", "D3:D4"]);
    let catalogue = Catalogue::load(folder.path()).unwrap_or_else(|error| panic!("{:#?}", error.findings()));
    assert_eq!(lead(&decide(&catalogue, "学府路路灯不亮", "2026-03-02")), "MH-CG");
    // The same content has the same hash, whatever the file.
    assert_eq!(catalogue.hash(), support::catalogue(&[]).hash());
}

#[test]
fn cells_merged_across_columns_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    with_areas(folder.path(), &AREAS, &["C3:D4"]);
    let error = Catalogue::load(folder.path()).unwrap_err();
    let finding = error.findings().iter().find(|finding| finding.code == "merged_cells").unwrap();
    assert_eq!(finding.line, Some(3));
    assert!(finding.message.contains("split them"), "{finding}");
}

#[test]
fn two_tables_of_one_name_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[]);
    fs::write(folder.path().join("areas.xlsx"), workbook(&AREAS, &[])).unwrap();
    let error = Catalogue::load(folder.path()).unwrap_err();
    assert!(error.findings().iter().any(|finding| finding.code == "two_tables"));
}
