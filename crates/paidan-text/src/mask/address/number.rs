/// The longest number of an address in characters: `17D101`, `一千二百零三`.
const MAX_CHARS: usize = 7;
/// Letters at most in such a number.
const MAX_LETTERS: u8 = 2;
/// What follows a `一` that belongs to the next word: 三零一一直漏水.
const AFTER_ONE: &str = "直些样家共起下个户带边";

/// A number as addresses have it: `12`, `A2`, `17D1`, `B`, `十二`, `五零一`, `甲`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    /// The byte after it.
    pub(super) end: usize,
    /// Digits of its decimal form, a leading zero counted; 0 for a letter or 甲.
    pub(super) digits: u8,
    pub(super) letters: u8,
    pub(super) value: u32,
}

impl Number {
    /// Whether it may be the number of a room with its floor, such as 501 or 1805.
    pub(super) fn is_room(self) -> bool {
        let (floor, room) = (self.value / 100, self.value % 100);
        matches!(self.digits, 3..=4) && self.letters < 2 && floor <= 70 && (1..=60).contains(&room)
    }

    /// Whether it is the number of a floor and the letter of a flat: 8A, 15C.
    pub(super) fn is_flat(self) -> bool {
        matches!(self.digits, 1..=2) && self.letters == 1 && self.value > 0
    }

    /// Whether four digits read as a year of this or the last century.
    pub(super) fn is_year(self) -> bool {
        self.digits == 4 && (1900..2100).contains(&self.value)
    }
}

/// The number that begins at byte `at`.
pub(super) fn number_at(text: &str, at: usize) -> Option<Number> {
    let rest = text.get(at..)?;
    let first = rest.chars().next()?;
    if first.is_ascii_alphanumeric() {
        return latin(rest.as_bytes(), at);
    }
    if matches!(first, '甲' | '乙' | '丙' | '丁') {
        return Some(Number { end: at + first.len_utf8(), digits: 0, letters: 1, value: 0 });
    }
    chinese(rest, at)
}

/// Where the number that ends at byte `end` begins.
pub(super) fn number_start(text: &str, end: usize) -> Option<usize> {
    let before = text.get(..end)?;
    let last = before.chars().next_back()?;
    if last.is_ascii_alphanumeric() {
        let run = before.bytes().rev().take_while(u8::is_ascii_alphanumeric);
        let digits = before.bytes().rev().take_while(u8::is_ascii_digit).count();
        let (run, letters) = run
            .fold((0, 0), |(run, letters), byte| (run + 1, letters + u8::from(byte.is_ascii_alphabetic())));
        return if run <= MAX_CHARS && letters <= MAX_LETTERS {
            Some(end - run)
        } else {
            // The end of a name in letters, or one of the long numbers that are no address.
            (letters > 0 && (1..=4).contains(&digits)).then_some(end - digits)
        };
    }
    if matches!(last, '甲' | '乙' | '丙' | '丁') {
        return Some(end - last.len_utf8());
    }
    let run = before.chars().rev().take_while(|&c| chinese_digit(c).is_some());
    let (chars, bytes) = run.fold((0, 0), |(chars, bytes), c| (chars + 1, bytes + c.len_utf8()));
    (1..=MAX_CHARS).contains(&chars).then_some(end - bytes)
}

fn latin(rest: &[u8], at: usize) -> Option<Number> {
    let mut number = Number { end: at, digits: 0, letters: 0, value: 0 };
    for &byte in rest.iter().take_while(|byte| byte.is_ascii_alphanumeric()) {
        number.end += 1;
        if number.end - at > MAX_CHARS {
            return None;
        }
        if byte.is_ascii_digit() {
            number.digits += 1;
            number.value = number.value * 10 + u32::from(byte - b'0');
        } else {
            number.letters += 1;
        }
    }
    (number.letters <= MAX_LETTERS).then_some(number)
}

/// What a numeral stands for; 10 and 100 multiply what stands before them.
fn chinese_digit(c: char) -> Option<u32> {
    Some(match c {
        '零' | '〇' => 0,
        '一' | '幺' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        '十' => 10,
        '百' => 100,
        _ => return None,
    })
}

fn chinese(rest: &str, at: usize) -> Option<Number> {
    let mut chars = rest.chars().take_while(|&c| chinese_digit(c).is_some()).count();
    if chars == 0 || chars > MAX_CHARS {
        return None;
    }
    let ends_in_one = rest.chars().nth(chars - 1) == Some('一');
    let after = rest.chars().nth(chars);
    if chars > 3 && ends_in_one && after.is_some_and(|c| AFTER_ONE.contains(c)) {
        chars -= 1;
    }
    let run = || rest.chars().take(chars).filter_map(chinese_digit);
    let bytes: usize = rest.chars().take(chars).map(char::len_utf8).sum();
    let mut number = Number { end: at + bytes, digits: 0, letters: 0, value: 0 };
    if run().all(|digit| digit < 10) {
        number.value = run().fold(0, |value, digit| value * 10 + digit);
        number.digits = u8::try_from(chars).unwrap_or(u8::MAX);
        return Some(number);
    }
    // Tens and hundreds: 二十三, 五百零一.
    let mut waiting = None;
    for digit in run() {
        if digit >= 10 {
            number.value += waiting.take().unwrap_or(1).max(1) * digit;
        } else {
            waiting = Some(digit);
        }
    }
    number.value += waiting.unwrap_or(0);
    number.digits = u8::try_from(number.value.checked_ilog10().unwrap_or(0) + 1).unwrap_or(u8::MAX);
    Some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(&str, u8, u8, u32)> {
        number_at(text, 0).map(|n| (&text[..n.end], n.digits, n.letters, n.value))
    }

    #[test]
    fn numbers() {
        assert_eq!(read("12号"), Some(("12", 2, 0, 12)));
        assert_eq!(read("0502"), Some(("0502", 4, 0, 502)));
        assert_eq!(read("A栋"), Some(("A", 0, 1, 0)));
        assert_eq!(read("17D1号"), Some(("17D1", 3, 1, 171)));
        assert_eq!(read("甲单元"), Some(("甲", 0, 1, 0)));
        assert_eq!(read("十二号"), Some(("十二", 2, 0, 12)));
        assert_eq!(read("二十三栋"), Some(("二十三", 2, 0, 23)));
        assert_eq!(read("五百零一室"), Some(("五百零一", 3, 0, 501)));
        assert_eq!(read("幺二零三"), Some(("幺二零三", 4, 0, 1203)));
        assert_eq!(read("三零一一直"), Some(("三零一", 3, 0, 301)));
        assert_eq!(read("13800001234"), None);
        assert_eq!(read("SOHO3"), None);
        assert_eq!(read("号"), None);
    }

    #[test]
    fn starts() {
        let start = |text: &str| number_start(text, text.len()).map(|at| text[at..].to_owned());
        assert_eq!(start("花园12").as_deref(), Some("12"));
        assert_eq!(start("花园A2").as_deref(), Some("A2"));
        assert_eq!(start("SOHO3").as_deref(), Some("3"));
        assert_eq!(start("花园十二").as_deref(), Some("十二"));
        assert_eq!(start("138000012345"), None);
        assert_eq!(start("花园"), None);
        assert_eq!(start(""), None);
    }
}
