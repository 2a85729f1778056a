use super::ideographs::is_ideograph;
use crate::alignment::AlignedText;

/// Makes each run of blanks, tabs and line breaks one space, none at either end.
///
/// A single line break between two Chinese characters goes altogether: the text was wrapped. A blank line or
/// an indented one leaves a space.
pub(super) fn collapse(text: &str) -> Option<AlignedText> {
    let mut out = AlignedText::with_capacity(text.len());
    let mut done = 0;
    while let Some(start) = text.get(done..).and_then(|rest| rest.find(char::is_whitespace)) {
        let start = done + start;
        out.copy(text.get(done..start)?, done);
        let rest = text.get(start..)?;
        let end = start + rest.find(|c: char| !c.is_whitespace()).unwrap_or(rest.len());
        let run = text.get(start..end)?;
        let before = out.text().chars().next_back();
        let after = text.get(end..)?.chars().next();
        if let (Some(before), Some(after)) = (before, after) {
            if run == " " {
                out.copy(run, start);
            } else if !(is_ideograph(before) && is_ideograph(after) && is_wrap(run)) {
                out.replace(start..end, " ");
            }
        }
        done = end;
    }
    out.copy(text.get(done..)?, done);
    (out.text() != text).then_some(out)
}

/// Whether a run of blanks is one line break with at most one space beside it; other blanks indent a line.
fn is_wrap(run: &str) -> bool {
    let (mut breaks, mut others) = (0, 0);
    let mut previous = ' ';
    for c in run.chars() {
        match c {
            '\n' if previous == '\r' => {}
            '\n' | '\r' | '\u{B}' | '\u{85}' | '\u{2028}' => breaks += 1,
            '\u{2029}' | '\u{C}' => breaks += 2,
            ' ' => others += 1,
            _ => return false,
        }
        previous = c;
    }
    breaks == 1 && others <= 1
}

/// Closes up Chinese text whose characters are set apart: `路 灯 不 亮`. It takes three characters in a row
/// somewhere, each alone between single spaces; then two are enough elsewhere.
pub(super) fn close_up(text: &str) -> Option<AlignedText> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let ideograph = |i: usize| chars.get(i).is_some_and(|(_, c)| is_ideograph(*c));
    let alone = |i: usize| ideograph(i) && !ideograph(i + 1) && !i.checked_sub(1).is_some_and(ideograph);
    let gap = |i: usize| {
        chars.get(i).is_some_and(|(_, c)| *c == ' ') && alone(i + 1) && i.checked_sub(1).is_some_and(alone)
    };
    (0..chars.len()).any(|i| gap(i) && gap(i + 2)).then_some(())?;
    let mut out = AlignedText::with_capacity(text.len());
    let mut done = 0;
    for (i, &(at, _)) in chars.iter().enumerate() {
        if gap(i) {
            out.copy(text.get(done..at)?, done);
            done = at + 1;
        }
    }
    out.copy(text.get(done..)?, done);
    (out.text() != text).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collapsed(text: &str) -> String {
        collapse(text).map_or_else(|| text.to_owned(), |out| out.text().to_owned())
    }

    fn closed(text: &str) -> String {
        close_up(text).map_or_else(|| text.to_owned(), |out| out.text().to_owned())
    }

    #[test]
    fn runs_of_blanks() {
        let cases = [
            ("　路灯\t 不亮　", "路灯 不亮"),
            ("路\n灯不\r\n亮", "路灯不亮"),
            ("路 \n灯不\u{2028}亮", "路灯不亮"),
            ("路灯不亮\n\n请处理", "路灯不亮 请处理"),
            ("路灯不亮\n　　请处理", "路灯不亮 请处理"),
            ("路灯不亮A\n请处理", "路灯不亮A 请处理"),
            ("路灯不亮\r\n\r\n请处理", "路灯不亮 请处理"),
            ("138\n0000\n1234", "138 0000 1234"),
            ("路灯\n\t不亮", "路灯 不亮"),
            ("路灯A\nB座", "路灯A B座"),
            ("路灯 不亮", "路灯 不亮"),
            (" \u{3000} ", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(collapsed(text), expected, "{text:?}");
            assert_eq!(collapsed(expected), expected);
        }
    }

    #[test]
    fn characters_set_apart() {
        let cases = [
            ("路 灯 不 亮", "路灯不亮"),
            ("我家 路 灯 不 亮。 请 处 理！", "我家 路灯不亮。 请处理！"),
            ("在3路 车 站，", "在3路车站，"),
            ("路 灯 不 亮请处理", "路灯不 亮请处理"),
            ("路 灯 不 亮，没 用", "路灯不亮，没用"),
            ("张 三", "张 三"),
            ("路灯 不亮 三天", "路灯 不亮 三天"),
            ("路 灯 坏了 不 亮", "路 灯 坏了 不 亮"),
            ("1 3 8 0", "1 3 8 0"),
            ("a b c 路 灯", "a b c 路 灯"),
        ];
        for (text, expected) in cases {
            assert_eq!(closed(text), expected, "{text:?}");
            assert_eq!(closed(expected), expected);
        }
    }
}
