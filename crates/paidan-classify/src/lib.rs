//! Classification of prepared tickets: lexical features, linear heads, calibrated probabilities, and the
//! bundle in which a model is kept.
mod bundle;
mod calibration;
mod encoder;
mod error;
mod evaluate;
mod explain;
mod features;
mod heads;
mod labels;
mod model;
mod path_tree;
mod progress;
mod risk;
mod set_rule;
mod task_kind;
mod task_names;
mod train;
mod vectors;

pub use bundle::FORMAT_VERSION;
pub use encoder::{
    Embedder, Embeddings, EncoderError, EncoderFiles, EncoderKind, TrainingEncoder, embed_tickets,
};
pub use error::{Error, ErrorKind};
pub use evaluate::{
    AcceptedFigures, CandidateFigures, ClassFigures, ConfusionMatrix, Coverage, CoveragePoint, Curves, Drift,
    DriftLevel, Interval, LevelFigures, Outcome, Profile, ReliabilityBin, SetFigures, Shift, TaskReport,
    Truth,
};
pub use explain::{Contributions, Explainer, NgramContribution, SpanContribution, WordWeight};
pub use features::{FeatureSettings, Vocabulary, VocabularyPolicy};
pub use labels::{LabelIndex, LabelSet};
pub use model::{Model, Task};
pub use progress::{Observer, Progress, Silent};
pub use risk::{
    Answer, CandidateFit, CandidateRule, Certification, Certified, FoundThresholds, LabelCertification,
    MAX_CANDIDATES, Need, PerLabel, Promise, RiskControl, ThresholdSearch, Thresholds,
};
pub use task_kind::{MAX_LEVELS, TaskKind};
pub use train::{
    ClassAudit, Dataset, EncoderSummary, Example, LabelDoubt, TaskAudit, TaskSettings, TaskSummary,
    TrainSettings, Trainer, TrainingSummary,
};
