//! Training: from labelled tickets to a [`Model`](crate::Model).

mod dataset;
mod fit;
mod rows;
mod settings;
mod solver;
mod trainer;

pub use dataset::{Dataset, Example};
pub use settings::{TaskSettings, TrainSettings};
#[cfg(test)]
pub(crate) use solver::SplitMix64;
pub use trainer::{TaskSummary, Trainer, TrainingSummary};
