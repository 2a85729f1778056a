use std::{fmt, io};

use crate::names::{shown_column, shown_columns, shown_file};

/// What kept a source from being read at all. What is wrong with one row is a
/// [`RowError`](crate::RowError).
///
/// ```
/// use paidan_data::{ErrorKind, RecordReader, Source};
///
/// let error = RecordReader::open(&[Source::new("no-such-file.csv")]).err().unwrap();
/// assert_eq!(error.kind(), ErrorKind::NotFound);
/// ```
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    source: Option<io::Error>,
}

/// The kinds of [`Error`], for programs; people read the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// There is no such file.
    NotFound,
    /// The file may not be read.
    PermissionDenied,
    /// The path is a folder.
    IsDirectory,
    /// There is nothing in the source but blanks.
    Empty,
    /// A column that was asked for is not there.
    MissingColumn,
    /// Two columns have the same name.
    DuplicateColumn,
    /// The header is in none of the encodings that are read.
    UnknownEncoding,
    /// The header cannot be told from the rows: an unclosed quote, or too long.
    BadHeader,
    /// The source is in a format that is not read.
    Unsupported,
    /// The workbook has no sheet of the name that was asked for.
    MissingSheet,
    /// A workbook or Parquet file that is broken or cut off.
    Damaged,
    /// A workbook that unpacks to more than is read.
    TooLarge,
    /// No source was given, or standard input twice.
    BadSources,
    /// The operating system could not read on.
    Io,
}

impl Error {
    /// Which kind of error this is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    fn new(kind: ErrorKind, message: String) -> Self {
        Self { kind, message, source: None }
    }

    pub(crate) fn io(file: &str, source: io::Error) -> Self {
        let (kind, message) = match source.kind() {
            io::ErrorKind::NotFound => {
                (ErrorKind::NotFound, format!("{file} does not exist; check the path and the current folder"))
            }
            io::ErrorKind::PermissionDenied => (
                ErrorKind::PermissionDenied,
                format!("{file} may not be read; check its permissions, for instance with `ls -l`"),
            ),
            kind => (ErrorKind::Io, format!("{} could not be read: {kind}", shown_file(file))),
        };
        Self { kind, message, source: Some(source) }
    }

    pub(crate) fn broken_link(file: &str, source: io::Error) -> Self {
        let kind = if source.kind() == io::ErrorKind::NotFound { ErrorKind::NotFound } else { ErrorKind::Io };
        let message = format!("{file} is a symbolic link that leads to no file; check it with `ls -l`");
        Self { kind, message, source: Some(source) }
    }

    pub(crate) fn is_directory(file: &str) -> Self {
        let message = format!("{file} is a folder, expected a file; name the files in it one by one");
        Self::new(ErrorKind::IsDirectory, message)
    }

    pub(crate) fn empty(file: &str) -> Self {
        let file = shown_file(file);
        let message =
            format!("{file} is empty, expected a header line with rows below it, or one JSON object a line");
        Self::new(ErrorKind::Empty, message)
    }

    pub(crate) fn missing_column(column: &str, file: &str, found: &[String], remedy: &str) -> Self {
        let message = format!(
            "column {} not found in {}; it has {}; {remedy}",
            shown_column(column),
            shown_file(file),
            shown_columns(found)
        );
        Self::new(ErrorKind::MissingColumn, message)
    }

    pub(crate) fn no_text_column(file: &str, found: &[String], remedy: &str) -> Self {
        let message = format!(
            "neither column `text` nor column `title` found in {}; it has {}; {remedy}",
            shown_file(file),
            shown_columns(found)
        );
        Self::new(ErrorKind::MissingColumn, message)
    }

    /// `places` are the two places of the column, in words.
    pub(crate) fn duplicate_column(column: &str, file: &str, places: &[String; 2]) -> Self {
        let message = format!(
            "column {} stands twice in the header of {}, as {}, expected once; rename one of the two",
            shown_column(column),
            shown_file(file),
            places.join(" and ")
        );
        Self::new(ErrorKind::DuplicateColumn, message)
    }

    pub(crate) fn unknown_encoding(file: &str) -> Self {
        let message = format!(
            "the header of {} is in an unknown encoding, expected UTF-8, UTF-16, GB18030 or Big5; save the \
             file as UTF-8",
            shown_file(file)
        );
        Self::new(ErrorKind::UnknownEncoding, message)
    }

    pub(crate) fn unclosed_header(file: &str, line: u64) -> Self {
        let message = format!(
            "{}:{line}: a quote opened in the header is not closed in its place; close it or remove it",
            shown_file(file)
        );
        Self::new(ErrorKind::BadHeader, message)
    }

    pub(crate) fn long_header(file: &str, limit: usize) -> Self {
        let message = format!(
            "the header of {} is longer than {} MiB; check that the file is text with one row a line",
            shown_file(file),
            limit >> 20
        );
        Self::new(ErrorKind::BadHeader, message)
    }

    pub(crate) fn unsupported(file: &str, found: &str, remedy: &str) -> Self {
        let message = format!(
            "{} is {found}, expected CSV, JSON, an .xlsx workbook or Parquet; {remedy}",
            shown_file(file)
        );
        Self::new(ErrorKind::Unsupported, message)
    }

    /// `kind` is what the file should be, `found` what is wrong, in words.
    pub(crate) fn damaged(file: &str, kind: &str, found: &str) -> Self {
        let message = format!("{file} is no complete {kind}: {found}; save or copy it again");
        Self::new(ErrorKind::Damaged, message)
    }

    pub(crate) fn too_large(file: &str, found: &str) -> Self {
        let message = format!("{file} is too large to be read: {found}; save the table as CSV");
        Self::new(ErrorKind::TooLarge, message)
    }

    pub(crate) fn missing_sheet(sheet: &str, file: &str, found: &[String]) -> Self {
        let message = format!(
            "sheet {} not found in {file}; it has {}; name one with --sheet",
            shown_column(sheet),
            shown_columns(found)
        );
        Self::new(ErrorKind::MissingSheet, message)
    }

    pub(crate) fn bad_header_row(file: &str, row: u64, found: &str) -> Self {
        Self::new(ErrorKind::BadHeader, format!("{file}:{row}: the header cannot be read: {found}"))
    }

    pub(crate) fn no_sources() -> Self {
        Self::new(ErrorKind::BadSources, "no file to read, expected at least one; name a file or `-`".into())
    }

    pub(crate) fn stdin_twice() -> Self {
        let message = "standard input (`-`) is given twice, expected once; name it once".into();
        Self::new(ErrorKind::BadSources, message)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::error::Error as _;

    #[test]
    fn messages_are_one_line_and_keep_the_source() {
        let error = Error::io("a.csv", io::ErrorKind::NotFound.into());
        assert_eq!(error.kind(), ErrorKind::NotFound);
        assert!(error.source().is_some());
        let error = Error::io("a.csv", io::ErrorKind::PermissionDenied.into());
        assert_eq!(error.kind(), ErrorKind::PermissionDenied);
        let error = Error::missing_column("a\nb", "-", &["x\ny".into()], "name one");
        assert_eq!(error.to_string(), "column `a b` not found in standard input; it has `x y`; name one");
        assert!(error.source().is_none());
    }
}
