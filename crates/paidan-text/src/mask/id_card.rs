use std::ops::Range;

use super::digits::{Chain, Gap};
use super::{Cue, MaskInput, MaskRule, PiiKind};

/// Resident identity numbers: 18 characters whose check character is right (GB 11643-1999, MOD 11-2 of
/// ISO 7064), in one run or as area, date of birth and rest, or the 15-digit form in use until 1999, with a
/// possible date of birth in either.
pub(super) struct IdCard;

impl MaskRule for IdCard {
    fn kind(&self) -> PiiKind {
        PiiKind::IdCard
    }

    fn find(&self, input: &MaskInput<'_>, _: &[Cue], found: &mut Vec<Range<usize>>) {
        let text = input.text();
        for chain in input.chains() {
            let mut at = 0;
            while at < chain.digits.len() {
                let number = if chain.is_boundary(at) { number_at(text, chain, at) } else { None };
                if let Some((range, _)) = &number {
                    found.push(range.clone());
                }
                at = number.map_or(at + 1, |(_, end)| end);
            }
        }
    }
}

/// The bytes of a number that begins at digit `at`, and the digit after it.
fn number_at(text: &str, chain: &Chain, at: usize) -> Option<(Range<usize>, usize)> {
    let whole = |len: usize| chain.is_boundary(at + len) && plain_groups(&chain.gaps(at..at + len));
    let digits = chain.text(at..at + 18);
    if digits.len() == 18 && whole(18) && is_id_number(&digits) {
        return Some((chain.bytes(at..at + 18)?, at + 18));
    }
    if digits.len() >= 17 && whole(17) {
        let mut range = chain.bytes(at..at + 17)?;
        let is_x = matches!(text.as_bytes().get(range.end), Some(b'x' | b'X'));
        if is_x && is_id_number(&format!("{}X", digits.get(..17)?)) {
            range.end += 1;
            return Some((range, at + 17));
        }
    }
    let old = digits.get(..15)?;
    let is_old = chain.is_boundary(at + 15) && chain.gaps(at..at + 15).is_empty() && is_id_number(old);
    Some((chain.bytes(at..at + 15).filter(|_| is_old)?, at + 15))
}

/// In one run, or parted after the area and after the date of birth.
fn plain_groups(gaps: &[(usize, Gap)]) -> bool {
    matches!(gaps, [] | [(6, Gap::Other), (14, Gap::Other)])
}

/// Whether `text` is a well-formed identity number.
fn is_id_number(text: &str) -> bool {
    match text.len() {
        18 => plausible_area(text) && plausible_date(text.get(6..14)) && check_char_holds(text),
        15 => plausible_area(text) && plausible_date(text.get(6..12).map(|d| format!("19{d}")).as_deref()),
        _ => false,
    }
}

/// Province codes of GB/T 2260 lie between 11 and 91.
fn plausible_area(text: &str) -> bool {
    text.get(..2).and_then(|area| area.parse::<u32>().ok()).is_some_and(|area| (11..=91).contains(&area))
}

fn plausible_date(yyyymmdd: Option<&str>) -> bool {
    let part = |range: Range<usize>| yyyymmdd.and_then(|date| date.get(range)?.parse::<u32>().ok());
    let (Some(year), Some(month), Some(day)) = (part(0..4), part(4..6), part(6..8)) else {
        return false;
    };
    (1900..=2099).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day)
}

/// MOD 11-2: the weighted sum of all 18 characters is 1 modulo 11, with X standing for 10.
fn check_char_holds(text: &str) -> bool {
    let sum = text.bytes().fold(0u32, |sum, byte| {
        let value = if byte.is_ascii_digit() { u32::from(byte - b'0') } else { 10 };
        // Horner's rule: each step doubles what came before.
        (sum * 2 + value) % 11
    });
    sum == 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::check_cases;

    #[test]
    fn cases() {
        check_cases(
            IdCard,
            &[
                "身份证号{11010119000307728X}请核实",
                "{11010119000307728x}，本人",
                "{11010119000307728X}abc",
                "{110101190003077204}号",
                "{110101 19000307 728X}、{110101-19000307-7204}",
                "证件{110101000307721}",
                // The check character is wrong, the month impossible, or the run too long.
                "110101190003077211",
                "110101190013077210",
                "工单2026110119000307721",
                "订单号990101190003077211",
                "1101 0119 0003 0772 04",
            ],
        );
    }
}
