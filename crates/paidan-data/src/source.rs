use std::borrow::Cow;
use std::path::PathBuf;

/// Where rows come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A file; a named pipe works too.
    Path(PathBuf),
    /// One sheet of an Excel workbook; in a file of another format the sheet does not matter.
    Sheet {
        /// The file.
        path: PathBuf,
        /// The sheet's name on its tab.
        sheet: String,
    },
    /// Standard input; can be given once.
    Stdin,
}

impl Source {
    /// A file, or standard input for `-` (a file of that name is `./-`).
    ///
    /// ```
    /// use paidan_data::Source;
    ///
    /// assert_eq!(Source::new("-"), Source::Stdin);
    /// assert_eq!(Source::new("五月.csv"), Source::Path("五月.csv".into()));
    /// ```
    pub fn new(given: impl Into<PathBuf>) -> Self {
        let path = given.into();
        if path.as_os_str() == "-" { Self::Stdin } else { Self::Path(path) }
    }

    /// The same file, but, where it is an Excel workbook, its sheet called `sheet` instead of the first.
    ///
    /// ```
    /// use paidan_data::Source;
    ///
    /// let source = Source::new("五月.xlsx").with_sheet("工单");
    /// assert_eq!(source, Source::Sheet { path: "五月.xlsx".into(), sheet: "工单".into() });
    /// ```
    #[must_use]
    pub fn with_sheet(self, sheet: impl Into<String>) -> Self {
        match self {
            Self::Path(path) | Self::Sheet { path, .. } => Self::Sheet { path, sheet: sheet.into() },
            Self::Stdin => Self::Stdin,
        }
    }

    /// The name as given, as it stands in positions and ids; `-` for standard input.
    pub fn name(&self) -> Cow<'_, str> {
        match self {
            Self::Path(path) | Self::Sheet { path, .. } => path.to_string_lossy(),
            Self::Stdin => Cow::Borrowed("-"),
        }
    }
}

impl From<&str> for Source {
    fn from(given: &str) -> Self {
        Self::new(given)
    }
}

impl From<PathBuf> for Source {
    fn from(given: PathBuf) -> Self {
        Self::new(given)
    }
}
