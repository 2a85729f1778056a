use std::ops::Range;

use super::gap::Gap;
use super::numeral::{Digit, Script};

/// Neighbouring digits of a chain.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number<'d> {
    digits: &'d [Digit],
}

impl<'d> Number<'d> {
    pub(super) fn new(digits: &'d [Digit]) -> Self {
        Self { digits }
    }

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
