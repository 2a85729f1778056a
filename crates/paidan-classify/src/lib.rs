//! Classification of prepared tickets: lexical features, linear heads, calibrated probabilities, and the
//! bundle in which a model is kept.
mod bundle;
mod calibration;
mod error;
mod evaluate;
mod explain;
mod features;
mod heads;
mod labels;
mod model;
mod progress;
mod risk;
mod task_names;
mod train;

pub use bundle::FORMAT_VERSION;
pub use error::{Error, ErrorKind};
pub use evaluate::{ClassFigures, Coverage, Outcome, TaskReport, Truth};
pub use explain::{Explainer, WordWeight};
pub use features::{FeatureSettings, Vocabulary, VocabularyPolicy};
pub use labels::{LabelIndex, LabelSet};
pub use model::{Model, Task};
pub use progress::{Observer, Progress, Silent};
pub use risk::{Certification, Promise};
pub use train::{Dataset, Example, TaskSettings, TaskSummary, TrainSettings, Trainer, TrainingSummary};
