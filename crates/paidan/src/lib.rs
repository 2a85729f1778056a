#![doc = include_str!("../../../README.md")]

mod chinese;
mod contributions;
mod decide;
mod decision;
mod desk;
mod details;
mod device;
mod drift_monitor;
mod emergency;
mod engine;
mod error;
mod evaluator;
mod evidence;
mod locate;
mod prediction;
mod prediction_file;
mod text_encoder;
mod trainer;
#[cfg(feature = "encoder")]
mod transformer;

pub use chinese::task_in_chinese;
pub use contributions::{LabelContributions, NgramShare, TaskContributions, WordContribution};
pub use decision::{Decision, Evidence, Explanation, Reason, WordEvidence};
pub use desk::{Desk, DeskBuilder};
pub use details::{ConfusedPair, EvaluationDetails, TaskDetails, month};
pub use device::{Device, EncoderSettings, Precision};
pub use drift_monitor::DriftMonitor;
pub use emergency::{Alarm, Suppression};
pub use engine::{Engine, EngineBuilder};
pub use error::{Error, ErrorKind};
pub use evaluator::{Evaluation, Evaluator};
pub use locate::locate_bundle;
pub use prediction::{Prediction, PredictionLine, SCHEMA};
pub use prediction_file::PredictionFile;
pub use text_encoder::TextEncoder;
pub use trainer::Trainer;

pub use paidan_catalogue as catalogue;
pub use paidan_catalogue::{Catalogue, Outcome};
pub use paidan_classify::ErrorKind as ClassifyErrorKind;
pub use paidan_classify::{
    AcceptedFigures, Answer, CandidateFigures, CandidateFit, CandidateRule, Certification, Certified,
    ClassAudit, ClassFigures, ConfusionMatrix, Coverage, CoveragePoint, Curves, Drift, DriftLevel,
    Embeddings, EncoderFiles, EncoderKind, EncoderSummary, Example, FORMAT_VERSION, FeatureSettings,
    FoundThresholds, Interval, LabelCertification, LabelDoubt, LevelFigures, MAX_CANDIDATES, MAX_LEVELS,
    Model, Need, Observer, PerLabel, Profile, Progress, Promise, ReliabilityBin, RiskControl, SetFigures,
    Shift, Silent, Task, TaskAudit, TaskKind, TaskReport, TaskSettings, TaskSummary, ThresholdSearch,
    Thresholds, TrainSettings, TrainingSummary, VocabularyPolicy,
};
pub use paidan_data::ErrorKind as DataErrorKind;
pub use paidan_data::{
    Encoding, Note, NoteKind, Record, RecordReader, RowError, Source, TicketColumns, TicketReader,
    TicketRecord,
};
pub use paidan_text::{
    CharOffsets, Dictionary, EmergencyFinder, EmergencyLevel, JiebaSegmenter, PiiKind, PiiSpan, PreparedText,
    Segmenter, TextMasker, Ticket,
};
