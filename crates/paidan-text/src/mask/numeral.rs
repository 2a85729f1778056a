//! Digits as they are written: ASCII, Chinese numerals, and letters that look like digits.

use super::gap::Gap;

/// How a digit is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Script {
    /// `0` to `9`, and the letters O and l between them that stand for 0 and 1.
    Ascii,
    /// 〇 and 一 to 九, with 零, 幺 and 两.
    Chinese,
    /// 么 for 幺: an ordinary character far more often than a digit.
    Loose,
    /// 壹 to 玖: several of them are surnames too.
    Capital,
}

/// One digit of a chain.
#[derive(Clone, Copy, Debug)]
pub(super) struct Digit {
    /// 0 to 9.
    pub(super) value: u8,
    pub(super) script: Script,
    pub(super) gap: Gap,
    /// The byte of the text at which it begins.
    pub(super) start: usize,
    /// The byte after it. The four digits of 四个零 share one range.
    pub(super) end: usize,
}

/// Numerals that are read out digit by digit.
const NUMERALS: [(char, u8, Script); 25] = [
    ('〇', 0, Script::Chinese),
    ('零', 0, Script::Chinese),
    ('○', 0, Script::Chinese),
    ('◯', 0, Script::Chinese),
    ('一', 1, Script::Chinese),
    ('幺', 1, Script::Chinese),
    ('二', 2, Script::Chinese),
    ('两', 2, Script::Chinese),
    ('三', 3, Script::Chinese),
    ('四', 4, Script::Chinese),
    ('五', 5, Script::Chinese),
    ('六', 6, Script::Chinese),
    ('七', 7, Script::Chinese),
    ('八', 8, Script::Chinese),
    ('九', 9, Script::Chinese),
    ('么', 1, Script::Loose),
    ('壹', 1, Script::Capital),
    ('贰', 2, Script::Capital),
    ('叁', 3, Script::Capital),
    ('肆', 4, Script::Capital),
    ('伍', 5, Script::Capital),
    ('陆', 6, Script::Capital),
    ('柒', 7, Script::Capital),
    ('捌', 8, Script::Capital),
    ('玖', 9, Script::Capital),
];

/// Bit `n` is set where the six bits from `shift` on of some numeral's code point are `n`. All numerals take
/// three bytes, so that these are bits of their second byte (6) and third byte (0).
const fn numeral_bits(shift: u32) -> u64 {
    let mut set = 0;
    let mut index = 0;
    while index < NUMERALS.len() {
        set |= 1 << (NUMERALS[index].0 as u32 >> shift & 0x3F);
        index += 1;
    }
    set
}

const SECOND_BYTES: u64 = numeral_bits(6);
const THIRD_BYTES: u64 = numeral_bits(0);

/// The digit at byte `at`, if there is one.
pub(super) fn digit_at(text: &str, at: usize) -> Option<Digit> {
    let (value, script, len) = match *text.as_bytes().get(at..)? {
        [byte @ b'0'..=b'9', ..] => (byte - b'0', Script::Ascii, 1),
        // Nine characters in ten end here.
        [0xE2..=0xE9, b, c, ..] if SECOND_BYTES >> (b & 0x3F) & THIRD_BYTES >> (c & 0x3F) & 1 == 1 => {
            let numeral = text.get(at..)?.chars().next()?;
            let (_, value, script) = *NUMERALS.iter().find(|(c, ..)| *c == numeral)?;
            (value, script, 3)
        }
        _ => return None,
    };
    Some(Digit { value, script, gap: Gap::None, start: at, end: at + len })
}

/// The touching digits of one script at the beginning of `text`: how many, the number they make, their bytes.
pub(super) fn leading_digits(text: &str) -> (usize, u32, usize) {
    let (mut count, mut number, mut end) = (0, 0u32, 0);
    let mut script = None;
    while let Some(digit) = digit_at(text, end).filter(|digit| script.is_none_or(|of| of == digit.script)) {
        script = Some(digit.script);
        number = number.wrapping_mul(10).wrapping_add(u32::from(digit.value));
        (count, end) = (count + 1, digit.end);
    }
    (count, number, end)
}

/// No more letters stand for digits in a row.
const LONGEST_RUN: usize = 20;

/// A letter written for the digit it looks like: in `138OOOO1234`, more of them and a digit follow.
pub(super) fn letter_digit(text: &str, at: usize) -> Option<Digit> {
    let letter = |byte: u8| match byte {
        b'o' | b'O' => Some(0),
        b'l' | b'I' => Some(1),
        _ => None,
    };
    let rest = text.as_bytes().get(at..)?;
    let value = letter(*rest.first()?)?;
    let follows = rest.iter().take(LONGEST_RUN).find(|&&byte| letter(byte).is_none())?;
    follows.is_ascii_digit().then_some(Digit {
        value,
        script: Script::Ascii,
        gap: Gap::None,
        start: at,
        end: at + 1,
    })
}
