//! Names of columns as they stand in the first row of a table.

use std::collections::HashMap;

use paidan_text::Normalizer;

/// A column's name without what carries no meaning: blanks at its ends, invisible characters, line breaks and
/// blanks beside Chinese characters, full width of letters, digits and signs.
///
/// Spreadsheets break long names into lines, and fill short ones with blanks.
pub(crate) fn clean_name(name: &str) -> String {
    let name = Normalizer.normalize(name).0;
    if !name.contains(' ') {
        return name;
    }
    let chars: Vec<char> = name.chars().collect();
    let beside_ascii = |at: usize| {
        let is_ascii = |at: usize| chars.get(at).is_some_and(char::is_ascii);
        at.checked_sub(1).is_some_and(is_ascii) && is_ascii(at + 1)
    };
    let kept = chars.iter().enumerate().filter(|(at, c)| **c != ' ' || beside_ascii(*at));
    kept.map(|(_, c)| *c).collect()
}

/// The places, from 0, of a name that stands twice; columns without a name may be many.
pub(crate) fn first_duplicate(names: &[String]) -> Option<(usize, usize)> {
    let mut places = HashMap::with_capacity(names.len());
    for (place, name) in names.iter().enumerate() {
        if !name.is_empty()
            && let Some(first) = places.insert(name, place)
        {
            return Some((first, place));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cleaned() {
        for (name, clean) in [
            ("诉求内容", "诉求内容"),
            (" \u{feff}诉求\n内容\u{3000}", "诉求内容"),
            ("姓 名", "姓名"),
            ("工单 ID", "工单ID"),
            ("Requested  At ", "Requested At"),
            ("ＩＤ（必填）", "ID（必填）"),
            (" ", ""),
        ] {
            assert_eq!(clean_name(name), clean);
            assert_eq!(clean_name(clean), clean);
        }
    }

    #[test]
    fn duplicates_have_places() {
        let names = ["", "a", "", "b", "a"].map(str::to_owned);
        assert_eq!(first_duplicate(&names), Some((1, 4)));
        assert_eq!(first_duplicate(&names[..4]), None);
    }
}
