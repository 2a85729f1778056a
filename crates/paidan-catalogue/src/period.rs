//! Dates as clerks write them, and from when to when something is in force.

use jiff::civil::Date;

/// First and last day, both included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Period {
    pub(crate) from: Option<Date>,
    pub(crate) to: Option<Date>,
}

impl Period {
    pub(crate) fn contains(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }

    /// Whether it holds on a day that may be unknown; `None` where that cannot be said.
    pub(crate) fn holds(&self, day: Option<Date>) -> Option<bool> {
        match day {
            Some(day) => Some(self.contains(day)),
            None if self.from.is_none() && self.to.is_none() => Some(true),
            None => None,
        }
    }

    pub(crate) fn is_reversed(&self) -> bool {
        matches!((self.from, self.to), (Some(from), Some(to)) if to < from)
    }

    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        let before =
            |end: Option<Date>, start: Option<Date>| matches!((end, start), (Some(e), Some(s)) if e < s);
        !before(self.to, other.from) && !before(other.to, self.from)
    }

    /// In words, for an explanation.
    pub(crate) fn in_chinese(&self) -> String {
        match (self.from, self.to) {
            (Some(from), Some(to)) => format!("{from} 至 {to}"),
            (Some(from), None) => format!("{from} 起"),
            (None, Some(to)) => format!("至 {to} 止"),
            (None, None) => "长期".to_owned(),
        }
    }
}

/// `2026-03-01`, `2026/3/1`, `2026.3.1`, `2026年3月1日` or `20260301`, also with a time of midnight behind it as
/// spreadsheets write dates.
pub(crate) fn parse_date(text: &str) -> Option<Date> {
    let text = text.trim();
    let text = text.strip_suffix("00:00:00").map_or(text, |date| date.trim_end_matches([' ', 'T']));
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let part = |range: std::ops::Range<usize>| text.get(range)?.parse().ok();
        return Date::new(text.get(..4)?.parse().ok()?, part(4..6)?, part(6..8)?).ok();
    }
    let text = text.strip_suffix('日').unwrap_or(text);
    let mut parts = text.split(['-', '/', '.', '年', '月']);
    let year = parts.next().filter(|year| year.len() == 4)?.parse().ok()?;
    let month = parts.next()?.trim().parse().ok()?;
    let day = parts.next()?.trim().parse().ok()?;
    if parts.next().is_some() {
        return None;
    }
    Date::new(year, month, day).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn dates_are_read_as_clerks_write_them() {
        for text in ["2026-03-01", "2026/3/1", "2026年3月1日", "20260301", " 2026-03-01 00:00:00"] {
            assert_eq!(parse_date(text), Some(date(2026, 3, 1)), "{text}");
        }
        for text in ["2026-02-30", "2026-13-01", "26-3-1", "三月一日", "2026-03", "2026-03-01-02", ""] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }

    #[test]
    fn both_days_are_included() {
        let period = Period { from: Some(date(2026, 1, 1)), to: Some(date(2026, 6, 30)) };
        assert!(period.contains(date(2026, 1, 1)) && period.contains(date(2026, 6, 30)));
        assert!(!period.contains(date(2026, 7, 1)));
        assert_eq!(period.holds(None), None);
        assert_eq!(Period::default().holds(None), Some(true));
        let later = Period { from: Some(date(2026, 7, 1)), to: None };
        assert!(!period.overlaps(&later) && period.overlaps(&Period::default()));
    }
}
