use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use crate::error::Error;
use crate::header::clean_name;
use crate::note::{Note, NoteKind};
use crate::position::Position;
use crate::record::Record;
use crate::row_error::{Fault, RowError};
use crate::rows::{Opened, Rows};
use crate::source::Source;

/// Reads the records of several sources one after another, one record in memory at a time.
///
/// A bad row is an `Err` in its place; the iteration goes on after it.
///
/// ```
/// use paidan_data::{RecordReader, Source};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("tickets.jsonl");
/// std::fs::write(&path, "{\"id\": 7, \"text\": \"路灯不亮\"}\n")?;
///
/// let mut reader = RecordReader::open(&[Source::new(path)])?;
/// let record = reader.next().transpose()?.ok_or("no record")?;
/// assert_eq!(record.get("id"), Some("7"));
/// assert_eq!(record.get("title"), None);
/// assert_eq!(record.position().line, 1);
/// # Ok(())
/// # }
/// ```
pub struct RecordReader {
    /// Every source in order: its name and the columns it was found to have.
    files: Vec<(Arc<str>, Option<Vec<String>>)>,
    waiting: VecDeque<(Arc<str>, Waiting)>,
    current: Option<Current>,
    /// Bytes of the sources that are done.
    done: u64,
    total: Option<u64>,
    notes: Vec<Note>,
}

/// A source whose turn has not come. Files are opened again then, so that not all are open at once; pipes
/// cannot be, and for the first file it would be work done twice.
enum Waiting {
    File(Source),
    Open(Rows),
}

struct Current {
    file: Arc<str>,
    rows: Rows,
    row: u64,
}

impl RecordReader {
    /// Looks at every source, so that a mistake in the last is known before the first row is read.
    ///
    /// # Errors
    /// When there is no source, or one does not exist, may not be read, is a folder, is empty, is in
    /// another format, or has a header in an unknown encoding or one that names a column twice. A header without rows is
    /// no error.
    pub fn open(sources: &[Source]) -> Result<Self, Error> {
        if sources.is_empty() {
            return Err(Error::no_sources());
        }
        if sources.iter().filter(|source| **source == Source::Stdin).count() > 1 {
            return Err(Error::stdin_twice());
        }
        let mut reader = Self {
            files: Vec::new(),
            waiting: VecDeque::new(),
            current: None,
            done: 0,
            total: Some(0),
            notes: Vec::new(),
        };
        for source in sources {
            let name: Arc<str> = source.name().into();
            let opened = Opened::new(source)?;
            reader.note(&name, opened.rows.notes());
            reader.files.push((Arc::clone(&name), opened.columns));
            reader.total = reader.total.zip(opened.length).map(|(total, length)| total + length);
            let waiting = match opened.length {
                Some(_) if !reader.waiting.is_empty() => Waiting::File(source.clone()),
                _ => Waiting::Open(opened.rows),
            };
            reader.waiting.push_back((name, waiting));
        }
        Ok(reader)
    }

    /// Checks that each source has all `columns`: a table in its header, a JSON file in one of its first 1,000
    /// objects (one without any object is not checked).
    ///
    /// # Errors
    /// Names the first column that is missing, its file, and the columns that there are.
    pub fn require_columns(&self, columns: &[&str]) -> Result<(), Error> {
        let advice = |_: &[String]| "name one of these".to_owned();
        columns.iter().try_for_each(|column| self.require_column(column, advice))
    }

    /// `advice` says of the columns that there are what to do.
    pub(crate) fn require_column(
        &self,
        column: &str,
        advice: impl Fn(&[String]) -> String,
    ) -> Result<(), Error> {
        for (file, found) in self.columns() {
            if !found.iter().any(|name| name == column || *name == clean_name(column)) {
                return Err(Error::missing_column(column, file, found, &advice(found)));
            }
        }
        Ok(())
    }

    /// Each source's name and columns, where they are known.
    pub(crate) fn columns(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.files.iter().filter_map(|(file, columns)| Some((file.as_ref(), columns.as_deref()?)))
    }

    /// Bytes read so far, for a progress bar.
    pub fn bytes_read(&self) -> u64 {
        self.done + self.current.as_ref().map_or(0, |current| current.rows.bytes_read())
    }

    /// Bytes of all sources together; `None` if one is standard input or a pipe.
    pub fn total_bytes(&self) -> Option<u64> {
        self.total
    }

    /// What is worth telling of the sources although nothing is wrong with them, such as an encoding that is
    /// not UTF-8. Nearly all is known from the beginning; more may be known at the end of a source.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    fn note(&mut self, file: &Arc<str>, kinds: Vec<NoteKind>) {
        for note in kinds.into_iter().map(|kind| Note::new(file, kind)) {
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
    }

    /// What stands for the id of the row at `position` if it has none.
    pub(crate) fn row_id(&self, position: &Position) -> String {
        position.row_id(self.files.len() > 1)
    }

    fn row_error(&self, position: Position, fault: Fault) -> RowError {
        RowError::new(position.clone(), self.row_id(&position), fault)
    }
}

impl Iterator for RecordReader {
    type Item = Result<Record, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let Some(current) = &mut self.current else {
                let (file, waiting) = self.waiting.pop_front()?;
                match waiting.rows() {
                    Ok(rows) => self.current = Some(Current { file, rows, row: 0 }),
                    Err(error) => {
                        let fault =
                            Fault::new(1, "io", format!("the file changed while others were read: {error}"));
                        return Some(Err(self.row_error(Position { file, line: 1, row: 1 }, fault)));
                    }
                }
                continue;
            };
            let Some(row) = current.rows.next_row() else {
                self.done += current.rows.bytes_read();
                let (file, notes) = (Arc::clone(&current.file), current.rows.notes());
                self.current = None;
                self.note(&file, notes);
                continue;
            };
            current.row += 1;
            let position = |line| Position { file: Arc::clone(&current.file), line, row: current.row };
            return Some(match row {
                Ok(row) => Ok(Record::new(position(row.line), row)),
                Err(fault) => {
                    let position = position(fault.line);
                    Err(self.row_error(position, fault))
                }
            });
        }
    }
}

impl Waiting {
    fn rows(self) -> Result<Rows, Error> {
        match self {
            Self::File(source) => Opened::new(&source).map(|opened| opened.rows),
            Self::Open(rows) => Ok(rows),
        }
    }
}

impl fmt::Debug for RecordReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordReader").field("files", &self.files).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn readers_and_records_can_change_threads() {
        fn check<T: Send + Sync>() {}
        check::<RecordReader>();
        check::<Record>();
        check::<RowError>();
        check::<Error>();
    }

    #[test]
    fn sources_are_checked() {
        let kind = |sources: &[Source]| RecordReader::open(sources).unwrap_err().kind();
        assert_eq!(kind(&[]), ErrorKind::BadSources);
        assert_eq!(kind(&[Source::Stdin, Source::new("-")]), ErrorKind::BadSources);
    }

    #[test]
    fn a_file_that_vanishes_is_one_bad_row() {
        let folder = tempfile::tempdir().unwrap();
        let paths = ["a.csv", "b.csv", "c.csv"].map(|name| folder.path().join(name));
        for path in &paths {
            std::fs::write(path, "text\n好\n").unwrap();
        }
        let reader = RecordReader::open(&paths.clone().map(Source::new)).unwrap();
        std::fs::remove_file(&paths[1]).unwrap();
        let codes: Vec<_> = reader.map(|record| record.err().map(|error| error.code())).collect();
        assert_eq!(codes, [None, Some("io"), None]);
    }
}
