use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult};

use super::{Encoding, detect};

/// Hands out an input as UTF-8.
///
/// Where the input is not in its encoding a byte 0xFF is handed out, which is never UTF-8, so that whoever
/// checks the row finds it bad. UTF-8 is handed out as it is, valid or not.
pub(crate) struct Transcoder<R> {
    input: R,
    /// What was read of the input and not taken up yet.
    raw: Vec<u8>,
    /// `raw` before this offset is taken up.
    start: usize,
    input_ended: bool,
    state: State,
    /// Bytes of the input that were taken up.
    taken: u64,
}

enum State {
    /// Nothing was looked at.
    Start,
    /// ASCII so far.
    Ascii,
    /// Handed out as it is.
    Utf8,
    Decode(Box<Decoding>),
}

struct Decoding {
    encoding: Encoding,
    decoder: Decoder,
    /// Decoded, not handed out yet.
    ready: Vec<u8>,
    start: usize,
    finished: bool,
}

const CHUNK: usize = 64 << 10;
/// Where a byte order mark is looked for, and UTF-16 without one.
const HEAD: usize = 4 << 10;
/// Longer lines are decoded in pieces.
const MAX_LINE: usize = 1 << 20;
const BAD: u8 = 0xFF;

impl<R: Read> Transcoder<R> {
    pub(crate) fn new(input: R) -> Self {
        Self { input, raw: Vec::new(), start: 0, input_ended: false, state: State::Start, taken: 0 }
    }

    /// The first `count` bytes of the input, fewer where it is shorter. Call before reading.
    pub(crate) fn peek(&mut self, count: usize) -> io::Result<&[u8]> {
        while self.rest().len() < count && self.fill()? {}
        let rest = self.rest();
        Ok(rest.get(..count).unwrap_or(rest))
    }

    /// The input, from which [`peek`](Self::peek) may have read.
    pub(crate) fn into_input(self) -> R {
        self.input
    }

    /// The encoding, where it is known; `None` while all is ASCII.
    pub(crate) fn encoding(&self) -> Option<Encoding> {
        match &self.state {
            State::Start | State::Ascii => None,
            State::Utf8 => Some(Encoding::Utf8),
            State::Decode(decoding) => Some(decoding.encoding),
        }
    }

    /// Bytes of the input that what was handed out, or is ready to be, was made of.
    pub(crate) fn taken(&self) -> u64 {
        self.taken
    }

    fn rest(&self) -> &[u8] {
        self.raw.get(self.start..).unwrap_or_default()
    }

    /// Reads on; false at the end of the input.
    fn fill(&mut self) -> io::Result<bool> {
        if self.start > self.raw.len() / 2 {
            self.raw.drain(..self.start);
            self.start = 0;
        }
        let filled = self.raw.len();
        self.raw.resize(filled + CHUNK, 0);
        let result = loop {
            match self.input.read(self.raw.get_mut(filled..).unwrap_or_default()) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        self.raw.truncate(filled + result.as_ref().map_or(0, |read| *read));
        self.input_ended |= matches!(result, Ok(0));
        result.map(|read| read > 0)
    }

    fn take(&mut self, count: usize) {
        self.start += count;
        self.taken += count as u64;
    }

    /// Copies at most `count` bytes of the input.
    fn copy(&mut self, count: usize, buffer: &mut [u8]) -> usize {
        let count = count.min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), self.rest().get(..count)) {
            to.copy_from_slice(from);
        }
        self.take(count);
        count
    }

    fn begin(&mut self) -> io::Result<()> {
        let head = self.peek(HEAD)?;
        let found = detect::byte_order_mark(head)
            .or_else(|| detect::utf16_without_mark(head).map(|encoding| (encoding, 0)));
        match found {
            Some((encoding, mark)) => {
                self.take(mark);
                self.state = State::new(encoding);
            }
            None => self.state = State::Ascii,
        }
        Ok(())
    }

    /// Decides at the first byte that is not ASCII, which begins the rest.
    fn decide(&mut self) -> io::Result<()> {
        loop {
            if let Some(encoding) = detect::judge(self.rest(), self.input_ended) {
                self.state = State::new(encoding);
                return Ok(());
            }
            self.fill()?;
        }
    }

    /// Decodes the lines that are here, after reading at least one; false at the end.
    fn decode(&mut self) -> io::Result<bool> {
        let length = loop {
            let rest = self.rest();
            match rest.iter().rposition(|byte| *byte == b'\n') {
                Some(newline) => break newline + 1,
                None if self.input_ended || rest.len() > MAX_LINE => break rest.len(),
                None => _ = self.fill()?,
            }
        };
        let State::Decode(decoding) = &mut self.state else { return Ok(false) };
        decoding.ready.clear();
        decoding.start = 0;
        if decoding.finished {
            return Ok(false);
        }
        let bytes = self.raw.get(self.start..self.start + length).unwrap_or_default();
        if matches!(decoding.encoding, Encoding::Utf16Le | Encoding::Utf16Be) {
            decoding.push(bytes, false);
        } else {
            bytes.split_inclusive(|byte| *byte == b'\n').for_each(|line| decoding.push_line(line));
        }
        if length == 0 {
            decoding.push(&[], true);
            decoding.finished = true;
        }
        self.take(length);
        Ok(true)
    }
}

