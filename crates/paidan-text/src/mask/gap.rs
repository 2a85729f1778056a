//! What parts the groups of a number: signs, and words of speech.

use super::MASK_OPEN;

/// What stands between a digit and the one before it: of several, the last one listed here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    /// Nothing: the digits touch, or this one is the first.
    None,
    /// A blank, which may have been a line break.
    Blank,
    /// Brackets, slashes and other signs.
    Sign,
    /// Hyphens and dashes.
    Dash,
    /// Full stops, as in amounts and coordinates.
    Dot,
    /// Commas, as in lists.
    Comma,
    /// Words that speakers put between groups: 呃, 然后.
    Word,
}

/// A sign or a word that may part the groups of a number at the beginning of `text`, and its bytes.
pub(super) fn gap_piece(text: &str) -> Option<(Gap, usize)> {
    let first = text.chars().next()?;
    let gap = match first {
        ' ' => Gap::Blank,
        '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '_' | '~' | '～' | 'ー' => Gap::Dash,
        '.' | '·' | '•' | '．' => Gap::Dot,
        ',' | '，' | '、' => Gap::Comma,
        '/' | '\\' | '|' | '(' | ')' | '（' | '）' | '[' | ']' | '【' | '】' => Gap::Sign,
        // The key cap that is left of a digit's emoji.
        '\u{20E3}' => Gap::Sign,
        _ => return Some((Gap::Word, filler(text, first)?.len())),
    };
    Some((gap, first.len_utf8()))
}

/// A word that a speaker puts between the groups of a number, at the beginning of `text`, whose first
/// character is `first`.
fn filler(text: &str, first: char) -> Option<&'static str> {
    let words: &[&str] = match first {
        '呃' => &["呃"],
        '额' => &["额"],
        '嗯' => &["嗯"],
        '啊' => &["啊"],
        '哦' => &["哦"],
        '呢' => &["呢"],
        '那' => &["那个"],
        '再' => &["再"],
        '是' => &["是"],
        '杠' => &["杠"],
        '横' => &["横杠", "横线"],
        '然' => &["然后"],
        '接' => &["接着"],
        '中' => &["中间"],
        '后' => &["后面", "后边", "后四位"],
        '最' => &["最后"],
        '尾' => &["尾号"],
        _ => return None,
    };
    words.iter().find(|word| text.starts_with(**word)).copied()
}

/// The byte after one or two 一 that are typed for a dash between ASCII digits: 0898一66001234. Digits that were
/// masked count as such.
pub(super) fn dash_of_one(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?.strip_prefix('一')?;
    let rest = rest.strip_prefix('一').unwrap_or(rest);
    rest.starts_with(|c: char| c.is_ascii_digit() || c == MASK_OPEN).then_some(text.len() - rest.len())
}
