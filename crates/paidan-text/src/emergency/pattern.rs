use std::collections::BTreeMap;

use super::EmergencyRulesError;

/// One cue: parts that stand in this order in one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    pub(super) parts: Vec<Part>,
}

/// Words any of which will do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) words: Vec<String>,
    /// The most characters between the part before and this one; 0 for the first.
    pub(super) gap: usize,
}

/// Characters between two parts where the pattern does not say how many.
const GAP: usize = 6;
/// The most that a pattern may ask for.
const MAX_GAP: usize = 40;

impl Pattern {
    /// Reads `a|b ..8 {set}|c`: alternatives parted by `|`, parts by `..` and perhaps a number.
    pub(super) fn parse(text: &str, sets: &BTreeMap<String, String>) -> Result<Self, EmergencyRulesError> {
        let wrong = |what: &str| EmergencyRulesError::new(format!("cue `{text}`: {what}"));
        let mut parts = Vec::new();
        for (index, part) in text.split("..").enumerate() {
            // The number follows the dots without a blank: `..8`.
            let digits = match index {
                0 => 0,
                _ => part.len() - part.trim_start_matches(|c: char| c.is_ascii_digit()).len(),
            };
            let (number, words) = part.split_at_checked(digits).unwrap_or(("", part));
            let gap = match (index, number) {
                (0, _) => 0,
                (_, "") => GAP,
                (_, number) => number.parse().ok().filter(|gap| *gap <= MAX_GAP).ok_or_else(|| {
                    wrong(&format!("expected at most {MAX_GAP} characters after `..`, got `{number}`"))
                })?,
            };
            let mut found = Vec::new();
            for word in words.trim().split('|') {
                match word.strip_prefix('{').and_then(|word| word.split_once('}')) {
                    None => found.push(word.to_owned()),
                    Some((set, suffix)) => {
                        let set = sets.get(set).ok_or_else(|| wrong(&format!("there is no set `{set}`")))?;
                        found.extend(set.split('|').map(|word| format!("{word}{suffix}")));
                    }
                }
            }
            if found.iter().any(|word| word.trim().is_empty()) {
                return Err(wrong("expected a word between `|` and `..`"));
            }
            parts.push(Part { words: found, gap });
        }
        Ok(Self { parts })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_parts_sets_and_gaps() {
        let sets = BTreeMap::from([("gas".to_owned(), "煤气|燃气".to_owned())]);
        let pattern = Pattern::parse("{gas}管|气管 .. 漏 ..12 快", &sets).unwrap();
        let part = |gap, words: &[&str]| Part { words: words.iter().map(|w| (*w).to_owned()).collect(), gap };
        let expected = [part(0, &["煤气管", "燃气管", "气管"]), part(6, &["漏"]), part(12, &["快"])];
        assert_eq!(pattern.parts, expected);
        for wrong in ["", "漏 ..99 气", "{oil}", "漏 .. ", "漏||气", "漏 ..99999999999999999999 气"] {
            assert!(Pattern::parse(wrong, &sets).is_err(), "{wrong}");
        }
        assert_eq!(Pattern::parse("120 ..4 占线", &sets).unwrap().parts[0].words, ["120"]);
        // A cue may begin with `漏{gas}`: only a set at the beginning of a word is one.
        assert_eq!(Pattern::parse("漏{gas}", &sets).unwrap().parts[0].words, ["漏{gas}"]);
    }
}
