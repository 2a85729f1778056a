use std::fmt;

/// A line of a segmentation dictionary that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DictionaryError {
    line: usize,
    expected: &'static str,
}

impl DictionaryError {
    pub(crate) fn new(line: usize, expected: &'static str) -> Self {
        Self { line, expected }
    }

    /// The line, counted from 1.
    pub fn line(&self) -> usize {
        self.line
    }
}

impl fmt::Display for DictionaryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "dictionary line {}: expected {}", self.line, self.expected)
    }
}

impl std::error::Error for DictionaryError {}
