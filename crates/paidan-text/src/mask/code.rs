//! Codes of letters and digits, written in groups or read out in Chinese.

use std::ops::Range;

/// A code as it stands in the text and as it reads.
#[derive(Clone, Debug)]
pub(super) struct Code {
    pub(super) range: Range<usize>,
    /// ASCII, without separators; Chinese numerals as digits.
    pub(super) text: String,
}

/// Which characters belong to a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// Letters and digits; a hyphen parts groups.
    Number,
    /// Names of accounts: letters, digits, underscores and hyphens.
    Account,
}

/// Longer codes than this many characters are something else.
pub(super) const MAX_LEN: usize = 32;

/// The digit that a Chinese numeral stands for when numbers are read out digit by digit.
pub(super) fn spoken_digit(c: char) -> Option<char> {
    Some(match c {
        '零' | '〇' | '○' => '0',
        '一' | '幺' => '1',
        '二' => '2',
        '三' => '3',
        '四' => '4',
        '五' => '5',
        '六' => '6',
        '七' => '7',
        '八' => '8',
        '九' => '9',
        _ => return None,
    })
}

/// The digits that are read out one by one at the beginning of `text`, in Chinese, and their length in bytes:
/// 三个八 is three of them. The last is left out where it belongs to the next word, as in 一直 and 三次.
pub(super) fn spoken_digits(text: &str) -> (String, usize) {
    let mut digits = String::new();
    let mut end = 0;
    // The length of the last digit, where it may belong to the next word.
    let mut last = 0;
    while let Some(c) = text.get(end..).and_then(|rest| rest.chars().next()) {
        if let Some((digit, times, len)) = repeated(text.get(end..).unwrap_or_default()) {
            digits.extend(std::iter::repeat_n(digit, times));
            (end, last) = (end + len, 0);
        } else if let Some(digit) = spoken_digit(c) {
            digits.push(digit);
            (end, last) = (end + c.len_utf8(), c.len_utf8());
        } else {
            if last > 0 && "个次辆天年月点块元分直起下些样般共旦定楼栋位人".contains(c)
            {
                digits.pop();
                end -= last;
            }
            break;
        }
    }
    (digits, end)
}

/// The digit, how often and in how many bytes, where `text` begins with 三个八 and the like.
fn repeated(text: &str) -> Option<(char, usize, usize)> {
    let mut chars = text.chars();
    let times = "两二三四五六七".chars().position(|c| text.starts_with(c))?.max(1) + 1;
    let (count, of, digit) = (chars.next()?, chars.next()?, spoken_digit(chars.next()?)?);
    let ends = !chars.next().is_some_and(|c| "十百千万个".contains(c));
    (of == '个' && ends).then(|| (digit, times, count.len_utf8() + of.len_utf8() + '零'.len_utf8()))
}

/// Whether what follows makes a number a quantity, a date or a decimal fraction.
pub(super) fn is_quantity(after: &str) -> bool {
    let after = after.strip_prefix(' ').unwrap_or(after);
    let mut chars = after.chars();
    match (chars.next(), chars.next()) {
        (Some('.'), Some(c)) => c.is_ascii_digit(),
        (Some(c), _) => "年月日元块万亿千百个人次条度吨米分秒时天周户辆套多余款版%℃".contains(c),
        _ => false,
    }
}

/// Short numbers that everyone may call.
pub(super) fn is_hotline(digits: &str) -> bool {
    match digits.len() {
        5 => ["100", "101", "106", "111", "118", "123", "955", "96"]
            .iter()
            .any(|begin| digits.starts_with(begin)),
        6 => digits.starts_with("96"),
        _ => false,
    }
}

impl Code {
    /// Digits only.
    pub(super) fn is_number(&self) -> bool {
        !self.text.is_empty() && self.text.bytes().all(|byte| byte.is_ascii_digit())
    }

    pub(super) fn digits(&self) -> usize {
        self.text.bytes().filter(u8::is_ascii_digit).count()
    }

    pub(super) fn letters(&self) -> usize {
        self.text.bytes().filter(u8::is_ascii_alphabetic).count()
    }

