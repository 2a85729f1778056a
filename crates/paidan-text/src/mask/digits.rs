use std::ops::Range;

use super::MASK_OPEN;

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

/// What stands between a digit and the one before it: of several, the last one listed here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    /// Nothing: the digits touch, or this one is the first.
    None,
    /// A blank, which may have been a line break.
    Blank,
    /// Brackets, slashes and other signs.
    Sign,
    /// Hyphens and dashes.
    Dash,
    /// Full stops, as in amounts and coordinates.
    Dot,
    /// Commas, as in lists.
    Comma,
    /// Words that speakers put between groups: 呃, 然后.
    Word,
}

/// One digit of a [`Chain`].
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

/// The chains of a text: all their digits in one vector, and where each chain lies in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Chains {
    digits: Vec<Digit>,
    ranges: Vec<(Range<usize>, Neighbours)>,
}

/// Whether the characters next to a chain are Chinese, so that a Chinese digit at its edge may belong to a word.
#[derive(Clone, Copy, Debug)]
struct Neighbours {
    before: bool,
    after: bool,
}

/// Digits with nothing but separators between them, which may be one number written in groups, or several.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chain<'d> {
    digits: &'d [Digit],
    neighbours: Neighbours,
}

/// Fewer digits than any number that a rule looks for has.
const LEAST_DIGITS: usize = 5;
/// Signs and words at most between two digits of a chain: `） - ` are four.
const MAX_GAP_PIECES: usize = 4;

impl Chains {
    /// Looks over `text` once.
    pub(super) fn new(text: &str) -> Self {
        let mut chains = Self::default();
        let mut at = 0;
        while let Some(&byte) = text.as_bytes().get(at) {
            match digit_at(text, at) {
                Some(first) => at = chains.push_chain(text, first),
                None => at += if byte < 0xE0 { 1 } else { 3 },
            }
        }
        chains
    }

