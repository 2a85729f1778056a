//! Numbers as a reader wants them.

use paidan::{Interval, Need};

/// Digits in groups of three.
pub(super) fn count(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A share in percent with one digit.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

/// `81.5–84.7%`
pub(super) fn range(interval: Interval) -> String {
    format!("{:.1}–{:.1}%", interval.low * 100.0, interval.high * 100.0)
}

/// How many more labelled tickets would do.
pub(super) fn need(need: Need) -> String {
    match need {
        Need::About { rows } => format!("再有约 {} 条", count(rows)),
        Need::AtLeast { rows } => format!("至少再有 {} 条才看得准", count(rows)),
        Need::BetterModel => "加标注也不够，先改进模型或界线".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([0, 12, 999, 1000, 1_234_567].map(count), ["0", "12", "999", "1,000", "1,234,567"]);
        assert_eq!(percent(0.83249), "83.2%");
        assert_eq!(range(Interval { low: 0.815, high: 0.847 }), "81.5–84.7%");
    }
}
