//! Attacked texts get the answer of the clean ones: pairs of `tests/robustness/pairs.toml`, all invented, read
//! with the default model.
//!
//! `cargo test --release -p paidan --test robustness -- --nocapture` prints the table of the README.

#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers too")]

use std::collections::BTreeMap;
use std::path::Path;

use paidan::{Engine, Prediction, Ticket};
use serde::Deserialize;

#[derive(Deserialize)]
struct File {
    pair: Vec<Pair>,
}

#[derive(Deserialize)]
struct Pair {
    attack: String,
    clean: String,
    attacked: String,
}

/// What the words themselves have lost, so that no normalisation brings it back.
const LOST: [&str; 2] = ["homophone", "pinyin"];
/// The probability from which on a decision would be taken without a person.
const SURE: f32 = 0.9;

#[derive(Default)]
struct Counts {
    answers: usize,
    agree: usize,
    /// Another answer than for the clean text, given as sure.
    surely_wrong: usize,
}

impl Counts {
    fn agreement(&self) -> f64 {
        self.agree as f64 / self.answers as f64
    }
}

fn predict(engine: &Engine, text: &str) -> Vec<Prediction> {
    let predictions = engine.predict(&Ticket::new(text)).unwrap();
    predictions
        .into_iter()
        .filter(|prediction| ["type", "department"].contains(&prediction.task.as_str()))
        .collect()
}

#[test]
fn attacked_texts_get_the_answer_of_the_clean_ones() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let pairs = std::fs::read_to_string(repository.join("tests/robustness/pairs.toml")).unwrap();
    let pairs = toml::from_str::<File>(&pairs).unwrap().pair;
    assert!(pairs.len() >= 100);
    let engine = Engine::load(repository.join("models/default")).unwrap();

    let mut attacks: BTreeMap<&str, Counts> = BTreeMap::new();
    for pair in &pairs {
        let counts = attacks.entry(&pair.attack).or_default();
        for (clean, attacked) in predict(&engine, &pair.clean).iter().zip(predict(&engine, &pair.attacked)) {
            let agrees = clean.label == attacked.label;
            counts.answers += 1;
            counts.agree += usize::from(agrees);
            counts.surely_wrong += usize::from(!agrees && attacked.probability >= SURE);
            if !agrees && std::env::var_os("SHOW_FAILURES").is_some() {
                println!(
                    "{}: {} {} → {} {}: {}",
                    pair.attack,
                    clean.label,
                    clean.probability,
                    attacked.label,
                    attacked.probability,
                    pair.attacked
                );
            }
        }
    }

    println!("| attack | answers | same as clean | another, and sure |\n| --- | ---: | ---: | ---: |");
    let (mut lost, mut restorable) = (Counts::default(), Counts::default());
    for (attack, counts) in &attacks {
        println!("| {attack} | {} | {:.3} | {} |", counts.answers, counts.agreement(), counts.surely_wrong);
        let sum = if LOST.contains(attack) { &mut lost } else { &mut restorable };
        sum.answers += counts.answers;
        sum.agree += counts.agree;
        sum.surely_wrong += counts.surely_wrong;
    }
    println!("restorable: {:.3}; homophones and pinyin: {:.3}", restorable.agreement(), lost.agreement());
    assert!(restorable.agreement() >= 0.97, "{:.3}", restorable.agreement());
    assert!(lost.agreement() >= 0.80, "{:.3}", lost.agreement());
    let surely_wrong = lost.surely_wrong + restorable.surely_wrong;
    assert!(surely_wrong * 100 <= lost.answers, "{surely_wrong} wrong answers are given as sure");
}
