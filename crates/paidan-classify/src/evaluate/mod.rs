//! How good predictions are: the usual figures of classification, per task.

mod calibration_error;
mod confusion;
mod coverage;
mod drift;
mod kept;
mod report;

pub use confusion::ClassFigures;
pub use coverage::Coverage;
pub use drift::{Drift, DriftLevel, Profile, Shift};
pub use kept::{AcceptedFigures, CandidateFigures};
pub use report::{Outcome, TaskReport, Truth};
