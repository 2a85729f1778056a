//! How good predictions are: the usual figures of classification, per task.

mod calibration_error;
mod confusion;
mod coverage;
mod report;

pub use confusion::ClassFigures;
pub use coverage::Coverage;
pub use report::{Outcome, TaskReport, Truth};
