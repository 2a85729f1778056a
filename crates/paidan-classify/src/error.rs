use std::fmt;
use std::path::{Path, PathBuf};

use crate::encoder::EncoderError;

/// What went wrong in training, evaluating, or with a bundle.
///
/// Messages never hold the text of a ticket.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
}

/// The kinds of [`Error`].
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The bundle is not what it should be: missing, damaged, altered, or of another format.
    Bundle {
        /// The file inside the bundle.
        file: String,
        /// What was expected and found.
        problem: String,
    },
    /// The training data or labels cannot be used.
    Data {
        /// What was expected and found.
        problem: String,
    },
    /// A setting is out of range.
    Setting {
        /// What was expected and found.
        problem: String,
    },
    /// A file could not be read or written.
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The operating system's error.
        source: std::io::Error,
    },
    /// The encoder failed.
    Encoder(EncoderError),
    /// The caller's observer asked to stop.
    Cancelled,
}

impl Error {
    pub(crate) fn bundle(file: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { kind: ErrorKind::Bundle { file: file.into(), problem: problem.into() } }
    }

    pub(crate) fn data(problem: impl Into<String>) -> Self {
        Self { kind: ErrorKind::Data { problem: problem.into() } }
    }

    pub(crate) fn setting(problem: impl Into<String>) -> Self {
        Self { kind: ErrorKind::Setting { problem: problem.into() } }
    }

    pub(crate) fn io(path: &Path, source: std::io::Error) -> Self {
        Self { kind: ErrorKind::Io { path: path.to_owned(), source } }
    }

    /// What a call returns whose observer asked it to stop.
    pub fn cancelled() -> Self {
        Self { kind: ErrorKind::Cancelled }
    }

    /// What kind of error this is.
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// Whether the caller asked to stop.
    pub fn is_cancelled(&self) -> bool {
        matches!(self.kind, ErrorKind::Cancelled)
    }
}

impl From<EncoderError> for Error {
    fn from(error: EncoderError) -> Self {
        Self { kind: ErrorKind::Encoder(error) }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ErrorKind::Bundle { file, problem } => write!(f, "bundle file `{file}`: {problem}"),
            ErrorKind::Data { problem } | ErrorKind::Setting { problem } => f.write_str(problem),
            ErrorKind::Io { path, .. } => write!(f, "cannot read or write `{}`", path.display()),
            ErrorKind::Encoder(error) => error.fmt(f),
            ErrorKind::Cancelled => f.write_str("stopped on request"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            ErrorKind::Io { source, .. } => Some(source),
            // The wrapped error's own words are shown by `Display`, so that its source comes next.
            ErrorKind::Encoder(error) => error.source(),
            _ => None,
        }
    }
}
