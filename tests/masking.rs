//! How well personal data is masked: sentences of `tests/masking/*.toml`, all invented, in which what must be
//! masked is marked as `{kind:text}`. The files `names_*.toml` are about names alone.
//!
//! `cargo test --release -p paidan --test masking -- --nocapture` prints the table of the README.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic, its helpers too")]

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use paidan::{PiiKind, TextMasker};
use serde::Deserialize;

#[derive(Deserialize)]
struct File {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    register: String,
    text: String,
}

/// A sentence without its marks, and what was marked.
struct Sentence {
    register: String,
    text: String,
    marked: Vec<(PiiKind, Range<usize>)>,
}

impl Sentence {
    fn parse(case: &Case) -> Self {
        let mut text = String::new();
        let mut marked = Vec::new();
        let mut rest = case.text.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let (inside, after) = after.split_once('}').unwrap();
            let (name, literal) = inside.split_once(':').unwrap();
            let kind = PiiKind::ALL.iter().find(|kind| kind.name() == name);
            let kind = kind.unwrap_or_else(|| panic!("no kind {name}"));
            marked.push((*kind, text.len()..text.len() + literal.len()));
            text.push_str(literal);
            rest = after;
        }
        text.push_str(rest);
        Self { register: case.register.clone(), text, marked }
    }
}

fn sentences(file: &str) -> Vec<Sentence> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/masking").join(file);
    let file: File = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    file.case.iter().map(Sentence::parse).collect()
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    marked: usize,
    found: usize,
    /// Of the right kind with the right edges.
    exact: usize,
    /// Marked stretches of which at least half is masked, as any kind.
    recalled: usize,
    /// Found stretches of which at least half is marked, as any kind.
    justified: usize,
    /// Marked stretches that are masked from end to end, by whatever kinds.
    covered: usize,
}

impl Counts {
    fn recall(self) -> f64 {
        self.recalled as f64 / self.marked.max(1) as f64
    }

    fn precision(self) -> f64 {
        self.justified as f64 / self.found.max(1) as f64
    }

    fn exact_recall(self) -> f64 {
        self.exact as f64 / self.marked.max(1) as f64
    }
}

#[derive(Default)]
struct Tally {
    kinds: BTreeMap<PiiKind, Counts>,
    /// Characters outside all marks, and those of them that were masked.
    others: usize,
    others_masked: usize,
    failures: Vec<String>,
}

fn overlap(one: &Range<usize>, other: &Range<usize>) -> usize {
    one.end.min(other.end).saturating_sub(one.start.max(other.start))
}

impl Tally {
    fn add(&mut self, sentence: &Sentence, masker: &TextMasker) {
        let found: Vec<_> =
            masker.mask(&sentence.text).pii().iter().map(|span| (span.kind, span.range.clone())).collect();
        let bytes_in = |range: &Range<usize>, spans: &[(PiiKind, Range<usize>)], kind: Option<PiiKind>| {
            let of_kind = spans.iter().filter(|(other, _)| kind.is_none_or(|kind| kind == *other));
            of_kind.map(|(_, other)| overlap(range, other)).sum::<usize>()
        };
        let mut right = true;
        for (kind, range) in &sentence.marked {
            let counts = self.kinds.entry(*kind).or_default();
            let exact = found.contains(&(*kind, range.clone()));
            counts.marked += 1;
            counts.exact += usize::from(exact);
            counts.recalled += usize::from(2 * bytes_in(range, &found, Some(*kind)) >= range.len());
            counts.covered += usize::from(bytes_in(range, &found, None) == range.len());
            right &= exact;
        }
        for (kind, range) in &found {
            let counts = self.kinds.entry(*kind).or_default();
            counts.found += 1;
            let justified = 2 * bytes_in(range, &sentence.marked, Some(*kind)) >= range.len();
            counts.justified += usize::from(justified);
            right &= justified;
        }
        for (at, _) in sentence.text.char_indices() {
            let inside =
                |spans: &[(PiiKind, Range<usize>)]| spans.iter().any(|(_, range)| range.contains(&at));
            if !inside(&sentence.marked) {
                self.others += 1;
                self.others_masked += usize::from(inside(&found));
            }
        }
        if !right {
            let shown: Vec<String> = found
                .iter()
                .map(|(kind, range)| format!("{kind}:{}", &sentence.text[range.clone()]))
                .collect();
            let wanted: Vec<String> = sentence
                .marked
                .iter()
                .map(|(kind, range)| format!("{kind}:{}", &sentence.text[range.clone()]))
                .collect();
            self.failures.push(format!(
                "[{}] {}\n    marked {}\n    found  {}",
                sentence.register,
                sentence.text,
                wanted.join(" | "),
                shown.join(" | ")
            ));
        }
    }

