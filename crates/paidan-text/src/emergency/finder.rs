use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::ops::Range;

use super::EmergencyRulesError;
use super::lexicon::{Hit, Lexicon, Role};
use super::pattern::Pattern;
use super::reach::Reach;
use super::rules::{EmergencyKind, Table};
use super::suppression::{Suppressor, Surroundings};

/// Finds words that speak of an emergency, and says what takes them back.
///
/// ```
/// use paidan_text::EmergencyFinder;
///
/// let finder = EmergencyFinder::standard()?;
/// let cues = finder.find("楼道里煤气味很浓，快来人");
/// assert!(cues[0].is_live() && cues[0].kind.code == "gas_leak");
/// let cues = finder.find("去年小区着火，电线烧坏了");
/// assert_eq!(cues[0].suppressed.as_ref().map(|by| by.code), Some("past"));
/// # Ok::<(), paidan_text::EmergencyRulesError>(())
/// ```
pub struct EmergencyFinder {
    kinds: Vec<EmergencyKind>,
    /// For each of `kinds`, the codes of suppressors that do not touch it.
    ignored: Vec<Vec<String>>,
    cues: Vec<Cue>,
    suppressors: Vec<Suppressor>,
    lexicon: Lexicon,
}

struct Cue {
    kind: usize,
    /// For each part after the first, the most characters before it.
    gaps: Vec<usize>,
}

/// Words that speak of an emergency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmergencyCue<'f> {
    /// Of which kind.
    pub kind: &'f EmergencyKind,
    /// Bytes of the text, from the first part of the cue to the last.
    pub range: Range<usize>,
    /// What takes it back; `None` where nothing does.
    pub suppressed: Option<Suppressed<'f>>,
}

/// What takes a cue back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppressed<'f> {
    /// Stable code, for instance `negated`.
    pub code: &'f str,
    /// The same in Chinese.
    pub name: &'f str,
    /// Bytes of the text at which the word stands that does it.
    pub range: Range<usize>,
}

impl EmergencyCue<'_> {
    /// Whether nothing takes the cue back.
    pub fn is_live(&self) -> bool {
        self.suppressed.is_none()
    }
}

impl EmergencyFinder {
    /// Our own table.
    ///
    /// # Errors
    ///
    /// None; a test reads the table.
    pub fn standard() -> Result<Self, EmergencyRulesError> {
        Self::from_toml(include_str!("../../rules/emergencies.toml"))
    }

    /// A table in the form of `rules/emergencies.toml`.
    ///
    /// # Errors
    ///
    /// The text is no such table, a cue cannot be read, or a kind is there twice.
    pub fn from_toml(text: &str) -> Result<Self, EmergencyRulesError> {
        let table: Table = toml::from_str(text)?;
        let mut words: BTreeMap<String, Vec<Role>> = BTreeMap::new();
        let mut add = |word: &str, role: Role| {
            if word.trim().is_empty() {
                return Err(EmergencyRulesError::new("expected words, found an empty one"));
            }
            let roles = words.entry(word.to_owned()).or_default();
            if !roles.contains(&role) {
                roles.push(role);
            }
            Ok(())
        };
        let (mut kinds, mut ignored, mut cues) = (Vec::<EmergencyKind>::new(), Vec::new(), Vec::new());
        for kind in table.kind {
            if kinds.iter().any(|other| other.code == kind.code) {
                return Err(EmergencyRulesError::new(format!("kind `{}` is there twice", kind.code)));
            }
            for cue in &kind.cues {
                let pattern = Pattern::parse(cue, &table.sets)?;
                for (part, words) in pattern.parts.iter().enumerate() {
                    let role = Role::Part { cue: cues.len(), part };
                    words.words.iter().try_for_each(|word| add(word, role))?;
                }
                let gaps = pattern.parts.iter().skip(1).map(|part| part.gap).collect();
                cues.push(Cue { kind: kinds.len(), gaps });
            }
            let (code, name) = (kind.code, kind.name);
            kinds.push(EmergencyKind { code, name, level: kind.level, call: kind.call });
            ignored.push(kind.ignores);
        }
        table.neutral.words.iter().try_for_each(|word| add(word, Role::Neutral))?;
        table.live.words.iter().try_for_each(|word| add(word, Role::Live))?;
        let mut suppressors = Vec::new();
        for suppressor in table.suppressor {
            if suppressor.words.is_empty() == suppressor.place.has_words() {
                let code = suppressor.code;
                let problem =
                    format!("suppressor `{code}`: expected words, or none with `where = \"marks\"`");
                return Err(EmergencyRulesError::new(problem));
            }
            let role = Role::Suppressor(suppressors.len());
            suppressor.words.iter().try_for_each(|word| add(word, role))?;
            suppressors.push(Suppressor {
                code: suppressor.code,
                name: suppressor.name,
                place: suppressor.place,
                scope: suppressor.scope,
                within: suppressor.within.unwrap_or(usize::MAX),
                lifted: suppressor.lifted,
            });
        }
        Ok(Self { kinds, ignored, cues, suppressors, lexicon: Lexicon::new(words) })
    }

