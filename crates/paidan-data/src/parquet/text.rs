use chrono::{DateTime, NaiveTime};
use parquet::basic::{ConvertedType, LogicalType, TimeUnit};
use parquet::schema::types::ColumnDescriptor;

use super::column::{NotText, Value};

/// What the values of a column stand for, and so how they are written as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// As it is: numbers, bytes that may be text.
    Plain,
    /// Text in UTF-8.
    Text,
    Unsigned,
    /// Days since 1970.
    Date,
    /// Time of day in parts of a second, this many.
    Time(i64),
    /// Time since 1970 in parts of a second, this many; with `utc` in universal time, else in local time.
    Timestamp {
        parts: i64,
        utc: bool,
    },
    /// An integer over this power of ten.
    Decimal(u32),
    Uuid,
}

impl Form {
    pub(super) fn of(description: &ColumnDescriptor) -> Self {
        match description.logical_type_ref() {
            Some(LogicalType::Timestamp(of)) => {
                return Self::Timestamp { parts: parts(of.unit), utc: of.is_adjusted_to_u_t_c };
            }
            Some(LogicalType::Time(of)) => return Self::Time(parts(of.unit)),
            Some(LogicalType::Uuid) => return Self::Uuid,
            _ => {}
        }
        match description.converted_type() {
            ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON => Self::Text,
            ConvertedType::DATE => Self::Date,
            ConvertedType::TIME_MILLIS => Self::Time(1_000),
            ConvertedType::TIME_MICROS => Self::Time(1_000_000),
            ConvertedType::TIMESTAMP_MILLIS => Self::Timestamp { parts: 1_000, utc: true },
            ConvertedType::TIMESTAMP_MICROS => Self::Timestamp { parts: 1_000_000, utc: true },
            ConvertedType::DECIMAL => Self::Decimal(description.type_scale().clamp(0, 38).unsigned_abs()),
            ConvertedType::UINT_8
            | ConvertedType::UINT_16
            | ConvertedType::UINT_32
            | ConvertedType::UINT_64 => Self::Unsigned,
            _ => Self::Plain,
        }
    }

    pub(super) fn of_i32(self, value: i32) -> String {
        match self {
            Self::Unsigned => value.cast_unsigned().to_string(),
            _ => self.of_i64(value.into()),
        }
    }

    pub(super) fn of_i64(self, value: i64) -> String {
        let dated = match self {
            Self::Unsigned => Some(value.cast_unsigned().to_string()),
            Self::Date => value
                .checked_mul(86_400)
                .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
                .map(|time| time.date_naive().to_string()),
            Self::Time(parts) => time(value, parts).map(|time| time.to_string()),
            Self::Timestamp { parts, utc } => timestamp(value, parts, utc),
            Self::Decimal(scale) => Some(decimal(value.into(), scale)),
            Self::Plain | Self::Text | Self::Uuid => None,
        };
        dated.unwrap_or_else(|| value.to_string())
    }

    /// A time since 1970 as Spark and Impala write it, in local time.
    pub(super) fn of_microseconds(value: i64) -> String {
        Self::Timestamp { parts: 1_000_000, utc: false }.of_i64(value)
    }

    pub(super) fn of_bytes(self, bytes: &[u8]) -> Value {
        match self {
            Self::Text => String::from_utf8(bytes.to_vec()).map(Some).map_err(|_| NotText),
            Self::Decimal(scale) => Ok(big_endian(bytes).map(|value| decimal(value, scale))),
            Self::Uuid => Ok(bytes.try_into().ok().map(uuid)),
            // Bytes that are not said to be text may still be; pictures and the like are as good as null.
            _ => Ok(String::from_utf8(bytes.to_vec()).ok()),
        }
    }

    /// A value inside a JSON array.
    pub(super) fn in_json(self, value: Option<String>) -> String {
        let Some(value) = value else { return "null".to_owned() };
        let is_json = matches!(self, Self::Plain | Self::Unsigned | Self::Decimal(_))
            && (value.parse::<f64>().is_ok_and(f64::is_finite) || value == "true" || value == "false");
        if is_json { value } else { serde_json::Value::String(value).to_string() }
    }
}

fn parts(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::MILLIS => 1_000,
        TimeUnit::MICROS => 1_000_000,
        TimeUnit::NANOS => 1_000_000_000,
    }
}

