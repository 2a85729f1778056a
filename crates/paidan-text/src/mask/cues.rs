use std::collections::BTreeMap;
use std::ops::Range;

use daachorse::CharwiseDoubleArrayAhoCorasick;

use super::MaskRule;

/// A word that told a rule where to look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cue {
    /// Which of the rule's [`cues`](MaskRule::cues).
    pub index: usize,
    /// The bytes of the text where it stands.
    pub range: Range<usize>,
}

/// Finds the cues of all rules in one pass, by an automaton over characters: one over bytes takes three steps
/// for a Chinese character and a table ten times as large.
pub(super) struct CueFinder {
    automaton: Option<CharwiseDoubleArrayAhoCorasick<u32>>,
    /// Word → the rules that have it and its index among their cues.
    owners: Vec<Vec<(usize, usize)>>,
    rules: usize,
}

/// Words of more letters are looked for in small letters, in capitals and with one capital only.
const MOST_LETTERS: usize = 6;

impl CueFinder {
    pub(super) fn new(rules: &[Box<dyn MaskRule>]) -> Self {
        let mut words: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
        for (rule, cues) in rules.iter().map(|rule| rule.cues()).enumerate() {
            for (index, cue) in cues.iter().enumerate() {
                for spelling in in_either_case(cue) {
                    words.entry(spelling).or_default().push((rule, index));
                }
            }
        }
        // An empty word or one twice is all that can fail, but for a table beyond 2^32.
        words.remove("");
        let numbered = words.keys().zip(0u32..);
        let automaton = CharwiseDoubleArrayAhoCorasick::with_values(numbered).ok();
        Self { automaton, owners: words.into_values().collect(), rules: rules.len() }
    }

    /// The cues in `text` for each rule, in the order of their ends; overlapping ones too.
    pub(super) fn find(&self, text: &str) -> Vec<Vec<Cue>> {
        let mut found = vec![Vec::new(); self.rules];
        for hit in self.automaton.iter().flat_map(|automaton| automaton.find_overlapping_iter(text)) {
            for &(rule, index) in self.owners.get(hit.value() as usize).into_iter().flatten() {
                if let Some(cues) = found.get_mut(rule) {
                    cues.push(Cue { index, range: hit.start()..hit.end() });
                }
            }
        }
        found
    }
}

/// The word in capital and small letters, in every combination where it has few.
fn in_either_case(word: &str) -> Vec<String> {
    let small = word.to_ascii_lowercase();
    if word.bytes().filter(u8::is_ascii_alphabetic).count() > MOST_LETTERS {
        let mut capitalized = small.clone();
        if let Some(first) = capitalized.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        return vec![word.to_ascii_uppercase(), capitalized, small];
    }
    small.chars().fold(vec![String::new()], |spellings, c| {
        let with = |c: char| spellings.iter().map(move |spelling| format!("{spelling}{c}"));
        let capital = c.is_ascii_alphabetic().then(|| with(c.to_ascii_uppercase()));
        with(c).chain(capital.into_iter().flatten()).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_spelled_in_either_case() {
        assert_eq!(in_either_case("微信"), ["微信"]);
        assert_eq!(in_either_case("Q号"), ["q号", "Q号"]);
        assert_eq!(in_either_case("wx").len(), 4);
        assert_eq!(in_either_case("account no"), ["ACCOUNT NO", "Account no", "account no"]);
        assert!(in_either_case("wechat").contains(&"WeChat".to_owned()));
    }
}
