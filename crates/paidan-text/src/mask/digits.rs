use std::ops::Range;

/// What stands between a digit and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// Nothing: the digits touch, or this one is the first.
    None,
    /// Separators, a full stop among them, as in amounts and coordinates.
    Dot,
    /// Other separators.
    Other,
}

/// One ASCII digit of a [`Chain`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Digit {
    pub(super) value: u8,
    /// The byte of the text at which it stands.
    pub(super) at: usize,
    pub(super) gap: Gap,
}

/// Digits with nothing but separators between them, which may be one number written in groups.
#[derive(Clone, Debug, Default)]
pub(super) struct Chain {
    pub(super) digits: Vec<Digit>,
}

/// Separators at most between two digits of a chain: ` - ` is three.
const MAX_GAP_CHARS: usize = 3;

impl Chain {
    /// The digits `range` as text, shorter where the chain ends before.
    pub(super) fn text(&self, range: Range<usize>) -> String {
        let digits = self.digits.iter().skip(range.start).take(range.len());
        digits.map(|digit| char::from(digit.value)).collect()
    }

    /// Bytes of the text from the first to the last of the digits `range`.
    pub(super) fn bytes(&self, range: Range<usize>) -> Option<Range<usize>> {
        let digits = self.digits.get(range)?;
        Some(digits.first()?.at..digits.last()?.at + 1)
    }

    /// Whether a group of touching digits ends before digit `at`, or the chain does.
    pub(super) fn is_boundary(&self, at: usize) -> bool {
        at == 0 || self.digits.get(at).is_none_or(|digit| digit.gap != Gap::None)
    }

    /// The gaps inside the digits `range`, as (digits before, gap).
    pub(super) fn gaps(&self, range: Range<usize>) -> Vec<(usize, Gap)> {
        let inside = self.digits.get(range).unwrap_or_default().iter().enumerate().skip(1);
        inside
            .filter(|(_, digit)| digit.gap != Gap::None)
            .map(|(before, digit)| (before, digit.gap))
            .collect()
    }
}

fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '.' | '/' | '(' | ')' | '（' | '）' | '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '_')
}

/// All chains of `text`, from left to right.
pub(super) fn chains(text: &str) -> Vec<Chain> {
    let mut chains: Vec<Chain> = Vec::new();
    // What stands between the last digit and here; `None` where the next digit begins a chain.
    let mut between: Option<(usize, Gap)> = None;
    for (at, c) in text.char_indices() {
        if c.is_ascii_digit() {
            let digit = |gap| Digit { value: c as u8, at, gap };
            match (between, chains.last_mut()) {
                (Some((_, gap)), Some(chain)) => chain.digits.push(digit(gap)),
                _ => chains.push(Chain { digits: vec![digit(Gap::None)] }),
            }
            between = Some((0, Gap::None));
        } else {
            between = match between {
                Some((chars, gap)) if is_separator(c) && chars < MAX_GAP_CHARS => {
                    Some((chars + 1, if c == '.' || gap == Gap::Dot { Gap::Dot } else { Gap::Other }))
                }
                _ => None,
            };
        }
    }
    chains
}
