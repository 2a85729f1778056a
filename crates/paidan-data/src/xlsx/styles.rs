use std::collections::HashMap;

use quick_xml::events::Event;

use super::broken::Broken;
use super::package::Part;
use super::xml::{Xml, attribute};

/// What a number in a cell means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumberKind {
    Number,
    /// A day, a time of day, or both.
    DateTime,
    /// A length of time.
    Elapsed,
}

/// The kind of number of each cell style, by its number.
pub(super) fn read(input: Part) -> Result<Vec<NumberKind>, Broken> {
    let mut xml = Xml::new(input);
    let mut own = HashMap::new();
    let mut kinds = Vec::new();
    let mut in_cell_styles = false;
    loop {
        match xml.next()? {
            Event::Start(element) => match element.local_name().as_ref() {
                "numFmt" => {
                    let id = attribute(&element, "numFmtId")?.unwrap_or_default();
                    let code = attribute(&element, "formatCode")?.unwrap_or_default();
                    own.insert(id, kind_of_code(&code));
                }
                "cellXfs" => in_cell_styles = true,
                "xf" if in_cell_styles => {
                    let id = attribute(&element, "numFmtId")?.unwrap_or_default();
                    let built_in = || id.parse().map_or(NumberKind::Number, kind_of_built_in);
                    kinds.push(own.get(&id).copied().unwrap_or_else(built_in));
                }
                _ => {}
            },
            Event::End(element) if element.local_name().as_ref() == "cellXfs" => in_cell_styles = false,
            Event::Eof => return Ok(kinds),
            _ => {}
        }
    }
}

/// ECMA-376 part 1, 18.8.30; 27 to 36 and 50 to 58 are dates in Chinese Excel.
fn kind_of_built_in(id: u32) -> NumberKind {
    match id {
        14..=22 | 27..=36 | 45 | 47 | 50..=58 => NumberKind::DateTime,
        46 => NumberKind::Elapsed,
        _ => NumberKind::Number,
    }
}

/// What the first section of a number format says, quoted and escaped characters aside.
fn kind_of_code(code: &str) -> NumberKind {
    let code = code.to_ascii_lowercase().replace("general", "");
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => _ = chars.by_ref().find(|c| *c == '"'),
            // The next character is shown as it is, or gives a width, or fills.
            '\\' | '_' | '*' => _ = chars.next(),
            '[' => {
                let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                if !inside.is_empty() && inside.chars().all(|c| matches!(c, 'h' | 'm' | 's')) {
                    return NumberKind::Elapsed;
                }
            }
            ';' => break,
            'y' | 'm' | 'd' | 'h' | 's' => return NumberKind::DateTime,
            _ => {}
        }
    }
    NumberKind::Number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_that_spreadsheets_have() {
        for code in [
            "yyyy/m/d",
            "yyyy\"年\"m\"月\"d\"日\";@",
            "[$-804]yyyy\"年\"m\"月\"d\"日\"",
            "[DBNum1][$-804]yyyy年m月d日",
            "h:mm AM/PM",
            "上午/下午h\"时\"mm\"分\"",
            "[Red]YYYY-MM-DD",
            "\\d\\a\\y dd",
        ] {
            assert_eq!(kind_of_code(code), NumberKind::DateTime, "{code}");
        }
        for code in [
            "General",
            "0.00E+00",
            "#,##0;[Red]-#,##0",
            "\"d\"0",
            "0_d",
            "0\\d",
            "0*d",
            "[Red]0",
            "@",
            "",
            "[",
            "\"d",
            "0;yyyy",
            "￥#,##0.00",
        ] {
            assert_eq!(kind_of_code(code), NumberKind::Number, "{code}");
        }
        assert_eq!(kind_of_code("[h]:mm:ss"), NumberKind::Elapsed);
        assert_eq!(kind_of_code("[MM]:ss"), NumberKind::Elapsed);
        assert_eq!(kind_of_built_in(31), NumberKind::DateTime);
        assert_eq!(kind_of_built_in(49), NumberKind::Number);
    }
}
