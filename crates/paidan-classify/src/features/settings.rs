use serde::{Deserialize, Serialize};

use super::family::Family;

/// Which n-grams are counted and how they are weighted. Stored in the bundle.
///
/// A ticket has up to four families of features: characters and words of title and text together, and
/// characters and words of the title once more. Within a family the weight of an n-gram is
/// (1 + ln count) × idf; each family is brought to its own norm, then the whole ticket to norm 1.
///
/// The defaults suit complaints of 10 to 2,000 characters and rarely need changing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeatureSettings {
    /// Longest group of characters, 0 to 3.
    pub char_ngrams: usize,
    /// Longest group of words, 0 to 2.
    pub word_ngrams: usize,
    /// Power of the inverse document frequency, 0 to 2.
    pub idf_power: f32,
    /// Norm of the families of words where that of the families of characters is 1; 0 to 10.
    pub word_weight: f32,
    /// Norm of the families of the title where that of the families of the whole is 1; 0 to 10.
    pub title_weight: f32,
}

impl Default for FeatureSettings {
    fn default() -> Self {
        Self { char_ngrams: 2, word_ngrams: 1, idf_power: 0.75, word_weight: 0.6, title_weight: 0.6 }
    }
}

impl FeatureSettings {
    /// The norm of a family.
    pub(super) fn weight(&self, family: Family) -> f32 {
        match family {
            Family::Chars => 1.0,
            Family::Words => self.word_weight,
            Family::TitleChars => self.title_weight,
            Family::TitleWords => self.title_weight * self.word_weight,
        }
    }

    /// What is out of range, for settings that come from a file or a caller.
    pub(crate) fn problem(&self) -> Option<&'static str> {
        let weight_ok = |weight: f32| (0.0..=10.0).contains(&weight);
        if self.char_ngrams > 3 || self.word_ngrams > 2 || self.char_ngrams + self.word_ngrams == 0 {
            Some("character n-grams up to 3 and word n-grams up to 2, not both 0")
        } else if !weight_ok(self.title_weight) || !weight_ok(self.word_weight) {
            Some("weights of title and words between 0 and 10")
        } else if !(0.0..=2.0).contains(&self.idf_power) {
            Some("a power of the inverse document frequency between 0 and 2")
        } else {
            None
        }
    }
}

/// Which n-grams of the training tickets may enter the vocabulary.
///
/// Rare n-grams are where names and addresses hide, so a model that leaves the house should be trained
/// with [`VocabularyPolicy::for_sharing`].
#[derive(Clone, Debug, PartialEq)]
pub struct VocabularyPolicy {
    /// Tickets in which an n-gram must occur.
    pub min_tickets: u32,
    /// For n-grams that are neither a single character nor a word of a dictionary: tickets in which they
    /// must occur. At least `min_tickets` in effect.
    pub min_tickets_outside_dictionary: u32,
    /// For the same n-grams: groups of tickets, such as cities, in which they must occur.
    pub min_groups_outside_dictionary: u32,
    /// The most n-grams kept, those in most tickets first.
    pub max_features: usize,
}

impl Default for VocabularyPolicy {
    /// For a model that stays in the house of the tickets: whatever occurs in two tickets.
    fn default() -> Self {
        Self {
            min_tickets: 2,
            min_tickets_outside_dictionary: 2,
            min_groups_outside_dictionary: 1,
            max_features: 150_000,
        }
    }
}

impl VocabularyPolicy {
    /// For a model that others will read: beyond single characters and dictionary words only what occurs
    /// in at least 20 tickets of at least 2 groups.
    pub fn for_sharing() -> Self {
        Self { min_tickets_outside_dictionary: 20, min_groups_outside_dictionary: 2, ..Self::default() }
    }
}
