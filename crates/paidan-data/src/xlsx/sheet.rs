use quick_xml::events::{BytesStart, Event};

use super::broken::Broken;
use super::merged::CellRange;
use super::number;
use super::package::Part;
use super::shared_strings::SharedStrings;
use super::styles::NumberKind;
use super::text::{TextReader, unescaped};
use super::xml::{Xml, attribute, push_text};
use crate::rows::MAX_RECORD;

/// Unpacked, bytes: a million rows of thirty columns have half of it.
pub(super) const MAX_PART: u64 = 4 << 30;
/// What spreadsheets have at most.
pub(super) const MAX_COLUMNS: usize = 16_384;
const MAX_ROWS: u64 = 1 << 20;
/// Merged ranges that are remembered.
const MAX_MERGED: usize = 100_000;

/// The rows of one sheet, one in memory at a time.
pub(super) struct SheetRows {
    xml: Xml<Part>,
    strings: SharedStrings,
    styles: Vec<NumberKind>,
    from_1904: bool,
    /// Number of the row read last, from 1.
    row: u64,
    /// Rows that were read, blank ones too.
    count: u64,
    /// The first cell with a formula whose value was not stored.
    unvalued: Option<String>,
    /// Known after the last row.
    merged: Vec<CellRange>,
    text: TextReader,
    written: String,
}

/// A row with at least one cell that is not empty.
pub(super) struct SheetRow {
    /// From 1, blank rows counted.
    pub(super) number: u64,
    /// Columns, from 0, and values of the cells that are not empty.
    pub(super) cells: Vec<(usize, String)>,
    /// What is wrong with a cell of it, in words.
    pub(super) fault: Option<String>,
}

/// A cell whose end was not read yet.
struct Cell {
    column: usize,
    kind: CellKind,
    style: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum CellKind {
    Number,
    SharedText,
    InlineText,
    /// Of a formula, or a date in ISO 8601.
    Text,
    Boolean,
    Error,
}

impl SheetRows {
    pub(super) fn new(
        mut input: Part,
        strings: SharedStrings,
        styles: Vec<NumberKind>,
        from_1904: bool,
    ) -> Result<Self, Broken> {
        input.renew(MAX_RECORD as u64);
        let mut xml = Xml::new(input);
        loop {
            match xml.next()? {
                Event::Start(element) if element.local_name().as_ref() == "sheetData" => break,
                Event::Eof => return Err(Broken::damaged("a sheet of it has no rows")),
                _ => {}
            }
        }
        let (merged, text, written) = Default::default();
        Ok(Self { xml, strings, styles, from_1904, row: 0, count: 0, unvalued: None, merged, text, written })
    }

    /// The first cell with a formula without a value, so far.
    pub(super) fn unvalued(&self) -> Option<&str> {
        self.unvalued.as_deref()
    }

    /// The merged cells, once all rows were read.
    pub(super) fn merged(&self) -> &[CellRange] {
        &self.merged
    }

    /// How much was read, from 0 to 1.
    pub(super) fn progress(&self) -> f64 {
        self.xml.input().progress()
    }

    /// Number of the row read last, from 1.
    pub(super) fn row(&self) -> u64 {
        self.row
    }

    /// The next row that is not blank; `None` at the end, when the checksum was found right.
    pub(super) fn next_row(&mut self) -> Result<Option<SheetRow>, Broken> {
        loop {
            match self.xml.next()? {
                Event::Start(element) if element.local_name().as_ref() == "row" => {
                    let number = attribute(&element, "r")?.and_then(|number| number.parse().ok());
                    self.row = number.unwrap_or(self.row.saturating_add(1));
                    self.count += 1;
                    if self.count > MAX_ROWS {
                        return Err(Broken::TooLarge(format!("a sheet of it has more than {MAX_ROWS} rows")));
                    }
                    let row = self.read_row()?;
                    self.xml.input_mut().renew(MAX_RECORD as u64);
                    if !row.cells.is_empty() || row.fault.is_some() {
                        return Ok(Some(row));
                    }
                }
                Event::End(element) if element.local_name().as_ref() == "sheetData" => {
                    self.xml.input_mut().renew(u64::MAX);
                    self.read_merged()?;
                    return Ok(None);
                }
                Event::Eof => return Ok(None),
                _ => {}
            }
        }
    }

