use std::cell::RefCell;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

use crate::finding::{Findings, Place};
use crate::period::{Period, parse_date};

/// A TOML file with its lines.
pub(crate) struct Document {
    file: String,
    text: String,
    /// Where each line but the first begins, bytes.
    lines: Vec<usize>,
}

impl Document {
    pub(crate) fn new(file: String, text: String) -> Self {
        let lines =
            text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1).collect();
        Self { file, text, lines }
    }

    /// Parses the file and hands its root to `read`; tells every mistake of the grammar.
    pub(crate) fn read<T>(&self, findings: &Findings, read: impl FnOnce(&Section<'_>) -> T) -> Option<T> {
        let (root, errors) = DeTable::parse_recoverable(&self.text);
        for error in &errors {
            let at = error.span().map_or(0, |span| span.start);
            findings.error("bad_toml", &self.place(at), format!("expected TOML: {}", error.message()));
        }
        if !errors.is_empty() {
            return None;
        }
        let section = Section::new(self, root.get_ref(), 0..self.text.len(), String::new(), findings);
        let read = read(&section);
        section.refuse_unknown();
        Some(read)
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    fn place(&self, at: usize) -> Place {
        let before = self.lines.partition_point(|start| *start <= at);
        Place { file: self.file.clone(), line: 1 + before as u64 }
    }
}

/// A table of a TOML file, read key by key; keys that nobody asked for are told by
/// [`refuse_unknown`](Self::refuse_unknown).
pub(crate) struct Section<'d> {
    document: &'d Document,
    table: &'d DeTable<'d>,
    span: Range<usize>,
    /// Before the names of its keys in messages, such as `when.`.
    prefix: String,
    asked: RefCell<Vec<&'static str>>,
    pub(crate) findings: &'d Findings,
}

/// A string of a file with its place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) value: String,
    pub(crate) place: Place,
}

type Value<'d> = toml::Spanned<DeValue<'d>>;

impl<'d> Section<'d> {
    fn new(
        document: &'d Document,
        table: &'d DeTable<'d>,
        span: Range<usize>,
        prefix: String,
        findings: &'d Findings,
    ) -> Self {
        Self { document, table, span, prefix, asked: RefCell::default(), findings }
    }

    /// Where the table begins.
    pub(crate) fn place(&self) -> Place {
        // A header `[[rule]]` is not part of the span of its table; its first key is near enough otherwise.
        self.document.place(self.span.start)
    }

