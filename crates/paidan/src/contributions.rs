//! Why a label has its score: every word and n-gram with what it adds, as a tree that can be written down.

use paidan_classify::{Contributions, Model};
use paidan_text::{CharOffsets, PreparedTicket, Ticket};
use serde::Serialize;

use crate::engine::Engine;
use crate::error::Error;

/// What made the scores of the most probable labels of one task.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TaskContributions {
    /// The task.
    pub task: String,
    /// Its labels, the most probable first, at most as many as were asked for.
    pub labels: Vec<LabelContributions>,
}

/// What made the score of one label: `bias`, `embedding` and the contributions of all `words` add up to `score`, but
/// for the rounding of single precision.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LabelContributions {
    /// The label, as trained.
    pub label: String,
    /// Its Chinese name, where the label is a code that has one.
    pub name: Option<String>,
    /// Its calibrated probability.
    pub probability: f32,
    /// The head's score, before calibration.
    pub score: f32,
    /// What the label starts from.
    pub bias: f32,
    /// What the encoder's reading of the whole ticket adds; `None` where the bundle has no encoder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub embedding: Option<f32>,
    /// Words for and against it, in the order of the ticket; those that add nothing are left out.
    pub words: Vec<WordContribution>,
}

/// What one word adds to the score of a label.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WordContribution {
    /// The word as it stands in the masked text.
    pub word: String,
    /// `title` or `text`.
    pub field: &'static str,
    /// First code point in the original field.
    pub start: usize,
    /// Code point after the last in the original field.
    pub end: usize,
    /// What it adds; the sum over `ngrams`.
    pub contribution: f32,
    /// The n-grams it is part of.
    pub ngrams: Vec<NgramShare>,
}

/// The share of an n-gram that falls to a word.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NgramShare {
    /// As the vocabulary spells it; the words of a pair are parted by a blank.
    pub ngram: String,
    /// `words` or `characters`.
    pub kind: &'static str,
    /// What it adds.
    pub contribution: f32,
}

impl Engine {
    /// What made the scores of the `most` most probable labels of each task, before words of an emergency raise one.
    ///
    /// # Errors
    ///
    /// The ticket has neither title nor text, or the bundle's encoder failed.
    pub fn explain(&self, ticket: &Ticket, most: usize) -> Result<Vec<TaskContributions>, Error> {
        let snapshot = self.snapshot();
        self.one(&snapshot, ticket, |ticket, prepared, embedding| {
            explain(snapshot.model(), ticket, prepared, embedding, most)
        })
    }
}

fn explain(
    model: &Model,
    ticket: &Ticket,
    prepared: &PreparedTicket,
    embedding: &[f32],
    most: usize,
) -> Vec<TaskContributions> {
    let explainer = model.explainer(prepared);
    let probabilities = model.probabilities_with(prepared, embedding);
    let tasks = model.tasks().iter().zip(probabilities).enumerate();
    tasks
        .map(|(index, (task, probabilities))| {
            let mut ranked: Vec<(usize, f32)> = probabilities.into_iter().enumerate().collect();
            ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            let label = |(label, probability): (usize, f32)| {
                let made = explainer.contributions(index, label, embedding)?;
                Some(LabelContributions {
                    label: task.labels().get(label)?.to_owned(),
                    name: task.label_name(label).map(str::to_owned),
                    probability,
                    score: made.score,
                    bias: made.bias,
                    embedding: made.embedding,
                    words: words(made, ticket, prepared),
                })
            };
            let labels = ranked.into_iter().take(most).filter_map(label).collect();
            TaskContributions { task: task.name().to_owned(), labels }
        })
        .collect()
}

fn words(made: Contributions, ticket: &Ticket, prepared: &PreparedTicket) -> Vec<WordContribution> {
    let (mut title, mut text) = (CharOffsets::new(&ticket.title), CharOffsets::new(&ticket.text));
    let spans = made.spans.into_iter().filter(|span| !span.parts.is_empty());
    spans
        .map(|span| {
            let (field, prepared, offsets) = match span.in_title {
                true => ("title", &prepared.title, &mut title),
                false => ("text", &prepared.text, &mut text),
            };
            let place = offsets.char_range(prepared.original_range(span.range.clone()));
            let ngrams = span.parts.into_iter().map(|part| NgramShare {
                ngram: part.ngram,
                kind: if part.is_words { "words" } else { "characters" },
                contribution: part.contribution,
            });
            WordContribution {
                word: prepared.masked().get(span.range).unwrap_or_default().to_owned(),
                field,
                start: place.start,
                end: place.end,
                contribution: span.contribution,
                ngrams: ngrams.collect(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_shown_adds_up_to_the_score_and_stands_in_the_original() {
        let engine = Engine::load(concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/default")).unwrap();
        let ticket = Ticket::new("😀家里　停水两天，电话138-0000-4321，物业不管").with_title("停水投诉");
        let tasks = engine.explain(&ticket, 3).unwrap();
        assert_eq!(tasks.len(), 3);
        for label in tasks.iter().flat_map(|task| &task.labels) {
            let sum: f32 = label.words.iter().map(|word| word.contribution).sum();
            assert!((label.bias + sum - label.score).abs() < 1e-4, "{} {sum} {}", label.bias, label.score);
            for word in &label.words {
                let ngrams: f32 = word.ngrams.iter().map(|ngram| ngram.contribution).sum();
                assert!((ngrams - word.contribution).abs() < 1e-5);
                let original = if word.field == "title" { &ticket.title } else { &ticket.text };
                let there: String = original.chars().skip(word.start).take(word.end - word.start).collect();
                assert!(there == word.word || word.word.starts_with('⟦'), "{there} {}", word.word);
            }
        }
        let department = tasks.iter().find(|task| task.task == "department").unwrap();
        let best = &department.labels[0];
        assert_eq!(best.label, "water_supply");
        let strongest = best.words.iter().max_by(|a, b| a.contribution.total_cmp(&b.contribution)).unwrap();
        assert!(strongest.word.contains("停水"), "{strongest:?}");
        assert!(engine.explain(&Ticket::new(" "), 1).is_err());
    }
}
