use paidan_text::PreparedTicket;

use super::idf::{smooth_idf, sublinear};
use super::ngram::{Section, for_each_ngram};
use super::{FeatureSettings, Vocabulary};

/// The features of one ticket: indices in rising order with their weights.
///
/// The weights of each family have Euclidean norm 1 (characters) or the settings' word weight.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct FeatureVector {
    pub(crate) indices: Vec<u32>,
    pub(crate) values: Vec<f32>,
}

/// Turns prepared tickets into feature vectors.
#[derive(Clone, Debug)]
pub(crate) struct Vectorizer {
    pub(crate) settings: FeatureSettings,
    pub(crate) vocabulary: Vocabulary,
    pub(crate) idf: Vec<f32>,
}

impl Vectorizer {
    /// A vectorizer for `tickets` training tickets of which `frequencies[i]` hold n-gram `i`.
    pub(crate) fn new(
        settings: FeatureSettings,
        vocabulary: Vocabulary,
        tickets: usize,
        frequencies: &[u32],
    ) -> Self {
        let idf = frequencies.iter().map(|&frequency| smooth_idf(tickets, frequency)).collect();
        Self { settings, vocabulary, idf }
    }

    /// The features of `ticket`.
    pub(crate) fn vector(&self, ticket: &PreparedTicket) -> FeatureVector {
        // (index, term frequency), first one entry an occurrence.
        let mut terms: Vec<(u32, f32)> = Vec::with_capacity(ticket.text.masked().len());
        let title = self.settings.title_weight();
        for_each_ngram(ticket, &self.settings, |ngram| {
            if let Some(index) = self.vocabulary.index(ngram.key) {
                terms.push((index, if ngram.section == Section::Title { title } else { 1.0 }));
            }
        });
        // Stable, so that weights of one n-gram are always added in the order of the text.
        terms.sort_by_key(|&(index, _)| index);
        terms.dedup_by(|next, sum| {
            let same = next.0 == sum.0;
            if same {
                sum.1 += next.1;
            }
            same
        });
        let mut vector = FeatureVector {
            indices: Vec::with_capacity(terms.len()),
            values: Vec::with_capacity(terms.len()),
        };
        let mut squares = [0.0f32; 2];
        for &(index, frequency) in &terms {
            let value = sublinear(frequency) * self.idf.get(index as usize).copied().unwrap_or_default();
            squares[self.is_word(index)] += value * value;
            vector.indices.push(index);
            vector.values.push(value);
        }
        let norm = |square: f32, weight: f32| if square > 0.0 { weight / square.sqrt() } else { 0.0 };
        let factors = [norm(squares[0], 1.0), norm(squares[1], self.settings.word_family_weight())];
        for (value, &index) in vector.values.iter_mut().zip(&vector.indices) {
            *value *= factors[self.is_word(index)];
        }
        vector
    }

    /// 0 for features of characters, 1 for features of words.
    fn is_word(&self, index: u32) -> usize {
        self.vocabulary.family(index) as usize
    }
}