    /// Tells that something else was expected as the value of `key`.
    pub(crate) fn expected(&self, key: &str, code: &'static str, expected: &str) {
        let found = self.table.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value);
        let place = found.map_or_else(|| self.place(), |value| self.document.place(value.span().start));
        let found = found.map_or_else(|| "nothing".to_owned(), shown);
        let message = format!("key `{}{key}`: expected {expected}, found {found}", self.prefix);
        self.findings.error(code, &place, message);
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.table.iter().any(|(name, _)| name.get_ref() == key)
    }

    fn value(&self, key: &'static str) -> Option<&'d Value<'d>> {
        self.asked.borrow_mut().push(key);
        self.table.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
    }

    pub(crate) fn string(&self, key: &'static str) -> Option<Text> {
        let value = self.value(key)?;
        let text = self.text(value);
        match &text {
            Some(text) if !text.value.is_empty() => {}
            _ => self.expected(key, "bad_value", "a string that is not empty"),
        }
        text.filter(|text| !text.value.is_empty())
    }

    /// A string that must be there.
    pub(crate) fn required(&self, key: &'static str) -> Option<Text> {
        if !self.has(key) {
            self.value(key);
            self.expected(key, "missing_key", "a string");
            return None;
        }
        self.string(key)
    }

    /// A list of strings, or one string.
    pub(crate) fn strings(&self, key: &'static str) -> Vec<Text> {
        let Some(value) = self.value(key) else { return Vec::new() };
        if let DeValue::String(_) = value.get_ref() {
            return self.text(value).into_iter().filter(|text| !text.value.is_empty()).collect();
        }
        let texts: Option<Vec<Text>> = match value.get_ref() {
            DeValue::Array(entries) => entries.iter().map(|entry| self.text(entry)).collect(),
            _ => None,
        };
        match texts {
            Some(texts) if !texts.is_empty() && texts.iter().all(|text| !text.value.is_empty()) => texts,
            _ => {
                self.expected(key, "bad_value", "a list of strings, such as `[\"路灯\", \"井盖\"]`");
                Vec::new()
            }
        }
    }

    /// A list whose entries are strings or lists of strings.
    pub(crate) fn groups(&self, key: &'static str) -> Vec<Vec<Text>> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let group = |entry: &Value<'d>| match entry.get_ref() {
            DeValue::Array(words) if !words.is_empty() => words.iter().map(|word| self.text(word)).collect(),
            _ => self.text(entry).map(|word| vec![word]),
        };
        let groups: Option<Vec<Vec<Text>>> = match value.get_ref() {
            DeValue::Array(entries) => entries.iter().map(group).collect(),
            _ => self.text(value).map(|word| vec![vec![word]]),
        };
        match groups {
            Some(groups)
                if groups.iter().flatten().all(|word| !word.value.is_empty()) && !groups.is_empty() =>
            {
                groups
            }
            _ => {
                let expected = "a list of words or lists of words, such as `[\"路灯\", [\"坏\", \"不亮\"]]`";
                self.expected(key, "bad_value", expected);
                Vec::new()
            }
        }
    }

    pub(crate) fn boolean(&self, key: &'static str) -> Option<bool> {
        match self.value(key)?.get_ref() {
            DeValue::Boolean(value) => Some(*value),
            _ => {
                self.expected(key, "bad_value", "`true` or `false`");
                None
            }
        }
    }

    /// A whole number from `least` to `most`.
    pub(crate) fn integer(&self, key: &'static str, least: i64, most: i64) -> Option<i64> {
        let number = match self.value(key)?.get_ref() {
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        };
        let number = number.filter(|number| (least..=most).contains(number));
        if number.is_none() {
            self.expected(key, "bad_value", &format!("a whole number from {least} to {most}"));
        }
        number
    }

    /// A number from 0 to 1.
    pub(crate) fn share(&self, key: &'static str) -> Option<f32> {
        let number: Option<f32> = match self.value(key)?.get_ref() {
            DeValue::Float(number) => number.as_str().parse().ok(),
            DeValue::Integer(number) => number.as_str().parse().ok(),
            _ => None,
        };
        let number = number.filter(|number| (0.0..=1.0).contains(number));
        if number.is_none() {
            self.expected(key, "bad_value", "a number from 0 to 1");
        }
        number
    }

    fn date(&self, key: &'static str) -> Option<jiff::civil::Date> {
        let date = match self.value(key)?.get_ref() {
            DeValue::Datetime(date) => parse_date(&date.to_string()),
            DeValue::String(date) => parse_date(date),
            _ => None,
        };
        if date.is_none() {
            self.expected(key, "bad_date", "a date such as `2026-03-01`");
        }
        date
    }

    /// The period of the keys `valid_from` and `valid_to`.
    pub(crate) fn period(&self) -> Period {
        let period = Period { from: self.date("valid_from"), to: self.date("valid_to") };
        if period.is_reversed() {
            self.expected("valid_to", "reversed_dates", "a day not before `valid_from`");
        }
        period
    }

    /// The table of `key`, handed to `read`.
    pub(crate) fn section<T>(&self, key: &'static str, read: impl FnOnce(&Section<'_>) -> T) -> Option<T> {
        let value = self.value(key)?;
        match value.get_ref() {
            DeValue::Table(table) => {
                let prefix = format!("{}{key}.", self.prefix);
                let section = Section::new(self.document, table, value.span(), prefix, self.findings);
                let read = read(&section);
                section.refuse_unknown();
                Some(read)
            }
            _ => {
                self.expected(key, "bad_value", "a table");
                None
            }
        }
    }

    /// The tables of `[[key]]`, each handed to `read`.
    pub(crate) fn sections<T>(&self, key: &'static str, mut read: impl FnMut(&Section<'_>) -> T) -> Vec<T> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let DeValue::Array(entries) = value.get_ref() else {
            self.expected(key, "bad_value", &format!("tables that begin with `[[{key}]]`"));
            return Vec::new();
        };
        let mut sections = Vec::new();
        for entry in entries.iter() {
            match entry.get_ref() {
                DeValue::Table(table) => {
                    let section =
                        Section::new(self.document, table, entry.span(), String::new(), self.findings);
                    sections.push(read(&section));
                    section.refuse_unknown();
                }
                _ => self.expected(key, "bad_value", &format!("tables that begin with `[[{key}]]`")),
            }
        }
        sections
    }

    /// Whether the value of `key` is a table.
    pub(crate) fn is_table(&self, key: &str) -> bool {
        self.table
            .iter()
            .any(|(name, value)| name.get_ref() == key && matches!(value.get_ref(), DeValue::Table(_)))
    }

    /// The entries of a list that may be strings or tables: each is handed to one of the two.
    pub(crate) fn mixed<T>(
        &self,
        key: &'static str,
        expected: &str,
        mut string: impl FnMut(Text) -> Option<T>,
        mut table: impl FnMut(&Section<'_>) -> Option<T>,
    ) -> Vec<T> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let entries: Vec<&Value<'d>> = match value.get_ref() {
            DeValue::Array(entries) => entries.iter().collect(),
            _ => vec![value],
        };
        let mut read = Vec::new();
        for entry in entries {
            match entry.get_ref() {
                DeValue::Table(entries) => {
                    let prefix = format!("{}{key}.", self.prefix);
                    let section = Section::new(self.document, entries, entry.span(), prefix, self.findings);
                    read.extend(table(&section));
                    section.refuse_unknown();
                }
                _ => match self.text(entry).filter(|text| !text.value.is_empty()) {
                    Some(text) => read.extend(string(text)),
                    None => self.expected(key, "bad_value", expected),
                },
            }
        }
        read
    }

    fn text(&self, value: &Value<'d>) -> Option<Text> {
        match value.get_ref() {
            DeValue::String(text) => {
                let place = self.document.place(value.span().start);
                Some(Text { value: text.trim().to_owned(), place })
            }
            _ => None,
        }
    }

    /// Tells of keys that nobody asked for.
    fn refuse_unknown(&self) {
        let asked = self.asked.borrow();
        for (key, _) in self.table.iter() {
            if !asked.iter().any(|known| key.get_ref() == known) {
                let mut known = asked.clone();
                known.sort_unstable();
                known.dedup();
                let message = format!(
                    "expected the keys {}, found `{}{}`; see docs/catalogue.md",
                    known.join(", "),
                    self.prefix,
                    key.get_ref()
                );
                self.findings.error("unknown_key", &self.document.place(key.span().start), message);
            }
        }
    }
}

/// A value for a message, shortened.
fn shown(value: &Value<'_>) -> String {
    match value.get_ref() {
        DeValue::String(text) => format!("`{}`", text.chars().take(60).collect::<String>()),
        DeValue::Integer(number) => format!("`{}`", number.as_str()),
        DeValue::Float(number) => format!("`{}`", number.as_str()),
        DeValue::Boolean(value) => format!("`{value}`"),
        DeValue::Datetime(date) => format!("`{date}`"),
        DeValue::Array(entries) if entries.is_empty() => "an empty list".to_owned(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}
