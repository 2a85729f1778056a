use std::ops::Range;

use super::{MaskRule, PiiKind};

/// Resident identity numbers: 18 characters whose check character is right (GB 11643-1999, MOD 11-2 of
/// ISO 7064), or the 15-digit form in use until 1999, with a possible date of birth in either.
pub(super) struct IdCard;

impl MaskRule for IdCard {
    fn kind(&self) -> PiiKind {
        PiiKind::IdCard
    }

    fn find(&self, text: &str, found: &mut Vec<Range<usize>>) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let run = bytes.iter().skip(at).take_while(|byte| byte.is_ascii_digit()).count();
            if run == 0 {
                at += 1;
                continue;
            }
            let has_x = run == 17 && matches!(bytes.get(at + run), Some(b'x' | b'X'));
            let end = at + run + usize::from(has_x);
            let letter_after = bytes.get(end).is_some_and(u8::is_ascii_alphanumeric);
            let candidate = text.get(at..end).unwrap_or_default();
            if !letter_after && is_id_number(candidate) {
                found.push(at..end);
            }
            at = end;
        }
    }
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
            &IdCard,
            &[
                "身份证号[11010119000307728X]请核实",
                "[11010119000307728x]，本人",
                "证件[110101000307721]",
                // The check character is wrong, the month impossible, or the run too long.
                "110101190003077211",
                "110101190013077210",
                "工单2026110119000307721",
                "订单号990101190003077211",
            ],
        );
    }
}
