//! Which words decided: the model's word weights, gathered and mapped to the original ticket.

use std::collections::BTreeMap;

use paidan_classify::{Model, WordWeight};
use paidan_text::{CharOffsets, PreparedTicket, Ticket};

use crate::decision::{Evidence, WordEvidence};
use crate::prediction::Prediction;

/// The most words shown for a label, and against it.
const WORDS: usize = 8;
/// Words that add less than this are not evidence.
const LEAST: f32 = 0.005;

/// The words that spoke for and against the predicted label of each task.
pub(crate) fn evidence(
    model: &Model,
    ticket: &Ticket,
    prepared: &PreparedTicket,
    embedding: &[f32],
    predictions: &[Prediction],
) -> Vec<Evidence> {
    let explainer = model.explainer(prepared);
    let tasks = model.tasks().iter().enumerate().zip(predictions);
    tasks
        .map(|((index, task), prediction)| {
            // Of a set the most probable label stands for the others.
            let best = prediction.top.first().map_or("", |(label, _)| label);
            let label = task.labels().iter().position(|label| label == best);
            let mut words =
                label.map_or_else(Vec::new, |label| words(explainer.words(index, label), ticket, prepared));
            words.sort_by(|a, b| {
                b.weight.total_cmp(&a.weight).then((a.field, a.start).cmp(&(b.field, b.start)))
            });
            let opposing = words.iter().rev().take_while(|word| word.weight < -LEAST);
            let supporting = words.iter().take_while(|word| word.weight > LEAST);
            Evidence {
                task: task.name().to_owned(),
                label: best.to_owned(),
                supporting: supporting.take(WORDS).cloned().collect(),
                opposing: opposing.take(WORDS).cloned().collect(),
                embedding: label.and_then(|label| explainer.embedding(index, label, embedding)),
            }
        })
        .collect()
}

/// One entry for each distinct word with a letter in it, at its first occurrence.
fn words(weights: Vec<WordWeight>, ticket: &Ticket, prepared: &PreparedTicket) -> Vec<WordEvidence> {
    let mut title_offsets = CharOffsets::new(&ticket.title);
    let mut text_offsets = CharOffsets::new(&ticket.text);
    let mut found: BTreeMap<String, WordEvidence> = BTreeMap::new();
    for weight in weights {
        let (field, text, offsets) = if weight.in_title {
            ("title", &prepared.title, &mut title_offsets)
        } else {
            ("text", &prepared.text, &mut text_offsets)
        };
        let word = text.masked().get(weight.range.clone()).unwrap_or_default();
        if !word.chars().any(char::is_alphanumeric) {
            continue;
        }
        let entry = found.entry(word.to_owned()).or_insert_with(|| {
            let span = offsets.char_range(text.original_range(weight.range.clone()));
            WordEvidence { word: word.to_owned(), field, start: span.start, end: span.end, weight: 0.0 }
        });
        entry.weight += weight.weight;
    }
    found.into_values().collect()
}
