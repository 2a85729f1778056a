use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::{Alignment, Masker, Normalizer, PiiSpan, Segmenter, Ticket};

/// Normalises and masks: the first two stages, for those who need no words.
#[derive(Clone, Default)]
pub struct TextMasker {
    normalizer: Normalizer,
    masker: Masker,
}

impl TextMasker {
    /// Normalises and masks `text`; [`words`](PreparedText::words) of the result is empty.
    pub fn mask(&self, text: &str) -> PreparedText {
        let (normalized, to_original) = self.normalizer.normalize(text);
        let (masked, mut pii, to_normalized) = self.masker.mask(&normalized);
        for span in &mut pii {
            span.range = to_original.source_range(span.range.clone());
        }
        PreparedText { masked, words: Vec::new(), pii, to_normalized, to_original }
    }
}

/// Normalises, masks and segments: the first three stages of a ticket's way.
///
/// Cheap to clone; all clones share one segmenter.
#[derive(Clone)]
pub struct TextPipeline {
    masker: TextMasker,
    segmenter: Arc<dyn Segmenter>,
}

/// A text after masking, with its words. The unmasked text is not kept, and `Debug` shows only lengths:
/// what no rule found may still be in the masked one.
#[derive(Clone, Default)]
pub struct PreparedText {
    masked: String,
    words: Vec<Range<usize>>,
    pii: Vec<PiiSpan>,
    to_normalized: Alignment,
    to_original: Alignment,
}

/// Title and text of a ticket, masked and segmented.
#[derive(Clone, Debug, Default)]
pub struct PreparedTicket {
    /// The title; empty for most phone calls.
    pub title: PreparedText,
    /// The complaint itself.
    pub text: PreparedText,
}

impl TextPipeline {
    /// A pipeline with all masking rules and the given segmenter.
    pub fn new(segmenter: Arc<dyn Segmenter>) -> Self {
        Self { masker: TextMasker::default(), segmenter }
    }

    /// All three stages.
    pub fn prepare(&self, text: &str) -> PreparedText {
        let mut prepared = self.masker.mask(text);
        prepared.words = self.segmenter.segment(&prepared.masked);
        prepared
    }

    /// All three stages for the title and the text of a ticket.
    pub fn prepare_ticket(&self, ticket: &Ticket) -> PreparedTicket {
        PreparedTicket { title: self.prepare(&ticket.title), text: self.prepare(&ticket.text) }
    }

    /// The segmenter that all clones share.
    pub fn segmenter(&self) -> &dyn Segmenter {
        self.segmenter.as_ref()
    }
}

impl PreparedText {
    /// The normalised and masked text.
    pub fn masked(&self) -> &str {
        &self.masked
    }

    /// Byte ranges of the words in [`masked`](Self::masked), in order; together they cover it.
    pub fn word_ranges(&self) -> &[Range<usize>] {
        &self.words
    }

    /// The words in order.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|range| self.masked.get(range.clone()).unwrap_or_default())
    }

    /// What was masked, with byte ranges of the ORIGINAL text.
    pub fn pii(&self) -> &[PiiSpan] {
        &self.pii
    }

    /// Maps a byte range of the masked text to the byte range of the original text that it stands for.
    pub fn original_range(&self, masked: Range<usize>) -> Range<usize> {
        self.to_original.source_range(self.to_normalized.source_range(masked))
    }
}

impl fmt::Debug for PreparedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PreparedText")
            .field("bytes", &self.masked.len())
            .field("words", &self.words.len())
            .field("pii", &self.pii.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Dictionary, JiebaSegmenter};

    #[test]
    fn words_map_back_through_mask_and_width() {
        let pipeline = TextPipeline::new(Arc::new(JiebaSegmenter::new(&Dictionary::default())));
        let original = "手机　139 0000 4321，垃圾 没人清运";
        let prepared = pipeline.prepare(original);
        assert_eq!(prepared.masked(), "手机 ⟦phone⟧，垃圾 没人清运");
        let found: Vec<&str> = prepared
            .word_ranges()
            .iter()
            .map(|range| &original[prepared.original_range(range.clone())])
            .collect();
        assert!(found.contains(&"139 0000 4321"), "{found:?}");
        assert!(found.contains(&"垃圾"), "{found:?}");
        assert_eq!(found.concat(), original);
    }
}
