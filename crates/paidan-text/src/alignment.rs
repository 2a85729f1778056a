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

    /// The alignment of a text of `len` bytes to itself.
    pub fn identity(len: usize) -> Self {
        let mut same = Self::default();
        same.push(0..len, 0..len, true);
        same
    }

    /// This alignment, where its source is itself the text that `earlier` belongs to, taken back to the
    /// source of `earlier`.
    #[must_use]
    pub fn after(&self, earlier: &Self) -> Self {
        let mut whole = Self { runs: Vec::with_capacity(self.runs.len().max(earlier.runs.len())) };
        for run in &self.runs {
            if !run.copied {
                whole.push(run.derived.clone(), earlier.source_range(run.source.clone()), false);
                continue;
            }
            let first = earlier.runs.partition_point(|before| before.derived.end <= run.source.start);
            for before in earlier.runs.iter().skip(first) {
                let start = run.source.start.max(before.derived.start);
                let end = run.source.end.min(before.derived.end);
                if start >= end {
                    break;
                }
                let derived = run.derived.start + (start - run.source.start);
                let source = match before.copied {
                    true => before.source_start(start)..before.source_end(end),
                    false => before.source.clone(),
                };
                whole.push(derived..derived + (end - start), source, before.copied);
            }
        }
        whole
    }

    fn push(&mut self, derived: Range<usize>, source: Range<usize>, copied: bool) {
        if derived.is_empty() {
            return;
        }
        match self.runs.last_mut() {
            Some(last) if copied && last.copied && last.source.end == source.start => {
                last.source.end = source.end;
                last.derived.end = derived.end;
            }
            _ => self.runs.push(Run { derived, source, copied }),
        }
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

    /// Takes back the text from byte `from` on, and returns the stretch of the source that it stood for.
    ///
    /// A cut into a replaced stretch returns the whole of its source.
    pub fn cut(&mut self, mut from: usize) -> Range<usize> {
        while !self.text.is_char_boundary(from) {
            from -= 1;
        }
        let runs = &mut self.alignment.runs;
        let end = runs.last().map_or(0, |run| run.source.end);
        let mut start = end;
        while let Some(last) = runs.last_mut().filter(|run| run.derived.end > from) {
            start = last.source_start(from.max(last.derived.start));
            if last.derived.start < from {
                last.derived.end = from;
                if last.copied {
                    last.source.end = start;
                }
                break;
            }
            runs.pop();
        }
        self.text.truncate(from);
        start..end
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
        self.alignment.push(from..self.text.len(), source, copied);
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

    #[test]
    fn what_was_written_can_be_taken_back() {
        let mut built = AlignedText::default();
        built.copy("a&am", 0);
        built.copy("p;b", 7);
        built.replace(10..13, "xyz");
        let mut cut = built.clone();
        assert_eq!(cut.cut(8), 10..13);
        assert_eq!(cut.text(), "a&amp;bx");
        assert_eq!(cut.cut(1), 1..13);
        cut.replace(1..13, "&");
        let (text, alignment) = cut.finish();
        assert_eq!(text, "a&");
        assert_eq!(alignment.source_range(0..1), 0..1);
        assert_eq!(alignment.source_range(1..2), 1..13);
        assert_eq!(built.cut(90), 13..13);
        assert_eq!(built.cut(0), 0..13);
        assert_eq!(built.text(), "");
    }

    #[test]
    fn two_steps_make_one() {
        let source = "a①bb\u{200b}cd";
        let mut first = AlignedText::default();
        first.copy("a", 0);
        first.replace(1..4, "10");
        first.copy("bb", 4);
        first.copy("cd", 9);
        let (middle, before) = first.finish();
        assert_eq!(middle, "a10bbcd");
        let mut second = AlignedText::default();
        second.copy("a1", 0);
        second.replace(4..6, "X");
        second.copy("d", 6);
        let (text, after) = second.finish();
        assert_eq!(text, "a1Xd");
        let whole = after.after(&before);
        let of = |range| &source[whole.source_range(range)];
        assert_eq!([of(0..1), of(1..2), of(2..3), of(3..4)], ["a", "①", "b\u{200b}c", "d"]);
        assert_eq!(before.after(&Alignment::identity(source.len())), before);
        assert_eq!(Alignment::identity(middle.len()).after(&before), before);
    }
}
