use std::ops::Range;

use super::gap::{Gap, dash_of_one, gap_piece};
use super::grouping::Number;
use super::numeral::{Digit, Script, digit_at, letter_digit};

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
        Some(Number::new(self.digits.get(at..at.checked_add(len)?)?))
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
