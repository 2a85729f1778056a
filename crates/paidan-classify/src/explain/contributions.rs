use std::ops::Range;

use super::{Explainer, spread};
use crate::features::Section;

/// What made the score of one label: bias, and what each stretch of the ticket added.
///
/// Exact for a linear head: [`bias`](Self::bias), [`embedding`](Self::embedding) and the contributions of all
/// [`spans`](Self::spans) add up to [`score`](Self::score), but for the rounding of single precision.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Contributions {
    /// The head's score of the label, before calibration.
    pub score: f32,
    /// What the label starts from.
    pub bias: f32,
    /// What the encoder's reading of the whole ticket adds; `None` where the model has no encoder.
    pub embedding: Option<f32>,
    /// The words of the ticket, title before text; together they cover it.
    pub spans: Vec<SpanContribution>,
}

/// What one word adds to the score of a label.
#[derive(Clone, Debug, PartialEq)]
pub struct SpanContribution {
    /// Whether the word stands in the title.
    pub in_title: bool,
    /// Bytes of the masked title or text.
    pub range: Range<usize>,
    /// The sum over `parts`.
    pub contribution: f32,
    /// The n-grams that the word is part of, in the order of the text.
    pub parts: Vec<NgramContribution>,
}

/// The share of one occurrence of an n-gram that falls to a word.
#[derive(Clone, Debug, PartialEq)]
pub struct NgramContribution {
    /// As the vocabulary spells it; the words of a pair are parted by a blank.
    pub ngram: String,
    /// Whether it is made of words; else of characters.
    pub is_words: bool,
    /// What it adds.
    pub contribution: f32,
}

impl Explainer<'_> {
    /// What made the score of label `label` of task `task`; `embedding` is that of the ticket by the model's
    /// encoder, empty where there is none. `None` where there is no such task or label.
    ///
    /// The share of each n-gram is spread over its occurrences, and over the words that an occurrence covers by
    /// their length.
    pub fn contributions(&self, task: usize, label: usize, embedding: &[f32]) -> Option<Contributions> {
        if label >= self.model.tasks.get(task)?.labels.len() {
            return None;
        }
        let column = self.model.heads.columns(task).start + label;
        let mut vector = self.vector.clone();
        let mut of_embedding = None;
        if let (Some(encoder), false) = (&self.model.encoder, embedding.is_empty()) {
            let values = encoder.centering.apply(embedding);
            let first = self.model.vectorizer.idf.len();
            let shares =
                (first as u32..).zip(&values).map(|(index, value)| value * self.weight(task, label, index));
            of_embedding = Some(shares.sum());
            vector.append(first, &values);
        }
        let score = |indices: &[u32], values: &[f32]| {
            self.model.heads.scores(indices, values).get(column).copied().unwrap_or_default()
        };
        let shares = self.shares(|index| self.weight(task, label, index));
        let mut spans = [true, false].map(|in_title| {
            let text = if in_title { &self.ticket.title } else { &self.ticket.text };
            let words = text.word_ranges().iter().cloned();
            words
                .map(|range| SpanContribution { in_title, range, contribution: 0.0, parts: Vec::new() })
                .collect::<Vec<_>>()
        });
        for (at, section, range) in &self.occurrences {
            let spans = &mut spans[usize::from(*section == Section::Text)];
            let (is_words, ngram) = self.model.vectorizer.vocabulary.spelled(self.vector.indices[*at]);
            spread(
                spans,
                |span| &span.range,
                range,
                shares[*at],
                |span, share| {
                    span.contribution += share;
                    span.parts.push(NgramContribution {
                        ngram: ngram.to_owned(),
                        is_words,
                        contribution: share,
                    });
                },
            );
        }
        Some(Contributions {
            score: score(&vector.indices, &vector.values),
            bias: score(&[], &[]),
            embedding: of_embedding,
            spans: spans.concat(),
        })
    }

    /// What feature `index` weighs for the label.
    fn weight(&self, task: usize, label: usize, index: u32) -> f32 {
        let (weights, scale) = self.model.heads.row(task, index);
        scale * weights.get(label).map_or(0.0, |weight| f32::from(*weight))
    }
}
