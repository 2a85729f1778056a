use std::ops::Range;

use encoding_rs::GBK;

/// What a stretch of misread text really says.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) source: Range<usize>,
    pub(super) text: String,
}

/// One misread character: where it stands and the bytes that it was read from.
pub(super) struct Unit {
    pub(super) source: Range<usize>,
    pub(super) bytes: Vec<u8>,
    /// Whether it stands for a byte that was lost; a question mark may.
    pub(super) lost: bool,
}

#[derive(Default)]
pub(super) struct Decoded {
    pub(super) pieces: Vec<Piece>,
    /// The units that the pieces take.
    pub(super) len: usize,
    /// Whether the units after them, up to the last, are a character that lacks its end.
    pub(super) is_cut_off: bool,
    /// Whether a character of three bytes or more is among them.
    pub(super) wide: bool,
    pub(super) ideographs: usize,
    /// How many of the ideographs are of the 3,755 common ones, level 1 of GB 2312.
    pub(super) common: usize,
}

/// This many ideographs decide whether a stretch is plausible.
const SAMPLE: usize = 10;

impl Decoded {
    /// Whether at least four in five of the first ideographs are common ones.
    pub(super) fn is_plausible(&self, least: usize) -> bool {
        self.ideographs >= least && self.common * 5 >= self.ideographs * 4
    }
}

/// Decodes units as UTF-8 for as long as they are well-formed. A character of which a byte is lost is left out.
pub(super) fn utf8(units: impl Iterator<Item = Unit>) -> Decoded {
    let mut decoded = Decoded::default();
    let mut open: Vec<u8> = Vec::new();
    let mut start = 0;
    // What follows a lost byte is the rest of its character.
    let mut skips = false;
    for (index, Unit { source, bytes, lost }) in units.enumerate() {
        if lost && (!open.is_empty() || bytes.is_empty()) {
            open.clear();
            decoded.len = if decoded.pieces.is_empty() { 0 } else { index + 1 };
            skips = true;
            continue;
        }
        if open.is_empty() {
            start = source.start;
        }
        let bytes = bytes.into_iter().skip_while(|byte| skips && matches!(byte, 0x80..=0xBF));
        open.extend(bytes);
        if open.is_empty() {
            continue;
        }
        skips = false;
        let (whole, is_open) = match str::from_utf8(&open) {
            Ok(text) => (text, false),
            Err(error) if error.error_len().is_none() => (
                open.get(..error.valid_up_to()).and_then(|whole| str::from_utf8(whole).ok()).unwrap_or(""),
                true,
            ),
            Err(_) => return decoded,
        };
        if !whole.chars().all(is_likely) {
            return decoded;
        }
        if is_open {
            continue;
        }
        decoded.wide |= whole.chars().any(|c| c >= '\u{800}');
        for level in whole.chars().filter_map(level).take(SAMPLE - decoded.ideographs.min(SAMPLE)) {
            decoded.ideographs += 1;
            decoded.common += usize::from(level == 1);
        }
        decoded.pieces.push(Piece { source: start..source.end, text: whole.to_owned() });
        decoded.len = index + 1;
        open.clear();
        if decoded.ideographs == SAMPLE && !decoded.is_plausible(1) {
            return decoded;
        }
    }
    decoded.is_cut_off = !open.is_empty() || skips;
    decoded
}

/// The level of GB 2312 that an ideograph is of, 3 standing for none.
pub(super) fn level(c: char) -> Option<u8> {
    if !matches!(c, '\u{4E00}'..='\u{9FFF}') {
        return None;
    }
    Some(match gbk_bytes(c).as_deref() {
        Some([0xB0..=0xD7, 0xA1..=0xFE]) => 1,
        Some([0xD8..=0xF7, 0xA1..=0xFE]) => 2,
        _ => 3,
    })
}

/// The bytes of `c` in GBK.
pub(super) fn gbk_bytes(c: char) -> Option<Vec<u8>> {
    let mut buffer = [0; 4];
    let (bytes, _, unmappable) = GBK.encode(c.encode_utf8(&mut buffer));
    (!unmappable).then(|| bytes.into_owned())
}

/// Characters that Chinese text holds: ASCII, a few Latin-1 signs, and what takes three bytes or more.
fn is_likely(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' | ' '..='~' | '\u{A0}' | '·' | '°' | '×' | '÷' | '±' | '²' | '³' => true,
        '\u{E000}'..='\u{F8FF}' | '\u{FFFD}' => false,
        _ => c >= '\u{2000}',
    }
}
