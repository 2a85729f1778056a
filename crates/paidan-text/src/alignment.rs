use std::ops::Range;

/// How a derived text maps back to the text it was made from.
///
/// All offsets are bytes. A derived text is a sequence of runs; each run was either copied byte for byte
/// or stands as a whole for a stretch of the source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alignment {
    runs: Vec<Run>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Run {
    derived: Range<usize>,
    source: Range<usize>,
    copied: bool,
}

impl Alignment {
    /// The range of the source that `derived` stands for.
    ///
    /// A range that cuts into a replaced stretch covers the whole of it. Offsets past the end are
    /// clamped, so that this never panics.
    pub fn source_range(&self, derived: Range<usize>) -> Range<usize> {
        let start = self.run_at(derived.start).map_or(0, |run| run.source_start(derived.start));
        if derived.end <= derived.start {
            return start..start;
        }
        let end = self.run_at(derived.end - 1).map_or(0, |run| run.source_end(derived.end));
        start..end.max(start)
    }

    /// The run that holds the byte at `offset`, or the last one.
    fn run_at(&self, offset: usize) -> Option<&Run> {
        let after = self.runs.partition_point(|run| run.derived.end <= offset);
        self.runs.get(after).or(self.runs.last())
    }
}

impl Run {
    fn source_start(&self, offset: usize) -> usize {
        if offset >= self.derived.end {
            self.source.end
        } else if self.copied {
            self.source.start + offset.saturating_sub(self.derived.start)
        } else {
            self.source.start
        }
    }

    fn source_end(&self, offset: usize) -> usize {
        if self.copied && offset < self.derived.end {
            self.source.start + (offset - self.derived.start)
        } else {
            self.source.end
        }
    }
}

/// A text under construction together with its [`Alignment`] to the source.
///
/// Pieces of the source are handed over from left to right; what is skipped is left out.
#[derive(Clone, Debug, Default)]
pub struct AlignedText {
    text: String,
    alignment: Alignment,
}

impl AlignedText {
    /// An empty text with room for `capacity` bytes.
    pub fn with_capacity(capacity: usize) -> Self {
        Self { text: String::with_capacity(capacity), alignment: Alignment::default() }
    }

    /// Takes over `piece`, which stands at byte `start` of the source.
    pub fn copy(&mut self, piece: &str, start: usize) {
        let from = self.text.len();
        self.text.push_str(piece);
        self.push(from, start..start + piece.len(), true);
    }

    /// Writes `replacement` for the stretch `source`.
    pub fn replace(&mut self, source: Range<usize>, replacement: &str) {
        let from = self.text.len();
        self.text.push_str(replacement);
        self.push(from, source, false);
    }

    /// The text so far.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The finished text and its alignment.
    pub fn finish(self) -> (String, Alignment) {
        (self.text, self.alignment)
    }

    fn push(&mut self, from: usize, source: Range<usize>, copied: bool) {
        let derived = from..self.text.len();
        if derived.is_empty() {
            return;
        }
        match self.alignment.runs.last_mut() {
            Some(last) if copied && last.copied && last.source.end == source.start => {
                last.source.end = source.end;
                last.derived.end = derived.end;
            }
            _ => self.alignment.runs.push(Run { derived, source, copied }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_copied_replaced_and_skipped_stretches() {
        let source = "ab\u{200b}cde１f";
        let mut built = AlignedText::with_capacity(source.len());
        built.copy("ab", 0);
        built.copy("cde", 5);
        built.replace(8..11, "1");
        built.copy("f", 11);
        let (text, alignment) = built.finish();
        assert_eq!(text, "abcde1f");
        let of = |range| &source[alignment.source_range(range)];
        assert_eq!(of(0..2), "ab");
        assert_eq!(of(1..3), "b\u{200b}c");
        assert_eq!(of(2..4), "cd");
        assert_eq!(of(5..6), "１");
        assert_eq!(of(4..7), "e１f");
        assert_eq!(alignment.source_range(7..7), 12..12);
        assert_eq!(alignment.source_range(90..99), 12..12);
    }
}