impl<R: Read> Read for Transcoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            match &mut self.state {
                State::Start => self.begin()?,
                State::Ascii => {
                    if self.rest().is_empty() && !self.fill()? {
                        return Ok(0);
                    }
                    match self.rest().iter().position(|byte| !byte.is_ascii()) {
                        Some(0) => self.decide()?,
                        other => return Ok(self.copy(other.unwrap_or(self.rest().len()), buffer)),
                    }
                }
                State::Utf8 => {
                    if self.rest().is_empty() && !self.fill()? {
                        return Ok(0);
                    }
                    return Ok(self.copy(self.rest().len(), buffer));
                }
                State::Decode(decoding) => {
                    let written = decoding.hand_out(buffer);
                    if written > 0 || !self.decode()? {
                        return Ok(written);
                    }
                }
            }
        }
    }
}

impl State {
    fn new(encoding: Encoding) -> Self {
        if encoding == Encoding::Utf8 {
            return Self::Utf8;
        }
        let decoder = encoding.codec().new_decoder_without_bom_handling();
        Self::Decode(Box::new(Decoding { encoding, decoder, ready: Vec::new(), start: 0, finished: false }))
    }
}

impl Decoding {
    /// Decodes a line, or marks all of it that is not ASCII as bad where it is UTF-8.
    fn push_line(&mut self, line: &[u8]) {
        if detect::is_utf8_line(line) {
            self.ready.extend(line.iter().map(|byte| if byte.is_ascii() { *byte } else { BAD }));
        } else {
            self.push(line, false);
        }
    }

