use std::ops::Range;

/// Groups of ASCII digits joined by single separators, each as (digits, byte range in the text).
///
/// A chain ends where something other than one `separator` stands between two digits.
pub(super) struct Chain {
    /// Every digit with the byte at which it stands.
    pub(super) digits: Vec<(u8, usize)>,
}

impl Chain {
    /// The value of the digits `range` of this chain as text.
    pub(super) fn text(&self, range: Range<usize>) -> String {
        self.digits.get(range).unwrap_or_default().iter().map(|&(digit, _)| char::from(digit)).collect()
    }

    /// Byte range of the digits `range`.
    pub(super) fn bytes(&self, range: Range<usize>) -> Option<Range<usize>> {
        let digits = self.digits.get(range)?;
        Some(digits.first()?.1..digits.last()?.1 + 1)
    }
}

/// All chains of `text`, where `is_separator` bytes (ASCII only) may stand singly between digits.
pub(super) fn chains(text: &str, is_separator: fn(u8) -> bool) -> Vec<Chain> {
    let bytes = text.as_bytes();
    let mut chains: Vec<Chain> = Vec::new();
    let mut last_digit: Option<usize> = None;
    for (at, &byte) in bytes.iter().enumerate() {
        if !byte.is_ascii_digit() {
            continue;
        }
        let joined = match last_digit {
            Some(last) if at == last + 1 => true,
            Some(last) if at == last + 2 => bytes.get(last + 1).is_some_and(|&b| is_separator(b)),
            _ => false,
        };
        match chains.last_mut() {
            Some(chain) if joined => chain.digits.push((byte, at)),
            _ => chains.push(Chain { digits: vec![(byte, at)] }),
        }
        last_digit = Some(at);
    }
    chains
}
