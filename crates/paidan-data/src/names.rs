//! How file and column names are shown in messages.
//!
//! A file without a header has a citizen's words where column names are expected, so names are cut
//! short and long numbers (telephone, identity card) are left out.

/// Longer names are cut; a real column name rarely has more characters.
const MAX_CHARS: usize = 20;
/// Shorter numbers occur in real column names, such as years.
const MAX_DIGITS: usize = 4;
/// More columns are only counted.
const MAX_COLUMNS: usize = 20;

/// A source in words: its name, or "standard input".
pub(crate) fn shown_file(name: &str) -> &str {
    if name == "-" { "standard input" } else { name }
}

/// A column name in backticks, on one line, cut short.
pub(crate) fn shown_column(name: &str) -> String {
    let mut shown = String::new();
    let mut digits = String::new();
    for c in name.chars().take(MAX_CHARS) {
        if c.is_numeric() {
            digits.push(c);
            continue;
        }
        push_digits(&mut shown, &mut digits);
        shown.push(if c.is_control() { ' ' } else { c });
    }
    push_digits(&mut shown, &mut digits);
    if name.chars().nth(MAX_CHARS).is_some() {
        shown.push('…');
    }
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
        assert_eq!(shown, "`我叫张某某 电话…，…`");
        assert_eq!(shown_column("2024年类型"), "`2024年类型`");
    }
}
