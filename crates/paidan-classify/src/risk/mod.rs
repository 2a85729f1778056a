//! Risk control: what may be promised of answers that no person checks, found on labelled rows that the
//! model was not trained on.
//!
//! | file | what |
//! | --- | --- |
//! | `promise.rs` | the least probability that keeps a promised precision (Learn then Test) |
//! | `per_label.rs` | the same for each label by itself where its rows suffice |
//! | `need.rs` | how many more labelled rows would do where nothing can be certified |
//! | `candidates.rs` | the short list for the person who decides (conformal prediction) |
//! | `search.rs` | all of it for one task |
//! | `control.rs` | what of this is kept in the bundle |
//! | `simulation.rs` | simulated tickets whose truth is known, to try the promises on |

mod binomial;
mod candidates;
mod control;
mod need;
mod per_label;
mod promise;
mod search;

#[cfg(test)]
mod simulation;

pub(crate) use binomial::binomial_cdf;
pub use candidates::{CandidateFit, CandidateRule, MAX_CANDIDATES};
pub use control::{RiskControl, Thresholds};
pub use need::Need;
pub use per_label::{LabelCertification, PerLabel};
pub use promise::{Answer, Certification, Promise};
pub use search::{Certified, FoundThresholds, ThresholdSearch};