    /// A mobile number of mainland China, with or without its country code: the phone rule's.
    pub(super) fn is_mobile(&self) -> bool {
        let number = self.text.strip_prefix("0086").or(self.text.strip_prefix("86")).unwrap_or(&self.text);
        self.is_number() && number.len() == 11 && is_mobile_begin(number)
    }

    /// Already masked by its writer, as in `6217****0001` and `6217xxxx0001`.
    pub(super) fn is_masked_by_hand(&self, text: &str) -> bool {
        let after = text.get(self.range.end..).unwrap_or_default();
        after.starts_with(['*', '×', '＊']) || self.text.to_ascii_lowercase().contains("xxx")
    }
}

fn is_mobile_begin(digits: &str) -> bool {
    matches!(digits.as_bytes(), [b'1', b'3'..=b'9', ..])
}

struct Group {
    end: usize,
    text: String,
    /// With Chinese numerals.
    spoken: bool,
}

impl Group {
    fn is_number(&self) -> bool {
        self.text.bytes().all(|byte| byte.is_ascii_digit())
    }

    fn is_letters(&self) -> bool {
        self.text.bytes().all(|byte| byte.is_ascii_alphabetic())
    }
}

/// The code that begins at byte `at`, with as many of its groups as may belong together, then with fewer.
pub(super) fn codes_at(text: &str, at: usize, style: Style) -> Vec<Code> {
    let mut codes: Vec<Code> = Vec::new();
    let mut written = String::new();
    let mut next = group_at(text, at, style);
    while let Some(group) = next {
        written.push_str(&group.text);
        if written.len() > MAX_LEN {
            // What is too long as a whole is no code in its beginning either, unless parted there.
            break;
        }
        codes.push(Code { range: at..group.end, text: written.clone() });
        next = separator_at(text, group.end).and_then(|(end, separator)| {
            group_at(text, end, style).filter(|after| joins(text, &group, separator, end, after))
        });
    }
    codes.reverse();
    codes
}

/// The longest group of characters without a separator from byte `at` on.
fn group_at(text: &str, at: usize, style: Style) -> Option<Group> {
    let mut group = Group { end: at, text: String::new(), spoken: false };
    loop {
        let rest = text.get(group.end..)?;
        let Some(c) = rest.chars().next() else { break };
        let inside = !group.text.is_empty();
        let sign = match c {
            '_' => true,
            '-' => !group.is_number() && hyphen_goes_on(text, group.end),
            _ => false,
        };
        if c.is_ascii_alphanumeric() || (sign && style == Style::Account) {
            group.text.push(c);
            group.end += 1;
        } else if spoken_digit(c).is_some() || c == '两' {
            let (digits, len) = spoken_digits(rest);
            let behind = rest.get(len..).and_then(|rest| rest.chars().next());
            // One numeral after digits begins the next word.
            let single = digits.len() == 1 && !behind.is_some_and(|c| c.is_ascii_alphanumeric());
            if digits.is_empty() || (single && group.text.ends_with(|c: char| c.is_ascii_digit())) {
                break;
            }
            group.spoken = true;
            group.text.push_str(&digits);
            group.end += len;
        } else if let (Style::Account, true, Some((sign, len))) = (style, inside, spoken_sign(rest)) {
            group.text.push(sign);
            group.end += len;
        } else {
            break;
        }
        if group.text.len() > MAX_LEN {
            break;
        }
    }
    (!group.text.is_empty()).then_some(group)
}

/// Whether hyphens at byte `at` are followed by more of a name, not by a mobile number.
fn hyphen_goes_on(text: &str, at: usize) -> bool {
    let rest = text.get(at..).unwrap_or_default().trim_start_matches('-');
    let name = rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    name && !is_mobile_at(text, text.len() - rest.len())
}

