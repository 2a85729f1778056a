use std::fmt;
use std::sync::Arc;

/// Where a row stands. Shown as `FILE:LINE`, which editors can jump to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// The file as the caller gave it; `-` for standard input.
    pub file: Arc<str>,
    /// Line in the file where the record begins, from 1; the header counts, so do lines inside quotes. In a
    /// workbook the number of the row in its sheet; in a Parquet file, which has no lines, the data row.
    pub line: u64,
    /// Data row in this file, from 1; header and blank lines do not count, bad rows do.
    pub row: u64,
}

impl Position {
    /// What stands for the id of a row that has none: the row, after the file where there are several.
    pub(crate) fn row_id(&self, several_sources: bool) -> String {
        if several_sources { format!("{}:{}", self.file, self.row) } else { self.row.to_string() }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_line_and_numbers_rows() {
        let position = Position { file: "五月.csv".into(), line: 12, row: 9 };
        assert_eq!(position.to_string(), "五月.csv:12");
        assert_eq!(position.row_id(false), "9");
        assert_eq!(position.row_id(true), "五月.csv:9");
    }
}
