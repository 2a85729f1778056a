//! Times of day and seasons, both of which may pass an end.

use jiff::civil::{Date, Time};

use crate::moment::parse_time;

/// From a time of day to another, which is not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TimeOfDay {
    from: Time,
    /// `None` for midnight at the end of the day.
    to: Option<Time>,
}

impl TimeOfDay {
    /// Reads `22:00..06:00`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (from, to) = text.split_once("..")?;
        let from = parse_time(from.trim())?;
        let to = match to.trim() {
            "24:00" => None,
            to => Some(parse_time(to)?),
        };
        (to != Some(from)).then_some(Self { from, to })
    }

    pub(crate) fn contains(&self, time: Time) -> bool {
        match self.to {
            None => self.from <= time,
            Some(to) if self.from < to => self.from <= time && time < to,
            Some(to) => self.from <= time || time < to,
        }
    }
}

/// From a day of the year to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Season {
    from: (i8, i8),
    to: (i8, i8),
}

impl Season {
    /// Reads `11-15..03-15`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let day = |text: &str| {
            let (month, day) = text.trim().split_once('-')?;
            let (month, day) = (month.parse().ok()?, day.parse().ok()?);
            // A leap year has every day.
            Date::new(2024, month, day).ok().map(|_| (month, day))
        };
        let (from, to) = text.split_once("..")?;
        Some(Self { from: day(from)?, to: day(to)? })
    }

    pub(crate) fn contains(&self, date: Date) -> bool {
        let day = (date.month(), date.day());
        if self.from <= self.to {
            self.from <= day && day <= self.to
        } else {
            self.from <= day || day <= self.to
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

    #[test]
    fn a_night_passes_midnight() {
        let night = TimeOfDay::parse("22:00..06:00").unwrap();
        assert!(night.contains(time(22, 0, 0, 0)) && night.contains(time(5, 59, 59, 0)));
        assert!(!night.contains(time(6, 0, 0, 0)) && !night.contains(time(12, 0, 0, 0)));
        assert!(TimeOfDay::parse("18:00..24:00").unwrap().contains(time(23, 59, 0, 0)));
        assert!(TimeOfDay::parse("25:00..26:00").is_none() && TimeOfDay::parse("22:00-06:00").is_none());
    }

    #[test]
    fn a_winter_passes_new_year() {
        let heating = Season::parse("11-15..03-15").unwrap();
        assert!(heating.contains(date(2025, 11, 15)) && heating.contains(date(2026, 3, 15)));
        assert!(!heating.contains(date(2026, 3, 16)));
        assert!(Season::parse("02-30..03-01").is_none());
        assert!(Season::parse("06-01..08-31").unwrap().contains(date(2026, 7, 1)));
    }
}
