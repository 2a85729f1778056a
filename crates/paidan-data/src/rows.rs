//! Opens one source and reads its rows, whatever its format; a new format is a variant here.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::csv::CsvRows;
use crate::encoding::{Encoding, Transcoder};
use crate::error::Error;
use crate::format::{Format, refuse_other_formats};
use crate::jsonl::JsonlRows;
use crate::record::Row;
use crate::row_error::Fault;
use crate::source::Source;
use crate::window::Window;

/// A longer record is a bad row, bytes.
const MAX_RECORD: usize = 64 << 20;

/// The rows of one source.
pub(crate) enum Rows {
    Csv(CsvRows<Text>),
    Jsonl(JsonlRows<Text>),
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
    /// From the header, or the first object; `None` where no line is an object.
    pub(crate) columns: Option<Vec<String>>,
    /// Bytes of a file that can be opened again; `None` for pipes.
    pub(crate) length: Option<u64>,
}

impl Opened {
    /// Opens `source` and reads as far as its columns.
    pub(crate) fn new(source: &Source) -> Result<Self, Error> {
        let name = source.name();
        let (input, length, format, tabs) = match source {
            Source::Stdin => (Input::Stdin(io::stdin()), None, None, false),
            Source::Path(path) => {
                let (file, length) = open_file(path, &name)?;
                let tabs = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("tsv"));
                (Input::File(file), length, Format::from_path(path), tabs)
            }
        };
        let io = |error| Error::io(&name, error);
        let mut window = Window::new(Transcoder::new(input)).map_err(io)?;
        refuse_other_formats(&mut window, &name)?;
        let format = match format {
            Some(format) => format,
            None => Format::sniff(&mut window).map_err(io)?,
        };
        match format {
            Format::Csv => {
                let rows = CsvRows::open(window, tabs, MAX_RECORD, &name)?;
                let columns = Some(rows.columns().to_vec());
                Ok(Self { rows: Rows::Csv(rows), columns, length })
            }
            Format::Jsonl => {
                let mut rows = JsonlRows::new(window, MAX_RECORD);
                let columns = rows.first_columns().map_err(io)?;
                Ok(Self { rows: Rows::Jsonl(rows), columns, length })
            }
        }
    }
}

fn open_file(path: &Path, name: &str) -> Result<(File, Option<u64>), Error> {
    let io = |error| Error::io(name, error);
    // Before opening: opening a folder fails on some systems with an error that does not say so.
    if std::fs::metadata(path).map_err(io)?.is_dir() {
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
        }
    }

    /// Bytes of the source that rows have been made of; some more where the text had to be decoded.
    pub(crate) fn bytes_read(&self) -> u64 {
        let window = self.window();
        match window.input().encoding() {
            None | Some(Encoding::Utf8) => window.consumed(),
            Some(_) => window.input().taken(),
        }
    }

    /// The encoding, where it is known; `None` while all is ASCII.
    pub(crate) fn encoding(&self) -> Option<Encoding> {
        self.window().input().encoding()
    }

    fn window(&self) -> &Window<Text> {
        match self {
            Self::Csv(rows) => rows.window(),
            Self::Jsonl(rows) => rows.window(),
        }
    }
}
