use std::collections::HashMap;

use paidan_text::PreparedTicket;
use rayon::prelude::*;

use super::cooccurrence::{END, Tokens, mutual_information};
use super::eigen::scaled_eigenvectors;
use crate::features::{FeatureVector, Vectorizer, word_key};

/// Vectors of the words of a vocabulary, and how the words of a ticket add up to its own.
#[derive(Clone, Debug)]
pub(crate) struct WordVectors {
    width: usize,
    /// `(features, width)`; zeros for features that are no words, or too rare. Scaled so that a ticket's sum, times
    /// its feature values, is what counts.
    of_feature: Vec<f32>,
    /// The mean sum of the training tickets, taken away from every sum.
    mean: Vec<f32>,
}

/// Numbers of a vector.
const WIDTH: usize = 200;
/// Times a word must occur to have a vector.
const LEAST_COUNT: u64 = 5;
/// The most words with a vector, the most frequent first.
const MAX_WORDS: usize = 50_000;
/// The most words read; of more, every second, third … text is.
const MAX_TOKENS: usize = 20_000_000;
/// Shares of words above which they count less (Arora, Liang, Ma, "A Simple but Tough-to-Beat Baseline for Sentence
/// Embeddings", ICLR 2017).
const COMMON: f64 = 1e-3;
/// Root mean square norm of a ticket's vector where that of its features is 1.
const NORM: f64 = 0.5;
/// Fewer words than these tell nothing of which words are alike.
const LEAST_WORDS: usize = 300;

impl WordVectors {
    /// Learns vectors from `tickets` and `unlabelled` ones for the words that `vectorizer` knows; `None` where there
    /// are too few words. The outer `None` where `keep_going` says no.
    pub(crate) fn learn(
        vectorizer: &Vectorizer,
        tickets: &[PreparedTicket],
        unlabelled: &[PreparedTicket],
        keep_going: &dyn Fn() -> bool,
    ) -> Option<Option<Self>> {
        let (keys, tokens) = tokens(tickets, unlabelled);
        if keys.len() < LEAST_WORDS {
            return Some(None);
        }
        let matrix = mutual_information(&tokens);
        if !keep_going() {
            return None;
        }
        let (rows, width) = scaled_eigenvectors(&matrix, WIDTH, keep_going)?;
        drop(matrix);
        if width == 0 {
            return Some(None);
        }
        let all: u64 = tokens.counts.iter().sum();
        let mut of_feature = vec![0.0f32; vectorizer.vocabulary.len() * width];
        for ((key, count), row) in keys.iter().zip(&tokens.counts).zip(rows.chunks(width)) {
            let Some(feature) = vectorizer.vocabulary.index(*key) else { continue };
            let norm = row.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>().sqrt();
            let idf = f64::from(vectorizer.idf.get(feature as usize).copied().unwrap_or_default());
            if norm <= 1e-9 || idf <= 0.0 {
                continue;
            }
            // Feature values hold the inverse document frequency; here the share decides.
            let share = *count as f64 / all as f64;
            let scale = (COMMON / (COMMON + share) / idf / norm) as f32;
            let start = feature as usize * width;
            let into = of_feature[start..start + width].iter_mut();
            into.zip(row).for_each(|(into, value)| *into = value * scale);
        }
        Some(Some(Self { width, of_feature, mean: vec![0.0; width] }))
    }

    /// Centres and scales the vectors so that those of `rows` have mean 0 and the norm that counts best.
    pub(crate) fn fit<'r>(&mut self, rows: impl Iterator<Item = (&'r [u32], &'r [f32])> + Clone) {
        let mut sums = vec![0.0f64; self.width];
        let mut count = 0usize;
        for (indices, values) in rows.clone() {
            sums.iter_mut().zip(self.sum(indices, values)).for_each(|(sum, value)| *sum += f64::from(value));
            count += 1;
        }
        self.mean = sums.iter().map(|sum| (sum / count.max(1) as f64) as f32).collect();
        let squares: f64 = rows
            .map(|(indices, values)| {
                let vector = self.of(indices, values);
                vector.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>()
            })
            .sum();
        let norm = (squares / count.max(1) as f64).sqrt();
        let scale = if norm > 1e-9 { (NORM / norm) as f32 } else { 0.0 };
        self.of_feature.par_iter_mut().for_each(|value| *value *= scale);
        self.mean.iter_mut().for_each(|value| *value *= scale);
    }

    /// Numbers of a vector.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// The vector of a ticket with these features.
    pub(crate) fn of(&self, indices: &[u32], values: &[f32]) -> Vec<f32> {
        let mut sum = self.sum(indices, values);
        sum.iter_mut().zip(&self.mean).for_each(|(sum, mean)| *sum -= mean);
        sum
    }

    /// [`of`](Self::of) for a feature vector.
    pub(crate) fn of_vector(&self, vector: &FeatureVector) -> Vec<f32> {
        self.of(&vector.indices, &vector.values)
    }

    /// How many features there are, n-grams that are no words among them.
    pub(crate) fn features(&self) -> usize {
        self.of_feature.len() / self.width.max(1)
    }

    /// Adds `heads`, the weights of the vectors' numbers for `classes` classes, to `weights` of the words and to
    /// `bias`, so that scores stay what they are without the numbers.
    pub(crate) fn fold(&self, heads: &[f32], classes: usize, weights: &mut [f32], bias: &mut [f32]) {
        weights.par_chunks_mut(classes.max(1)).enumerate().for_each(|(feature, weights)| {
            add_products(self.row(feature), heads, classes, 1.0, weights);
        });
        add_products(&self.mean, heads, classes, -1.0, bias);
    }

    fn sum(&self, indices: &[u32], values: &[f32]) -> Vec<f32> {
        let mut sum = vec![0.0f32; self.width];
        for (&index, &value) in indices.iter().zip(values) {
            for (sum, number) in sum.iter_mut().zip(self.row(index as usize)) {
                *sum += value * number;
            }
        }
        sum
    }

    /// The vector of feature `index`.
    fn row(&self, index: usize) -> &[f32] {
        self.of_feature.get(index * self.width..(index + 1) * self.width).unwrap_or_default()
    }
}