fn time(value: i64, parts: i64) -> Option<NaiveTime> {
    let nanoseconds = value.rem_euclid(parts) * (1_000_000_000 / parts);
    let seconds = u32::try_from(value.div_euclid(parts)).ok()?;
    NaiveTime::from_num_seconds_from_midnight_opt(seconds, u32::try_from(nanoseconds).ok()?)
}

fn timestamp(value: i64, parts: i64, utc: bool) -> Option<String> {
    let nanoseconds = value.rem_euclid(parts) * (1_000_000_000 / parts);
    let time = DateTime::from_timestamp(value.div_euclid(parts), u32::try_from(nanoseconds).ok()?)?;
    Some(format!("{}T{}{}", time.date_naive(), time.time(), if utc { "Z" } else { "" }))
}

/// An integer over 10^`scale`, without zeros at the end of the fraction.
fn decimal(value: i128, scale: u32) -> String {
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = scale as usize + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale as usize);
    let fraction = fraction.trim_end_matches('0');
    let sign = if value < 0 { "-" } else { "" };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{fraction}")
}

/// Two's complement, at most 16 bytes.
fn big_endian(bytes: &[u8]) -> Option<i128> {
    let first = *bytes.first()?;
    let mut value = if first < 0x80 { 0 } else { -1 };
    for byte in bytes {
        value = (value << 8) | i128::from(*byte);
    }
    (bytes.len() <= 16).then_some(value)
}

fn uuid(bytes: [u8; 16]) -> String {
    let digits = format!("{:032x}", u128::from_be_bytes(bytes));
    let mut text = String::with_capacity(36);
    for (at, digit) in digits.chars().enumerate() {
        if matches!(at, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_times_become_text() {
        assert_eq!(Form::Unsigned.of_i32(-1), "4294967295");
        assert_eq!(Form::Unsigned.of_i64(-1), "18446744073709551615");
        assert_eq!(Form::Plain.of_i64(-1), "-1");
        assert_eq!(Form::Date.of_i32(20_574), "2026-05-01");
        assert_eq!(Form::Date.of_i32(-1), "1969-12-31");
        assert_eq!(Form::Date.of_i64(i64::MAX), i64::MAX.to_string());
        assert_eq!(Form::Time(1_000).of_i32(30_600_000), "08:30:00");
        assert_eq!(Form::Time(1_000_000_000).of_i64(-1), "-1");
        let local = |parts| Form::Timestamp { parts, utc: false };
        assert_eq!(local(1_000).of_i64(1_777_624_200_000), "2026-05-01T08:30:00");
        assert_eq!(local(1_000_000_000).of_i64(1_777_624_200_500_000_000), "2026-05-01T08:30:00.500");
        assert_eq!(local(1_000).of_i64(-1), "1969-12-31T23:59:59.999");
        assert_eq!(local(1_000).of_i64(i64::MIN), i64::MIN.to_string());
        assert_eq!(Form::Timestamp { parts: 1_000, utc: true }.of_i64(0), "1970-01-01T00:00:00Z");
        assert_eq!(Form::of_microseconds(1), "1970-01-01T00:00:00.000001");
    }

    #[test]
    fn decimals_have_no_needless_zeros() {
        for (value, scale, text) in [
            (1250, 2, "12.5"),
            (100, 2, "1"),
            (-5, 3, "-0.005"),
            (7, 0, "7"),
            (0, 2, "0"),
            (i128::MIN, 38, "-1.70141183460469231731687303715884105728"),
        ] {
            assert_eq!(decimal(value, scale), text);
        }
        assert_eq!(big_endian(&[0xFF, 0x85]), Some(-123));
        assert_eq!(big_endian(&[0x7B]), Some(123));
        assert_eq!((big_endian(&[]), big_endian(&[0; 17])), (None, None));
    }

    #[test]
    fn bytes_become_text_where_they_are() {
        assert_eq!(Form::Text.of_bytes("好".as_bytes()), Ok(Some("好".into())));
        assert_eq!(Form::Text.of_bytes(b"\xFF"), Err(NotText));
        assert_eq!(Form::Plain.of_bytes(b"\xFF"), Ok(None));
        assert_eq!(Form::Plain.of_bytes("好".as_bytes()), Ok(Some("好".into())));
        let uuid = Form::Uuid.of_bytes(&[0x12; 16]).unwrap().unwrap();
        assert_eq!(uuid, "12121212-1212-1212-1212-121212121212");
    }
}