    /// The chains of five digits or more, from left to right.
    pub(super) fn iter(&self) -> impl Iterator<Item = Chain<'_>> {
        let chain = |(range, neighbours): &(Range<usize>, Neighbours)| {
            Some(Chain { digits: self.digits.get(range.clone())?, neighbours: *neighbours })
        };
        self.ranges.iter().filter_map(chain)
    }

    /// Takes in the chain that begins with `first`; the byte after it.
    fn push_chain(&mut self, text: &str, first: Digit) -> usize {
        let begin = self.digits.len();
        let mut last = first;
        let mut next = Some(first);
        while let Some(digit) = next {
            last = digit;
            match repeated(text, digit) {
                Some(of) => {
                    last = Digit { gap: digit.gap, start: digit.start, ..of };
                    self.digits.push(last);
                    let more = Digit { gap: Gap::None, ..last };
                    self.digits.extend(std::iter::repeat_n(more, usize::from(digit.value) - 1));
                }
                None => self.digits.push(digit),
            }
            next = next_digit(text, last);
        }
        if self.digits.len() - begin < LEAST_DIGITS {
            self.digits.truncate(begin);
        } else {
            let is_word = |c: Option<char>| c.is_some_and(|c| matches!(c, '\u{4E00}'..='\u{9FFF}'));
            let before = text.get(..first.start).and_then(|before| before.chars().next_back());
            let after = text.get(last.end..).and_then(|after| after.chars().next());
            let neighbours = Neighbours { before: is_word(before), after: is_word(after) };
            self.ranges.push((begin..self.digits.len(), neighbours));
        }
        last.end
    }
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
fn digit_at(text: &str, at: usize) -> Option<Digit> {
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

/// The digit that is said `count` times, as in 四个零 and 4个0.
fn repeated(text: &str, count: Digit) -> Option<Digit> {
    text.get(count.end..)?.strip_prefix('个')?;
    let of = digit_at(text, count.end + '个'.len_utf8())?;
    (count.value >= 2).then_some(of)
}

/// The digit that follows `last` in its chain.
fn next_digit(text: &str, last: Digit) -> Option<Digit> {
    if last.script == Script::Ascii {
        if let Some(letter) = letter_digit(text, last.end) {
            return Some(letter);
        }
        if let Some(dash) = dash_of_one(text, last.end) {
            return digit_at(text, dash).map(|digit| Digit { gap: Gap::Dash, ..digit });
        }
    }
    let mut at = last.end;
    let mut gap = Gap::None;
    for _ in 0..=MAX_GAP_PIECES {
        if let Some(digit) = digit_at(text, at) {
            return Some(Digit { gap, ..digit });
        }
        let (kind, len) = gap_piece(text.get(at..)?)?;
        gap = gap.max(kind);
        at += len;
    }
    None
}

/// A letter written for the digit it looks like: in `138OOOO1234`, more of them and a digit follow.
fn letter_digit(text: &str, at: usize) -> Option<Digit> {
    let letter = |byte: u8| match byte {
        b'o' | b'O' => Some(0),
        b'l' | b'I' => Some(1),
        _ => None,
    };
    let rest = text.as_bytes().get(at..)?;
    let value = letter(*rest.first()?)?;
    let follows = rest.iter().find(|&&byte| letter(byte).is_none())?;
    follows.is_ascii_digit().then_some(Digit {
        value,
        script: Script::Ascii,
        gap: Gap::None,
        start: at,
        end: at + 1,
    })
}

/// The byte after one or two 一 that are typed for a dash between ASCII digits: 0898一66001234. Digits that were
/// masked count as such.
fn dash_of_one(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?.strip_prefix('一')?;
    let rest = rest.strip_prefix('一').unwrap_or(rest);
    rest.starts_with(|c: char| c.is_ascii_digit() || c == MASK_OPEN).then_some(text.len() - rest.len())
}

/// A sign or a word that may part the groups of a number at the beginning of `text`, and its bytes.
fn gap_piece(text: &str) -> Option<(Gap, usize)> {
    let first = text.chars().next()?;
    let gap = match first {
        ' ' => Gap::Blank,
        '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '_' | '~' | '～' | 'ー' => Gap::Dash,
        '.' | '·' | '•' | '．' => Gap::Dot,
        ',' | '，' | '、' => Gap::Comma,
        '/' | '\\' | '|' | '(' | ')' | '（' | '）' | '[' | ']' | '【' | '】' => Gap::Sign,
        // The key cap that is left of a digit's emoji.
        '\u{20E3}' => Gap::Sign,
        _ => return Some((Gap::Word, filler(text, first)?.len())),
    };
    Some((gap, first.len_utf8()))
}

/// A word that a speaker puts between the groups of a number, at the beginning of `text`, whose first
/// character is `first`.
fn filler(text: &str, first: char) -> Option<&'static str> {
    let words: &[&str] = match first {
        '呃' => &["呃"],
        '额' => &["额"],
        '嗯' => &["嗯"],
        '啊' => &["啊"],
        '哦' => &["哦"],
        '呢' => &["呢"],
        '那' => &["那个"],
        '再' => &["再"],
        '是' => &["是"],
        '杠' => &["杠"],
        '横' => &["横杠", "横线"],
        '然' => &["然后"],
        '接' => &["接着"],
        '中' => &["中间"],
        '后' => &["后面", "后边", "后四位"],
        '最' => &["最后"],
        '尾' => &["尾号"],
        _ => return None,
    };
    words.iter().find(|word| text.starts_with(**word)).copied()
}

impl<'d> Chain<'d> {
    /// How many digits there are.
    pub(super) fn len(&self) -> usize {
        self.digits.len()
    }

    /// The value of digit `at`.
    pub(super) fn value(&self, at: usize) -> Option<u8> {
        Some(self.digits.get(at)?.value)
    }

    /// Whether the digits from `at` on begin with these values.
    pub(super) fn starts_with(&self, at: usize, values: &[u8]) -> bool {
        self.number(at, values.len()).is_some_and(|number| number.values().eq(values.iter().copied()))
    }

