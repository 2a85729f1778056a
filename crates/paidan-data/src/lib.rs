//! Reads tickets from the files that hotlines have: CSV and JSON in any usual encoding, Excel workbooks,
//! Parquet; one file or many.
//!
//! 1. [`Source`] names a file or standard input; [`Format`] says how it is written.
//! 2. [`RecordReader`] yields one [`Record`] a row, in order, holding one row at a time in memory.
//! 3. [`TicketReader`] makes tickets of the records, by the columns that [`TicketColumns`] names.
//!
//! What is wrong with a whole file (it is missing, empty, lacks a column) is an [`Error`] before the
//! first row is read. What is wrong with one row is a [`RowError`] in that row's place, with file and
//! line, and the reading goes on. No message holds what is written in a field: it is a citizen's words.
//!
//! ```
//! use paidan_data::{Source, TicketColumns, TicketReader};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("tickets.csv");
//! std::fs::write(&path, "id,content,type\nA1,柳荫路路灯不亮,求助\nA2,少一格\nA3,小区门口占道经营,投诉\n")?;
//!
//! let columns = TicketColumns::default().with_text("content");
//! let reader = TicketReader::open(&[Source::new(path)], &columns)?;
//! reader.require_columns(&["type"])?;
//!
//! let mut read = Vec::new();
//! for item in reader {
//!     match item {
//!         Ok(item) => read.push(format!("{}={}", item.ticket.id, item.record.get("type").unwrap_or(""))),
//!         Err(error) => read.push(format!("{}: {}", error.id(), error.code())),
//!     }
//! }
//! assert_eq!(read, ["A1=求助", "2: ragged_row", "A3=投诉"]);
//! # Ok(())
//! # }
//! ```
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::string_slice))]

mod csv;
mod encoding;
mod error;
mod format;
mod header;
mod json;
mod jsonl;
mod names;
mod note;
mod parquet;
mod position;
mod record;
mod record_reader;
mod row_error;
mod rows;
mod source;
mod ticket_columns;
mod ticket_reader;
mod usual_names;
mod window;
mod xlsx;

pub use crate::encoding::Encoding;
pub use crate::error::{Error, ErrorKind};
pub use crate::format::Format;
pub use crate::note::{Note, NoteKind};
pub use crate::position::Position;
pub use crate::record::Record;
pub use crate::record_reader::RecordReader;
pub use crate::row_error::RowError;
pub use crate::source::Source;
pub use crate::ticket_columns::TicketColumns;
pub use crate::ticket_reader::{TicketReader, TicketRecord};
pub use crate::xlsx::CellRange;
