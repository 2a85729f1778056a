/// The escape that `text` ends with, `c` being its last character: how many bytes it takes and what it stands
/// for. `\u4e2d`, `\/` and `\"` are JSON's, backslashes doubled or not; `_x4E2D_` is Excel's.
pub(super) fn decode(text: &str, c: char) -> Option<(usize, char)> {
    let body = text.strip_suffix(c)?;
    match c {
        '/' | '"' => Some((backslashes(body).filter(|count| *count > 0)? + 1, c)),
        '_' => {
            let (rest, code) = hex(body)?;
            rest.ends_with("_x").then_some(())?;
            Some(("_x0000_".len(), char::from_u32(code)?))
        }
        _ => {
            let (rest, code) = hex(text)?;
            let slashes = backslashes(rest.strip_suffix('u')?).filter(|count| *count > 0)?;
            let bytes = slashes + "u0000".len();
            if let Some(c) = char::from_u32(code) {
                return Some((bytes, c));
            }
            // The second half of a surrogate pair; a first half waits for it.
            let (rest, first) = hex(text.get(..text.len() - bytes)?)?;
            let slashes = backslashes(rest.strip_suffix('u')?).filter(|count| *count > 0)?;
            let pair = [u16::try_from(first).ok()?, u16::try_from(code).ok()?];
            let c = char::decode_utf16(pair).next()?.ok()?;
            Some((bytes + slashes + "u0000".len(), c))
        }
    }
}

/// The escaped line break or tab that `text` ends with, `next` coming after it: how many bytes it takes and
/// what it stands for. Paths such as `D:\new` are left alone.
pub(super) fn settle(text: &str, next: Option<char>) -> Option<(usize, &'static str)> {
    let control = match text.bytes().next_back()? {
        b'n' => "\n",
        b'r' => "\r",
        b't' => "\t",
        _ => return None,
    };
    let body = text.get(..text.len() - 1)?;
    let slashes = backslashes(body).filter(|count| *count > 0)?;
    let before = body.get(..body.len() - slashes)?.chars().next_back();
    let path = before.is_some_and(|c| c.is_ascii_alphabetic() || c == ':')
        || next.is_some_and(|c| c.is_ascii_lowercase());
    (!path).then_some((slashes + 1, control))
}

/// The number that the last four characters are in base 16, and what stands before them.
fn hex(text: &str) -> Option<(&str, u32)> {
    let at = text.len().checked_sub(4)?;
    let digits = text.get(at..)?;
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(())?;
    Some((text.get(..at)?, u32::from_str_radix(digits, 16).ok()?))
}

/// How many backslashes `text` ends with; `None` where there are more than any program writes.
fn backslashes(text: &str) -> Option<usize> {
    let count = text.bytes().rev().take(9).take_while(|byte| *byte == b'\\').count();
    (count < 9).then_some(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoded() {
        let cases = [
            ("路\\u4e2d", 6, '中'),
            ("\\\\u4E2D", 7, '中'),
            ("\\ud83d\\ude00", 12, '😀'),
            ("_x4e2d_", 7, '中'),
            ("路_x000D_", 7, '\r'),
            ("<\\/", 2, '/'),
            ("\\\\\"", 3, '"'),
        ];
        for (text, bytes, c) in cases {
            assert_eq!(decode(text, text.chars().next_back().unwrap()), Some((bytes, c)), "{text}");
        }
        for text in [
            "u4e2d", "\\u4e2", "\\x4e2d", "\\ud83d", "\\ude00", "x4e2d_", "_x4e2_", "_xd83d_", "a/", "\"",
            "_",
        ] {
            assert_eq!(decode(text, text.chars().next_back().unwrap()), None, "{text}");
        }
    }

    #[test]
    fn line_breaks() {
        assert_eq!(settle("路灯\\n", Some('不')), Some((2, "\n")));
        assert_eq!(settle("。\\\\r", Some('\\')), Some((3, "\r")));
        assert_eq!(settle("8\\t", None), Some((2, "\t")));
        assert_eq!(settle("D:\\n", Some('e')), None);
        assert_eq!(settle("D:\\t", Some('1')), None);
        assert_eq!(settle("资料\\n", Some('e')), None);
        assert_eq!(settle("路n", Some('不')), None);
    }
}