    fn push(&mut self, mut bytes: &[u8], last: bool) {
        loop {
            let filled = self.ready.len();
            // Enough for any input, and for the character that was cut before it.
            let space = self.decoder.max_utf8_buffer_length_without_replacement(bytes.len());
            self.ready.resize(filled + space.unwrap_or(bytes.len() * 3) + 4, 0);
            let to = self.ready.get_mut(filled..).unwrap_or_default();
            let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(bytes, to, last);
            self.ready.truncate(filled + written);
            bytes = bytes.get(read..).unwrap_or_default();
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => self.ready.push(BAD),
            }
        }
    }

    fn hand_out(&mut self, buffer: &mut [u8]) -> usize {
        let rest = self.ready.get(self.start..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), rest.get(..count)) {
            to.copy_from_slice(from);
        }
        self.start += count;
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hands out a few bytes at a time, so that characters and lines are cut anywhere.
    struct Slow<'a>(&'a [u8], usize);
    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let few = buffer.len().min(self.1);
            self.0.read(&mut buffer[..few])
        }
    }

    fn read(bytes: &[u8]) -> (Option<Encoding>, Vec<u8>) {
        let mut transcoder = Transcoder::new(bytes);
        let mut text = Vec::new();
        transcoder.read_to_end(&mut text).unwrap();
        assert_eq!(transcoder.taken(), bytes.len() as u64);
        for step in [1, 3] {
            let mut slow = Transcoder::new(Slow(bytes, step));
            let mut same = Vec::new();
            slow.read_to_end(&mut same).unwrap();
            assert!(same == text && slow.encoding() == transcoder.encoding(), "{step}");
        }
        (transcoder.encoding(), text)
    }

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    const TEXT: &str = "编号,内容\r\n1,我家楼下的路灯坏了😀\r\n2,\"逗号，\n换行\"\r\n";

    #[test]
    fn every_encoding_gives_the_same_text() {
        let (gb18030, ..) = encoding_rs::GB18030.encode(TEXT);
        let mark = b"\x84\x31\x95\x33";
        for (bytes, encoding) in [
            (TEXT.as_bytes().to_vec(), Encoding::Utf8),
            (utf16(TEXT, u16::to_le_bytes), Encoding::Utf16Le),
            (utf16(TEXT, u16::to_be_bytes), Encoding::Utf16Be),
            (utf16(&format!("\u{feff}{TEXT}"), u16::to_le_bytes), Encoding::Utf16Le),
            (utf16("\u{feff}好", u16::to_be_bytes), Encoding::Utf16Be),
            (gb18030.to_vec(), Encoding::Gb18030),
            ([mark, &*gb18030].concat(), Encoding::Gb18030),
        ] {
            let (found, text) = read(&bytes);
            assert_eq!(found, Some(encoding));
            let text = String::from_utf8(text).unwrap();
            assert!(text == TEXT || text == "好", "{encoding}: {text}");
        }
        let big5 = "編號,內容\n1,我家樓下的路燈壞了\n";
        assert_eq!(read(&encoding_rs::BIG5.encode(big5).0), (Some(Encoding::Big5), big5.into()));
        assert_eq!(read(b"id,text\n"), (None, b"id,text\n".to_vec()));
        assert_eq!(read(b""), (None, Vec::new()));
    }

    #[test]
    fn the_first_chinese_character_may_come_late() {
        let ascii = "1,abc\n".repeat(50_000);
        let text = format!("{ascii}2,路灯不亮，请修\n");
        assert_eq!(read(text.as_bytes()), (Some(Encoding::Utf8), text.clone().into()));
        let bytes = encoding_rs::GB18030.encode(&text).0;
        assert_eq!(read(&bytes), (Some(Encoding::Gb18030), text.into()));
    }

    #[test]
    fn one_broken_row_does_not_turn_a_utf8_file() {
        let mut bytes = TEXT.repeat(100_000).into_bytes();
        bytes.extend(b"9,\xC2\xB7\xB5\xC6\n");
        assert!(read(&bytes) == (Some(Encoding::Utf8), bytes));
    }

    #[test]
    fn what_is_not_in_the_encoding_is_marked() {
        let line = "1,我家楼下的路灯坏了\n";
        let gb18030 = encoding_rs::GB18030.encode(line).0.repeat(3);
        let cut = [&gb18030[..], b"2,\xC2\n3,\xFF\n4,\xC2"].concat();
        let expected = [line.repeat(3).as_bytes(), b"2,\xFF\n3,\xFF\n4,\xFF"].concat();
        assert_eq!(read(&cut), (Some(Encoding::Gb18030), expected));

        let mixed = [&gb18030[..], "2,路灯不亮\n".as_bytes(), &gb18030].concat();
        let lines = line.repeat(3).into_bytes();
        let expected = [&lines[..], b"2,", &[BAD; 12], b"\n", &lines];
        assert_eq!(read(&mixed), (Some(Encoding::Gb18030), expected.concat()));

        let mut lone = utf16("\u{feff}1,好\n2,", u16::to_le_bytes);
        lone.extend(b"\x3D\xD8\n\0");
        lone.push(0);
        assert_eq!(read(&lone), (Some(Encoding::Utf16Le), b"1,\xE5\xA5\xBD\n2,\xFF\n\xFF".to_vec()));
    }

    #[test]
    fn long_lines_take_bounded_memory() {
        let line = encoding_rs::GB18030.encode("长").0.repeat(8 << 20);
        let mut transcoder = Transcoder::new(&line[..]);
        let mut buffer = vec![0; 64 << 10];
        let mut length = 0;
        loop {
            match transcoder.read(&mut buffer).unwrap() {
                0 => break,
                read => length += read,
            }
            assert!(transcoder.raw.capacity() < 4 << 20, "{}", transcoder.raw.capacity());
        }
        assert_eq!(length, 3 * (8 << 20));
    }
}
