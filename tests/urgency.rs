//! Words and model together on the invented emergencies and look-alikes of `tests/emergencies/`, with the default
//! model; what the words do alone is counted in `crates/paidan-text/tests/emergencies.rs`.
//!
//! `cargo test --release -p paidan --test urgency -- --nocapture` prints the figures of each voice.

#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

use std::collections::BTreeMap;
use std::path::Path;

use paidan::{Engine, Ticket};

type Cases = BTreeMap<String, BTreeMap<String, Vec<String>>>;

/// Tickets above the ordinary by the words, by the model, by either: emergencies, then look-alikes.
#[derive(Default)]
struct Counts {
    all: usize,
    words: usize,
    model: usize,
    either: usize,
}

fn count(engine: &Engine, groups: &BTreeMap<String, Vec<String>>) -> Counts {
    let mut counts = Counts::default();
    for text in groups.values().flatten() {
        let predictions = engine.predict(&Ticket::new(text)).unwrap();
        let urgency = predictions.iter().find(|prediction| prediction.task == "urgency").unwrap();
        let by = urgency.raised_by.as_deref().unwrap_or_default();
        assert_eq!(by.is_empty(), urgency.label == "0");
        counts.all += 1;
        counts.words += usize::from(by.contains(&"words"));
        counts.model += usize::from(by.contains(&"model"));
        counts.either += usize::from(!by.is_empty());
    }
    counts
}

#[test]
fn words_and_model_together_find_emergencies() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let engine = Engine::load(root.join("models/default")).unwrap();
    for file in ["dev.toml", "test.toml"] {
        let text = std::fs::read_to_string(root.join("tests/emergencies").join(file)).unwrap();
        let cases: Cases = toml::from_str(&text).unwrap();
        let (found, alarms) = (count(&engine, &cases["emergency"]), count(&engine, &cases["look_alike"]));
        let figures = |found_by: usize, alarms_by: usize| {
            (found_by as f64 / found.all as f64, found_by as f64 / (found_by + alarms_by).max(1) as f64)
        };
        let voices = [
            ("words", figures(found.words, alarms.words)),
            ("model", figures(found.model, alarms.model)),
            ("either", figures(found.either, alarms.either)),
        ];
        for (voice, (recall, precision)) in voices {
            println!("{file}, {voice}: recall {recall:.3}, precision {precision:.3}");
        }
        let (recall, precision) = voices[2].1;
        assert!(recall >= 0.95 && precision >= 0.8, "{file}: recall {recall:.3}, precision {precision:.3}");
        assert!(voices[1].1.0 < recall, "the model alone finds fewer");
    }
}
