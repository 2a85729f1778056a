//! Opens one source and reads its rows, whatever its format; a new format is a variant here.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::Path;

use crate::csv::CsvRows;
use crate::encoding::{Encoding, Transcoder};
use crate::error::Error;
use crate::format::{Format, refuse_other_text};
use crate::json::JsonRows;
use crate::jsonl::JsonlRows;
use crate::note::NoteKind;
use crate::parquet::ParquetRows;
use crate::record::Row;
use crate::row_error::Fault;
use crate::source::Source;
use crate::window::Window;
use crate::xlsx::XlsxRows;

/// A longer record is a bad row, bytes.
pub(crate) const MAX_RECORD: usize = 64 << 20;
/// How many bytes tell a file that is no text.
const SIGNATURE: usize = 4;

/// The rows of one source.
pub(crate) enum Rows {
    Csv(CsvRows<Text>),
    Jsonl(JsonlRows<Text>),
    Json(JsonRows<Text>),
    /// With the length of the file, bytes.
    Xlsx(Box<XlsxRows>, u64),
    /// With the length of the file, bytes.
    Parquet(Box<ParquetRows>, u64),
}

/// What text formats are read from.
type Text = Transcoder<Input>;

/// Where bytes come from.
pub(crate) enum Input {
    File(File),
    Stdin(io::Stdin),
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(buffer),
            Self::Stdin(stdin) => stdin.read(buffer),
        }
    }
}

/// A source that has been looked at.
pub(crate) struct Opened {
    pub(crate) rows: Rows,
    /// From the header, or the first objects; `None` where there is no object.
    pub(crate) columns: Option<Vec<String>>,
    /// Bytes of a file that can be opened again; `None` for pipes.
    pub(crate) length: Option<u64>,
}

impl Opened {
    /// Opens `source` and reads as far as its columns.
    pub(crate) fn new(source: &Source) -> Result<Self, Error> {
        let name = source.name();
        let (path, sheet) = match source {
            Source::Stdin => (None, None),
            Source::Path(path) => (Some(path), None),
            Source::Sheet { path, sheet } => (Some(path), Some(sheet.as_str())),
        };
        let (input, length) = match path {
            None => (Input::Stdin(io::stdin()), None),
            Some(path) => {
                let (file, length) = open_file(path, &name)?;
                (Input::File(file), length)
            }
        };
        let mut text = Transcoder::new(input);
        let head = text.peek(SIGNATURE).map_err(|error| Error::io(&name, error))?;
        match Format::of_binary(head, &name)? {
            Some(format) => Self::binary(text.into_input(), length, format, sheet, &name),
            None => Self::text(text, length, path.map(AsRef::as_ref), &name),
        }
    }

    fn binary(
        input: Input,
        length: Option<u64>,
        format: Format,
        sheet: Option<&str>,
        name: &str,
    ) -> Result<Self, Error> {
        let (Input::File(mut file), Some(length)) = (input, length) else {
            let found = "a workbook or Parquet file in a pipe, which can only be read from its end";
            return Err(Error::unsupported(name, found, "save it in a file and name the file"));
        };
        file.rewind().map_err(|error| Error::io(name, error))?;
        let (rows, columns) = match format {
            Format::Parquet => {
                let rows = Box::new(ParquetRows::open(file, name)?);
                let columns = rows.columns().to_vec();
                (Rows::Parquet(rows, length), columns)
            }
            _ => {
                let rows = Box::new(XlsxRows::open(file, sheet, name)?);
                let columns = rows.columns().to_vec();
                (Rows::Xlsx(rows, length), columns)
            }
        };
        Ok(Self { rows, columns: Some(columns), length: Some(length) })
    }

    fn text(text: Text, length: Option<u64>, path: Option<&Path>, name: &str) -> Result<Self, Error> {
        let io = |error| Error::io(name, error);
        let mut window = Window::new(text).map_err(io)?;
        refuse_other_text(&mut window, name)?;
        let format = match path.and_then(Format::from_path) {
            Some(Format::Xlsx) => {
                return Err(Error::damaged(name, "Excel workbook", "it does not begin like one"));
            }
            Some(Format::Parquet) => {
                return Err(Error::damaged(name, "Parquet file", "it does not begin like one"));
            }
            ending => Format::of_text(&mut window, ending).map_err(io)?,
        };
        let tabs = path.and_then(Path::extension).is_some_and(|ending| ending.eq_ignore_ascii_case("tsv"));
        match format {
            Format::Jsonl => {
                let mut rows = JsonlRows::new(window, MAX_RECORD);
                let columns = rows.first_columns().map_err(io)?;
                Ok(Self { rows: Rows::Jsonl(rows), columns, length })
            }
            Format::Json => {
                let mut rows = JsonRows::new(window, MAX_RECORD);
                let columns = rows.first_columns().map_err(io)?;
                Ok(Self { rows: Rows::Json(rows), columns, length })
            }
            _ => {
                let rows = CsvRows::open(window, tabs, MAX_RECORD, name)?;
                let columns = Some(rows.columns().to_vec());
                Ok(Self { rows: Rows::Csv(rows), columns, length })
            }
        }
    }
}

fn open_file(path: &Path, name: &str) -> Result<(File, Option<u64>), Error> {
    let io = |error| Error::io(name, error);
    // Before opening: opening a folder fails on some systems with an error that does not say so.
    let metadata = std::fs::metadata(path).map_err(|error| match path.is_symlink() {
        true => Error::broken_link(name, error),
        false => io(error),
    })?;
    if metadata.is_dir() {
        return Err(Error::is_directory(name));
    }
    let file = File::open(path).map_err(io)?;
    let metadata = file.metadata().map_err(io)?;
    Ok((file, metadata.is_file().then_some(metadata.len())))
}

impl Rows {
    pub(crate) fn next_row(&mut self) -> Option<Result<Row, Fault>> {
        match self {
            Self::Csv(rows) => rows.next_row(),
            Self::Jsonl(rows) => rows.next_row(),
            Self::Json(rows) => rows.next_row(),
            Self::Xlsx(rows, _) => rows.next_row(),
            Self::Parquet(rows, _) => rows.next_row(),
        }
    }

    /// Bytes of the source that rows have been made of; some more where they had to be decoded.
    pub(crate) fn bytes_read(&self) -> u64 {
        let window = match self {
            Self::Csv(rows) => rows.window(),
            Self::Jsonl(rows) => rows.window(),
            Self::Json(rows) => rows.window(),
            Self::Xlsx(rows, length) => return (rows.progress() * *length as f64) as u64,
            Self::Parquet(rows, length) => return (rows.progress() * *length as f64) as u64,
        };
        match window.input().encoding() {
            None | Some(Encoding::Utf8) => window.consumed(),
            Some(_) => window.input().taken(),
        }
    }

    /// What is worth telling, as far as it is known.
    pub(crate) fn notes(&self) -> Vec<NoteKind> {
        let encoding = match self {
            Self::Csv(rows) => rows.window().input().encoding(),
            Self::Jsonl(rows) => rows.window().input().encoding(),
            Self::Json(rows) => rows.window().input().encoding(),
            Self::Xlsx(rows, _) => return rows.notes(),
            Self::Parquet(..) => return Vec::new(),
        };
        let other = encoding.filter(|encoding| *encoding != Encoding::Utf8);
        other.map(NoteKind::Encoding).into_iter().collect()
    }
}
