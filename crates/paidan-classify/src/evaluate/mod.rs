//! How good predictions are: the usual figures of classification, per task.

mod calibration_error;
mod confusion;
mod coverage;
mod curves;
mod drift;
mod interval;
mod kept;
mod level_figures;
mod matrix;
mod report;
mod set_figures;

pub use confusion::ClassFigures;
pub use coverage::Coverage;
pub use curves::{CoveragePoint, Curves, ReliabilityBin};
pub use drift::{Drift, DriftLevel, Profile, Shift};
pub use interval::Interval;
pub use kept::{AcceptedFigures, CandidateFigures};
pub use level_figures::LevelFigures;
pub use matrix::ConfusionMatrix;
pub use report::{Outcome, TaskReport, Truth};
pub use set_figures::SetFigures;
