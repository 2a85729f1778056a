use super::Stretch;
use super::decode::{Unit, gbk_bytes, level, utf8};

/// The stretch of UTF-8 from the character at `at` on that was read as GBK.
///
/// It must begin with a character of three bytes, spell two ideographs or more, and hold a character that is
/// none of GB 2312: half of UTF-8's bytes are below its own, while the characters of real text rarely are
/// beyond it and hardly ever go on as UTF-8 must.
pub(super) fn stretch(chars: &[(usize, char)], at: usize) -> Option<Stretch> {
    let rest = chars.get(at..)?;
    if !matches!(gbk_bytes(rest.first()?.1).as_deref(), Some([0xE2..=0xEF, 0x80..=0xBF])) {
        return None;
    }
    let mut seen = 0;
    let mut rare = 0;
    let units = rest.iter().map_while(|(at, c)| {
        rare += usize::from(!c.is_ascii() && !matches!(level(*c), Some(1 | 2)));
        let bytes = if *c == '\u{FFFD}' { Vec::new() } else { gbk_bytes(*c)? };
        Some(Unit { source: *at..at + c.len_utf8(), bytes, lost: matches!(c, '?' | '\u{FFFD}') })
    });
    let mut units = units.inspect(|_| seen += 1);
    let decoded = utf8(&mut units);
    let len = if decoded.is_cut_off { seen } else { decoded.len };
    (decoded.is_plausible(2) && rare > 0).then_some(Stretch { len, pieces: decoded.pieces })
}
