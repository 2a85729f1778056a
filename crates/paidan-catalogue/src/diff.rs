//! What differs between two catalogues, entry by entry.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Serialize;

use crate::error::Error;
use crate::finding::Findings;
use crate::read::Folder;

/// An entry that was added, removed or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The file without its ending: `units`, `areas`, `rules` …
    pub file: String,
    /// Code, id, kind or date of the entry.
    pub id: String,
    /// What became of it.
    pub kind: ChangeKind,
    /// Columns or keys that differ; all of an entry that was added or removed.
    pub fields: Vec<FieldChange>,
}

/// What became of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is there in both.
    Changed,
}

/// A column or key and its two values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    /// Its name.
    pub field: String,
    /// Before; `None` where there was none.
    pub before: Option<String>,
    /// After; `None` where there is none.
    pub after: Option<String>,
}

/// By file and id the fields of each entry.
type Entries = BTreeMap<(String, String), BTreeMap<String, String>>;

/// What differs between the catalogues in two folders; the order of rows and rules makes no difference.
///
/// # Errors
///
/// One of them cannot be read.
pub fn diff(before: impl AsRef<Path>, after: impl AsRef<Path>) -> Result<Vec<Change>, Error> {
    let (before, after) = (entries(before.as_ref())?, entries(after.as_ref())?);
    let keys: BTreeSet<&(String, String)> = before.keys().chain(after.keys()).collect();
    let none = BTreeMap::new();
    let mut changes = Vec::new();
    for key in keys {
        let (old, new) = (before.get(key), after.get(key));
        let kind = match (old, new) {
            (None, _) => ChangeKind::Added,
            (_, None) => ChangeKind::Removed,
            _ => ChangeKind::Changed,
        };
        let (old, new) = (old.unwrap_or(&none), new.unwrap_or(&none));
        let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        let fields: Vec<FieldChange> = names
            .into_iter()
            .filter(|name| old.get(*name) != new.get(*name))
            .map(|name| FieldChange {
                field: name.clone(),
                before: old.get(name).cloned(),
                after: new.get(name).cloned(),
            })
            .collect();
        if !fields.is_empty() {
            changes.push(Change { file: key.0.clone(), id: key.1.clone(), kind, fields });
        }
    }
    Ok(changes)
}

fn entries(path: &Path) -> Result<Entries, Error> {
    let findings = Findings::default();
    let mut folder = Folder::new(path, &findings);
    let mut entries = Entries::new();
    for stem in ["areas", "units"] {
        for (id, fields) in folder.whole_table(stem, "code") {
            entries.insert((stem.to_owned(), id), fields);
        }
    }
    for (name, list, id) in
        [("rules", "rule", "id"), ("deadlines", "deadline", "type"), ("escalations", "escalation", "kind")]
    {
        for (id, fields) in folder.whole_document(&format!("{name}.toml"), list, id) {
            entries.insert((name.to_owned(), id), fields);
        }
    }
    for (id, fields) in folder.whole_document("settings.toml", "", "") {
        entries.insert(("settings".to_owned(), id), fields);
    }
    let holidays =
        entries.get(&("deadlines".to_owned(), String::new())).and_then(|root| root.get("holidays")).cloned();
    if let Some(holidays) = holidays.filter(|name| folder.exists(name)) {
        for (id, fields) in folder.whole_file(&holidays, "date") {
            entries.insert(("holidays".to_owned(), id), fields);
        }
    }
    if findings.has_errors() { Err(Error::new(findings.into_sorted())) } else { Ok(entries) }
}
