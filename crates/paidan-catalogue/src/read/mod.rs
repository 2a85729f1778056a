//! Reads the files of a catalogue's folder, and remembers what it read for the content hash.

mod document;
mod list;
mod table;
mod whole;

pub(crate) use document::{Document, Section, Text};
pub(crate) use list::list;
pub(crate) use table::{Column, Table, TableRow};

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::finding::Findings;

/// The folder while it is read.
pub(crate) struct Folder<'f> {
    path: &'f Path,
    pub(crate) findings: &'f Findings,
    digest: Sha256,
}

impl<'f> Folder<'f> {
    pub(crate) fn new(path: &'f Path, findings: &'f Findings) -> Self {
        Self { path, findings, digest: Sha256::new() }
    }

    /// How a file is called in messages.
    pub(crate) fn shown(&self, name: &str) -> String {
        self.path.join(name).display().to_string()
    }

    /// The table `stem.csv` or `stem.xlsx`; `None`, with a finding, where it is missing or cannot be read.
    pub(crate) fn table(&mut self, stem: &str, columns: &[Column]) -> Option<Table> {
        let csv = format!("{stem}.csv");
        let found: Vec<String> =
            [csv.clone(), format!("{stem}.xlsx")].into_iter().filter(|name| self.exists(name)).collect();
        match found.as_slice() {
            [name] => self.table_file(name, columns),
            [] => {
                self.missing(&csv, &format!("expected `{csv}` or `{stem}.xlsx`"));
                None
            }
            _ => {
                let message = format!("expected one of `{csv}` and `{stem}.xlsx`, found both; remove one");
                self.findings.error_in("two_tables", &self.shown(&csv), message);
                None
            }
        }
    }

    /// The table in the file `name`.
    pub(crate) fn table_file(&mut self, name: &str, columns: &[Column]) -> Option<Table> {
        let table = Table::read(&self.path.join(name), columns, self.findings)?;
        let stem = Path::new(name).file_stem().map(|stem| stem.to_string_lossy().into_owned());
        self.remember(stem.as_deref().unwrap_or(name), table.canonical().as_bytes());
        Some(table)
    }

    /// The TOML file `name`; `None`, with a finding, where it is missing or cannot be read.
    pub(crate) fn document(&mut self, name: &str) -> Option<Document> {
        if !self.exists(name) {
            self.missing(name, &format!("expected `{name}`; it may be empty"));
            return None;
        }
        let path = self.path.join(name);
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) => {
                self.findings.error_in(
                    "unreadable_file",
                    &self.shown(name),
                    format!("cannot be read: {error}"),
                );
                return None;
            }
        };
        let Ok(text) = String::from_utf8(bytes) else {
            let message = "expected UTF-8, found another encoding; save the file as UTF-8";
            self.findings.error_in("not_utf8", &self.shown(name), message);
            return None;
        };
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        self.remember(name, text.as_bytes());
        Some(Document::new(self.shown(name), text))
    }

    /// SHA-256 of all that was read, in hexadecimal: the same for the same content in any encoding, with any
    /// line ends, as CSV or as workbook.
    pub(crate) fn hash(&self) -> String {
        self.digest.clone().finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    pub(crate) fn exists(&self, name: &str) -> bool {
        self.file(name).exists()
    }

    fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    fn missing(&self, name: &str, expected: &str) {
        let message = format!("{expected}, found no such file; docs/catalogue.md says what it holds");
        self.findings.error_in("missing_file", &self.shown(name), message);
    }

    fn remember(&mut self, name: &str, content: &[u8]) {
        for part in [name.as_bytes(), content] {
            self.digest.update((part.len() as u64).to_le_bytes());
            self.digest.update(part);
        }
    }
}
