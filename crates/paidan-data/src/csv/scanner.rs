use std::io::{self, Read};

use crate::window::Window;

/// Parts a CSV input into records and fields.
///
/// The `csv` crate reads the same fields (a test below compares), but cannot tell that a quote is never
/// closed, buffers such a record without bound, and counts lines wrongly after blank lines and CRLF.
pub(crate) struct Scanner<R> {
    window: Window<R>,
    delimiter: u8,
    limit: usize,
    fields: Fields,
}

/// How far one record went. Lines count from 1.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Scan {
    /// A whole record, now in [`Scanner::fields`], from line `first` to line `last`.
    Record { first: u64, last: u64 },
    /// The quote opened in line `opened`, field number `field`, swallows lines: text follows the quote
    /// that closes it in line `closed`, or none closes it. Only line `first` was consumed.
    Unclosed { first: u64, opened: u64, field: usize, closed: Option<u64> },
    /// Longer than the limit; `quoted` if a quote was open. Only line `first` was consumed.
    TooLarge { first: u64, quoted: bool },
}

/// The fields of one record, end to end.
#[derive(Default)]
pub(crate) struct Fields {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Fields {
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| self.bytes.get(start..*end).unwrap_or_default())
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }

    fn end_field(&mut self) {
        self.ends.push(self.bytes.len());
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    FieldStart,
    Plain,
    /// Inside quotes that were opened at this offset of the window.
    Quoted(usize),
    /// After a quote inside quotes: the end of the field, or the first of two.
    QuoteSeen(usize),
}

/// Where a record stopped, as offsets in the window.
enum Stop {
    End(usize),
    Unclosed { opened: usize, closed: Option<usize> },
    TooLarge { quoted: bool },
}

impl<R: Read> Scanner<R> {
    pub(crate) fn new(window: Window<R>, delimiter: u8, limit: usize) -> Self {
        Self { window, delimiter, limit, fields: Fields::default() }
    }

    /// The fields of the record that was read last.
    pub(crate) fn fields(&self) -> &Fields {
        &self.fields
    }

    pub(crate) fn limit(&self) -> usize {
        self.limit
    }

    pub(crate) fn window(&self) -> &Window<R> {
        &self.window
    }

    pub(crate) fn line(&self) -> u64 {
        self.window.line()
    }

    /// Reads the next record that is not a blank line; `None` at the end.
    pub(crate) fn next_record(&mut self) -> io::Result<Option<Scan>> {
        self.skip_blank_lines()?;
        if self.window.byte(0)?.is_none() {
            return Ok(None);
        }
        let first = self.window.line();
        let line_of = |window: &Window<R>, offset| first + window.count_lines(offset);
        let scan = match self.scan()? {
            Stop::End(end) => {
                let last = line_of(&self.window, end.saturating_sub(1));
                self.window.consume(end);
                return Ok(Some(Scan::Record { first, last }));
            }
            Stop::Unclosed { opened, closed } => Scan::Unclosed {
                first,
                opened: line_of(&self.window, opened),
                field: self.fields.len() + 1,
                closed: closed.map(|offset| line_of(&self.window, offset)),
            },
            Stop::TooLarge { quoted } => Scan::TooLarge { first, quoted },
        };
        // The lines below are read again, as records of their own. This stays linear: a line that an
        // unclosed quote passed over has no odd run of quotes, so no quote can stay open in it.
        self.window.skip_line()?;
        Ok(Some(scan))
    }

    fn skip_blank_lines(&mut self) -> io::Result<()> {
        let mut at = 0;
        while at < self.limit {
            match self.window.byte(at)? {
                Some(b' ') => at += 1,
                Some(b'\t') if self.delimiter != b'\t' => at += 1,
                None => {
                    self.window.consume(at);
                    return Ok(());
                }
                Some(_) => match self.line_break(at)? {
                    Some(length) => {
                        self.window.consume(at + length);
                        at = 0;
                    }
                    None => return Ok(()),
                },
            }
        }
        Ok(())
    }

    /// Length of the line end at offset `at`; `None` if there is none.
    fn line_break(&mut self, at: usize) -> io::Result<Option<usize>> {
        let newline = self.window.newline();
        Ok(match self.window.byte(at)? {
            Some(byte) if byte == newline => Some(1),
            Some(b'\r') => match self.window.byte(at + 1)? {
                Some(byte) if byte == newline => Some(2),
                None => Some(1),
                Some(_) => None,
            },
            _ => None,
        })
    }

