use std::fmt::Write as _;

use super::family::Family;
use super::ngram::{MAX_CHAR_NGRAM, has_digit_run, key_of};
use super::table::KeyTable;
use crate::Error;

/// The n-grams that a model knows, spelled out so that anybody can read what it stores.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    /// In the order of the families.
    spellings: Vec<(Family, Box<str>)>,
    /// For each family, the first index after it.
    ends: [u32; Family::ALL.len()],
    table: KeyTable,
}

/// First line of the file.
const HEADING: &str = "# paidan vocabulary: one n-gram a line, c = characters, w = words, t = of the title";

impl Vocabulary {
    pub(crate) fn new(spellings: Vec<(Family, Box<str>)>) -> Result<Self, Error> {
        let keys: Vec<u64> = spellings.iter().map(|(family, spelled)| key_of(*family, spelled)).collect();
        let table = KeyTable::new(&keys).map_err(|index| {
            Error::bundle("vocabulary.txt", format!("n-gram {} is not unique or one too many", index + 1))
        })?;
        let end = |last: Family| spellings.partition_point(|(family, _)| *family <= last) as u32;
        if !spellings.is_sorted_by_key(|(family, _)| *family) {
            return Err(Error::bundle("vocabulary.txt", "expected the families in the order c, w, tc, tw"));
        }
        let ends = Family::ALL.map(end);
        Ok(Self { spellings, ends, table })
    }

    /// How many n-grams.
    pub fn len(&self) -> usize {
        self.spellings.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.spellings.is_empty()
    }

    /// All n-grams in the order of their indices; the words of a pair are parted by a blank.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.spellings.iter().map(|(_, spelled)| spelled.as_ref())
    }

    /// Appends the indices of those of `keys` that are n-grams of the vocabulary, in their order.
    pub(crate) fn find_all(&self, keys: &[u64], found: &mut Vec<u32>) {
        self.table.find_all(keys, found);
    }

    /// The index of the n-gram with this key.
    pub(crate) fn index(&self, key: u64) -> Option<u32> {
        self.table.get(key)
    }

    /// Whether n-gram `index` is made of words, and how it is spelled.
    pub(crate) fn spelled(&self, index: u32) -> (bool, &str) {
        let found = self.spellings.get(index as usize);
        found.map_or((false, ""), |(family, spelled)| (family.is_words(), spelled))
    }

    /// The family of n-gram `index`.
    #[inline]
    pub(crate) fn family(&self, index: u32) -> Family {
        let [chars, words, title_chars, _] = self.ends;
        if index < chars {
            Family::Chars
        } else if index < words {
            Family::Words
        } else if index < title_chars {
            Family::TitleChars
        } else {
            Family::TitleWords
        }
    }

    /// The text of `vocabulary.txt`.
    pub(crate) fn to_text(&self) -> String {
        let mut text = String::with_capacity(self.len() * 10);
        text.push_str(HEADING);
        text.push('\n');
        for (family, spelled) in &self.spellings {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{}\t{spelled}", family.code());
        }
        text
    }

    /// Reads what [`to_text`](Self::to_text) wrote.
    ///
    /// # Errors
    ///
    /// A line that is no n-gram, repeats one, or holds a run of four digits; the line is named.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let wrong = |line: usize, what: &str| Error::bundle("vocabulary.txt", format!("line {line}: {what}"));
        let mut lines = text.lines().enumerate();
        if lines.next().map(|(_, line)| line) != Some(HEADING) {
            return Err(wrong(1, "expected the heading of a paidan vocabulary"));
        }
        let mut spellings = Vec::new();
        for (index, line) in lines {
            let entry =
                line.split_once('\t').and_then(|(code, spelled)| Some((Family::from_code(code)?, spelled)));
            let Some((family, spelled)) = entry else {
                return Err(wrong(index + 1, "expected `c`, `w`, `tc` or `tw`, a tab and an n-gram"));
            };
            if !family.is_words() && spelled.chars().count() > MAX_CHAR_NGRAM {
                return Err(wrong(index + 1, "expected at most three characters"));
            }
            if spelled.is_empty() {
                return Err(wrong(index + 1, "the n-gram is empty"));
            }
            if has_digit_run(spelled) {
                return Err(wrong(index + 1, "the n-gram holds a run of four digits"));
            }
            spellings.push((family, spelled.into()));
        }
        Self::new(spellings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(entries: &[(Family, &str)]) -> Vec<(Family, Box<str>)> {
        entries.iter().map(|(family, spelled)| (*family, (*spelled).into())).collect()
    }

    #[test]
    fn reads_back_what_it_writes() {
        let entries = of(&[(Family::Chars, "路"), (Family::Chars, "路灯"), (Family::Words, "路灯 不亮")]);
        let vocabulary = Vocabulary::new(entries).unwrap();
        let again = Vocabulary::parse(&vocabulary.to_text()).unwrap();
        assert_eq!(again.spellings, vocabulary.spellings);
        assert_eq!(again.index(key_of(Family::Chars, "路灯")), Some(1));
        assert_eq!(again.index(key_of(Family::Words, "路灯")), None);
    }

    #[test]
    fn refuses_damage() {
        for (body, said) in [
            ("x\t路\n", "line 2"),
            ("c\t路\nc\t\n", "line 3: the n-gram is empty"),
            ("w\t138000\n", "run of four digits"),
            ("c\t路\nc\t路\n", "not unique"),
            ("w\t路\nc\t路\n", "in the order c, w, tc, tw"),
            ("c\t路灯坏了\n", "at most three characters"),
        ] {
            let error = Vocabulary::parse(&format!("{HEADING}\n{body}")).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
        assert!(Vocabulary::parse("").is_err());
    }
}
