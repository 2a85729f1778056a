use std::borrow::Cow;

use html_escape::NAMED_ENTITIES;

/// The longest name in HTML's list has 31 letters.
const LONGEST: usize = 33;

/// The entity that `text` ends with, the semicolon included: how many bytes it takes and what it stands for.
/// The name of a no-break space is one without its ampersand too, as cleaning leaves it behind.
pub(super) fn decode(text: &str) -> Option<(usize, Cow<'static, str>)> {
    let body = text.strip_suffix([';', '；'])?;
    let start = body.len().saturating_sub(LONGEST);
    let ampersand = body.bytes().rposition(|byte| byte == b'&').filter(|at| *at >= start);
    let name = ampersand.and_then(|at| body.get(at + 1..)).unwrap_or_default();
    if let Some(decoded) = character(name).or_else(|| named(name)) {
        return Some((text.len() - body.len() + name.len() + 1, decoded));
    }
    let before = body.strip_suffix("nbsp")?;
    let alone = !before.ends_with(|c: char| c.is_ascii_alphanumeric());
    alone.then_some((text.len() - before.len(), Cow::Borrowed(" ")))
}

fn named(name: &str) -> Option<Cow<'static, str>> {
    let find = |name: &str| NAMED_ENTITIES.binary_search_by(|(known, _)| (*known).cmp(name.as_bytes())).ok();
    let at = find(name).or_else(|| find(&name.to_ascii_lowercase()))?;
    NAMED_ENTITIES.get(at).map(|(_, text)| Cow::Borrowed(*text))
}

/// `#20013` or `#x4E2D`. What is no character in HTML (WHATWG, numeric character reference end state) is one
/// that was lost; 128 to 159 are meant as Windows-1252.
fn character(name: &str) -> Option<Cow<'static, str>> {
    let number = name.strip_prefix('#')?;
    let (digits, radix) = match number.strip_prefix(['x', 'X']) {
        Some(hex) => (hex, 16),
        None => (number, 10),
    };
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    let c = match u32::from_str_radix(digits, radix) {
        Ok(code @ 0x80..=0x9F) => {
            let byte = [u8::try_from(code).ok()?];
            encoding_rs::WINDOWS_1252.decode_without_bom_handling(&byte).0.chars().next()?
        }
        Ok(code) => char::from_u32(code).unwrap_or('\u{FFFD}'),
        Err(_) => '\u{FFFD}',
    };
    Some(Cow::Owned(c.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases() {
        let cases = [
            ("路&nbsp;", 6, "\u{A0}"),
            ("&amp;", 5, "&"),
            ("&lt;", 4, "<"),
            ("a&gt;", 4, ">"),
            ("&LDQUO;", 7, "“"),
            ("&#20013;", 8, "中"),
            ("&#x4E2D;", 8, "中"),
            ("&#X4e2d;", 8, "中"),
            ("&#150;", 6, "–"),
            ("&#55357;", 8, "\u{FFFD}"),
            ("&#99999999999;", 14, "\u{FFFD}"),
            ("路nbsp;", 5, " "),
            ("&lt；", 6, "<"),
        ];
        for (text, bytes, decoded) in cases {
            assert_eq!(decode(text), Some((bytes, decoded.into())), "{text}");
        }
        for text in
            ["路;", "&;", "&路;", "&#;", "&#x;", "&#x-4;", "AT&T;", "&lt", "&nothing;", "xnbsp;", "&lt ;", ""]
        {
            assert_eq!(decode(text), None, "{text}");
        }
        let longest = NAMED_ENTITIES.iter().map(|(name, _)| name.len()).max();
        assert!(longest.is_some_and(|longest| longest < LONGEST), "{longest:?}");
    }
}