    /// All kinds, in the order of the table.
    pub fn kinds(&self) -> &[EmergencyKind] {
        &self.kinds
    }

    /// What takes back words at `range` of `text`, bytes, that a caller found by other means.
    pub fn suppressed(&self, text: &str, range: &Range<usize>) -> Option<Suppressed<'_>> {
        let (hits, reach) = (self.lexicon.hits(text), Reach::new(text));
        let by = Surroundings::new(text, &reach, &hits).suppress(&self.suppressors, &[], range);
        by.map(|(by, range)| Suppressed { code: &by.code, name: &by.name, range })
    }

    /// The cues in `text`, in the order in which they stand: of each kind the longest where several overlap,
    /// a live one before one that is taken back.
    pub fn find(&self, text: &str) -> Vec<EmergencyCue<'_>> {
        let hits = self.lexicon.hits(text);
        let is_start = |hit: &Hit| matches!(hit.role, Role::Part { part: 0, .. });
        if !hits.iter().any(is_start) {
            return Vec::new();
        }
        let reach = Reach::new(text);
        let spans = self.spans(text, &reach, &hits);
        if spans.is_empty() {
            return Vec::new();
        }
        let surroundings = Surroundings::new(text, &reach, &hits);
        let mut found: Vec<EmergencyCue<'_>> = Vec::new();
        for (kind, range) in spans {
            let (Some(of_kind), Some(ignored)) = (self.kinds.get(kind), self.ignored.get(kind)) else {
                continue;
            };
            let suppressed = surroundings.suppress(&self.suppressors, ignored, &range);
            let suppressed =
                suppressed.map(|(by, range)| Suppressed { code: &by.code, name: &by.name, range });
            found.push(EmergencyCue { kind: of_kind, range, suppressed });
        }
        // Live ones first, the longer before the shorter; then each takes its stretch for its kind.
        found.sort_by_key(|cue| (!cue.is_live(), std::cmp::Reverse(cue.range.len()), cue.range.start));
        let mut kept: Vec<EmergencyCue<'_>> = Vec::new();
        for cue in found {
            let overlaps = |other: &EmergencyCue<'_>| {
                other.kind.code == cue.kind.code
                    && other.range.start < cue.range.end
                    && cue.range.start < other.range.end
            };
            if !kept.iter().any(overlaps) {
                kept.push(cue);
            }
        }
        kept.sort_by_key(|cue| (cue.range.start, cue.range.end));
        kept
    }

    /// Where all parts of a cue stand in order: its kind and the stretch.
    fn spans(&self, text: &str, reach: &Reach, hits: &[Hit]) -> Vec<(usize, Range<usize>)> {
        let mut parts: HashMap<(usize, usize), Vec<&Range<usize>>> = HashMap::new();
        for hit in hits {
            if let Role::Part { cue, part } = hit.role {
                parts.entry((cue, part)).or_default().push(&hit.range);
            }
        }
        let mut spans = Vec::new();
        for hit in hits {
            let Role::Part { cue: index, part: 0 } = hit.role else { continue };
            let Some(cue) = self.cues.get(index) else { continue };
            let sentence = reach.sentence(hit.range.start);
            let mut end = Some(hit.range.end);
            for (part, gap) in cue.gaps.iter().enumerate() {
                let follows = |range: &&&Range<usize>| {
                    end.is_some_and(|end| {
                        range.start >= end
                            && range.end <= sentence.end
                            && text
                                .get(end..range.start)
                                .is_some_and(|between| between.chars().count() <= *gap)
                    })
                };
                let next = parts.get(&(index, part + 1));
                let next = next.and_then(|next| next.iter().find(follows));
                end = next.map(|range| range.end);
            }
            if let Some(end) = end {
                spans.push((cue.kind, hit.range.start..end));
            }
        }
        spans
    }
}

