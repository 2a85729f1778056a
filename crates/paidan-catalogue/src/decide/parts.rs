//! Parts of a text that may be demands of their own.

use std::ops::Range;

/// A part and what parts it from the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) range: Range<usize>,
    /// Whether a number or a word such as 另外 begins it, and not only a sentence.
    pub(super) is_marked: bool,
}

const SENTENCE_ENDS: [char; 7] = ['。', '；', ';', '！', '!', '？', '\n'];
/// What ends a clause before a mark.
const CLAUSE_ENDS: [char; 4] = ['，', ',', ' ', '、'];
/// What begins another demand, at the beginning of a clause.
const MARKS: [&str; 47] = [
    "再一个",
    "再一点",
    "再者",
    "另一件",
    "还有一件",
    "第二件",
    "再反映",
    "另外",
    "此外",
    "除此之外",
    "还有",
    "同时",
    "另",
    "再就是",
    "再有",
    "其次",
    "再次",
    "最后",
    "首先",
    "顺便",
    "并且",
    "以及",
    "一是",
    "二是",
    "三是",
    "四是",
    "五是",
    "第一",
    "第二",
    "第三",
    "第四",
    "其一",
    "其二",
    "其三",
    "一、",
    "二、",
    "三、",
    "四、",
    "(一)",
    "(二)",
    "(三)",
    "（一）",
    "（二）",
    "（三）",
    "还想反映",
    "还要反映",
    "还反映",
];

/// Parts `text`, folded; together they cover it.
pub(super) fn parts(text: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut start = 0;
    let mut is_marked = false;
    let mut at_clause = true;
    for (at, c) in text.char_indices() {
        if is_circled(c) || at_clause && begins_with_mark(text.get(at..).unwrap_or_default()) {
            push(&mut parts, text, start..at, is_marked);
            (start, is_marked) = (at, true);
        }
        at_clause = false;
        if SENTENCE_ENDS.contains(&c) {
            push(&mut parts, text, start..at + c.len_utf8(), is_marked);
            (start, is_marked, at_clause) = (at + c.len_utf8(), false, true);
        } else if CLAUSE_ENDS.contains(&c) {
            at_clause = true;
        }
    }
    push(&mut parts, text, start..text.len(), is_marked);
    parts
}

fn push(parts: &mut Vec<Part>, text: &str, range: Range<usize>, is_marked: bool) {
    let is_blank = text.get(range.clone()).unwrap_or_default().chars().all(|c| !c.is_alphanumeric());
    if !is_blank {
        parts.push(Part { range, is_marked });
    } else if let Some(last) = parts.last_mut() {
        last.range.end = range.end;
    }
}

fn begins_with_mark(rest: &str) -> bool {
    MARKS.iter().any(|mark| rest.starts_with(mark)) || begins_with_number(rest)
}

/// `①` is a mark wherever it stands.
fn is_circled(c: char) -> bool {
    matches!(c, '①'..='⑳')
}

/// `1、`, `2.`, `(3)`.
fn begins_with_number(rest: &str) -> bool {
    let mut chars = rest.chars();
    match chars.next() {
        Some('(' | '（') => {
            matches!(chars.next(), Some('1'..='9')) && matches!(chars.next(), Some(')' | '）'))
        }
        Some('1'..='9') => {
            let sign = chars.next();
            // 1.5 is a number, 1. a point.
            matches!(sign, Some('、' | '，' | '）' | ')' | '．' | '.'))
                && !chars.next().is_some_and(|c| c.is_ascii_digit())
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<(&str, bool)> {
        parts(text).into_iter().map(|part| (&text[part.range], part.is_marked)).collect()
    }

    #[test]
    fn sentences_numbers_and_words_part_a_text() {
        assert_eq!(texts("路灯不亮。停水两天！"), [("路灯不亮。", false), ("停水两天！", false)]);
        assert_eq!(texts("路灯不亮，另外停水"), [("路灯不亮，", false), ("另外停水", true)]);
        assert_eq!(texts("1、路灯不亮；2、停水1.5天"), [("1、路灯不亮；", true), ("2、停水1.5天", true)]);
        assert_eq!(texts("路灯不亮，很黑"), [("路灯不亮，很黑", false)]);
        assert_eq!(texts("。。"), []);
    }
}
