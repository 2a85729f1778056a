use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::risk_entry::RiskEntry;
use super::{ENCODER, FORMAT_VERSION, MANIFEST};
use crate::calibration::Calibration;
use crate::encoder::{EncoderKind, is_plain};
use crate::set_rule::SetRule;
use crate::task_names::{self, MAX_LABELS};
use crate::{Error, FeatureSettings, TaskKind, TrainingSummary};

/// `manifest.json`.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub(super) format_version: u32,
    pub(super) created_by: String,
    pub(super) segmenter: String,
    pub(super) features: FeatureSettings,
    pub(super) tasks: Vec<TaskEntry>,
    pub(super) training: TrainingSummary,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) encoder: Option<EncoderEntry>,
    pub(super) files: BTreeMap<String, FileEntry>,
}

/// The encoder whose files are listed with the others.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct EncoderEntry {
    pub(super) kind: EncoderKind,
    /// Numbers in an embedding.
    pub(super) width: usize,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct TaskEntry {
    pub(super) name: String,
    /// `path` or `set`; absent where the labels are single ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<String>,
    pub(super) labels: Vec<LabelEntry>,
    /// Of a set: probabilities and threshold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) set: Option<SetRule>,
    pub(super) calibration: Calibration,
    pub(super) threshold: Option<f32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) risk: Option<RiskEntry>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct LabelEntry {
    pub(super) label: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct FileEntry {
    pub(crate) sha256: String,
    pub(crate) size: u64,
}

/// More numbers than any embedding has.
const MAX_WIDTH: usize = 1 << 16;

/// The one segmenter there is; a bundle made with another gives other words.
pub(super) const JIEBA: &str = "jieba";

impl TaskEntry {
    /// The kind of the task; `None` where it is one that this version does not know.
    pub(super) fn kind(&self) -> Option<TaskKind> {
        self.kind.as_deref().map_or(Some(TaskKind::Label), TaskKind::from_name)
    }
}

impl Manifest {
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, Error> {
        #[derive(Deserialize)]
        struct Version {
            format_version: u32,
        }
        let wrong = |error: serde_json::Error| {
            let (line, column) = (error.line(), error.column());
            let cause = match error.classify() {
                serde_json::error::Category::Data => "a field is missing or of the wrong type",
                serde_json::error::Category::Eof => "the file ends too early",
                _ => "this is not JSON",
            };
            Error::bundle(MANIFEST, format!("line {line}, column {column}: {cause}"))
        };
        // The version first: of a newer format nothing else need be as expected.
        let version: Version = serde_json::from_slice(bytes).map_err(wrong)?;
        if version.format_version == 0 || version.format_version > FORMAT_VERSION {
            let found = version.format_version;
            let problem =
                format!("expected format version 1 to {FORMAT_VERSION}, found {found}: use a newer paidan");
            return Err(Error::bundle(MANIFEST, problem));
        }
        let manifest: Self = serde_json::from_slice(bytes).map_err(wrong)?;
        manifest.check()?;
        Ok(manifest)
    }

    /// The files in the encoder's folder, by names without it.
    pub(super) fn encoder_files(&self) -> BTreeMap<String, FileEntry> {
        let inside = |name: &String| name.strip_prefix(ENCODER)?.strip_prefix('/').map(str::to_owned);
        self.files.iter().filter_map(|(name, entry)| Some((inside(name)?, entry.clone()))).collect()
    }

    fn check(&self) -> Result<(), Error> {
        let wrong = |problem: String| Err(Error::bundle(MANIFEST, problem));
        if self.segmenter != JIEBA {
            return wrong(format!("expected segmenter `{JIEBA}`, found `{}`", self.segmenter));
        }
        if let Some(problem) = self.features.problem() {
            return wrong(format!("features: expected {problem}"));
        }
        if let Some(EncoderEntry { width, .. }) = self.encoder
            && !(1..=MAX_WIDTH).contains(&width)
        {
            return wrong(format!("encoder: expected embeddings of 1 to {MAX_WIDTH} numbers, found {width}"));
        }
        if let Some(name) = self.encoder_files().keys().find(|name| !is_plain(name)) {
            let shown = name.escape_debug();
            return wrong(format!("expected a plain name of a file in `{ENCODER}`, found `{shown}`"));
        }
        if let Some(problem) = task_names::problem(self.tasks.iter().map(|task| task.name.as_str())) {
            return wrong(problem);
        }
        for task in &self.tasks {
            let name = &task.name;
            if task.labels.is_empty() || task.labels.len() > MAX_LABELS {
                return wrong(format!("task `{name}`: expected 1 to {MAX_LABELS} labels"));
            }
            let mut labels: Vec<&str> = task.labels.iter().map(|entry| entry.label.as_str()).collect();
            labels.sort_unstable();
            if labels.windows(2).any(|pair| pair.first() == pair.get(1)) {
                return wrong(format!("task `{name}`: a label stands twice"));
            }
            let Some(kind) = task.kind() else {
                let found = task.kind.as_deref().unwrap_or_default().escape_debug();
                return wrong(format!(
                    "task `{name}`: expected kind `label`, `path` or `set`, found `{found}`: use a newer paidan"
                ));
            };
            let rule_fits = task.set.as_ref().is_some_and(|rule| rule.is_valid(task.labels.len()));
            if task.set.is_some() != (kind == TaskKind::Set) || task.set.is_some() && !rule_fits {
                return wrong(format!("task `{name}`: expected the probabilities of a set for sets only"));
            }
            if !task.calibration.is_valid() {
                return wrong(format!("task `{name}`: the calibration is out of range"));
            }
            if task.threshold.is_some_and(|threshold| !(0.0..=1.0).contains(&threshold)) {
                return wrong(format!("task `{name}`: expected a threshold between 0 and 1"));
            }
            let problem = task.risk.as_ref().and_then(|risk| risk.problem(task.threshold, &labels));
            if let Some(problem) = problem {
                return wrong(format!("task `{name}`: {problem}"));
            }
        }
        Ok(())
    }
}
