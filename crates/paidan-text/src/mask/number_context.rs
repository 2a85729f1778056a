//! What the words around a number say it is.

use super::number_words::NumberWord::{self, Impersonal, Mobile, Phone};
use super::number_words::word_at_end;
use super::{MASK_CLOSE, MASK_OPEN};

/// Letters that may touch a telephone number: others make it a code.
const PHONE_LETTERS: [&str; 12] =
    ["tel", "phone", "mobile", "mob", "call", "ph", "hp", "vx", "wx", "wechat", "qq", "v"];

/// Units that follow an amount, however it is written.
const UNITS: [&str; 17] = [
    "元",
    "块钱",
    "万元",
    "亿元",
    "人民币",
    "美元",
    "平方",
    "平米",
    "㎡",
    "m²",
    "米",
    "公里",
    "吨",
    "公斤",
    "千瓦",
    "立方",
    "度电",
];

/// What follows groups of digits that are no telephone number: doors, dates and counts.
const COUNTED: [&str; 27] = [
    "年", "月", "日", "时", "点", "分钟", "秒", "栋", "幢", "号", "楼", "单元", "室", "层", "户", "人", "个",
    "件", "次", "台", "套", "条", "路", "期", "度", "万", "%",
];

/// How many signs and small words may stand between a word and its number.
const MAX_CONNECTIVES: usize = 12;

/// What the word just before a number says; `before` is the text up to the number.
///
/// Signs, brackets with their content and small words may stand between (电话（家里）是：); a comma only
/// before a telephone number, and earlier numbers of a list only after a word that says what they are not.
pub(super) fn word_before(before: &str) -> Option<NumberWord> {
    let mut rest = before;
    let mut listed = false;
    let mut comma = false;
    let mut blank = false;
    for _ in 0..MAX_CONNECTIVES {
        if let Some(word) = word_at_end(rest) {
            let is_phone = matches!(word, Phone | Mobile);
            // 订单13800001234 is an order; in 催办工单 13800001234 the number may be the caller's.
            let names_number = word != Impersonal || rest.ends_with(['号', '码']) || !blank;
            return (!(listed && is_phone) && (!comma || is_phone) && names_number).then_some(word);
        }
        let last = rest.chars().next_back()?;
        let shorter = rest.strip_suffix(last)?;
        rest = match last {
            ')' => before_bracket(shorter, '('),
            '）' => before_bracket(shorter, '（'),
            ' ' => {
                blank = true;
                shorter
            }
            ',' | '，' => {
                comma = true;
                shorter
            }
            '、' | '和' | '或' | '及' | '与' | '/' => {
                listed = true;
                without_number(shorter)?
            }
            _ if CONNECTIVES.contains(last) => shorter,
            // 打我固话就行六六零零….
            '行' => rest.strip_suffix("就行")?,
            _ => return None,
        };
    }
    None
}

/// The text before the bracket that `open` begins in `text`; all of `text` where what stands in the bracket is
/// itself a word, or too long.
fn before_bracket(text: &str, open: char) -> &str {
    const LONGEST_CONTENT: usize = 12;
    let found = text.char_indices().rev().take(LONGEST_CONTENT).find(|(_, c)| *c == open);
    match found.and_then(|(at, _)| text.get(..at)) {
        Some(before) if word_at_end(text).is_none() => before,
        _ => text,
    }
}

/// Signs and small words between a word and its number.
const CONNECTIVES: &str = ":：=.-—–>→#\"'“‘”’「《(（【[〔]】〕+是为叫的呢啊吧哈哦嗯就码都分别有";

/// `text` without the number or the masked stretch at its end.
fn without_number(text: &str) -> Option<&str> {
    let mut rest = text.trim_end_matches(' ');
    let whole = rest.len();
    loop {
        let shorter = rest.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '-');
        let shorter = match shorter.strip_suffix(MASK_CLOSE) {
            Some(token) => token.get(..token.rfind(MASK_OPEN)?)?,
            None => shorter,
        };
        if shorter.len() == rest.len() {
            return (rest.len() < whole).then_some(rest);
        }
        rest = shorter;
    }
}

