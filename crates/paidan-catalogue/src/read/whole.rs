//! Files as they stand, for comparing them: entries by id, fields by name.

use std::collections::BTreeMap;

use paidan_data::{RecordReader, Source};

use super::Folder;

type Entry = (String, BTreeMap<String, String>);

impl Folder<'_> {
    /// The rows of the table `stem.csv` or `stem.xlsx`, by the column `id`.
    pub(crate) fn whole_table(&mut self, stem: &str, id: &str) -> Vec<Entry> {
        let csv = format!("{stem}.csv");
        match [csv.clone(), format!("{stem}.xlsx")].iter().find(|name| self.exists(name)) {
            Some(name) => self.whole_file(name, id),
            None => {
                self.findings.error_in(
                    "missing_file",
                    &self.shown(&csv),
                    "expected the table, found no such file",
                );
                Vec::new()
            }
        }
    }

    /// The rows of the table in the file `name`, by the column `id`.
    pub(crate) fn whole_file(&mut self, name: &str, id: &str) -> Vec<Entry> {
        let file = self.shown(name);
        let reader = RecordReader::open(&[Source::new(self.file(name))]);
        let records = match reader {
            Ok(records) => records,
            Err(error) => {
                self.findings.error_in("unreadable_table", &file, error.to_string());
                return Vec::new();
            }
        };
        let mut rows = Vec::new();
        for record in records {
            match record {
                Ok(record) => {
                    let value =
                        |column: &str| record.get(column).map(str::trim).filter(|value| !value.is_empty());
                    let fields = record
                        .columns()
                        .filter(|column| !column.is_empty())
                        .filter_map(|column| Some((column.to_owned(), value(column)?.to_owned())))
                        .collect();
                    rows.push((value(id).unwrap_or_default().to_owned(), fields));
                }
                Err(error) => self.findings.error_in("bad_row", &file, error.to_string()),
            }
        }
        rows
    }

    /// The tables `[[list]]` of a TOML file by the key `id`, and what stands outside them under an empty id.
    pub(crate) fn whole_document(&mut self, name: &str, list: &str, id: &str) -> Vec<Entry> {
        let Some(document) = self.document(name) else { return Vec::new() };
        let root: toml::Table = match document.text().parse() {
            Ok(root) => root,
            Err(error) => {
                self.findings.error_in(
                    "bad_toml",
                    &self.shown(name),
                    format!("expected TOML: {}", error.message()),
                );
                return Vec::new();
            }
        };
        let mut entries: Vec<Entry> = Vec::new();
        let mut rest = BTreeMap::new();
        for (key, value) in &root {
            match value.as_array().filter(|_| key == list) {
                None => flatten(key, value, &mut rest),
                Some(tables) => {
                    for table in tables.iter().filter_map(toml::Value::as_table) {
                        let mut fields = BTreeMap::new();
                        table.iter().for_each(|(key, value)| flatten(key, value, &mut fields));
                        let own = fields.get(id).cloned().unwrap_or_default();
                        let own = match fields.get("urgency").filter(|_| list == "deadline") {
                            Some(urgency) => format!("{own}/{urgency}"),
                            None => own,
                        };
                        // Several entries of one kind are told apart by their order.
                        let same =
                            entries.iter().filter(|(other, _)| other.split('#').next() == Some(&own)).count();
                        let own =
                            if same == 0 && !own.is_empty() { own } else { format!("{own}#{}", same + 1) };
                        entries.push((own, fields));
                    }
                }
            }
        }
        entries.push((String::new(), rest));
        entries
    }
}

fn flatten(key: &str, value: &toml::Value, fields: &mut BTreeMap<String, String>) {
    match value {
        toml::Value::Table(table) => {
            table.iter().for_each(|(inner, value)| flatten(&format!("{key}.{inner}"), value, fields));
        }
        toml::Value::String(text) => {
            fields.insert(key.to_owned(), text.clone());
        }
        other => {
            fields.insert(key.to_owned(), other.to_string());
        }
    }
}
