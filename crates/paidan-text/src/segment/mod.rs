//! Words: the segmenter's trait, jieba behind it, and the dictionary it is given.

mod dictionary;
mod jieba;
mod reloadable;

use std::ops::Range;

pub use dictionary::{Dictionary, DictionaryEntry};
pub use jieba::JiebaSegmenter;
pub use reloadable::ReloadableSegmenter;

/// Cuts a text into words.
///
/// Implementations are shared by all threads and give the same words for the same text, always.
pub trait Segmenter: Send + Sync {
    /// Byte ranges of the words of `text`, in order, without gaps. A token such as `⟦phone⟧` is one word.
    fn segment(&self, text: &str) -> Vec<Range<usize>>;

    /// Whether `word` stands in a dictionary and is not a person's name there, so that a model may spell it
    /// out without telling what any ticket said.
    fn is_dictionary_word(&self, word: &str) -> bool;
}
