use super::enclosed;
use crate::alignment::AlignedText;

/// Cyrillic and Greek letters that print as Latin ones.
const LETTERS: &[(char, char)] = &[
    ('А', 'A'),
    ('В', 'B'),
    ('Е', 'E'),
    ('К', 'K'),
    ('М', 'M'),
    ('Н', 'H'),
    ('О', 'O'),
    ('Р', 'P'),
    ('С', 'C'),
    ('Т', 'T'),
    ('У', 'Y'),
    ('Х', 'X'),
    ('І', 'I'),
    ('Ј', 'J'),
    ('Ѕ', 'S'),
    ('Ԛ', 'Q'),
    ('Ԝ', 'W'),
    ('а', 'a'),
    ('е', 'e'),
    ('о', 'o'),
    ('р', 'p'),
    ('с', 'c'),
    ('у', 'y'),
    ('х', 'x'),
    ('і', 'i'),
    ('ј', 'j'),
    ('ѕ', 's'),
    ('һ', 'h'),
    ('ԁ', 'd'),
    ('ԛ', 'q'),
    ('ԝ', 'w'),
    ('Ү', 'Y'),
    ('Ӏ', 'I'),
    ('ӏ', 'l'),
    ('Α', 'A'),
    ('Β', 'B'),
    ('Ε', 'E'),
    ('Ζ', 'Z'),
    ('Η', 'H'),
    ('Ι', 'I'),
    ('Κ', 'K'),
    ('Μ', 'M'),
    ('Ν', 'N'),
    ('Ο', 'O'),
    ('Ρ', 'P'),
    ('Τ', 'T'),
    ('Υ', 'Y'),
    ('Χ', 'X'),
    ('Ϲ', 'C'),
    ('Ϳ', 'J'),
    ('ο', 'o'),
    ('ν', 'v'),
    ('ϲ', 'c'),
];

/// Latin letters for Cyrillic and Greek ones, in words of which every letter looks Latin.
pub(super) fn letters(text: &str) -> Option<AlignedText> {
    text.contains(is_foreign).then_some(())?;
    let mut out = AlignedText::with_capacity(text.len());
    let mut done = 0;
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let len = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let word = rest.get(..len)?;
        let before = text.get(..at)?.chars().next_back();
        let after = rest.get(len..)?.chars().next();
        // What stands so may be the beginning of a tag, an entity or an escape, which is not ours to complete.
        let is_code = before.is_some_and(|c| "&#\\</_!?".contains(c)) || after == Some('_');
        let is_blank = word.chars().map(|c| latin(c).unwrap_or(c)).eq("nbsp".chars());
        if !is_code && !is_blank && word.chars().all(|c| c.is_ascii() || latin(c).is_some()) {
            for (place, c) in word.char_indices() {
                let Some(letter) = latin(c) else { continue };
                out.copy(text.get(done..at + place)?, done);
                done = at + place + c.len_utf8();
                out.replace(at + place..done, letter.encode_utf8(&mut [0; 4]));
            }
        }
        at += len + after.map_or(0, char::len_utf8);
    }
    out.copy(text.get(done..)?, done);
    (out.text() != text).then_some(out)
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || is_foreign(c)
}

/// Whether `c` is a letter of Greek or Cyrillic.
pub(super) fn is_foreign(c: char) -> bool {
    matches!(c, '\u{370}'..='\u{52F}')
}

fn latin(c: char) -> Option<char> {
    LETTERS.iter().find(|(foreign, _)| *foreign == c).map(|(_, latin)| *latin)
}

/// Digits for the letters O, o, l and I, for bars and for circled digits, in what has the shape of a mobile or
/// an identity number, and for circled digits in longer numbers that hold several.
pub(super) fn digits(text: &str) -> Option<AlignedText> {
    let mut out = AlignedText::with_capacity(text.len());
    let mut done = 0;
    let mut chars = text.char_indices().peekable();
    let mut before = ' ';
    while let Some((at, c)) = chars.next() {
        if digit(c).is_none() {
            before = c;
            continue;
        }
        let mut number = vec![(at, c)];
        let mut last = c;
        while let Some(&(at, next)) = chars.peek() {
            let separates = matches!(next, '-' | ' ') && digit(last).is_some();
            if digit(next).is_some() {
                number.push((at, next));
            } else if !separates {
                break;
            }
            last = next;
            chars.next();
        }
        let after = if digit(last).is_some() { chars.peek().map_or(' ', |(_, c)| *c) } else { ' ' };
        let is_free = !before.is_ascii_alphanumeric() && !"_&#\\".contains(before);
        // A circle after a digit would become a zero.
        if is_free && !after.is_ascii_alphanumeric() && !"_〇○".contains(after) && is_disguised(&number) {
            for &(at, c) in number.iter().filter(|(_, c)| !c.is_ascii_digit()) {
                let Some(digit) = digit(c) else { continue };
                out.copy(text.get(done..at)?, done);
                done = at + c.len_utf8();
                out.replace(at..done, digit.encode_utf8(&mut [0; 4]));
            }
        }
        before = last;
    }
    out.copy(text.get(done..)?, done);
    (out.text() != text).then_some(out)
}