    fn print(&self, title: &str) {
        println!("\n{title}\n| kind | marked | recall | precision | same edges | wholly masked |");
        println!("| --- | ---: | ---: | ---: | ---: | ---: |");
        for (kind, counts) in &self.kinds {
            println!(
                "| `{kind}` | {} | {:.3} | {:.3} | {:.3} | {:.3} |",
                counts.marked,
                counts.recall(),
                counts.precision(),
                counts.exact_recall(),
                counts.covered as f64 / counts.marked.max(1) as f64,
            );
        }
        println!(
            "any kind, wholly masked: {:.3}; other characters masked: {:.2} %",
            self.covered(),
            100.0 * self.others_share()
        );
    }

    fn covered(&self) -> f64 {
        let sum = |of: fn(&Counts) -> usize| self.kinds.values().map(of).sum::<usize>() as f64;
        sum(|counts| counts.covered) / sum(|counts| counts.marked)
    }

    fn others_share(&self) -> f64 {
        self.others_masked as f64 / self.others.max(1) as f64
    }
}

fn tally(file: &str) -> (usize, Tally) {
    let masker = TextMasker::default();
    let sentences = sentences(file);
    let mut tally = Tally::default();
    for sentence in &sentences {
        tally.add(sentence, &masker);
    }
    (sentences.len(), tally)
}

/// Recall and precision below which a kind must not fall again. The aim is 0.97 for the kinds of the first
/// line, 0.90 for the others but names and addresses, and for these two a recall of 0.85; the README says
/// which are reached.
fn floor(kind: PiiKind) -> (f64, f64) {
    match kind {
        PiiKind::Phone | PiiKind::IdCard | PiiKind::BankCard | PiiKind::Email | PiiKind::Plate => {
            (0.97, 0.97)
        }
        PiiKind::PersonName => (0.85, 0.93),
        PiiKind::Address => (0.98, 0.98),
        PiiKind::Landline | PiiKind::WechatOrQq => (0.98, 0.98),
        _ => (0.92, 0.92),
    }
}

/// Prints the table of `file`, and its failures where the environment asks for them.
fn count(file: &str) -> (usize, Tally) {
    let (sentences, tally) = tally(file);
    tally.print(&format!("{sentences} sentences of tests/masking/{file}"));
    if std::env::var_os("SHOW_FAILURES").is_some() {
        for failure in &tally.failures {
            println!("{failure}");
        }
    }
    (sentences, tally)
}

fn check(file: &str) {
    let (sentences, tally) = count(file);
    assert!(sentences >= 400);
    for kind in PiiKind::ALL {
        let counts = tally.kinds.get(kind).copied().unwrap_or_default();
        let (recall, precision) = floor(*kind);
        assert!(counts.marked >= 20, "too few {kind} to tell");
        assert!(counts.recall() >= recall, "{kind}: recall {:.3}", counts.recall());
        assert!(counts.precision() >= precision, "{kind}: precision {:.3}", counts.precision());
    }
    assert!(tally.covered() >= 0.94, "any kind: {:.3}", tally.covered());
    assert!(tally.others_share() <= 0.005, "others: {:.4}", tally.others_share());
}

#[test]
fn the_sentences_the_rules_were_written_with() {
    check("dev.toml");
}

/// Written before the rules were, and looked at only for this table.
#[test]
fn the_sentences_that_were_held_out() {
    check("test.toml");
}

/// Names alone, with surnames as they are shared and rare ones: `file` is one of `names_*.toml`.
fn check_names(file: &str, recall: f64, precision: f64) {
    let (sentences, tally) = count(file);
    assert!(sentences >= 150);
    let counts = tally.kinds.get(&PiiKind::PersonName).copied().unwrap_or_default();
    assert!(counts.recall() >= recall, "recall {:.3}", counts.recall());
    assert!(counts.precision() >= precision, "precision {:.3}", counts.precision());
}

#[test]
fn the_names_the_rules_were_written_with() {
    check_names("names_dev.toml", 0.95, 0.99);
}

/// Written before the rules were changed for names, and only counted.
#[test]
fn the_names_that_were_held_out() {
    check_names("names_test.toml", 0.92, 0.98);
}

#[test]
fn masking_twice_changes_nothing() {
    let masker = TextMasker::default();
    for sentence in sentences("dev.toml").iter().chain(&sentences("test.toml")) {
        let once = masker.mask(&sentence.text);
        let twice = masker.mask(once.masked());
        assert_eq!(twice.masked(), once.masked(), "{}", sentence.text);
        assert!(twice.pii().is_empty(), "{}", sentence.text);
    }
}
