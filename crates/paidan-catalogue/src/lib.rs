//! 派单目录: who handles which matter of a city, where, and by when.
//!
//! A [`Catalogue`] is a folder of tables and rules that a clerk keeps; `docs/catalogue.md` explains every column and
//! key. [`Catalogue::load`] reads it, telling all that is wrong with it; [`Catalogue::decide`] makes a [`Decision`] of a
//! ticket, with every rule, word and area that it rests on. It needs no model and takes the word of one where there is.
//!
//! | module | what |
//! | --- | --- |
//! | `read` | tables, TOML with lines, content hash |
//! | `areas` | the tree of areas; places in a text, and what they come to |
//! | `units` | units, who stands for whom on a day, the unit of a function in an area |
//! | `words` | words of all rules in one automaton; what is denied or past |
//! | `rules` | conditions and actions; which rules hold |
//! | `escalations`, `deadlines`, `settings` | the other files |
//! | `decide` | the order of steps from a ticket to a decision |
//! | `decision` | what is decided, and the tree of reasons |
//! | `lint`, `diff`, `backtest`, `feedback` | what should be looked at, what changed, what a change would do, what returns suggest |
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::string_slice))]

mod areas;
mod backtest;
mod catalogue;
mod cycle;
mod deadlines;
mod decide;
mod decision;
mod diff;
mod error;
mod escalations;
mod feedback;
mod finding;
mod level;
mod lint;
mod moment;
mod period;
mod predictions;
mod read;
mod rules;
mod settings;
mod units;
mod words;

pub use backtest::{Backtest, ChangedTicket, Count, Fate, UnitCount};
pub use catalogue::Catalogue;
pub use decide::Request;
pub use decision::{
    Candidate, CandidateSource, Decision, Demand, Diagnostic, ExplanationNode, MatchedWord, Outcome, Party,
    Reason, Visibility,
};
pub use diff::{Change, ChangeKind, FieldChange, diff};
pub use error::Error;
pub use feedback::{
    DispatchedTicket, DoubtfulRule, Moved, NewRule, RaisedThreshold, ReturnedTicket, Suggestions, suggest,
};
pub use finding::{Finding, Severity};
pub use level::Level;
pub use moment::is_time;
pub use predictions::{LabelPrediction, Predictions, TaskPrediction};
