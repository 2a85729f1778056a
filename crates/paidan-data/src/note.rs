use std::fmt;
use std::sync::Arc;

use crate::encoding::Encoding;
use crate::names::shown_file;
use crate::rows::Rows;

/// Something worth telling of a source with which nothing is wrong.
///
/// Shown as one line such as `五月.csv is read as GB18030`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    file: Arc<str>,
    kind: NoteKind,
}

/// The kinds of [`Note`], for programs; people read the line.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoteKind {
    /// The text is in this encoding, which is not UTF-8.
    Encoding(Encoding),
}

impl Note {
    /// What there is to tell of `file`.
    pub(crate) fn of(file: &Arc<str>, rows: &Rows) -> Option<Self> {
        let encoding = rows.encoding().filter(|encoding| *encoding != Encoding::Utf8)?;
        Some(Self { file: Arc::clone(file), kind: NoteKind::Encoding(encoding) })
    }

    /// The source as the caller gave it; `-` for standard input.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// What there is to tell.
    pub fn kind(&self) -> &NoteKind {
        &self.kind
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = shown_file(&self.file);
        match &self.kind {
            NoteKind::Encoding(encoding) => write!(f, "{file} is read as {encoding}"),
        }
    }
}
