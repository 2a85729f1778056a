//! How file and column names are shown in messages.
//!
//! A file without a header has a citizen's words where column names are expected, so long ones are only
//! counted, personal data is masked and long numbers are left out.

use paidan_text::TextMasker;

/// Longer names are texts; a real column name rarely has more characters.
const MAX_CHARS: usize = 20;
/// Shorter numbers occur in real column names, such as years.
const MAX_DIGITS: usize = 4;
/// More columns are only counted.
const MAX_COLUMNS: usize = 20;

/// A source in words: its name, or "standard input".
pub(crate) fn shown_file(name: &str) -> &str {
    if name == "-" { "standard input" } else { name }
}

/// A column name in backticks, on one line; a text in its place is only measured.
pub(crate) fn shown_column(name: &str) -> String {
    let count = name.chars().count();
    if count > MAX_CHARS {
        return format!("a text of {count} characters");
    }
    let mut shown = String::new();
    let mut digits = String::new();
    for c in TextMasker::default().mask(name).masked().chars() {
        if c.is_numeric() {
            digits.push(c);
            continue;
        }
        push_digits(&mut shown, &mut digits);
        shown.push(c);
    }
    push_digits(&mut shown, &mut digits);
    format!("`{shown}`")
}

fn push_digits(shown: &mut String, digits: &mut String) {
    if digits.chars().count() > MAX_DIGITS {
        shown.push('…');
    } else {
        shown.push_str(digits);
    }
    digits.clear();
}

/// Column names as a list in backticks.
pub(crate) fn shown_columns(names: &[String]) -> String {
    if names.is_empty() {
        return "no columns".to_owned();
    }
    let mut shown: Vec<String> = names.iter().take(MAX_COLUMNS).map(|name| shown_column(name)).collect();
    let hidden = names.len().saturating_sub(MAX_COLUMNS);
    if hidden > 0 {
        shown.push(format!("{hidden} more"));
    }
    shown.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_listed() {
        assert_eq!(shown_columns(&["id".into(), "诉求内容".into()]), "`id`, `诉求内容`");
        let many: Vec<String> = (0..23).map(|n| format!("c{n}")).collect();
        assert!(shown_columns(&many).ends_with("`c19`, 3 more"));
    }

    #[test]
    fn a_row_in_place_of_a_header_is_not_told() {
        let shown = shown_column("我叫张某某\n电话13800001234，家住云澜市澄江区柳荫路9号三单元");
        assert_eq!(shown, "a text of 36 characters");
        assert_eq!(shown_column("张某某电话13800001234"), "`张某某电话⟦phone⟧`");
        assert_eq!(shown_column("云澜市工单20260301001"), "`云澜市工单…`");
        assert_eq!(shown_column("2024年类型"), "`2024年类型`");
    }
}