impl fmt::Debug for EmergencyFinder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmergencyFinder")
            .field("kinds", &self.kinds.len())
            .field("cues", &self.cues.len())
            .field("suppressors", &self.suppressors.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finder() -> EmergencyFinder {
        let table = r#"
            [sets]
            gas = "煤气|燃气"
            [[kind]]
            code = "gas"
            name = "燃气"
            level = "emergency"
            call = ["119"]
            cues = ["{gas} ..4 漏", "漏气"]
            [[kind]]
            code = "hole"
            name = "井盖"
            level = "urgent"
            ignores = ["past"]
            cues = ["没有井盖"]
            [neutral]
            words = ["没人管", "电影院"]
            [live]
            words = ["快来"]
            [[suppressor]]
            code = "title"
            name = "作品名"
            where = "marks"
            [[suppressor]]
            code = "phrase"
            name = "固定说法"
            where = "enclosing"
            words = ["漏气儿童剧"]
            [[suppressor]]
            code = "negated"
            name = "否定"
            where = "before"
            scope = "clause"
            within = 5
            words = ["没有", "没"]
            [[suppressor]]
            code = "past"
            name = "从前"
            where = "before"
            lifted = true
            words = ["去年"]
            [[suppressor]]
            code = "fiction"
            name = "虚构"
            where = "around"
            words = ["电影"]
            [[suppressor]]
            code = "over"
            name = "了结"
            where = "after"
            within = 6
            words = ["修好了"]
        "#;
        EmergencyFinder::from_toml(table).unwrap()
    }

    /// What was found: the words and the code that takes them back.
    fn found(text: &str) -> Vec<(String, Option<String>)> {
        let finder = finder();
        let cues = finder.find(text);
        cues.iter()
            .map(|cue| {
                (text[cue.range.clone()].to_owned(), cue.suppressed.as_ref().map(|by| by.code.to_owned()))
            })
            .collect()
    }

    fn one(text: &str) -> (String, Option<String>) {
        let found = found(text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        found[0].clone()
    }

    #[test]
    fn parts_stand_in_order_near_each_other_in_one_sentence() {
        assert_eq!(one("家里煤气好像漏了").0, "煤气好像漏");
        for none in ["漏的是煤气", "煤气一直很贵很贵很贵漏", "煤气。漏", "什么都好", ""]
        {
            assert!(found(none).is_empty(), "{none}");
        }
        // The longest of what overlaps.
        assert_eq!(one("燃气又漏气").0, "燃气又漏");
    }

    #[test]
    fn each_suppressor_has_its_reach() {
        let code = |text: &str| one(text).1;
        assert_eq!(code("没有发现煤气漏").as_deref(), Some("negated"));
        assert_eq!(code("没有，煤气漏了"), None, "another clause");
        assert_eq!(code("没人管，煤气漏了"), None);
        assert_eq!(code("没人管煤气漏了"), None, "a neutral word swallows the negation");
        assert_eq!(code("去年厨房里的那个煤气漏").as_deref(), Some("past"));
        assert_eq!(code("去年说过。煤气漏了"), None, "another sentence");
        assert_eq!(code("去年煤气漏，快来"), None, "the present lifts the past");
        assert_eq!(code("没有煤气漏，快来").as_deref(), Some("negated"), "but no negation");
        assert_eq!(code("《煤气漏了》").as_deref(), Some("title"));
        assert_eq!(code("漏气儿童剧").as_deref(), Some("phrase"));
        assert_eq!(code("煤气漏了的电影").as_deref(), Some("fiction"));
        assert_eq!(code("电影院煤气漏了"), None);
        assert_eq!(code("煤气漏的地方修好了").as_deref(), Some("over"));
        assert_eq!(code("煤气漏的那个地方到了今天都没有修好了"), None, "too far");
        assert_eq!(code("去年路上就没有井盖"), None, "the kind ignores the past");
    }

    #[test]
    fn says_where_the_word_stands_that_takes_it_back() {
        let text = "这里没有煤气漏";
        let finder = finder();
        let cues = finder.find(text);
        let by = cues[0].suppressed.as_ref().unwrap();
        assert_eq!((by.name, &text[by.range.clone()]), ("否定", "没有"));
        assert!(!cues[0].is_live());
        assert_eq!(cues[0].kind.call, ["119"]);
    }

    #[test]
    fn refuses_what_it_cannot_use() {
        let kind = |cue: &str| {
            format!("[[kind]]\ncode = \"a\"\nname = \"甲\"\nlevel = \"urgent\"\ncues = [\"{cue}\"]\n")
        };
        let twice = kind("火").repeat(2);
        let suppressor = "[[suppressor]]\ncode = \"b\"\nname = \"乙\"\nwhere = \"before\"\n";
        for (table, said) in [
            ("kind = 3", "no valid table"),
            ("[[kind]]\ncode = \"a\"", "no valid table"),
            (&kind("{gas}"), "no set `gas`"),
            (&kind(""), "expected a word"),
            (&twice, "`a` is there twice"),
            (suppressor, "expected words"),
            ("[live]\nwords = [\" \"]", "empty one"),
        ] {
            let error = EmergencyFinder::from_toml(table).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
        assert!(EmergencyFinder::from_toml("").unwrap().find("着火").is_empty());
    }

    #[test]
    fn our_own_table_can_be_read_and_names_numbers() {
        let finder = EmergencyFinder::standard().unwrap();
        assert!(finder.kinds().len() >= 16);
        for kind in finder.kinds() {
            assert!(!kind.call.is_empty(), "{}", kind.code);
            assert!(
                kind.call.iter().all(|number| number.bytes().all(|b| b.is_ascii_digit())),
                "{}",
                kind.code
            );
        }
    }
}
