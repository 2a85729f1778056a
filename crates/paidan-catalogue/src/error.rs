use std::fmt;

use crate::finding::{Finding, Severity};

/// Why a catalogue cannot be used: all that is wrong with it, by file and line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    findings: Vec<Finding>,
}

impl Error {
    pub(crate) fn new(findings: Vec<Finding>) -> Self {
        let findings = findings.into_iter().filter(|finding| finding.severity == Severity::Error).collect();
        Self { findings }
    }

    /// What is wrong, by file and line; never empty.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

impl fmt::Display for Error {
    /// The first mistake and how many more there are: one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.findings.split_first() {
            Some((first, [])) => write!(f, "the catalogue cannot be used: {first}"),
            Some((first, others)) => write!(
                f,
                "the catalogue cannot be used: {first}; {} more, see `paidan catalogue lint`",
                others.len()
            ),
            None => f.write_str("the catalogue cannot be used"),
        }
    }
}

impl std::error::Error for Error {}
