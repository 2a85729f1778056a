use std::fmt;
use std::sync::Arc;

use crate::encoding::Encoding;
use crate::names::{shown_column, shown_file};
use crate::xlsx::CellRange;

/// Something worth telling of a source with which nothing is wrong.
///
/// Shown as one line such as `五月.csv is read as GB18030`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    file: Arc<str>,
    kind: NoteKind,
}

/// The kinds of [`Note`], for programs; people read the line.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoteKind {
    /// The text is in this encoding, which is not UTF-8.
    Encoding(Encoding),
    /// Of several sheets that are shown, this one is read.
    Sheet {
        /// Its name.
        name: String,
        /// How many there are.
        of: usize,
    },
    /// The rows above this one were taken for titles, and it for the header.
    Header {
        /// Number of the row in the sheet, from 1.
        row: u64,
    },
    /// Formulas have no stored values, which is so in files that no spreadsheet program has saved; they are
    /// read as empty.
    FormulaWithoutValue {
        /// The first such cell, such as `B2`.
        cell: String,
    },
    /// Cells are merged; only the first of each range has a value.
    MergedCells(Vec<CellRange>),
}

impl Note {
    pub(crate) fn new(file: &Arc<str>, kind: NoteKind) -> Self {
        Self { file: Arc::clone(file), kind }
    }

    /// The source as the caller gave it; `-` for standard input.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// What there is to tell.
    pub fn kind(&self) -> &NoteKind {
        &self.kind
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = shown_file(&self.file);
        match &self.kind {
            NoteKind::Encoding(encoding) => write!(f, "{file} is read as {encoding}"),
            NoteKind::Sheet { name, of } => write!(
                f,
                "of {of} sheets in {file} only the first, {}, is read; name another with --sheet",
                shown_column(name)
            ),
            NoteKind::Header { row } => write!(
                f,
                "row {row} of {file} is taken for the header, because each row above it has a single cell"
            ),
            NoteKind::FormulaWithoutValue { cell } => write!(
                f,
                "{file} has formulas without stored values, first in {cell}, which are read as empty; open it \
                 in a spreadsheet program and save it"
            ),
            NoteKind::MergedCells(ranges) => write!(
                f,
                "{file} has merged cells, first in row {}; only the first cell of each has the value",
                ranges.first().map_or(1, |range| range.first_row)
            ),
        }
    }
}
