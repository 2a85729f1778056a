//! Training: from labelled tickets to a [`Model`](crate::Model).

mod audit;
mod block_weights;
mod centroid;
mod dataset;
mod embedding_block;
mod embedding_weight;
mod finish;
mod fit;
mod levels;
mod near_duplicates;
mod relevance;
mod rows;
mod settings;
mod size;
mod solver;
mod summary;
mod targets;
mod trainer;
mod vectorize;

#[cfg(test)]
mod scale;
#[cfg(test)]
mod tests;

pub use audit::{ClassAudit, LabelDoubt, TaskAudit};
pub use dataset::{Dataset, Example};
pub use settings::{TaskSettings, TrainSettings};
pub(crate) use solver::SplitMix64;
pub use summary::{EncoderSummary, TaskSummary, TrainingSummary};
pub use trainer::Trainer;
