use std::cell::RefCell;
use std::fmt;

use serde::Serialize;

/// How grave a [`Finding`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The catalogue cannot be used.
    Error,
    /// It can be used, but somebody should look.
    Warning,
}

/// Something wrong in a catalogue, with its place. Shown as `FILE:LINE: message`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// The file, as the folder was given.
    pub file: String,
    /// Line, or row of the sheet, from 1; `None` where it is about the whole file.
    pub line: Option<u64>,
    /// How grave it is.
    pub severity: Severity,
    /// Stable code, such as `unknown_unit`.
    pub code: &'static str,
    /// What was expected, what was found, what to do.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.message),
            None => write!(f, "{}: {}", self.file, self.message),
        }
    }
}

/// Where something stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) file: String,
    pub(crate) line: u64,
}

/// Collects findings while a catalogue is read, so that all are told and not only the first.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    found: RefCell<Vec<Finding>>,
}

impl Findings {
    pub(crate) fn error(&self, code: &'static str, place: &Place, message: impl Into<String>) {
        self.add(Severity::Error, code, &place.file, Some(place.line), message.into());
    }

    pub(crate) fn error_in(&self, code: &'static str, file: &str, message: impl Into<String>) {
        self.add(Severity::Error, code, file, None, message.into());
    }

    pub(crate) fn warning(&self, code: &'static str, place: &Place, message: impl Into<String>) {
        self.add(Severity::Warning, code, &place.file, Some(place.line), message.into());
    }

    fn add(&self, severity: Severity, code: &'static str, file: &str, line: Option<u64>, message: String) {
        // One line, whatever a cell holds.
        let message = message.replace(['\n', '\r'], " ");
        self.found.borrow_mut().push(Finding { file: file.to_owned(), line, severity, code, message });
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.found.borrow().iter().any(|finding| finding.severity == Severity::Error)
    }

    /// All findings, by file and line.
    pub(crate) fn into_sorted(self) -> Vec<Finding> {
        let mut found = self.found.into_inner();
        found.sort();
        found.dedup();
        found
    }
}
