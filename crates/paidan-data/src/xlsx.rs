//! XLSX: one sheet of an Excel workbook, its first row with the names of the columns.
//!
//! Written on `zip` and `quick-xml` because `calamine`, which the field uses, takes a file at its word: it
//! reserves the memory that `uniqueCount` asks for (an abort where there is not so much), holds each shared text
//! as a string of its own, unpacks without a limit, and ends the file at the first cell it does not understand.
//!
//! Limits: a sheet, and the shared texts, unpack to at most 4 GiB; the texts take at most 1 GiB of memory, one
//! row or text 64 MiB; a sheet has 1,048,576 rows of 16,384 columns; elements nest 64 deep; no entities.

mod broken;
mod merged;
mod number;
mod package;
mod shared_strings;
mod sheet;
mod styles;
mod text;
mod workbook;
mod xml;

use std::collections::VecDeque;
use std::fs::File;
use std::sync::Arc;

use self::broken::Broken;
pub use self::merged::CellRange;
use self::package::Package;
use self::shared_strings::SharedStrings;
use self::sheet::{SheetRow, SheetRows, column_name};
use self::workbook::{Sheet, Workbook};
use crate::error::Error;
use crate::header::{clean_name, first_duplicate};
use crate::note::NoteKind;
use crate::record::Row;
use crate::row_error::Fault;

/// Rows that may stand above the header as titles.
const MAX_TITLES: usize = 3;
/// Unpacked, bytes.
const MAX_STYLES: u64 = 256 << 20;

/// The rows of one sheet.
pub(crate) struct XlsxRows {
    rows: SheetRows,
    columns: Arc<[String]>,
    /// Read to find the header, to be handed out next.
    pending: VecDeque<SheetRow>,
    notes: Vec<NoteKind>,
    ended: bool,
}

impl XlsxRows {
    /// Reads as far as the header of the sheet called `sheet`, or of the first that is not hidden.
    pub(crate) fn open(file: File, sheet: Option<&str>, name: &str) -> Result<Self, Error> {
        let broken = |broken| match broken {
            Broken::Io(error) => Error::io(name, error),
            Broken::Damaged(found) => Error::damaged(name, "Excel workbook", &found),
            Broken::TooLarge(found) => Error::too_large(name, &found),
        };
        let mut package = Package::open(file).map_err(broken)?;
        let Some(workbook) = Workbook::read(&mut package).map_err(broken)? else {
            return Err(Error::unsupported(
                name,
                "a zip file without an .xlsx workbook",
                "save the table as .xlsx or CSV",
            ));
        };
        let mut notes = Vec::new();
        let chosen = choose(&workbook.sheets, sheet, name, &mut notes)?;
        let rows = sheet_rows(&mut package, &workbook, chosen).map_err(broken)?;
        Self::with_header(rows, notes, name).map_err(|error| match error {
            Unusable::Broken(cause) => broken(cause),
            Unusable::Header(error) => error,
        })
    }

    fn with_header(mut rows: SheetRows, mut notes: Vec<NoteKind>, name: &str) -> Result<Self, Unusable> {
        let (header, pending) =
            find_header(&mut rows, &mut notes)?.ok_or_else(|| Unusable::Header(Error::empty(name)))?;
        if let Some(fault) = header.fault {
            return Err(Unusable::Header(Error::bad_header_row(name, header.number, &fault)));
        }
        let mut columns = Vec::new();
        for (column, value) in &header.cells {
            columns.resize(columns.len().max(column + 1), String::new());
            if let Some(slot) = columns.get_mut(*column) {
                *slot = clean_name(value);
            }
        }
        if let Some((first, second)) = first_duplicate(&columns) {
            let shown = columns.get(first).map_or("", String::as_str);
            let places = [first, second].map(|place| format!("column {}", column_name(place)));
            return Err(Unusable::Header(Error::duplicate_column(shown, name, &places)));
        }
        Ok(Self { rows, columns: columns.into(), pending, notes, ended: false })
    }

    pub(crate) fn columns(&self) -> &[String] {
        &self.columns
    }

    /// How much was read, from 0 to 1.
    pub(crate) fn progress(&self) -> f64 {
        if self.ended { 1.0 } else { self.rows.progress().min(1.0) }
    }

    pub(crate) fn notes(&self) -> Vec<NoteKind> {
        let unvalued =
            self.rows.unvalued().map(|cell| NoteKind::FormulaWithoutValue { cell: cell.to_owned() });
        let merged = self.rows.merged();
        let merged = (!merged.is_empty()).then(|| NoteKind::MergedCells(merged.to_vec()));
        self.notes.iter().cloned().chain(unvalued).chain(merged).collect()
    }

