use super::sheet::{MAX_COLUMNS, column_of};

/// Cells of a sheet that are merged into one; only the first holds a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CellRange {
    /// First row of the sheet, from 1.
    pub first_row: u64,
    /// Last row, included.
    pub last_row: u64,
    /// First column, from 0.
    pub first_column: usize,
    /// Last column, included.
    pub last_column: usize,
}

impl CellRange {
    /// Reads a range such as `A2:A5`; `None` where it is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (first, last) = text.split_once(':')?;
        let row = |cell: &str| cell.trim_start_matches(|c: char| c.is_ascii_alphabetic()).parse::<u64>().ok();
        let range = Self {
            first_row: row(first)?,
            last_row: row(last)?,
            first_column: column_of(first)?,
            last_column: column_of(last)?,
        };
        let in_order = range.first_row <= range.last_row && range.first_column <= range.last_column;
        (in_order && range.last_column < MAX_COLUMNS).then_some(range)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_have_two_corners() {
        let range = CellRange { first_row: 2, last_row: 5, first_column: 0, last_column: 1 };
        assert_eq!(CellRange::parse("A2:B5"), Some(range));
        for text in ["A2", "B5:A2", "A:B", "2:5", ""] {
            assert_eq!(CellRange::parse(text), None, "{text}");
        }
    }
}