    /// What stands between digit `at` and the one before it.
    pub(super) fn gap(&self, at: usize) -> Gap {
        self.digits.get(at).map_or(Gap::None, |digit| digit.gap)
    }

    /// How digit `at` is written.
    pub(super) fn script(&self, at: usize) -> Option<Script> {
        Some(self.digits.get(at)?.script)
    }

    /// The byte of the text at which digit `at` begins.
    pub(super) fn start_of(&self, at: usize) -> usize {
        self.digits.get(at).map_or(usize::MAX, |digit| digit.start)
    }

    /// `len` digits from `at` on.
    pub(super) fn number(&self, at: usize, len: usize) -> Option<Number<'d>> {
        Some(Number { digits: self.digits.get(at..at.checked_add(len)?)? })
    }

    /// Whether a group of touching digits of one script ends before digit `at`, or the chain does.
    pub(super) fn is_boundary(&self, at: usize) -> bool {
        match (at.checked_sub(1).and_then(|before| self.digits.get(before)), self.digits.get(at)) {
            (Some(before), Some(digit)) => digit.gap != Gap::None || digit.script != before.script,
            _ => true,
        }
    }

    /// Whether a number may begin with digit `at`: at a boundary, or after one Chinese digit that begins the
    /// chain and ends a word (唯一一三八…).
    pub(super) fn may_begin(&self, at: usize) -> bool {
        self.is_boundary(at)
            || (at == 1 && self.neighbours.before && self.script(at) == Some(Script::Chinese))
    }

    /// Whether a number may end before digit `at`: at a boundary, or before one or two Chinese digits that
    /// end the chain and begin a word (…一二三四一直没人接).
    pub(super) fn may_end(&self, at: usize) -> bool {
        let rest = self.digits.get(at..).unwrap_or_default();
        let is_word = |digit: &Digit| digit.script == Script::Chinese && digit.gap == Gap::None;
        self.is_boundary(at) || (rest.len() <= 2 && self.neighbours.after && rest.iter().all(is_word))
    }
}

/// Neighbouring digits of a chain.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number<'d> {
    digits: &'d [Digit],
}

impl Number<'_> {
    /// The values in order.
    pub(super) fn values(&self) -> impl Iterator<Item = u8> {
        self.digits.iter().map(|digit| digit.value)
    }

    /// The bytes of the text from the first to the last digit.
    pub(super) fn bytes(&self) -> Range<usize> {
        match (self.digits.first(), self.digits.last()) {
            (Some(first), Some(last)) => first.start..last.end,
            _ => 0..0,
        }
    }

    /// Whether nothing stands between the digits.
    pub(super) fn is_run(&self) -> bool {
        self.digits.iter().skip(1).all(|digit| digit.gap == Gap::None)
    }

    /// Whether ASCII digits and numerals stand beside each other.
    pub(super) fn is_mixed(&self) -> bool {
        !self.is_chinese() && self.digits.iter().any(|digit| digit.script != Script::Ascii)
    }

    /// Whether all digits are written in Chinese.
    pub(super) fn is_chinese(&self) -> bool {
        self.digits.iter().all(|digit| digit.script != Script::Ascii)
    }

    /// The number that the digits `range` of this one make, 0 for none.
    pub(super) fn decimal(&self, range: Range<usize>) -> u32 {
        let digits = self.digits.get(range).unwrap_or_default();
        digits.iter().fold(0u32, |sum, digit| sum.wrapping_mul(10).wrapping_add(u32::from(digit.value)))
    }

    /// How the digits are grouped; a change of script alone parts no groups.
    pub(super) fn grouping(&self) -> Grouping {
        let mut grouping = Grouping::default();
        for (index, digit) in self.digits.iter().enumerate() {
            if index == 0 || digit.gap != Gap::None {
                grouping.groups += 1;
            }
            if index > 0 && digit.gap != Gap::None {
                grouping.gaps |= 1 << digit.gap as u8;
            }
            if let Some(len) = grouping.groups.checked_sub(1).and_then(|group| grouping.lens.get_mut(group)) {
                *len += 1;
            }
        }
        grouping
    }
}