    /// Takes the fields of the record at the beginning of the window, consuming nothing.
    fn scan(&mut self) -> io::Result<Stop> {
        self.fields.clear();
        let mut state = State::FieldStart;
        let mut at = 0;
        loop {
            if at > self.limit {
                return Ok(Stop::TooLarge { quoted: matches!(state, State::Quoted(_)) });
            }
            let Some(byte) = self.window.byte(at)? else {
                if let State::Quoted(opened) = state {
                    return Ok(Stop::Unclosed { opened, closed: None });
                }
                self.fields.end_field();
                return Ok(Stop::End(at));
            };
            state = match state {
                State::Quoted(opened) => {
                    let (length, found) = self.take_until(at, |byte| byte == b'"');
                    at += length + usize::from(found);
                    if found { State::QuoteSeen(opened) } else { state }
                }
                State::QuoteSeen(opened) if byte == b'"' => {
                    self.fields.bytes.push(byte);
                    at += 1;
                    State::Quoted(opened)
                }
                State::FieldStart if byte == b'"' => {
                    at += 1;
                    State::Quoted(at - 1)
                }
                _ if byte == self.delimiter => {
                    self.fields.end_field();
                    at += 1;
                    State::FieldStart
                }
                _ => {
                    if let Some(length) = self.line_break(at)? {
                        self.fields.end_field();
                        return Ok(Stop::End(at + length));
                    }
                    if let State::QuoteSeen(opened) = state
                        && self.window.count_lines(at) > self.window.count_lines(opened)
                    {
                        return Ok(Stop::Unclosed { opened, closed: Some(at) });
                    }
                    self.fields.bytes.push(byte);
                    let delimiter = self.delimiter;
                    let special = move |byte| byte == delimiter || byte == b'\r' || byte == b'\n';
                    at += 1 + self.take_until(at + 1, special).0;
                    State::Plain
                }
            };
        }
    }

    /// Moves what is in the window from `at` up to an `end` byte into the fields: how many bytes, and
    /// whether an `end` byte follows.
    fn take_until(&mut self, at: usize, end: impl Fn(u8) -> bool) -> (usize, bool) {
        let run = self.window.rest().get(at..).unwrap_or_default();
        let found = run.iter().position(|byte| end(*byte));
        let length = found.unwrap_or(run.len());
        self.fields.bytes.extend_from_slice(run.get(..length).unwrap_or_default());
        (length, found.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scanner<R: Read>(input: R) -> Scanner<R> {
        Scanner::new(Window::new(input).unwrap(), b',', 1 << 20)
    }

    /// All records, or `None` if a quote is not closed.
    fn records<R: Read>(input: R) -> Option<Vec<Vec<Vec<u8>>>> {
        let mut scanner = scanner(input);
        let mut records = Vec::new();
        while let Some(scan) = scanner.next_record().unwrap() {
            let Scan::Record { .. } = scan else { return None };
            records.push(scanner.fields().iter().map(<[u8]>::to_vec).collect());
        }
        Some(records)
    }

    /// Hands out one byte at a time, so that every look ahead meets the end of what was read.
    struct Slow<'a>(&'a [u8]);
    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let one = buffer.len().min(1);
            self.0.read(&mut buffer[..one])
        }
    }

    #[test]
    fn reads_what_the_csv_crate_reads() {
        let pieces = ["a", "好", ",", ",", "\"", "\"", "\"\"", "\n", "\r\n", "\n\n", "\0", ",\"", "\","];
        let mut seed = 20_240_501_u64;
        let mut compared = 0;
        for _ in 0..3_000 {
            let mut text = String::new();
            for _ in 0..24 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push_str(pieces[(seed >> 33) as usize % pieces.len()]);
            }
            let Some(mine) = records(text.as_bytes()) else { continue };
            if compared % 64 == 0 {
                assert_eq!(records(Slow(text.as_bytes())).as_ref(), Some(&mine), "{text:?}");
            }
            let mut reference =
                csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
            let theirs: Vec<Vec<Vec<u8>>> = reference
                .byte_records()
                .map(|record| record.unwrap().iter().map(<[u8]>::to_vec).collect())
                .collect();
            assert_eq!(mine, theirs, "{text:?}");
            compared += 1;
        }
        assert!(compared > 500, "{compared}");
    }

    #[test]
    fn lines_are_counted_through_quotes_blank_lines_and_crlf() {
        let mut scanner = scanner("a,b\r\n\r\n  \r\n\"x\r\ny\",1\r\n\n2,3".as_bytes());
        let mut lines = Vec::new();
        while let Some(scan) = scanner.next_record().unwrap() {
            lines.push(scan);
        }
        let record = |first, last| Scan::Record { first, last };
        assert_eq!(lines, [record(1, 1), record(4, 5), record(7, 7)]);
    }

    #[test]
    fn many_unclosed_quotes_take_linear_time() {
        let text = "1,\"x\n".repeat(200_000);
        let mut scanner = scanner(text.as_bytes());
        let mut count = 0;
        while scanner.next_record().unwrap().is_some() {
            count += 1;
        }
        assert_eq!(count, 200_000);
    }
}