    pub(crate) fn next_row(&mut self) -> Option<Result<Row, Fault>> {
        if self.ended {
            return None;
        }
        let row = match self.pending.pop_front() {
            Some(row) => Some(row),
            None => match self.rows.next_row() {
                Ok(row) => row,
                Err(broken) => {
                    self.ended = true;
                    return Some(Err(fault(self.rows.row(), broken)));
                }
            },
        };
        self.ended = row.is_none();
        row.map(|row| self.row(row))
    }

    fn row(&self, row: SheetRow) -> Result<Row, Fault> {
        if let Some(found) = row.fault {
            return Err(Fault::new(row.number, "invalid_cell", found));
        }
        let mut values = vec![None; self.columns.len()];
        for (column, value) in row.cells {
            // What stands right of the named columns belongs to none.
            if let Some(slot) = values.get_mut(column) {
                *slot = Some(value);
            }
        }
        Ok(Row { line: row.number, columns: Arc::clone(&self.columns), values })
    }
}

enum Unusable {
    Broken(Broken),
    Header(Error),
}

impl From<Broken> for Unusable {
    fn from(broken: Broken) -> Self {
        Self::Broken(broken)
    }
}

/// The header, and the rows below it that were read to find it. Rows with a single cell above one with more
/// are titles.
fn find_header(
    rows: &mut SheetRows,
    notes: &mut Vec<NoteKind>,
) -> Result<Option<(SheetRow, VecDeque<SheetRow>)>, Broken> {
    let mut above = VecDeque::new();
    while above.len() <= MAX_TITLES
        && let Some(row) = rows.next_row()?
    {
        if row.cells.len() > 1 {
            if !above.is_empty() {
                notes.push(NoteKind::Header { row: row.number });
            }
            return Ok(Some((row, VecDeque::new())));
        }
        above.push_back(row);
    }
    Ok(above.pop_front().map(|first| (first, above)))
}

/// The sheet called `wanted`, else the first that is shown.
fn choose<'a>(
    sheets: &'a [Sheet],
    wanted: Option<&str>,
    file: &str,
    notes: &mut Vec<NoteKind>,
) -> Result<&'a Sheet, Error> {
    let names = || sheets.iter().map(|sheet| sheet.name.clone()).collect::<Vec<_>>();
    if let Some(wanted) = wanted {
        let exact = sheets.iter().find(|sheet| sheet.name == wanted);
        let alike = || sheets.iter().find(|sheet| clean_name(&sheet.name) == clean_name(wanted));
        return exact.or_else(alike).ok_or_else(|| Error::missing_sheet(wanted, file, &names()));
    }
    let shown = sheets.iter().filter(|sheet| !sheet.hidden).count();
    let first = sheets.iter().find(|sheet| !sheet.hidden).or(sheets.first());
    let Some(first) = first else {
        return Err(Error::damaged(file, "Excel workbook", "it has no sheets"));
    };
    if shown > 1 {
        notes.push(NoteKind::Sheet { name: first.name.clone(), of: shown });
    }
    Ok(first)
}

fn sheet_rows(package: &mut Package, workbook: &Workbook, sheet: &Sheet) -> Result<SheetRows, Broken> {
    let styles = match &workbook.styles {
        Some(part) => package.part(part, MAX_STYLES)?.map(styles::read).transpose()?,
        None => None,
    };
    let read = |part| SharedStrings::read(part, shared_strings::MAX_MEMORY);
    let strings = match &workbook.shared_strings {
        Some(part) => package.part(part, shared_strings::MAX_PART)?.map(read).transpose()?,
        None => None,
    };
    let input = package.part(&sheet.part, sheet::MAX_PART)?;
    let input = input.ok_or_else(|| Broken::damaged("a sheet of it is missing"))?;
    SheetRows::new(input, strings.unwrap_or_default(), styles.unwrap_or_default(), workbook.from_1904)
}

/// Ends the file.
fn fault(row: u64, broken: Broken) -> Fault {
    match broken {
        Broken::Io(error) => Fault::io(row, error),
        Broken::Damaged(found) => Fault::damaged(row, &found),
        Broken::TooLarge(found) => {
            Fault::new(row, "field_too_large", format!("the rest of the file is not read: {found}"))
        }
    }
}
