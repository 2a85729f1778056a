/// Whether `c` only repeats the punctuation that `text` ends with, or makes an ellipsis of it: how many bytes
/// of `text` to take back and what to write for them and `c`.
///
/// Marks of sentences stand once, ！ and ？ mixed each once; an ellipsis is `……`; dashes and rules are two
/// characters at most. Asterisks, slashes, brackets and × are left alone: they stand for something left out.
pub(super) fn absorb(text: &str, c: char) -> Option<(usize, &'static str)> {
    let last = text.chars().next_back();
    match c {
        '！' | '？' | '!' | '?' => {
            let tail = text.chars().rev().take_while(|mark| mark_kind(*mark).is_some());
            let found = tail.take(4).any(|mark| mark_kind(mark) == mark_kind(c));
            found.then_some(())?;
            let last = last?;
            Some((last.len_utf8(), sentence_mark(last)?))
        }
        '，' | '。' | '、' | '；' | '：' | ',' | '~' => {
            (last == Some(c)).then_some(())?;
            Some((c.len_utf8(), sentence_mark(c)?))
        }
        '.' if text.ends_with("..") => Some((2, "……")),
        '.' if last == Some('…') => Some((6, "……")),
        '…' => Some((if last == Some('…') { 6 } else { 0 }, "……")),
        '-' | '=' | '_' | '+' | '^' | '|' | '—' => {
            let twice = rule(c)?;
            text.ends_with(twice).then_some((twice.len(), twice))
        }
        _ => None,
    }
}

/// Whether `c` is Chinese punctuation, beside which a blank says nothing and is left out.
pub(super) fn is_chinese(c: char) -> bool {
    matches!(
        c,
        '，' | '。'
            | '！'
            | '？'
            | '；'
            | '：'
            | '、'
            | '（'
            | '）'
            | '“'
            | '”'
            | '‘'
            | '’'
            | '…'
            | '—'
    ) || matches!(c, '《' | '》' | '〈' | '〉' | '【' | '】' | '〔' | '〕')
}

/// Whether `text` ends with a digit and a full-width colon, as a time does before its minutes.
pub(super) fn is_colon_in_number(text: &str) -> bool {
    text.strip_suffix('：').is_some_and(|number| number.ends_with(|c: char| c.is_ascii_digit()))
}

fn mark_kind(c: char) -> Option<bool> {
    match c {
        '！' | '!' => Some(true),
        '？' | '?' => Some(false),
        _ => None,
    }
}

fn sentence_mark(c: char) -> Option<&'static str> {
    Some(match c {
        '！' => "！",
        '？' => "？",
        '!' => "!",
        '?' => "?",
        '，' => "，",
        '。' => "。",
        '、' => "、",
        '；' => "；",
        '：' => "：",
        ',' => ",",
        '~' => "~",
        _ => return None,
    })
}

fn rule(c: char) -> Option<&'static str> {
    Some(match c {
        '-' => "--",
        '=' => "==",
        '_' => "__",
        '+' => "++",
        '^' => "^^",
        '|' => "||",
        '—' => "——",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(text: &str) -> String {
        let mut out = String::new();
        for c in text.chars() {
            match absorb(&out, c) {
                Some((bytes, mark)) => {
                    out.truncate(out.len() - bytes);
                    out += mark;
                }
                None => out.push(c),
            }
        }
        out
    }

    #[test]
    fn cases() {
        let cases = [
            ("不亮！！！！", "不亮！"),
            ("为什么？？?？", "为什么？"),
            ("？！？！?!", "？！"),
            ("，，，。。。、、；；：：", "，。、；："),
            ("等...等......等。……等…", "等……等……等。……等……"),
            ("……….", "……"),
            ("————-----====____", "——--==__"),
            ("~~~~", "~"),
        ];
        for (text, expected) in cases {
            assert_eq!(joined(text), expected);
            assert_eq!(joined(expected), expected);
        }
    }

    #[test]
    fn left_alone() {
        for text in [
            "张**，110****",
            "http://a//b",
            "1111..2",
            "《《》》（（",
            "！，！",
            "××小区",
            "——",
            "a--b",
            "##",
        ] {
            assert_eq!(joined(text), text);
        }
    }
}