/// What a digit, or a sign that stands for one in a disguised number, is.
fn digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        'O' | 'o' => Some('0'),
        'l' | 'I' | '|' => Some('1'),
        _ => enclosed::digit(c),
    }
}

fn is_disguised(number: &[(usize, char)]) -> bool {
    let letters = number.iter().filter(|(_, c)| !c.is_ascii_digit() && enclosed::digit(*c).is_none()).count();
    let circled = number.iter().filter(|(_, c)| enclosed::digit(*c).is_some()).count();
    let digits: String = number.iter().filter_map(|(_, c)| digit(*c)).collect();
    let national = digits.strip_prefix("86").filter(|rest| rest.len() == 11).unwrap_or(&digits);
    let mobile =
        national.len() == 11 && national.starts_with('1') && national.as_bytes().get(1) >= Some(&b'3');
    let identity =
        digits.len() == 18 && digits.get(6..8).is_some_and(|century| matches!(century, "19" | "20"));
    let mostly_digits = number.len() - letters >= 5;
    (letters + circled > 0)
        && ((mobile || identity) && mostly_digits || letters == 0 && circled >= 3 && number.len() >= 7)
}

/// Whether `c` next to `neighbour` may be part of a number that [`digits`] resolves.
pub(super) fn may_hide_digit(c: char, neighbour: char) -> bool {
    !c.is_ascii_digit()
        && digit(c).is_some()
        && (digit(neighbour).is_some() || matches!(neighbour, '-' | ' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by(stage: fn(&str) -> Option<AlignedText>, text: &str) -> String {
        stage(text).map_or_else(|| text.to_owned(), |out| out.text().to_owned())
    }

    #[test]
    fn foreign_letters() {
        let cases = [
            ("А座１号，В2", "A座１号，B2"),
            ("京А12З45 微信wеchаt", "京А12З45 微信wechat"),
            ("Νο5 ΑΒC", "No5 ABC"),
            ("&аmp; \\uО000 </р> nbsр;", "&аmp; \\uО000 </р> nbsр;"),
            ("Привет, Москва", "Привет, Москва"),
            ("α射线 5μm 1kΩ", "α射线 5μm 1kΩ"),
        ];
        for (text, expected) in cases {
            assert_eq!(by(letters, text), expected);
            assert_eq!(by(letters, expected), expected);
        }
    }

    #[test]
    fn disguised_numbers() {
        let cases = [
            ("电话138OOOO1234，", "电话13800001234，"),
            ("l38-0000-I234或86 138 OOOO 1234", "138-0000-1234或86 138 0000 1234"),
            ("86138OOOOl234", "8613800001234"),
            ("①③⑧⓪⓪⓪⓪①②③④", "13800001234"),
            ("①③800001234", "13800001234"),
            ("身份证11O1O1199OO3O7728l", "身份证110101199003077281"),
            ("①②③④⑤⑥⑦", "1234567"),
        ];
        for (text, expected) in cases {
            assert_eq!(by(digits, text), expected);
            assert_eq!(by(digits, expected), expected);
        }
    }

    #[test]
    fn left_alone() {
        for text in [
            "①2号楼②3号楼",
            "①13800001234",
            "①②③项",
            "型号O1234",
            "Oil 100",
            "OOOOOOOOOOO",
            "138OOOO12345",
            "A138OOOO1234",
            "&#138OOOO1234;",
            "lO1室",
            "I期10栋",
            "12|34",
            "工单2O25111300012",
        ] {
            assert_eq!(by(digits, text), text);
        }
    }
}
