use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::names::shown_column;
use crate::record::Row;
use crate::row_error::Fault;

/// Makes a row of one line. `columns` is shared if the object has the same keys in the same order.
pub(crate) fn parse(line: &[u8], number: u64, columns: &Arc<[String]>) -> Result<Row, Fault> {
    let text = std::str::from_utf8(line.trim_ascii_end()).map_err(|error| {
        Fault::wrong_encoding(number, &format!("byte {} of the line", error.valid_up_to() + 1))
    })?;
    let Entries(mut entries) = serde_json::from_str(text).map_err(|error| fault(&error, text, number))?;
    let same = entries.len() == columns.len()
        && entries.iter().zip(columns.iter()).all(|((key, _), name)| key == name);
    if !same {
        entries = last_wins(entries);
    }
    let read = |(key, raw): &(String, &RawValue)| value(raw.get()).map_err(|()| lone_surrogate(number, key));
    let values = entries.iter().map(read).collect::<Result<_, _>>()?;
    let columns = if same { Arc::clone(columns) } else { entries.into_iter().map(|(key, _)| key).collect() };
    Ok(Row { line: number, columns, values })
}

/// An object's entries in the order of the line, values as they are written.
struct Entries<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Entries<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EntriesVisitor;
        impl<'de> Visitor<'de> for EntriesVisitor {
            type Value = Entries<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::with_capacity(map.size_hint().unwrap_or(8));
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(EntriesVisitor)
    }
}

/// Of entries with the same key the last, in the place of the first.
fn last_wins(entries: Vec<(String, &RawValue)>) -> Vec<(String, &RawValue)> {
    let mut places = HashMap::with_capacity(entries.len());
    let mut kept: Vec<(String, &RawValue)> = Vec::with_capacity(entries.len());
    for (key, raw) in entries {
        match places.get(&key).and_then(|place: &usize| kept.get_mut(*place)) {
            Some(entry) => entry.1 = raw,
            None => {
                places.insert(key.clone(), kept.len());
                kept.push((key, raw));
            }
        }
    }
    kept
}

fn lone_surrogate(number: u64, key: &str) -> Fault {
    let message = format!(
        "the string in {} has a `\\u` escape that is half of a character; expected both halves, such as \
         `\\ud83d\\ude00`",
        shown_column(key)
    );
    Fault::new(number, "invalid_json", message)
}

/// The text of a value: `None` for null; strings decoded; arrays and objects without blanks; numbers as they
/// stand, but `1` for `1.0`, which other formats cannot tell apart.
fn value(raw: &str) -> Result<Option<String>, ()> {
    match raw.as_bytes().first() {
        Some(b'n') => Ok(None),
        Some(b'"') => serde_json::from_str(raw).map(Some).map_err(|_| ()),
        Some(b'[' | b'{') => Ok(Some(without_blanks(raw))),
        _ => Ok(Some(without_zero_fraction(raw).to_owned())),
    }
}

fn without_zero_fraction(raw: &str) -> &str {
    match raw.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|digit| digit == b'0') => whole,
        _ => raw,
    }
}

fn without_blanks(raw: &str) -> String {
    let mut quoted = false;
    let mut escaped = false;
    raw.chars()
        .filter(|c| {
            let kept = quoted || !c.is_ascii_whitespace();
            match c {
                '"' if !escaped => quoted = !quoted,
                _ => {}
            }
            escaped = quoted && *c == '\\' && !escaped;
            kept
        })
        .collect()
}

