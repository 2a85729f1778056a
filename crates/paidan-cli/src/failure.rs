use std::fmt;
use std::path::PathBuf;

/// Why a command gave up.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The library's error.
    Library(paidan::Error),
    /// Arguments that do not fit together.
    Usage(String),
    /// Something could not be written.
    Output { path: PathBuf, source: std::io::Error },
    /// Ctrl-C.
    Interrupted,
}

impl Failure {
    pub(crate) fn usage(problem: impl Into<String>) -> Self {
        Self::Usage(problem.into())
    }

    /// The message with those of its causes.
    pub(crate) fn in_full(&self) -> String {
        let mut text = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            text += &format!(": {error}");
            cause = error.source();
        }
        text
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Library(error) => error.fmt(f),
            Self::Usage(problem) => f.write_str(problem),
            Self::Output { path, .. } => write!(f, "cannot write `{}`", path.display()),
            Self::Interrupted => f.write_str("interrupted"),
        }
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            // `Display` shows the library's words, so that its source comes next.
            Self::Library(error) => error.source(),
            Self::Output { source, .. } => Some(source),
            Self::Usage(_) | Self::Interrupted => None,
        }
    }
}

impl<E: Into<paidan::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        let error = error.into();
        if error.is_cancelled() { Self::Interrupted } else { Self::Library(error) }
    }
}