/// Whether letters that touch a number make it a code, such as `JD13800001234` and `GD-13800001234`;
/// `before` is the text up to the number.
pub(super) fn is_code(before: &str) -> bool {
    let before = before.strip_suffix(['-', '_']).unwrap_or(before);
    let rest = before.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let letters = before.get(rest.len()..).unwrap_or_default();
    // After a full stop they are the end of a host's name.
    !letters.is_empty()
        && !rest.ends_with('.')
        && !PHONE_LETTERS.iter().any(|word| letters.eq_ignore_ascii_case(word))
}

/// Whether a currency before or a unit after a number makes it an amount.
pub(super) fn is_amount(before: &str, after: &str) -> bool {
    let after = after.trim_start_matches(' ');
    // 13800001234.50元
    let decimals = after.strip_prefix('.').map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    before.trim_end_matches(' ').ends_with(['¥', '￥', '$'])
        || UNITS.iter().any(|unit| after.starts_with(unit) || decimals.is_some_and(|d| d.starts_with(unit)))
}

/// Whether a word that counts, dates or names a door follows: with it, groups of digits are no number of
/// one piece.
pub(super) fn is_counted(after: &str) -> bool {
    let after = after.strip_prefix(' ').unwrap_or(after);
    COUNTED.iter().any(|word| after.starts_with(word))
}

/// The bytes of `text` that a number at `range` fills with the brackets that begin or end inside it:
/// `(0898)66001234`.
pub(super) fn with_brackets(text: &str, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let inside = text.get(range.clone()).unwrap_or_default();
    let mut open = 0usize;
    let mut closed = 0usize;
    for c in inside.chars() {
        match c {
            '(' | '（' | '[' | '【' => open += 1,
            ')' | '）' | ']' | '】' if open > 0 => open -= 1,
            ')' | '）' | ']' | '】' => closed += 1,
            _ => {}
        }
    }
    let mut whole = range;
    let before = text.get(..whole.start).and_then(|before| before.chars().next_back());
    if let (1, Some(bracket @ ('(' | '（' | '[' | '【'))) = (closed, before) {
        whole.start -= bracket.len_utf8();
    }
    let after = text.get(whole.end..).and_then(|after| after.chars().next());
    if let (1, Some(bracket @ (')' | '）' | ']' | '】'))) = (open, after) {
        whole.end += bracket.len_utf8();
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::number_words::NumberWord::{Account, BankCard, IdCard};

    #[test]
    fn words() {
        let cases = [
            ("订单号", Some(Impersonal)),
            ("订单号码是：", Some(Impersonal)),
            ("订单编号（京东）为", Some(Impersonal)),
            ("订单联系电话", Some(Phone)),
            ("电话订单号", Some(Impersonal)),
            ("手机卡号", Some(Mobile)),
            ("电话（家里）：", Some(Phone)),
            ("联系方式（座机）", Some(Phone)),
            ("银行卡的卡号是", Some(BankCard)),
            ("身份证号码", Some(IdCard)),
            ("用户编号", Some(Account)),
            ("我的号码", Some(Phone)),
            ("车牌号码", None),
            ("订单号123、ABC-45和", Some(Impersonal)),
            ("订单号⟦bank_card⟧、", Some(Impersonal)),
            ("电话123、", None),
            ("订单号，", None),
            ("电话，", Some(Phone)),
            ("工单 ", None),
            ("工单：", Some(Impersonal)),
            ("TEL.", Some(Phone)),
            ("No. ", None),
            ("NO.", Some(Impersonal)),
            ("反映", None),
            ("", None),
            ("（）：：：：：：：：：：：：：：：：", None),
        ];
        for (before, expected) in cases {
            assert_eq!(word_before(before), expected, "{before}");
        }
    }

    #[test]
    fn brackets() {
        let with = |text: &str, number: &str| {
            let at = text.find(number).unwrap();
            text[with_brackets(text, at..at + number.len())].to_owned()
        };
        assert_eq!(with("(0898)6600", "0898)6600"), "(0898)6600");
        assert_eq!(with("（12）-（34）", "12）-（34"), "（12）-（34）");
        assert_eq!(with("(1234)", "1234"), "1234");
        assert_eq!(with("(1)(2", "1)(2"), "(1)(2");
    }
}