/// What is wrong with a line, by column and category only: serde_json's own words may quote the line.
fn fault(error: &serde_json::Error, text: &str, number: u64) -> Fault {
    if error.is_data() {
        let found = match text.trim_start().as_bytes().first() {
            Some(b'[') => "an array",
            Some(b'"') => "a string",
            Some(b't' | b'f') => "a boolean",
            Some(b'n') => "null",
            _ => "a number",
        };
        return Fault::new(number, "not_an_object", format!("expected a JSON object, found {found}"));
    }
    let found = if error.is_eof() { "the end of the line" } else { "a syntax error" };
    let place = match error.line() as u64 {
        0 | 1 => format!("byte {}", error.column()),
        line => format!("byte {} of line {}", error.column(), number + line - 1),
    };
    Fault::new(
        number,
        "invalid_json",
        format!("expected one JSON object in the line, found {found} at {place}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Vec<(String, Option<String>)>, Fault> {
        let row = parse(line.as_bytes(), 7, &Arc::from([]))?;
        Ok(row.columns.iter().cloned().zip(row.values).collect())
    }

    #[test]
    fn values_become_their_text() {
        let line = r#"{"s":"好\n\"\u0000\ud83d\ude00","n":20240501123456789012345,"f":1.50,"w":-2.00,"e":1.0e3,"b":true,"z":null,
                       "a":[ 1, "a b\" c" ,{ "k" : "\\" } ],"o":{ }}"#;
        let expected = [
            ("s", Some("好\n\"\0😀")),
            ("n", Some("20240501123456789012345")),
            ("f", Some("1.50")),
            ("w", Some("-2")),
            ("e", Some("1.0e3")),
            ("b", Some("true")),
            ("z", None),
            ("a", Some(r#"[1,"a b\" c",{"k":"\\"}]"#)),
            ("o", Some("{}")),
        ];
        let expected = expected.map(|(key, value)| (key.to_owned(), value.map(str::to_owned)));
        assert_eq!(parsed(line).unwrap(), expected);
    }

    #[test]
    fn the_last_of_equal_keys_wins() {
        let some = |value: &str| Some(value.to_owned());
        assert_eq!(
            parsed(r#"{"a":1,"b":2,"a":3}"#).unwrap(),
            [("a".into(), some("3")), ("b".into(), some("2"))]
        );
    }

    #[test]
    fn rows_with_equal_keys_share_them() {
        let first = parse(br#"{"a":1,"b":2}"#, 1, &Arc::from([])).ok().unwrap();
        let second = parse(br#"{"a":3,"b":4}"#, 2, &first.columns).ok().unwrap();
        assert!(Arc::ptr_eq(&first.columns, &second.columns));
        let third = parse(br#"{"b":3,"a":4}"#, 3, &first.columns).ok().unwrap();
        assert_eq!(third.columns.to_vec(), ["b", "a"]);
    }

    #[test]
    fn faults_quote_nothing() {
        for (line, code) in [
            (r#"{"text":"王某某的电话"#, "invalid_json"),
            (r#"{"text":王某某}"#, "invalid_json"),
            (r#"{"text":"王某某"} {"text":"王某某"}"#, "invalid_json"),
            (r#"{"text":"王某某\ud800"}"#, "invalid_json"),
            (r#"["王某某"]"#, "not_an_object"),
            (r#""王某某""#, "not_an_object"),
            ("13800001234", "not_an_object"),
            ("null", "not_an_object"),
        ] {
            let fault = parsed(line).unwrap_err();
            assert_eq!(fault.code, code, "{line}");
            assert!(!fault.message.contains("王") && !fault.message.contains("138"), "{}", fault.message);
        }
    }

    #[test]
    fn half_a_character_is_told_with_its_column() {
        let fault = parsed(r#"{"id":1,"text":"好\ud83d"}"#).unwrap_err();
        assert!(fault.message.starts_with("the string in `text` has a `\\u` escape"), "{}", fault.message);
        assert_eq!(parsed(r#"{"id":1,"\ud83d":"好"}"#).unwrap_err().code, "invalid_json");
    }

    #[test]
    fn deep_nesting_does_no_harm() {
        let deep = format!("{{\"a\":{}1{}}}", "[".repeat(200_000), "]".repeat(200_000));
        assert!(parsed(&deep).is_ok());
    }
}
