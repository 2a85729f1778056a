use paidan_text::PreparedTicket;

use super::family::Family;
use super::idf::{smooth_idf, sublinear};
use super::ngram::for_each_ngram;
use super::{FeatureSettings, Vocabulary};

/// The features of one ticket: indices in rising order with their weights, of Euclidean norm 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct FeatureVector {
    pub(crate) indices: Vec<u32>,
    pub(crate) values: Vec<f32>,
}

impl FeatureVector {
    /// Appends `values` as features from index `first` on, which lies beyond all others.
    pub(crate) fn append(&mut self, first: usize, values: &[f32]) {
        self.indices.extend((first..first + values.len()).map(|index| index as u32));
        self.values.extend_from_slice(values);
    }
}

/// Turns prepared tickets into feature vectors.
#[derive(Clone, Debug)]
pub(crate) struct Vectorizer {
    pub(crate) settings: FeatureSettings,
    pub(crate) vocabulary: Vocabulary,
    /// Inverse document frequencies, already raised to the settings' power.
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
        let idf = |&frequency: &u32| smooth_idf(tickets, frequency).powf(settings.idf_power);
        let idf = frequencies.iter().map(idf).collect();
        Self { settings, vocabulary, idf }
    }

    /// The features of `ticket`.
    pub(crate) fn vector(&self, ticket: &PreparedTicket) -> FeatureVector {
        let mut keys: Vec<u64> = Vec::with_capacity(ticket.text.masked().len());
        for_each_ngram(ticket, &self.settings, |ngram| keys.push(ngram.key));
        let mut found: Vec<u32> = Vec::with_capacity(keys.len());
        self.vocabulary.find_all(&keys, &mut found);
        found.sort_unstable();
        let mut vector = FeatureVector {
            indices: Vec::with_capacity(found.len()),
            values: Vec::with_capacity(found.len()),
        };
        let mut squares = [0.0f32; Family::ALL.len()];
        for same in found.chunk_by(|a, b| a == b) {
            let Some(&index) = same.first() else { continue };
            let value = sublinear(same.len()) * self.idf.get(index as usize).copied().unwrap_or_default();
            squares[self.vocabulary.family(index) as usize] += value * value;
            vector.indices.push(index);
            vector.values.push(value);
        }
        let factors = self.family_factors(squares);
        for (value, &index) in vector.values.iter_mut().zip(&vector.indices) {
            *value *= factors[self.vocabulary.family(index) as usize];
        }
        vector
    }

    /// What brings each family to its norm and the whole to norm 1.
    fn family_factors(&self, squares: [f32; Family::ALL.len()]) -> [f32; Family::ALL.len()] {
        let weights = Family::ALL.map(|family| self.settings.weight(family));
        let present = weights.iter().zip(squares).filter(|(_, square)| *square > 0.0);
        let whole = present.map(|(weight, _)| weight * weight).sum::<f32>().sqrt();
        let mut factors = [0.0; Family::ALL.len()];
        for ((factor, weight), square) in factors.iter_mut().zip(weights).zip(squares) {
            if square > 0.0 && whole > 0.0 {
                *factor = weight / (square.sqrt() * whole);
            }
        }
        factors
    }
}