    /// Reads on to the end of the sheet, where the merged cells stand.
    fn read_merged(&mut self) -> Result<(), Broken> {
        loop {
            match self.xml.next()? {
                Event::Start(element) if element.local_name().as_ref() == "mergeCell" => {
                    let range = attribute(&element, "ref")?.and_then(|range| CellRange::parse(&range));
                    if self.merged.len() < MAX_MERGED {
                        self.merged.extend(range);
                    }
                }
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    /// Reads on to the end of the row.
    fn read_row(&mut self) -> Result<SheetRow, Broken> {
        let mut row = SheetRow { number: self.row, cells: Vec::new(), fault: None };
        let mut next_column = 0;
        loop {
            match self.xml.next()? {
                Event::Start(element) if element.local_name().as_ref() == "c" => {
                    let cell = Cell::new(&element, next_column)?;
                    next_column = cell.column + 1;
                    self.read_cell(&cell, &mut row)?;
                }
                Event::End(element) if element.local_name().as_ref() == "row" => return Ok(row),
                Event::Eof => return Err(Broken::damaged("its XML is broken or cut off")),
                _ => {}
            }
        }
    }

    /// Reads on to the end of the cell and adds it to `row` if it is not empty.
    fn read_cell(&mut self, start: &Cell, row: &mut SheetRow) -> Result<(), Broken> {
        self.written.clear();
        self.text.clear();
        let (mut in_value, mut has_formula) = (false, false);
        loop {
            let event = self.xml.next()?;
            match &event {
                Event::Start(element) if element.local_name().as_ref() == "v" => in_value = true,
                Event::End(element) if element.local_name().as_ref() == "v" => in_value = false,
                Event::Start(element) if element.local_name().as_ref() == "f" => has_formula = true,
                Event::End(element) if element.local_name().as_ref() == "c" => break,
                Event::Eof => return Err(Broken::damaged("its XML is broken or cut off")),
                event if in_value => push_text(event, &mut self.written)?,
                event if start.kind == CellKind::InlineText => self.text.take(event)?,
                _ => {}
            }
        }
        match self.value(start) {
            Ok(value) if value.is_empty() => {
                if has_formula && self.written.is_empty() && self.unvalued.is_none() {
                    self.unvalued = Some(cell_name(start.column, row.number));
                }
            }
            Ok(value) if start.column < MAX_COLUMNS => row.cells.push((start.column, value)),
            Ok(_) => row.fault = Some(format!("a cell stands right of the last column, {MAX_COLUMNS}")),
            Err(found) => row.fault = Some(format!("cell {} {found}", cell_name(start.column, row.number))),
        }
        Ok(())
    }

    /// The text of a cell; empty where it is empty or holds an error such as `#N/A`.
    fn value(&self, cell: &Cell) -> Result<String, &'static str> {
        let written = self.written.as_str();
        Ok(match cell.kind {
            CellKind::InlineText => self.text.text().into_owned(),
            CellKind::Text => unescaped(written).into_owned(),
            CellKind::Error => String::new(),
            _ if written.trim().is_empty() => String::new(),
            CellKind::SharedText => {
                let text = written.trim().parse().ok().and_then(|number| self.strings.get(number));
                text.ok_or("points to a text that is not there; save the file again")?.to_owned()
            }
            CellKind::Boolean => match written.trim() {
                "1" | "true" => "true".to_owned(),
                "0" | "false" => "false".to_owned(),
                _ => return Err("holds neither true nor false, although it says so; save the file again"),
            },
            CellKind::Number => {
                let kind = self.styles.get(cell.style).copied().unwrap_or(NumberKind::Number);
                number::shown(written, kind, self.from_1904)
                    .ok_or("holds no number, although it says so; save the file again")?
            }
        })
    }
}

impl Cell {
    fn new(element: &BytesStart<'_>, next_column: usize) -> Result<Self, Broken> {
        let mut cell = Self { column: next_column, kind: CellKind::Number, style: 0 };
        let mut attributes = element.attributes();
        for attribute in attributes.with_checks(false) {
            let attribute = attribute?;
            let value = attribute.value.as_ref();
            match attribute.key.as_ref() {
                "r" => {
                    cell.column = column_of(value).ok_or_else(|| Broken::damaged("a cell has no place"))?
                }
                "s" => cell.style = value.parse().unwrap_or(0),
                "t" => {
                    cell.kind = match value {
                        "s" => CellKind::SharedText,
                        "inlineStr" => CellKind::InlineText,
                        "b" => CellKind::Boolean,
                        "e" => CellKind::Error,
                        "n" => CellKind::Number,
                        _ => CellKind::Text,
                    }
                }
                _ => {}
            }
        }
        Ok(cell)
    }
}

/// The column of a cell's name such as `AB12`, from 0.
pub(super) fn column_of(cell: &str) -> Option<usize> {
    let letters = cell.bytes().take_while(u8::is_ascii_alphabetic);
    let mut column = 0_usize;
    for letter in letters {
        let digit = usize::from(letter.to_ascii_uppercase() - b'A') + 1;
        // Far right of all columns it does not matter where.
        column = (column * 26 + digit).min(MAX_COLUMNS * 26);
    }
    column.checked_sub(1)
}

/// The letters of a column, from 0.
pub(super) fn column_name(column: usize) -> String {
    let mut letters = Vec::new();
    let mut left = column + 1;
    while left > 0 {
        letters.push(char::from(b'A' + ((left - 1) % 26) as u8));
        left = (left - 1) / 26;
    }
    letters.iter().rev().collect()
}

fn cell_name(column: usize, row: u64) -> String {
    format!("{}{row}", column_name(column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_letters() {
        for (column, letters) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")]
        {
            assert_eq!(column_name(column), letters);
            assert_eq!(column_of(&format!("{letters}12")), Some(column));
        }
        assert_eq!(column_of("ab1"), Some(27));
        assert_eq!(column_of("12"), None);
        assert!(column_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ1") > Some(MAX_COLUMNS));
    }
}
