use std::ops::Range;

/// Converts byte offsets of one text to Unicode code points.
///
/// Spans are bytes in Rust and code points in JSON and Python; this is the one place where they meet.
/// Cheap where offsets are asked for in rising order; a falling one walks the text from its beginning.
#[derive(Clone, Debug)]
pub struct CharOffsets<'t> {
    text: &'t str,
    byte: usize,
    chars: usize,
}

impl<'t> CharOffsets<'t> {
    /// Starts at the beginning of `text`.
    pub fn new(text: &'t str) -> Self {
        Self { text, byte: 0, chars: 0 }
    }

    /// The code points before byte `offset`, which is clamped to the text and to character boundaries.
    pub fn char_at(&mut self, offset: usize) -> usize {
        if offset < self.byte {
            (self.byte, self.chars) = (0, 0);
        }
        let rest = self.text.get(self.byte..).unwrap_or_default();
        let wanted = offset - self.byte;
        let mut passed = 0;
        for c in rest.chars() {
            if passed + c.len_utf8() > wanted {
                break;
            }
            passed += c.len_utf8();
            self.chars += 1;
        }
        self.byte += passed;
        self.chars
    }

    /// `range` in code points.
    pub fn char_range(&mut self, range: Range<usize>) -> Range<usize> {
        let start = self.char_at(range.start);
        start..self.char_at(range.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_code_points() {
        let text = "a路😀b";
        let mut offsets = CharOffsets::new(text);
        assert_eq!(offsets.char_range(1..4), 1..2);
        assert_eq!(offsets.char_range(4..8), 2..3);
        assert_eq!(offsets.char_range(0..99), 0..4);
    }
}
