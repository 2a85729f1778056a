use serde::{Deserialize, Serialize};

/// Which n-grams are counted and how they are weighted. Stored in the bundle.
///
/// The defaults suit complaints of 10 to 2,000 characters; [`FeatureSettings::with_title_weight`] is the
/// only knob that often matters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeatureSettings {
    char_ngrams: usize,
    word_ngrams: usize,
    title_weight: f32,
    word_family_weight: f32,
}

impl Default for FeatureSettings {
    fn default() -> Self {
        Self { char_ngrams: 3, word_ngrams: 2, title_weight: 1.0, word_family_weight: 1.0 }
    }
}

impl FeatureSettings {
    /// How much an occurrence in the title counts against one in the text; 0 to 10, 1 by default.
    #[must_use]
    pub fn with_title_weight(mut self, weight: f32) -> Self {
        self.title_weight = weight;
        self
    }

    /// Norm of the word features of a ticket where that of the character features is 1; 0 to 10.
    #[must_use]
    pub fn with_word_family_weight(mut self, weight: f32) -> Self {
        self.word_family_weight = weight;
        self
    }

    /// Longest character n-gram, at most 3.
    pub fn char_ngrams(&self) -> usize {
        self.char_ngrams
    }

    /// Longest word n-gram, at most 2.
    pub fn word_ngrams(&self) -> usize {
        self.word_ngrams
    }

    pub(crate) fn title_weight(&self) -> f32 {
        self.title_weight
    }

    pub(crate) fn word_family_weight(&self) -> f32 {
        self.word_family_weight
    }

    /// What is out of range, for settings that come from a file or a caller.
    pub(crate) fn problem(&self) -> Option<&'static str> {
        let weight_ok = |weight: f32| (0.0..=10.0).contains(&weight);
        if self.char_ngrams > 3 || self.word_ngrams > 2 || self.char_ngrams + self.word_ngrams == 0 {
            Some("character n-grams up to 3 and word n-grams up to 2, not both 0")
        } else if !weight_ok(self.title_weight) || !weight_ok(self.word_family_weight) {
            Some("weights of title and words between 0 and 10")
        } else {
            None
        }
    }
}

/// Which n-grams of the training tickets may enter the vocabulary.
///
/// Rare n-grams are where names and addresses hide, so a model that leaves the house should be trained
/// with [`VocabularyPolicy::for_sharing`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
