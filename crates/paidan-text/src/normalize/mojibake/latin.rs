use encoding_rs::GBK;

use super::decode::{Decoded, Piece, Unit, level, utf8};
use super::{Stretch, bytes};

/// The stretch from the character at `at` on that was read as Latin-1 or Windows-1252.
pub(super) fn stretch(chars: &[(usize, char)], at: usize, is_gbk: &mut bool) -> Option<Stretch> {
    let rest = chars.get(at..)?;
    let first = byte(rest.first()?.1)?;
    let before = at.checked_sub(1).and_then(|at| chars.get(at)).map(|(_, c)| *c);
    // A text may begin in the middle of a character.
    let skipped = rest.iter().map_while(|(_, c)| byte(*c)).take_while(|byte| *byte < 0xC0).take(4).count();
    if skipped > 0 && (before.is_some() || skipped > 3) {
        return gbk(chars, at, is_gbk);
    }
    let mut run = 0;
    let units = rest.get(skipped..)?.iter().map_while(|(at, c)| {
        Some(Unit { source: *at..at + c.len_utf8(), bytes: vec![byte(*c)?], lost: false })
    });
    let decoded = utf8(units.inspect(|_| run += 1));
    // All that was read of the last character, where the text ends in the middle of it.
    let is_cut_off = decoded.is_cut_off && rest.len() == skipped + run;
    if decoded.wide || is_sign(&decoded, rest.get(skipped + decoded.len)) {
        let len = skipped + if is_cut_off { run } else { decoded.len };
        return Some(Stretch { len, pieces: decoded.pieces });
    }
    let follows_letter = before.is_none_or(|c| c.is_ascii_alphabetic());
    if !follows_letter && is_cut_off && run == 2 && matches!(first, 0xE3..=0xE9) {
        return Some(Stretch { len: run, pieces: Vec::new() });
    }
    gbk(chars, at, is_gbk)
}

/// Whether no more was misread than a byte order mark, or a sign of which a Â is left.
fn is_sign(decoded: &Decoded, after: Option<&(usize, char)>) -> bool {
    let whole: String = decoded.pieces.iter().map(|piece| piece.text.as_str()).collect();
    let is_alone = after.is_none_or(|(_, c)| byte(*c).is_none());
    whole == "\u{FEFF}" || is_alone && !whole.is_empty() && whole.chars().all(|c| level(c).is_none())
}

/// A run of Latin-1 letters and signs that is GBK: pairs that all are characters, at least two of them
/// ideographs, or one where more of the text is GBK.
fn gbk(chars: &[(usize, char)], at: usize, is_gbk: &mut bool) -> Option<Stretch> {
    let high = |c: char| u8::try_from(u32::from(c)).ok().filter(|byte| *byte >= 0xA1);
    let run: Vec<u8> = chars.get(at..)?.iter().map_while(|(_, c)| high(*c)).collect();
    if at.checked_sub(1).and_then(|at| chars.get(at)).is_some_and(|(_, c)| high(*c).is_some()) {
        return None;
    }
    // Signs alone are what they seem: ×××× stands for something left out.
    if run.iter().filter(|byte| **byte >= 0xC0 && !matches!(byte, 0xD7 | 0xF7)).count() < 2 && !*is_gbk {
        return None;
    }
    let mut pieces = Vec::new();
    let (mut ideographs, mut common) = (0, 0);
    for (index, pair) in run.chunks(2).enumerate() {
        let text = GBK.decode_without_bom_handling_and_without_replacement(pair)?;
        match level(text.chars().next()?) {
            Some(3) => return None,
            Some(level) => {
                ideographs += 1;
                common += usize::from(level == 1);
            }
            None if pair.first().is_some_and(|lead| *lead <= 0xA3) => {}
            None => return None,
        }
        pieces.push(Piece { source: bytes(chars, at + 2 * index, 2)?, text: text.into_owned() });
    }
    let found = *is_gbk || ideographs >= 2 && common * 5 >= ideographs * 4;
    *is_gbk |= found;
    found.then_some(Stretch { len: run.len(), pieces })
}

/// The byte that Windows-1252 reads as `c`, or Latin-1 where Windows-1252 has a character of its own
/// (WHATWG, index windows-1252); ASCII is never misread.
fn byte(c: char) -> Option<u8> {
    match u32::from(c) {
        code @ 0x80..=0xFF => u8::try_from(code).ok(),
        _ => {
            const C1: [char; 32] = [
                '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž',
                '\u{8F}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}',
                'ž', 'Ÿ',
            ];
            C1.iter().position(|known| *known == c).and_then(|at| u8::try_from(0x80 + at).ok())
        }
    }
}
