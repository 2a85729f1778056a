use std::io::{self, Read};

/// A growing look into an input: formats look ahead in it and consume what they have taken.
///
/// Holds what is not consumed yet plus at most one chunk, so memory is bounded by the longest look ahead.
pub(crate) struct Window<R> {
    input: R,
    bytes: Vec<u8>,
    /// `bytes` before this offset are consumed.
    start: usize,
    /// Bytes consumed since the beginning of the input.
    consumed: u64,
    /// Line of the first byte not consumed, from 1.
    line: u64,
    newline: u8,
}

const CHUNK: usize = 64 << 10;
const BOM: &[u8] = b"\xEF\xBB\xBF";

impl<R: Read> Window<R> {
    /// Begins at the first byte after a byte order mark, if there is one.
    pub(crate) fn new(input: R) -> io::Result<Self> {
        let mut window = Self { input, bytes: Vec::new(), start: 0, consumed: 0, line: 1, newline: b'\n' };
        while window.rest().len() < BOM.len() && window.fill()? {}
        if window.rest().starts_with(BOM) {
            window.consume(BOM.len());
        }
        Ok(window)
    }

    /// What has been read and not been consumed.
    pub(crate) fn rest(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }

    /// Reads on, lengthening [`rest`](Self::rest); false at the end of the input.
    pub(crate) fn fill(&mut self) -> io::Result<bool> {
        if self.start > self.bytes.len() / 2 {
            self.bytes.drain(..self.start);
            self.start = 0;
        }
        let filled = self.bytes.len();
        self.bytes.resize(filled + CHUNK, 0);
        let result = loop {
            match self.input.read(self.bytes.get_mut(filled..).unwrap_or_default()) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        self.bytes.truncate(filled + result.as_ref().map_or(0, |read| *read));
        result.map(|read| read > 0)
    }

    /// Gives up the first `count` bytes of [`rest`](Self::rest).
    pub(crate) fn consume(&mut self, count: usize) {
        let count = count.min(self.rest().len());
        self.line += self.count_lines(count);
        self.start += count;
        self.consumed += count as u64;
    }

    /// The byte at `offset` of the rest, read when needed; `None` after the end.
    pub(crate) fn byte(&mut self, offset: usize) -> io::Result<Option<u8>> {
        while self.rest().len() <= offset {
            if !self.fill()? {
                return Ok(None);
            }
        }
        Ok(self.rest().get(offset).copied())
    }

    /// Offset just after the line that begins at offset `from`; `None` if it is longer than `limit` bytes.
    pub(crate) fn line_end(&mut self, from: usize, limit: usize) -> io::Result<Option<usize>> {
        let mut at = from;
        loop {
            let rest = self.rest();
            let found = rest.get(at..).unwrap_or_default().iter().position(|byte| *byte == self.newline);
            let end = found.map_or(rest.len(), |newline| at + newline + 1);
            if end - from > limit {
                return Ok(None);
            }
            if found.is_some() || !self.fill()? {
                return Ok(Some(end));
            }
            at = end;
        }
    }

    /// Consumes the rest of the line, however long, without keeping it.
    pub(crate) fn skip_line(&mut self) -> io::Result<()> {
        loop {
            if let Some(newline) = self.rest().iter().position(|byte| *byte == self.newline) {
                self.consume(newline + 1);
                return Ok(());
            }
            self.consume(self.rest().len());
            if !self.fill()? {
                return Ok(());
            }
        }
    }

    /// How many line ends there are in the first `count` bytes of the rest.
    pub(crate) fn count_lines(&self, count: usize) -> u64 {
        let taken = self.rest().get(..count).unwrap_or_default();
        taken.iter().filter(|byte| **byte == self.newline).count() as u64
    }

    /// What the window looks into.
    pub(crate) fn input(&self) -> &R {
        &self.input
    }

    /// Line of the first byte not consumed, from 1.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// Bytes consumed since the beginning of the input.
    pub(crate) fn consumed(&self) -> u64 {
        self.consumed
    }

    /// The byte that ends a line: line feed unless set.
    pub(crate) fn newline(&self) -> u8 {
        self.newline
    }

    pub(crate) fn set_newline(&mut self, newline: u8) {
        self.newline = newline;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_numbers_and_limits() {
        let mut window = Window::new("\u{feff}ab\ncdef\ng".as_bytes()).unwrap();
        assert_eq!(window.line_end(0, 3).unwrap(), Some(3));
        assert_eq!(window.line_end(3, 4).unwrap(), None);
        window.consume(3);
        assert_eq!((window.line(), window.consumed()), (2, 6));
        window.skip_line().unwrap();
        assert_eq!((window.line(), window.rest()), (3, b"g".as_slice()));
        window.skip_line().unwrap();
        assert_eq!(window.line_end(0, 3).unwrap(), Some(0));
        assert_eq!(window.byte(0).unwrap(), None);
    }

    #[test]
    fn a_long_line_is_skipped_without_being_kept() {
        let mut window = Window::new(io::repeat(b'x').take(40 << 20).chain(&b"\nend"[..])).unwrap();
        window.skip_line().unwrap();
        assert_eq!(window.rest(), b"end");
        assert!(window.bytes.capacity() < 1 << 20, "{}", window.bytes.capacity());
    }
}
