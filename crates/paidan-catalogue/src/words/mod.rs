//! Words of rules and escalations in a ticket's text.

mod boundary;
mod fields;
mod scope;
mod table;

pub(crate) use boundary::{cuts_two_words, is_whole};
pub(crate) use fields::{Field, Fields, Span};
pub(crate) use scope::{is_negated, is_past};
pub(crate) use table::{Hit, WordId, WordTable, WordTableBuilder};

use paidan_text::Normalizer;

/// The form in which names, words and texts are compared: normalised, Latin letters small.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = Normalizer.normalize(text).0;
    folded.make_ascii_lowercase();
    folded
}
