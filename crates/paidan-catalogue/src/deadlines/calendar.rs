use std::collections::{BTreeSet, HashMap};

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;

use crate::moment::Moment;
use crate::rules::Allowance;

/// Working days, and when a day ends.
#[derive(Debug)]
pub(crate) struct Calendar {
    pub(crate) weekend: Vec<Weekday>,
    /// Whether a day that the table names is worked on, weekends made up for included.
    pub(crate) named: HashMap<Date, bool>,
    /// The years that the table names a day of.
    pub(crate) years: BTreeSet<i16>,
    pub(crate) day_ends: Time,
}

impl Default for Calendar {
    fn default() -> Self {
        Self {
            weekend: vec![Weekday::Saturday, Weekday::Sunday],
            named: HashMap::new(),
            years: BTreeSet::new(),
            day_ends: Time::constant(23, 59, 59, 0),
        }
    }
}

/// A deadline, and the year whose holidays were not known, if there is one.
pub(crate) struct Due {
    /// RFC 3339 in local time.
    pub(crate) at: String,
    pub(crate) year_without_holidays: Option<i16>,
}

impl Calendar {
    pub(crate) fn is_working(&self, day: Date) -> bool {
        self.named.get(&day).copied().unwrap_or_else(|| !self.weekend.contains(&day.weekday()))
    }

    /// When the time is over. Hours count from receipt, days from the day after it. `None` where hours are allowed and
    /// the time of day is not known, or where the calendar ends.
    pub(crate) fn due(&self, received: Moment, allowance: Allowance, zone: &TimeZone) -> Option<Due> {
        let local = match allowance {
            Allowance::Hours(hours) => {
                let start = DateTime::from_parts(received.day, received.time?).to_zoned(zone.clone()).ok()?;
                return Some(Due {
                    at: rfc3339(&start.checked_add(i64::from(hours).hours()).ok()?),
                    year_without_holidays: None,
                });
            }
            Allowance::Days(days) => received.day.checked_add(i64::from(days).days()).ok()?,
            Allowance::WorkingDays(days) => self.add_working_days(received.day, days)?,
        };
        let counts_holidays = matches!(allowance, Allowance::WorkingDays(_)) && !self.named.is_empty();
        let year_without_holidays =
            (received.day.year()..=local.year()).find(|year| counts_holidays && !self.years.contains(year));
        let due = DateTime::from_parts(local, self.day_ends).to_zoned(zone.clone()).ok()?;
        Some(Due { at: rfc3339(&due), year_without_holidays })
    }

    fn add_working_days(&self, mut day: Date, days: u32) -> Option<Date> {
        let mut left = days;
        while left > 0 {
            day = day.tomorrow().ok()?;
            if self.is_working(day) {
                left -= 1;
            }
        }
        Some(day)
    }
}

fn rfc3339(at: &jiff::Zoned) -> String {
    let seconds = at.offset().seconds();
    let (hours, minutes) = (seconds.abs() / 3600, seconds.abs() % 3600 / 60);
    let sign = if seconds < 0 { '-' } else { '+' };
    let local = at.datetime();
    format!(
        "{}T{:02}:{:02}:{:02}{sign}{hours:02}:{minutes:02}",
        local.date(),
        local.hour(),
        local.minute(),
        local.second()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

    fn may() -> Calendar {
        let mut calendar = Calendar { day_ends: time(17, 30, 0, 0), ..Calendar::default() };
        for day in [1, 4, 5] {
            calendar.named.insert(date(2026, 5, day), false);
        }
        calendar.named.insert(date(2026, 5, 9), true);
        calendar.years.insert(2026);
        calendar
    }

    fn due(received: Moment, allowance: Allowance) -> Option<String> {
        may().due(received, allowance, &TimeZone::get("Asia/Shanghai").unwrap()).map(|due| due.at)
    }

    #[test]
    fn holidays_are_skipped_and_made_up() {
        let wednesday = Moment { day: date(2026, 4, 29), time: Some(time(10, 0, 0, 0)) };
        let at = |days| due(wednesday, Allowance::WorkingDays(days)).unwrap();
        assert_eq!(at(1), "2026-04-30T17:30:00+08:00");
        assert_eq!(at(2), "2026-05-06T17:30:00+08:00");
        assert_eq!(at(5), "2026-05-09T17:30:00+08:00");
        assert_eq!(at(6), "2026-05-11T17:30:00+08:00");
        assert_eq!(due(wednesday, Allowance::Days(3)).unwrap(), "2026-05-02T17:30:00+08:00");
        assert_eq!(due(wednesday, Allowance::Hours(24)).unwrap(), "2026-04-30T10:00:00+08:00");
    }

    #[test]
    fn hours_need_a_time_and_years_need_holidays() {
        let day = Moment { day: date(2026, 12, 31), time: None };
        assert_eq!(due(day, Allowance::Hours(2)), None);
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let next = may().due(day, Allowance::WorkingDays(1), &zone).unwrap();
        assert_eq!((next.at.as_str(), next.year_without_holidays), ("2027-01-01T17:30:00+08:00", Some(2027)));
    }
}
