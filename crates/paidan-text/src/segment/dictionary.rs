use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::{DictionaryError, Normalizer};

/// Words to be added to jieba's own, in jieba's format: `word [frequency] [tag]`, one a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dictionary {
    entries: BTreeMap<String, DictionaryEntry>,
}

/// What a dictionary says of a word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DictionaryEntry {
    /// How often the word occurs in jieba's counts; `None` lets jieba choose the least that keeps it whole.
    pub frequency: Option<usize>,
    /// Part of speech in the ICTCLAS tag set, for instance `n` or `nt`; may be empty.
    pub tag: String,
}

/// The longest word accepted, in characters: longer lines are sentences in the wrong file.
const MAX_CHARS: usize = 40;

impl Dictionary {
    /// Our own dictionary of hotline terms.
    pub fn hotline() -> Self {
        // A malformed line is left out here; a test reads the file strictly.
        let text = include_str!("../../dictionaries/hotline.txt");
        Self { entries: text.lines().enumerate().filter_map(|(i, l)| parse_line(i, l).ok()?).collect() }
    }

    /// Reads `word [frequency] [tag]` lines; blank lines and lines that begin with `#` are skipped.
    ///
    /// # Errors
    ///
    /// The first line whose frequency is not a whole number or whose word is too long.
    pub fn parse(text: &str) -> Result<Self, DictionaryError> {
        let mut entries = BTreeMap::new();
        for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            entries.extend(parse_line(index, line)?);
        }
        Ok(Self { entries })
    }

    /// Adds all of `other`; on the same word `other` wins.
    pub fn merge(&mut self, other: Self) {
        self.entries.extend(other.entries);
    }

    /// Entries in the order of their words.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &DictionaryEntry)> {
        self.entries.iter().map(|(word, entry)| (word.as_str(), entry))
    }

    /// How many words.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are no words.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The text that [`parse`](Self::parse) reads back.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for (word, entry) in &self.entries {
            text.push_str(word);
            if let Some(frequency) = entry.frequency {
                // Writing to a string cannot fail.
                let _ = write!(text, " {frequency} {}", entry.tag);
            }
            text.truncate(text.trim_end().len());
            text.push('\n');
        }
        text
    }
}

fn parse_line(index: usize, line: &str) -> Result<Option<(String, DictionaryEntry)>, DictionaryError> {
    let error = |expected| Err(DictionaryError::new(index + 1, expected));
    let mut fields = line.split_whitespace();
    // Texts are normalised before they are cut, so that other spellings would never be met.
    let given = fields.next().unwrap_or_default();
    let (word, _) = Normalizer.normalize(given);
    if given.starts_with('#') || word.starts_with('#') {
        return Ok(None);
    }
    let is_long = |word: &str| word.chars().count() > MAX_CHARS;
    if is_long(given) || is_long(&word) || word.contains(' ') {
        return error("a word of at most 40 characters without blanks or markup, then a frequency and a tag");
    }
    let frequency = match fields.next().map(str::parse::<usize>) {
        None => None,
        Some(Ok(frequency)) if frequency <= 1_000_000_000 => Some(frequency.max(1)),
        Some(_) => return error("a whole number up to 1000000000 as frequency after the word"),
    };
    let tag = fields.next().unwrap_or_default().to_owned();
    Ok((!word.is_empty()).then_some((word, DictionaryEntry { frequency, tag })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_back_what_it_writes() {
        let dictionary = Dictionary::parse("# own words\n加装电梯 500 n\n\n断头路\n网约车 800\n").unwrap();
        assert_eq!(dictionary.len(), 3);
        assert_eq!(Dictionary::parse("ＡＢ座\n\u{200b}\n").unwrap().iter().next().unwrap().0, "AB座");
        assert_eq!(Dictionary::parse(&dictionary.to_text()).unwrap(), dictionary);
    }

    #[test]
    fn comments_and_lengths_are_those_of_the_normalised_word() {
        assert!(Dictionary::parse("＃自定义词 5\n\u{8}#旧词\n").unwrap().is_empty());
        assert_eq!(Dictionary::parse(&"㍿".repeat(11)).unwrap_err().line(), 1);
    }

    #[test]
    fn says_which_line_is_wrong() {
        let error = Dictionary::parse("断头路 10\n网约车 many\n").unwrap_err();
        assert_eq!(error.line(), 2);
        assert!(error.to_string().starts_with("dictionary line 2: expected a whole number"));
        assert_eq!(Dictionary::parse(&"长".repeat(41)).unwrap_err().line(), 1);
        assert_eq!(Dictionary::parse("路灯&nbsp;杆 5\n").unwrap_err().line(), 1);
    }

    #[test]
    fn our_own_dictionary_is_well_formed() {
        let text = include_str!("../../dictionaries/hotline.txt");
        let strict = Dictionary::parse(text).unwrap();
        assert_eq!(strict, Dictionary::hotline());
        assert!(strict.len() >= 1_500, "{}", strict.len());
        assert_eq!(strict.len(), text.lines().count(), "no duplicates, blanks or comments");
        for (word, entry) in strict.iter() {
            assert!(entry.frequency.is_some(), "{word} has no frequency");
        }
    }
}
