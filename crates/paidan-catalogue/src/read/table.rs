use std::path::Path;

use paidan_data::{NoteKind, Record, RecordReader, Source};

use crate::finding::{Findings, Place};
use crate::period::{Period, parse_date};

/// A column that a table may have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) required: bool,
}

impl Column {
    pub(crate) const fn required(name: &'static str) -> Self {
        Self { name, required: true }
    }

    pub(crate) const fn optional(name: &'static str) -> Self {
        Self { name, required: false }
    }
}

/// A table as a whole: its rows with the columns asked for.
pub(crate) struct Table {
    pub(crate) file: String,
    pub(crate) rows: Vec<TableRow>,
}

/// One row; values stand in the order of the columns asked for, without blanks at their ends.
pub(crate) struct TableRow {
    pub(crate) place: Place,
    columns: Vec<&'static str>,
    values: Vec<String>,
}

/// A cell that is not empty.
pub(crate) struct Cell<'r> {
    pub(crate) column: &'static str,
    pub(crate) value: &'r str,
    pub(crate) place: &'r Place,
}

impl Table {
    /// Reads `path`; tells all that is wrong with it. `None` where nothing could be read.
    pub(crate) fn read(path: &Path, columns: &[Column], findings: &Findings) -> Option<Self> {
        let file = path.display().to_string();
        let unreadable = |error: paidan_data::Error| {
            findings.error_in("unreadable_table", &file, error.to_string());
        };
        let mut reader = RecordReader::open(&[Source::new(path)]).map_err(unreadable).ok()?;
        let required: Vec<&str> = columns.iter().filter(|c| c.required).map(|c| c.name).collect();
        reader.require_columns(&required).map_err(unreadable).ok()?;
        let mut records = Vec::new();
        for record in &mut reader {
            match record {
                Ok(record) => records.push(record),
                Err(error) => {
                    let place = Place { file: file.clone(), line: error.position().line };
                    findings.error("bad_row", &place, error.message());
                }
            }
        }
        if let Some(first) = records.first() {
            refuse_unknown(first, columns, &file, findings);
        }
        let names: Vec<&'static str> = columns.iter().map(|column| column.name).collect();
        let mut rows: Vec<TableRow> = records
            .iter()
            .map(|record| TableRow {
                place: Place { file: file.clone(), line: record.position().line },
                columns: names.clone(),
                values: names
                    .iter()
                    .map(|name| record.get(name).unwrap_or_default().trim().to_owned())
                    .collect(),
            })
            .collect();
        let header: Vec<String> =
            records.first().map(|r| r.columns().map(str::to_owned).collect()).unwrap_or_default();
        for note in reader.notes() {
            if let NoteKind::MergedCells(merged) = note.kind() {
                merged.iter().for_each(|range| fill(range, &header, &mut rows, &file, findings));
            }
        }
        // What a blank row of a spreadsheet leaves behind.
        rows.retain(|row| row.values.iter().any(|value| !value.is_empty()));
        Some(Self { file, rows })
    }

    /// The content in one form, whatever the file's.
    pub(crate) fn canonical(&self) -> String {
        let mut text = String::new();
        for row in &self.rows {
            for (column, value) in row.columns.iter().zip(&row.values) {
                if !value.is_empty() {
                    text += &format!("{column}\u{1f}{value}\u{1e}");
                }
            }
            text.push('\n');
        }
        text
    }
}

fn refuse_unknown(record: &Record, columns: &[Column], file: &str, findings: &Findings) {
    for name in record.columns() {
        let is_own = name.is_empty() || name.starts_with('#') || name.starts_with("备注");
        if !is_own && !columns.iter().any(|column| column.name == name) {
            let known: Vec<&str> = columns.iter().map(|column| column.name).collect();
            let message = format!(
                "expected the columns {}, found `{name}`; rename it, or begin its name with `#` if it is a note",
                known.join(", ")
            );
            findings.error("unknown_column", &Place { file: file.to_owned(), line: 1 }, message);
        }
    }
}

/// Gives the rows of cells merged downwards the value of the first.
fn fill(
    range: &paidan_data::CellRange,
    header: &[String],
    rows: &mut [TableRow],
    file: &str,
    findings: &Findings,
) {
    let is_in = |row: &TableRow| (range.first_row..=range.last_row).contains(&row.place.line);
    if range.first_column != range.last_column {
        if rows.iter().any(is_in) {
            let message = format!(
                "expected each cell by itself, found cells merged across columns from column {}; split them",
                range.first_column + 1
            );
            let place = Place { file: file.to_owned(), line: range.first_row };
            findings.error("merged_cells", &place, message);
        }
        return;
    }
    let Some(name) = header.get(range.first_column) else { return };
    let mut value: Option<String> = None;
    for row in rows.iter_mut().filter(|row| is_in(row)) {
        let Some(at) = row.columns.iter().position(|column| column == name) else { return };
        let Some(cell) = row.values.get_mut(at) else { return };
        match &value {
            None => value = Some(cell.clone()),
            Some(value) if cell.is_empty() => cell.clone_from(value),
            Some(_) => {}
        }
    }
}

impl TableRow {
    /// The value in `column`; empty where there is none.
    pub(crate) fn get(&self, column: &str) -> &str {
        let at = self.columns.iter().position(|name| *name == column);
        at.and_then(|at| self.values.get(at)).map_or("", String::as_str)
    }

    /// The cell of `column`, unless it is empty.
    pub(crate) fn cell(&self, column: &'static str) -> Option<Cell<'_>> {
        Some(self.get(column)).filter(|value| !value.is_empty()).map(|value| Cell {
            column,
            value,
            place: &self.place,
        })
    }

    /// The cell of a column that must not be empty; a finding where it is.
    pub(crate) fn required(&self, column: &'static str, findings: &Findings) -> Option<Cell<'_>> {
        let cell = self.cell(column);
        if cell.is_none() {
            let message = format!("column `{column}`: expected a value, found an empty cell; fill it in");
            findings.error("empty_cell", &self.place, message);
        }
        cell
    }

    /// The code in a required column.
    pub(crate) fn code(&self, column: &'static str, findings: &Findings) -> Option<&str> {
        let cell = self.required(column, findings)?;
        let is_code = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        if cell.value.chars().all(is_code) {
            return Some(cell.value);
        }
        cell.expected("bad_code", "a code of letters, digits, `-`, `_` and `.`", findings);
        None
    }

    /// The period of the columns `valid_from` and `valid_to`.
    pub(crate) fn period(&self, findings: &Findings) -> Period {
        let date = |column: &'static str| {
            let cell = self.cell(column)?;
            let date = parse_date(cell.value);
            if date.is_none() {
                cell.expected("bad_date", "a date such as `2026-03-01`", findings);
            }
            date
        };
        let period = Period { from: date("valid_from"), to: date("valid_to") };
        if period.is_reversed() {
            let message = format!(
                "column `valid_to`: expected a day not before `valid_from`, found `{}`; swap or correct the two",
                self.get("valid_to")
            );
            findings.error("reversed_dates", &self.place, message);
        }
        period
    }
}

impl Cell<'_> {
    /// Tells that something else was expected in this cell.
    pub(crate) fn expected(&self, code: &'static str, expected: &str, findings: &Findings) {
        let shown: String = self.value.chars().take(60).collect();
        findings.error(
            code,
            self.place,
            format!("column `{}`: expected {expected}, found `{shown}`", self.column),
        );
    }
}
