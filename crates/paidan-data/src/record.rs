use std::fmt;
use std::sync::Arc;

use crate::header::clean_name;
use crate::position::Position;

/// One row: its columns, their values as text, and where it stands.
///
/// `Debug` shows place and column names, never values.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    position: Position,
    row: Row,
}

/// A row before its file is known; formats make these. `columns` and `values` are equally long.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) line: u64,
    pub(crate) columns: Arc<[String]>,
    pub(crate) values: Vec<Option<String>>,
}

impl Record {
    pub(crate) fn new(position: Position, row: Row) -> Self {
        Self { position, row }
    }

    /// Where the row stands.
    pub fn position(&self) -> &Position {
        &self.position
    }

    /// The value in `column`; `None` where the row has no such column, or null or an empty cell in it.
    ///
    /// Blanks at the ends of names, line breaks in them and full-width letters make no difference.
    ///
    /// JSON numbers keep the digits they were written with; `true` and `false` are those words; arrays
    /// and objects are JSON without blanks.
    pub fn get(&self, column: &str) -> Option<&str> {
        let place = |column: &str| self.row.columns.iter().position(|name| name == column);
        let at = place(column).or_else(|| {
            let clean = clean_name(column);
            if clean == column { None } else { place(&clean) }
        })?;
        self.row.values.get(at)?.as_deref()
    }

    /// The column names, in the order of the file.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.row.columns.iter().map(String::as_str)
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record")
            .field("position", &self.position)
            .field("columns", &self.row.columns)
            .finish_non_exhaustive()
    }
}
