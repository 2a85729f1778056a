use std::fmt;
use std::path::PathBuf;

/// What went wrong in opening a model or in encoding.
///
/// Messages never hold the text that was encoded.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
}

/// The kinds of [`Error`].
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A file of the model is missing, damaged, or of a kind that is not supported.
    Model {
        /// The file inside the model's folder.
        file: String,
        /// What was expected and found, and what to do.
        problem: String,
        /// The error of the library that read the file.
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// An option is out of range, or not possible in this build or on this machine.
    Setting {
        /// What was expected and found.
        problem: String,
    },
    /// The tokenizer failed on a text.
    Tokenize {
        /// The position of the text in the call, from 0.
        index: usize,
        /// The tokenizer's error.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The device failed: memory ran out, or the driver reported an error.
    Device {
        /// The device library's error.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A file could not be read.
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The operating system's error.
        source: std::io::Error,
    },
}

impl Error {
    pub(crate) fn model(file: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { kind: ErrorKind::Model { file: file.into(), problem: problem.into(), source: None } }
    }

    pub(crate) fn model_source(
        file: impl Into<String>,
        problem: impl Into<String>,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        let source = Some(source.into());
        Self { kind: ErrorKind::Model { file: file.into(), problem: problem.into(), source } }
    }

    pub(crate) fn setting(problem: impl Into<String>) -> Self {
        Self { kind: ErrorKind::Setting { problem: problem.into() } }
    }

    pub(crate) fn tokenize(
        index: usize,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self { kind: ErrorKind::Tokenize { index, source: source.into() } }
    }

    /// A file could not be read: for implementations of [`ModelFiles`](crate::ModelFiles).
    pub fn io(path: impl Into<PathBuf>, source: std::io::Error) -> Self {
        Self { kind: ErrorKind::Io { path: path.into(), source } }
    }

    /// What kind of error this is.
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }
}

#[cfg(feature = "candle")]
impl From<candle_core::Error> for Error {
    fn from(source: candle_core::Error) -> Self {
        Self { kind: ErrorKind::Device { source: source.into() } }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ErrorKind::Model { file, problem, .. } => write!(f, "model file `{file}`: {problem}"),
            ErrorKind::Setting { problem } => f.write_str(problem),
            ErrorKind::Tokenize { index, .. } => {
                write!(f, "the tokenizer failed on text {index} of the call")
            }
            ErrorKind::Device { .. } => f.write_str("the device failed"),
            ErrorKind::Io { path, .. } => write!(f, "cannot read `{}`", path.display()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            ErrorKind::Model { source, .. } => source.as_ref().map(|source| source.as_ref() as _),
            ErrorKind::Tokenize { source, .. } | ErrorKind::Device { source } => Some(source.as_ref()),
            ErrorKind::Io { source, .. } => Some(source),
            ErrorKind::Setting { .. } => None,
        }
    }
}