/// A sign said in words, where a code goes on after it.
fn spoken_sign(text: &str) -> Option<(char, usize)> {
    let words =
        [("下划线", '_'), ("下横线", '_'), ("中划线", '-'), ("横杠", '-'), ("减号", '-'), ("杠", '-')];
    let (word, sign) = words.into_iter().find(|(word, _)| text.starts_with(word))?;
    let goes_on = |c: char| c.is_ascii_alphanumeric() || spoken_digit(c).is_some();
    text.get(word.len()..)?.starts_with(goes_on).then_some((sign, word.len()))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Separator {
    Blank,
    Hyphen,
    Dot,
    Comma,
    /// What speakers put between groups, with or without commas: 呃, 然后.
    Word,
}

/// What speakers put between groups; the longest first where one begins another.
pub(super) const SPOKEN_PAUSES: &str = "呃 嗯 额 然后是 然后 后面是 后面 接着是";

/// What parts two groups at byte `at`, and the byte behind it.
fn separator_at(text: &str, at: usize) -> Option<(usize, Separator)> {
    let rest = text.get(at..)?;
    let pause = rest.trim_start_matches(['，', ',', ' ']);
    if let Some(behind) = SPOKEN_PAUSES.split(' ').find_map(|word| pause.strip_prefix(word)) {
        return Some((text.len() - behind.trim_start_matches(['，', ',', ' ']).len(), Separator::Word));
    }
    let signs = rest.trim_start_matches(' ');
    let sign = signs.chars().next()?;
    let separator = match sign {
        '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' => Separator::Hyphen,
        '.' | '·' | '•' if signs.len() == rest.len() => Separator::Dot,
        '，' | ',' if signs.len() == rest.len() => Separator::Comma,
        _ if signs.len() < rest.len() => return Some((at + rest.len() - signs.len(), Separator::Blank)),
        _ => return None,
    };
    let behind = signs.get(sign.len_utf8()..)?;
    Some((text.len() - behind.trim_start_matches(' ').len(), separator))
}

/// Whether `next`, which begins at byte `at`, belongs to the same code as `group`.
fn joins(text: &str, group: &Group, separator: Separator, at: usize, next: &Group) -> bool {
    let after = text.get(next.end..).unwrap_or_default();
    let (len, next_len) = (group.text.len(), next.text.len());
    if is_mobile_at(text, at)
        || (next_len < 5 && (is_quantity(after) || after.starts_with(['号', '楼', '栋', '单', '层', '期'])))
    {
        return false;
    }
    let numbers = group.is_number() && next.is_number();
    let both = |range: std::ops::RangeInclusive<usize>| range.contains(&len) && range.contains(&next_len);
    // HN 001234, E1231 2312.
    let begins = group.text.starts_with(|c: char| c.is_ascii_alphabetic()) && next.is_number();
    let prefix =
        begins && ((len <= 4 && group.is_letters() && next_len >= 4) || (both(3..=6) && !group.is_letters()));
    match separator {
        // Passports of Russia have their series of two digits apart; a last digit may stand alone.
        Separator::Blank => {
            (numbers && (both(2..=6) || (len, next_len) == (2, 7) || (len, next_len) == (4, 1)))
                || both(1..=1)
                || prefix
        }
        Separator::Hyphen => (numbers && next_len <= 20) || prefix || next_len <= 4,
        Separator::Dot => numbers && both(3..=4),
        Separator::Comma => {
            (numbers && both(2..=4)) || both(1..=1) || (next.spoken && next_len > 1 && next_len <= 6)
        }
        Separator::Word => numbers || (group.text.len() > 1 && next.is_number() && next_len <= 8),
    }
}

/// Whether a mobile number, in one run or in groups, begins at byte `at`.
fn is_mobile_at(text: &str, at: usize) -> bool {
    let rest = text.get(at..).unwrap_or_default();
    let first = rest.bytes().take_while(u8::is_ascii_digit).count();
    let written = rest.chars().take_while(|c| c.is_ascii_digit() || matches!(c, ' ' | '-')).take(16);
    let digits = written.filter(char::is_ascii_digit).count();
    is_mobile_begin(rest) && matches!(first, 3 | 7 | 11) && digits >= 11
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(code: &str) -> Vec<String> {
        codes_at(code, 0, Style::Number).into_iter().map(|code| code.text).collect()
    }

    #[test]
    fn groups_join_where_they_may_be_one_code() {
        assert_eq!(texts("0012 3456 78"), ["0012345678", "00123456", "0012"]);
        assert_eq!(texts("零零幺二3456一直"), ["00123456"]);
        assert_eq!(texts("HN 001234"), ["HN001234", "HN"]);
        assert_eq!(texts("123456 138 0000 1234"), ["123456"]);
        assert_eq!(texts("12345678 2023年"), ["12345678"]);
        assert_eq!(texts("￥"), Vec::<String>::new());
    }
}
