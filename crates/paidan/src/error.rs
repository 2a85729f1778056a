use std::fmt;
use std::path::PathBuf;

/// Anything that goes wrong in this crate; messages never hold the text of a ticket.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
}

/// The kinds of [`Error`].
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// No bundle stands in any of the places where one is looked for.
    NoBundle {
        /// Where it was looked for, in order.
        looked_in: Vec<PathBuf>,
    },
    /// A ticket has neither title nor text.
    EmptyTicket,
    /// A task that the bundle does not have.
    UnknownTask {
        /// The name asked for.
        task: String,
        /// The bundle's tasks.
        known: Vec<String>,
    },
    /// A setting is out of range.
    Setting {
        /// What was expected and found.
        problem: String,
    },
    /// Training, evaluation or a bundle failed.
    Classify(paidan_classify::Error),
    /// A file of tickets cannot be used.
    Data(paidan_data::Error),
    /// A segmentation dictionary cannot be used.
    Dictionary(paidan_text::DictionaryError),
    /// A dispatch catalogue cannot be used.
    Catalogue(paidan_catalogue::Error),
}

impl Error {
    pub(crate) fn new(kind: ErrorKind) -> Self {
        Self { kind }
    }

    /// What a call returns whose observer asked it to stop.
    pub fn cancelled() -> Self {
        paidan_classify::Error::cancelled().into()
    }

    /// What kind of error this is.
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// Whether an observer asked to stop.
    pub fn is_cancelled(&self) -> bool {
        matches!(&self.kind, ErrorKind::Classify(error) if error.is_cancelled())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ErrorKind::NoBundle { looked_in } => {
                let places: Vec<String> =
                    looked_in.iter().map(|path| format!("`{}`", path.display())).collect();
                write!(
                    f,
                    "expected a model bundle, found none in {}: name one with --model or PAIDAN_MODEL",
                    places.join(", ")
                )
            }
            ErrorKind::EmptyTicket => f.write_str("expected a title or a text, both are blank"),
            ErrorKind::UnknownTask { task, known } => {
                write!(f, "the model has no task `{task}`; it has `{}`", known.join("`, `"))
            }
            ErrorKind::Setting { problem } => f.write_str(problem),
            ErrorKind::Classify(error) => error.fmt(f),
            ErrorKind::Data(error) => error.fmt(f),
            ErrorKind::Dictionary(error) => error.fmt(f),
            ErrorKind::Catalogue(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        // The wrapped error's own words are shown by `Display`, so that its source comes next.
        match &self.kind {
            ErrorKind::Classify(error) => error.source(),
            // What the system says of a path that is not there has been said better.
            ErrorKind::Data(error) if error.kind() == paidan_data::ErrorKind::NotFound => None,
            ErrorKind::Data(error) => error.source(),
            _ => None,
        }
    }
}

impl From<paidan_classify::Error> for Error {
    fn from(error: paidan_classify::Error) -> Self {
        Self::new(ErrorKind::Classify(error))
    }
}

impl From<paidan_data::Error> for Error {
    fn from(error: paidan_data::Error) -> Self {
        Self::new(ErrorKind::Data(error))
    }
}

impl From<paidan_text::DictionaryError> for Error {
    fn from(error: paidan_text::DictionaryError) -> Self {
        Self::new(ErrorKind::Dictionary(error))
    }
}

impl From<paidan_catalogue::Error> for Error {
    fn from(error: paidan_catalogue::Error) -> Self {
        Self::new(ErrorKind::Catalogue(error))
    }
}
