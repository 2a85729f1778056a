//! Text of city hotlines, before any machine learning.
//!
//! One text goes through three stages, each aligned to the original:
//!
//! 1. [`Normalizer`]: blanks, full-width letters and digits, invisible characters;
//! 2. [`Masker`]: personal data become tokens such as `⟦phone⟧`;
//! 3. [`Segmenter`]: words, by jieba with the hotline's own [`Dictionary`].
//!
//! [`TextPipeline`] runs them in this order. What it returns holds no unmasked text. Beside them,
//! [`EmergencyFinder`] finds words that speak of an emergency.
//!
//! ```
//! use std::sync::Arc;
//! use paidan_text::{Dictionary, JiebaSegmenter, TextPipeline};
//!
//! let segmenter = Arc::new(JiebaSegmenter::new(&Dictionary::hotline()));
//! let pipeline = TextPipeline::new(segmenter);
//! let original = "路灯　不亮，请回电１３８００００１２３４。";
//! let prepared = pipeline.prepare(original);
//! assert_eq!(prepared.masked(), "路灯 不亮，请回电⟦phone⟧。");
//! assert_eq!(prepared.words().next(), Some("路灯"));
//! let phone = &prepared.pii()[0];
//! assert_eq!(&original[phone.range.clone()], "１３８００００１２３４");
//! ```
//!
//! Most callers need only the crate `paidan`, which runs the pipeline for them.

mod alignment;
mod emergency;
mod error;
mod mask;
mod normalize;
mod offsets;
mod pipeline;
mod segment;
mod ticket;

pub use alignment::{AlignedText, Alignment};
pub use emergency::{
    EmergencyCue, EmergencyFinder, EmergencyKind, EmergencyLevel, EmergencyRulesError, Suppressed,
};
pub use error::DictionaryError;
pub use mask::{Cue, MASK_CLOSE, MASK_OPEN, MaskInput, MaskRule, Masker, PiiKind, PiiSpan};
pub use normalize::Normalizer;
pub use offsets::CharOffsets;
pub use pipeline::{PreparedText, PreparedTicket, TextMasker, TextPipeline};
pub use segment::{Dictionary, DictionaryEntry, JiebaSegmenter, ReloadableSegmenter, Segmenter};
pub use ticket::Ticket;
