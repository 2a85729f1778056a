use std::sync::Arc;
use std::{fmt, io};

use crate::position::Position;

/// What is wrong with one row; the rows after it are read.
///
/// Shown as `FILE:LINE: message`. No message holds what is written in a field. The codes stay the
/// same from version to version:
///
/// | code | the row |
/// | --- | --- |
/// | `ragged_row` | has more or fewer fields than the header (CSV) |
/// | `unclosed_quote` | has a quote that swallows the lines below it (CSV) |
/// | `not_utf8` | is in another encoding than the rest of its file |
/// | `field_too_large` | is longer than 64 MiB; in XLSX it ends its file |
/// | `invalid_json` | is not JSON (JSONL) |
/// | `not_an_object` | is JSON but not an object (JSONL) |
/// | `invalid_cell` | has a cell that does not hold what it says (XLSX) |
/// | `damaged` | is broken or cut off, as all below it (XLSX, Parquet); ends its file |
/// | `empty_text` | has neither title nor text ([`TicketReader`](crate::TicketReader) only) |
/// | `io` | could not be read from the disk; ends its file |
///
/// `Debug` leaves out the id.
#[derive(Clone)]
pub struct RowError {
    position: Position,
    id: String,
    fault: Fault,
}

/// A row's fault before its file and row are known; formats make these.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    pub(crate) line: u64,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) source: Option<Arc<io::Error>>,
}

impl Fault {
    pub(crate) fn new(line: u64, code: &'static str, message: impl Into<String>) -> Self {
        Self { line, code, message: message.into(), source: None }
    }

    pub(crate) fn io(line: u64, source: io::Error) -> Self {
        let message = format!("the rest of the file could not be read: {}", source.kind());
        Self { source: Some(Arc::new(source)), ..Self::new(line, "io", message) }
    }

    pub(crate) fn too_large(line: u64, limit: usize, hint: &str) -> Self {
        let message = format!("record is longer than {} MiB{hint}; it is skipped", limit >> 20);
        Self::new(line, "field_too_large", message)
    }

    /// Ends the file; `found` says what is wrong, in words.
    pub(crate) fn damaged(line: u64, found: &str) -> Self {
        let message = format!("the rest of the file cannot be read: {found}; save or copy the file again");
        Self::new(line, "damaged", message)
    }

    pub(crate) fn wrong_encoding(line: u64, place: &str) -> Self {
        let message = format!(
            "{place} is not in the encoding of the rest of the file; write the whole file in one encoding, \
             best UTF-8"
        );
        Self::new(line, "not_utf8", message)
    }
}

impl RowError {
    pub(crate) fn new(position: Position, id: String, fault: Fault) -> Self {
        Self { position, id, fault }
    }

    /// Where the row stands.
    pub fn position(&self) -> &Position {
        &self.position
    }

    /// Which fault it is, for programs; see the table above.
    pub fn code(&self) -> &'static str {
        self.fault.code
    }

    /// The fault in words, without the place.
    pub fn message(&self) -> &str {
        &self.fault.message
    }

    /// The row's id where it could be read; else its data row, as `FILE:ROW` with several sources.
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.position, self.fault.message)
    }
}

impl fmt::Debug for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowError").field("position", &self.position).field("fault", &self.fault).finish()
    }
}

impl std::error::Error for RowError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.fault.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::error::Error as _;

    #[test]
    fn shows_the_place_and_not_the_id() {
        let position = Position { file: "五月.csv".into(), line: 4, row: 3 };
        let error = RowError::new(position, "张某-1".into(), Fault::new(4, "ragged_row", "expected 3"));
        assert_eq!(error.to_string(), "五月.csv:4: expected 3");
        assert!(!format!("{error:?}").contains("张某"));
        assert!(error.source().is_none());
    }

    #[test]
    fn io_keeps_its_source() {
        let position = Position { file: "a".into(), line: 1, row: 1 };
        let error = RowError::new(position, "1".into(), Fault::io(1, io::ErrorKind::TimedOut.into()));
        assert_eq!(error.code(), "io");
        assert!(error.source().is_some());
    }
}
