//! A desk that decides with a catalogue in a temporary folder.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use paidan_catalogue::{Catalogue, Decision, Predictions, Request};
use paidan_text::{Dictionary, JiebaSegmenter, TextPipeline, Ticket};

static PIPELINE: LazyLock<TextPipeline> =
    LazyLock::new(|| TextPipeline::new(Arc::new(JiebaSegmenter::new(&Dictionary::hotline()))));

/// The example of `docs/catalogue.md`: names of files and their content.
pub(crate) fn documented() -> Vec<(String, String)> {
    let page = include_str!("../../../../docs/catalogue.md");
    let (_, example) = page.split_once("## A whole small catalogue").unwrap();
    let (example, _) = example.split_once("\n## ").unwrap();
    let mut files: Vec<(String, String)> = Vec::new();
    let mut is_inside = false;
    for line in example.lines() {
        match line.strip_prefix('`').and_then(|line| line.strip_suffix('`')) {
            Some(name) if !is_inside && !name.starts_with('`') => {
                files.push((name.to_owned(), String::new()))
            }
            _ if line.starts_with("```") => is_inside = !is_inside,
            _ if is_inside => {
                let (_, content) = files.last_mut().unwrap();
                content.push_str(line);
                content.push('\n');
            }
            _ => {}
        }
    }
    files
}

/// Writes the documented catalogue, with some files changed.
pub(crate) fn write(folder: &Path, changes: &[(&str, &str)]) {
    for (name, content) in documented() {
        std::fs::write(folder.join(name), content).unwrap();
    }
    for (name, content) in changes {
        std::fs::write(folder.join(name), content).unwrap();
    }
}

/// The documented catalogue, with some files changed.
pub(crate) fn catalogue(changes: &[(&str, &str)]) -> Catalogue {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), changes);
    Catalogue::load(folder.path()).unwrap_or_else(|error| panic!("{:#?}", error.findings()))
}

pub(crate) fn decide_with(
    catalogue: &Catalogue,
    ticket: &Ticket,
    predictions: &Predictions,
    at: &str,
) -> Decision {
    let prepared = PIPELINE.prepare_ticket(ticket);
    catalogue.decide(&Request { ticket, prepared: &prepared, predictions, at: Some(at) })
}

pub(crate) fn decide(catalogue: &Catalogue, text: &str, at: &str) -> Decision {
    decide_with(catalogue, &Ticket::new(text), &Predictions::default(), at)
}

/// Code of the lead, or a dash.
pub(crate) fn lead(decision: &Decision) -> &str {
    decision.lead.as_ref().map_or("–", |lead| &lead.code)
}