/// Adds `factor` times `numbers` times the rows of `heads` to `sums`.
fn add_products(numbers: &[f32], heads: &[f32], classes: usize, factor: f32, sums: &mut [f32]) {
    for (number, head) in numbers.iter().zip(heads.chunks(classes.max(1))) {
        if *number != 0.0 {
            sums.iter_mut().zip(head).for_each(|(sum, weight)| *sum += factor * number * weight);
        }
    }
}

/// The keys of the words that have a vector, the most frequent first, and all texts as their numbers.
fn tokens(tickets: &[PreparedTicket], unlabelled: &[PreparedTicket]) -> (Vec<u64>, Tokens) {
    let texts: Vec<&PreparedTicket> = tickets.iter().chain(unlabelled).collect();
    let lengths: usize = texts.iter().map(|ticket| length(ticket)).sum();
    let texts: Vec<&PreparedTicket> =
        texts.into_iter().step_by(lengths.div_ceil(MAX_TOKENS).max(1)).collect();
    let keyed: Vec<Vec<u64>> = texts.par_iter().map(|ticket| keys(ticket)).collect();
    let mut counts: HashMap<u64, u64> = HashMap::new();
    for key in keyed.iter().flatten() {
        *counts.entry(*key).or_default() += 1;
    }
    let mut kept: Vec<(u64, u64)> = counts.into_iter().filter(|(_, count)| *count >= LEAST_COUNT).collect();
    kept.sort_unstable_by_key(|(key, count)| (std::cmp::Reverse(*count), *key));
    kept.truncate(MAX_WORDS);
    let numbers: HashMap<u64, u32> = kept.iter().zip(0..).map(|((key, _), number)| (*key, number)).collect();
    let mut words = Vec::new();
    for keys in keyed {
        // Words too rare for a vector are left out, so that their neighbours stand side by side.
        words.extend(keys.iter().filter_map(|key| numbers.get(key)));
        words.push(END);
    }
    let (keys, counts) = kept.into_iter().unzip();
    (keys, Tokens { words, counts })
}

fn length(ticket: &PreparedTicket) -> usize {
    ticket.title.word_ranges().len() + ticket.text.word_ranges().len()
}

fn keys(ticket: &PreparedTicket) -> Vec<u64> {
    let words = ticket.title.words().chain(ticket.text.words());
    words.filter(|word| !word.trim().is_empty()).map(word_key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    use crate::features::{FeatureSettings, VocabularyBuilder, VocabularyPolicy};
    use paidan_text::{Dictionary, JiebaSegmenter, TextPipeline, Ticket};

    #[test]
    fn folded_weights_score_as_the_vectors_do() {
        let pipeline = TextPipeline::new(Arc::new(JiebaSegmenter::new(&Dictionary::default())));
        let character = |i: usize| char::from_u32(0x4e00 + (i * 7919 % 3000) as u32).unwrap();
        let text = |i: usize| (0..12).map(|j| character(i * 31 % 40 * 12 + j + i % 3)).collect::<String>();
        let tickets: Vec<PreparedTicket> =
            (0..400).map(|i| pipeline.prepare_ticket(&Ticket::new(text(i)))).collect();
        let settings = FeatureSettings::default();
        let counts = VocabularyBuilder::count(&tickets, |_| 0, &settings);
        let (vocabulary, frequencies) = counts
            .finish(VocabularyBuilder::default(), 0, &VocabularyPolicy::default(), pipeline.segmenter())
            .unwrap();
        let vectorizer = Vectorizer::new(settings, vocabulary, tickets.len(), &frequencies);
        let mut vectors = WordVectors::learn(&vectorizer, &tickets, &[], &|| true).unwrap().unwrap();
        let rows: Vec<FeatureVector> = tickets.iter().map(|ticket| vectorizer.vector(ticket)).collect();
        let pairs = rows.iter().map(|row| (row.indices.as_slice(), row.values.as_slice()));
        vectors.fit(pairs.clone());
        let own: Vec<Vec<f32>> = rows.iter().map(|row| vectors.of_vector(row)).collect();
        let norm = own.iter().flatten().map(|v| f64::from(v * v)).sum::<f64>() / own.len() as f64;
        assert!((norm.sqrt() - NORM).abs() < 1e-3, "{norm}");

        let heads: Vec<f32> = (0..vectors.width() * 2).map(|i| (i as f32 * 0.7).sin()).collect();
        let mut weights = vec![0.0f32; vectorizer.vocabulary.len() * 2];
        let mut bias = vec![0.25f32, -0.5];
        let before = bias.clone();
        vectors.fold(&heads, 2, &mut weights, &mut bias);
        for (row, own) in rows.iter().zip(&own) {
            for class in 0..2 {
                let with: f32 = own.iter().enumerate().map(|(i, v)| v * heads[i * 2 + class]).sum();
                let words = row.indices.iter().zip(&row.values);
                let folded: f32 = words.map(|(i, v)| v * weights[*i as usize * 2 + class]).sum();
                let (with, folded) = (before[class] + with, bias[class] + folded);
                assert!((with - folded).abs() < 1e-3, "{with} {folded}");
            }
        }
        assert!(WordVectors::learn(&vectorizer, &tickets[..2], &[], &|| true).unwrap().is_none());
        assert!(WordVectors::learn(&vectorizer, &tickets, &[], &|| false).is_none());
    }
}
