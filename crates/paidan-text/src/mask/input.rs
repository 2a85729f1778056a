use std::ops::Range;

use super::digits::{Chain, Chains};

/// A normalised text as the rules see it: what several of them look for is looked up once.
#[derive(Clone, Debug)]
pub struct MaskInput<'t> {
    text: &'t str,
    chains: Chains,
    latin: Vec<Range<usize>>,
}

impl<'t> MaskInput<'t> {
    /// Looks over `text` once.
    pub fn new(text: &'t str) -> Self {
        Self { text, chains: Chains::new(text), latin: latin_runs(text) }
    }

    /// The whole text.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// Byte ranges of the longest runs of ASCII letters and digits that hold a letter, in order.
    pub fn latin_runs(&self) -> &[Range<usize>] {
        &self.latin
    }

    /// What stands before byte `at`; empty where `at` is no boundary of characters.
    pub fn before(&self, at: usize) -> &'t str {
        self.text.get(..at).unwrap_or_default()
    }

    /// What stands from byte `at` on; empty where `at` is no boundary of characters.
    pub fn after(&self, at: usize) -> &'t str {
        self.text.get(at..).unwrap_or_default()
    }

    /// Digits with nothing but separators between them, in order.
    pub(super) fn chains(&self) -> impl Iterator<Item = Chain<'_>> {
        self.chains.iter()
    }
}

fn latin_runs(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut runs = Vec::new();
    let mut start = 0;
    let mut letters = false;
    for (at, byte) in bytes.iter().enumerate() {
        if byte.is_ascii_alphanumeric() {
            letters |= byte.is_ascii_alphabetic();
            continue;
        }
        if letters {
            runs.push(start..at);
            letters = false;
        }
        start = at + 1;
    }
    if letters {
        runs.push(start..bytes.len());
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_letters_and_digits() {
        let input = MaskInput::new("京A12345、12345 和wx_9");
        let runs: Vec<&str> = input.latin_runs().iter().map(|run| &input.text()[run.clone()]).collect();
        assert_eq!(runs, ["A12345", "wx"]);
        assert!(MaskInput::new("车ab").latin_runs().iter().eq([&(3..5)]));
    }
}