/// The lengths of the groups of a number of up to [`MAX_GROUPS`](Self::MAX_GROUPS) digits, and what parts
/// them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Grouping {
    lens: [u8; Self::MAX_GROUPS],
    groups: usize,
    /// Bit `gap` is set where some groups are parted by that [`Gap`].
    gaps: u8,
}

impl Grouping {
    const MAX_GROUPS: usize = 20;

    /// The lengths of the groups in order.
    pub(super) fn lens(&self) -> &[u8] {
        self.lens.get(..self.groups).unwrap_or_default()
    }

    /// Whether nothing but these parts groups.
    pub(super) fn only(&self, gaps: &[Gap]) -> bool {
        self.gaps & !gaps.iter().fold(0, |set, gap| set | 1 << *gap as u8) == 0
    }

    /// Whether all groups are parted in the same way.
    pub(super) fn is_uniform(&self) -> bool {
        self.gaps.count_ones() <= 1
    }

    /// Whether each digit stands alone.
    pub(super) fn is_spelled(&self) -> bool {
        self.groups > 1 && self.lens().iter().all(|&len| len == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The chains of `text`, groups of one script parted by `|`, and the text each covers.
    fn shown(text: &str) -> Vec<(String, &str)> {
        let chains = Chains::new(text);
        let shown = chains.iter().map(|chain| {
            let mut groups = String::new();
            for at in 0..chain.len() {
                if at > 0 && chain.is_boundary(at) {
                    groups.push('|');
                }
                groups += &chain.value(at).unwrap().to_string();
            }
            (groups, &text[chain.number(0, chain.len()).unwrap().bytes()])
        });
        shown.collect()
    }

    #[test]
    fn chains_go_over_separators_and_scripts() {
        let one = |text| match &shown(text)[..] {
            [(groups, covered)] => (groups.clone(), *covered),
            other => panic!("{other:?}"),
        };
        assert_eq!(one("请打138-0000 1234。"), ("138|0000|1234".into(), "138-0000 1234"));
        assert_eq!(one("幺三八0000，一二三四"), ("138|0000|1234".into(), "幺三八0000，一二三四"));
        assert_eq!(one("138四个零1234呢"), ("138|0000|1234".into(), "138四个零1234"));
        assert_eq!(one("一三八四个零一二三四"), ("13800001234".into(), "一三八四个零一二三四"));
        assert_eq!(one("0898一66001234"), ("0898|66001234".into(), "0898一66001234"));
        assert_eq!(one("138OOOO1234"), ("13800001234".into(), "138OOOO1234"));
        assert_eq!(one("一三八呃然后零零零零"), ("138|0000".into(), "一三八呃然后零零零零"));
        assert_eq!(one("么三八零零"), ("1|3800".into(), "么三八零零"));
    }

    #[test]
    fn short_and_parted_ones_are_left_out() {
        assert_eq!(shown("一三五限行，1234个，二〇一九"), []);
        assert_eq!(shown("12345：67890").len(), 2);
        assert_eq!(shown("12345 (-) 67890").len(), 2);
        assert_eq!(shown("12345OO").len(), 1);
    }

    #[test]
    fn a_word_may_touch_a_chinese_number() {
        let chains = Chains::new("其一三八零零零零一二三四一直");
        let chain = chains.iter().next().unwrap();
        assert!(chain.may_end(12) && chain.may_end(11) && !chain.may_end(9));
        assert!(chain.may_begin(0) && chain.may_begin(1) && !chain.may_begin(2));
    }

    #[test]
    fn groups() {
        let chains = Chains::new("138-0000 1234");
        let grouping = chains.iter().next().unwrap().number(0, 11).unwrap().grouping();
        assert_eq!(grouping.lens(), [3, 4, 4]);
        assert!(!grouping.is_uniform() && grouping.only(&[Gap::Blank, Gap::Dash]));
        assert!(!grouping.only(&[Gap::Blank]) && !grouping.is_spelled());
    }
}
