//! Lexical features: words and characters by themselves and in groups, weighted by TF-IDF.

mod family;
mod idf;
mod ngram;
mod settings;
mod table;
mod vector;
mod vocabulary;
mod vocabulary_builder;

pub(crate) use family::mix;
pub(crate) use ngram::word_key;
pub(crate) use ngram::{Ngram, Section, for_each_ngram};
pub use settings::{FeatureSettings, VocabularyPolicy};
pub(crate) use table::MAX_KEYS as MAX_FEATURES;
pub(crate) use vector::{FeatureVector, Vectorizer};
pub use vocabulary::Vocabulary;
pub(crate) use vocabulary_builder::VocabularyBuilder;
