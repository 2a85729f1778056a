//! Numbers of a sheet as text.

use chrono::{Days, NaiveDate, NaiveTime};

use super::styles::NumberKind;

const SECONDS_A_DAY: f64 = 86_400.0;
/// 9999-12-31, the last day that spreadsheets know.
const LAST_DAY: f64 = 2_958_466.0;

/// The text of a number: ISO 8601 where it is a date, else its digits; `None` where it is no number.
pub(super) fn shown(written: &str, kind: NumberKind, from_1904: bool) -> Option<String> {
    let written = written.trim();
    if kind == NumberKind::Number && is_plain_integer(written) {
        return Some(written.to_owned());
    }
    let number: f64 = written.parse().ok().filter(|number: &f64| number.is_finite())?;
    let dated = match kind {
        NumberKind::Number => None,
        NumberKind::DateTime => date_time(number, from_1904),
        NumberKind::Elapsed => elapsed(number),
    };
    Some(dated.unwrap_or_else(|| digits(number)))
}

/// Digits as they stand are kept: work-order numbers have more than a floating-point number holds.
fn is_plain_integer(written: &str) -> bool {
    let digits = written.strip_prefix('-').unwrap_or(written);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Without exponent, and rounded to the 15 digits that spreadsheets show, so that what was typed as 0.3 does
/// not become 0.30000000000000004.
fn digits(number: f64) -> String {
    let rounded = format!("{number:.14e}").parse().unwrap_or(number);
    // No minus before zero.
    (rounded + 0.0).to_string()
}

fn date_time(serial: f64, from_1904: bool) -> Option<String> {
    if !(0.0..LAST_DAY).contains(&serial) {
        return None;
    }
    let seconds = (serial * SECONDS_A_DAY).round() as u64;
    let (day, second) = (seconds / 86_400, (seconds % 86_400) as u32);
    let time = NaiveTime::from_num_seconds_from_midnight_opt(second, 0)?;
    if serial < 1.0 {
        return Some(time.to_string());
    }
    // Day 60 of 1900 is a 29 February that there was not; the days before it count from a day later.
    let (year, month, first) = match (from_1904, day) {
        (true, _) => (1904, 1, 1),
        (false, 0..60) => (1899, 12, 31),
        (false, _) => (1899, 12, 30),
    };
    let date = NaiveDate::from_ymd_opt(year, month, first)?.checked_add_days(Days::new(day))?;
    Some(if second == 0 { date.to_string() } else { format!("{date}T{time}") })
}

fn elapsed(days: f64) -> Option<String> {
    if !(0.0..LAST_DAY).contains(&days) {
        return None;
    }
    let seconds = (days * SECONDS_A_DAY).round() as u64;
    Some(format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(written: &str) -> Option<String> {
        shown(written, NumberKind::Number, false)
    }

    fn date(written: &str) -> String {
        shown(written, NumberKind::DateTime, false).unwrap()
    }

    #[test]
    fn numbers_keep_their_digits() {
        for (written, expected) in [
            ("1", "1"),
            ("1.0", "1"),
            ("-0", "-0"),
            ("-0.0", "0"),
            ("007", "007"),
            ("20240501123456789", "20240501123456789"),
            ("2.0240501123456E+13", "20240501123456"),
            ("1.2345678901234E+20", "123456789012340000000"),
            ("0.30000000000000004", "0.3"),
            ("59.970000000000006", "59.97"),
            ("1.5E-5", "0.000015"),
            (" 12.50 ", "12.5"),
        ] {
            assert_eq!(number(written).as_deref(), Some(expected), "{written}");
        }
        for written in ["", "NaN", "inf", "1e999", "十二", "1,5"] {
            assert_eq!(number(written), None, "{written}");
        }
    }

    #[test]
    fn dates_are_iso_8601() {
        assert_eq!(date("45413"), "2024-05-01");
        assert_eq!(date("45413.333333333336"), "2024-05-01T08:00:00");
        assert_eq!(date("45412.999999999"), "2024-05-01");
        assert_eq!(date("0.5"), "12:00:00");
        assert_eq!(
            (date("1"), date("59"), date("61")),
            ("1900-01-01".into(), "1900-02-28".into(), "1900-03-01".into())
        );
        assert_eq!(shown("43951", NumberKind::DateTime, true).unwrap(), "2024-05-01");
        assert_eq!((date("-1"), date("99999999")), ("-1".into(), "99999999".into()));
        assert_eq!(shown("1.5", NumberKind::Elapsed, false).unwrap(), "36:00:00");
    }
}
