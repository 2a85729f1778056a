//! Emergencies and their look-alikes of `tests/emergencies/`, all invented: how many the words alone tell apart.
//!
//! `cargo test --release -p paidan-text --test emergencies -- --nocapture` prints the figures, and the mistakes
//! in `dev.toml`. Those in `test.toml` are only counted: whoever changes the rules does not read them.

#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

use std::collections::BTreeMap;
use std::path::Path;

use paidan_text::{EmergencyFinder, TextMasker};
use serde::Deserialize;

#[derive(Deserialize)]
struct Cases {
    emergency: BTreeMap<String, Vec<String>>,
    look_alike: BTreeMap<String, Vec<String>>,
}

#[derive(Default)]
struct Counts {
    emergencies: usize,
    found: usize,
    /// Found as the kind that it is, perhaps among others.
    named: usize,
    look_alikes: usize,
    alarms: usize,
}

fn count(file: &str, shows: bool) -> Counts {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/emergencies").join(file);
    let cases: Cases = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let (finder, masker) = (EmergencyFinder::standard().unwrap(), TextMasker::default());
    let mut counts = Counts::default();
    for (kind, texts) in &cases.emergency {
        for text in texts {
            let prepared = masker.mask(text);
            let cues = finder.find(prepared.masked());
            let live: Vec<&str> =
                cues.iter().filter(|cue| cue.is_live()).map(|cue| cue.kind.code.as_str()).collect();
            counts.emergencies += 1;
            counts.found += usize::from(!live.is_empty());
            counts.named += usize::from(live.contains(&kind.as_str()));
            if shows && live.is_empty() {
                println!("missed, {kind}: {text} {cues:?}");
            }
        }
    }
    for (why, texts) in &cases.look_alike {
        for text in texts {
            let prepared = masker.mask(text);
            let cues = finder.find(prepared.masked());
            let live = cues.iter().find(|cue| cue.is_live());
            counts.look_alikes += 1;
            counts.alarms += usize::from(live.is_some());
            if let Some(cue) = live.filter(|_| shows) {
                println!(
                    "false alarm, {why}: {text} [{}: {}]",
                    cue.kind.code,
                    &prepared.masked()[cue.range.clone()]
                );
            }
        }
    }
    counts
}

#[test]
fn words_tell_emergencies_from_what_looks_like_them() {
    let (mut emergencies, mut look_alikes) = (0, 0);
    for (file, shows) in [("dev.toml", true), ("test.toml", false)] {
        let counts = count(file, shows);
        let recall = counts.found as f64 / counts.emergencies as f64;
        let precision = counts.found as f64 / (counts.found + counts.alarms) as f64;
        println!(
            "{file}: recall {recall:.3} ({} of {}; right kind {}), precision {precision:.3} ({} alarms in {})",
            counts.found, counts.emergencies, counts.named, counts.alarms, counts.look_alikes
        );
        assert!(recall >= 0.95 && precision >= 0.8, "{file}: recall {recall:.3}, precision {precision:.3}");
        emergencies += counts.emergencies;
        look_alikes += counts.look_alikes;
    }
    assert!(emergencies >= 150 && look_alikes >= 150);
}
