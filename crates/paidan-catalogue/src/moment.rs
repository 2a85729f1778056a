use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};

use crate::period::parse_date;

/// When a ticket was received, in local time; the time of day may be unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    pub(crate) day: Date,
    pub(crate) time: Option<Time>,
}

impl Moment {
    /// Reads RFC 3339, `2026-03-02 10:00`, `2026-03-02T10:00:30`, or a date; a time without offset is local.
    pub(crate) fn parse(text: &str, zone: &TimeZone) -> Option<Self> {
        let text = text.trim();
        if let Ok(instant) = text.parse::<Timestamp>() {
            let local = instant.to_zoned(zone.clone()).datetime();
            return Some(Self { day: local.date(), time: Some(local.time()) });
        }
        if let Some(day) = parse_date(text).filter(|_| !text.contains(':')) {
            return Some(Self { day, time: None });
        }
        if let Ok(local) = text.parse::<DateTime>() {
            return Some(Self { day: local.date(), time: Some(local.time()) });
        }
        let (day, time) = text.split_once([' ', 'T'])?;
        Some(Self { day: parse_date(day)?, time: Some(parse_time(time.trim())?) })
    }
}

/// Whether `text` is a time of receipt: RFC 3339, `2026-03-02 10:00`, or a date.
pub fn is_time(text: &str) -> bool {
    Moment::parse(text, &TimeZone::UTC).is_some()
}

/// `22:00` or `22:00:30`; `24:00` is no time of day.
pub(crate) fn parse_time(text: &str) -> Option<Time> {
    let mut parts = text.split(':');
    let mut next = |required: bool| match parts.next() {
        Some(part) => part.split('.').next()?.parse::<i8>().ok(),
        None if required => None,
        None => Some(0),
    };
    let (hour, minute, second) = (next(true)?, next(true)?, next(false)?);
    Time::new(hour, minute, second, 0).ok()
}

/// An IANA name such as `Asia/Shanghai`, or a fixed offset such as `+08:00`.
pub(crate) fn parse_zone(text: &str) -> Option<TimeZone> {
    if let Some((sign, rest)) =
        text.strip_prefix('+').map(|r| (1, r)).or(text.strip_prefix('-').map(|r| (-1, r)))
    {
        let time = parse_time(rest)?;
        let seconds = sign * (i32::from(time.hour()) * 3600 + i32::from(time.minute()) * 60);
        return Offset::from_seconds(seconds).ok().map(TimeZone::fixed);
    }
    TimeZone::get(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

    #[test]
    fn times_are_read_in_local_time() {
        let zone = parse_zone("Asia/Shanghai").unwrap();
        let at = |text| Moment::parse(text, &zone).map(|moment| (moment.day, moment.time));
        let expected = Some((date(2026, 3, 2), Some(time(10, 0, 0, 0))));
        for text in [
            "2026-03-02T10:00:00+08:00",
            "2026-03-02T02:00:00Z",
            "2026-03-02 10:00",
            "2026-03-02T10:00",
            "2026/3/2 10:00:00",
        ] {
            assert_eq!(at(text), expected, "{text}");
        }
        assert_eq!(at("2026-03-02"), Some((date(2026, 3, 2), None)));
        assert_eq!(at("2026-03-01T23:30:00Z"), Some((date(2026, 3, 2), Some(time(7, 30, 0, 0)))));
        assert_eq!(at("昨天"), None);
        assert_eq!(at("2026-03-02 25:00"), None);
    }

    #[test]
    fn zones_are_names_or_offsets() {
        assert!(parse_zone("+08:00").is_some());
        assert!(parse_zone("Asia/Urumqi").is_some());
        assert!(parse_zone("北京").is_none());
    }
}
