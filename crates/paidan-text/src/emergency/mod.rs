//! Emergencies by their words: gas leaks, fires, people in water, and what takes such words back.
//!
//! | file | what |
//! | --- | --- |
//! | `rules.rs` | the table of kinds, cues and suppressors, as it is written in TOML |
//! | `pattern.rs` | one cue: parts in order, with room between them |
//! | `lexicon.rs` | all words of all cues and suppressors in one automaton |
//! | `finder.rs` | cues in a text |
//! | `suppression.rs` | negation, the past, drills, fees, titles |
//! | `reach.rs` | clauses, sentences and titles of a text |
//!
//! The engine knows no emergency by itself: everything stands in the table, and a caller may bring another.

mod error;
mod finder;
mod lexicon;
mod pattern;
mod reach;
mod rules;
mod suppression;

pub use error::EmergencyRulesError;
pub use finder::{EmergencyCue, EmergencyFinder, Suppressed};
pub use rules::{EmergencyKind, EmergencyLevel};
