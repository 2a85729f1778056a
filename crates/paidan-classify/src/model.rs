use paidan_text::{Dictionary, PreparedTicket};

use crate::calibration::Calibration;
use crate::encoder::{EncoderFiles, ModelEncoder};
use crate::features::Vectorizer;
use crate::heads::Heads;
use crate::risk::{RiskControl, Thresholds};
use crate::{FeatureSettings, LabelIndex, LabelSet, TrainingSummary, Vocabulary};

/// A trained classifier: features, one head a task, calibration.
#[derive(Clone, Debug)]
pub struct Model {
    pub(crate) vectorizer: Vectorizer,
    pub(crate) tasks: Vec<Task>,
    /// One head for each of `tasks`, in their order.
    pub(crate) heads: Heads,
    pub(crate) dictionary: Dictionary,
    pub(crate) encoder: Option<ModelEncoder>,
    pub(crate) summary: TrainingSummary,
}

/// One question that a model answers: a column of labels.
#[derive(Clone, Debug)]
pub struct Task {
    pub(crate) name: String,
    pub(crate) labels: LabelSet,
    pub(crate) names: Vec<Option<String>>,
    pub(crate) calibration: Calibration,
    pub(crate) risk: RiskControl,
}

impl Model {
    /// The tasks, in the order in which they were trained.
    pub fn tasks(&self) -> &[Task] {
        &self.tasks
    }

    /// The words that the segmenter must be given besides jieba's own.
    pub fn dictionary(&self) -> &Dictionary {
        &self.dictionary
    }

    /// The n-grams that the model knows.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vectorizer.vocabulary
    }

    /// Which n-grams are counted, and how.
    pub fn features(&self) -> &FeatureSettings {
        &self.vectorizer.settings
    }

    /// Sets the least probability at which answers to `task` are accepted without a person; `None` leaves
    /// them all to a person. `false` where there is no such task.
    pub fn set_threshold(&mut self, task: &str, threshold: Option<f32>) -> bool {
        let thresholds = Thresholds::Pooled(threshold.map(|threshold| threshold.clamp(0.0, 1.0)));
        let found = self.tasks.iter_mut().find(|other| other.name == task);
        found.map(|task| task.risk = RiskControl { thresholds, promise: None, ..task.risk.clone() }).is_some()
    }

    /// Sets what was found for `task` on labelled rows. `false` where there is no such task.
    pub fn set_risk(&mut self, task: &str, risk: RiskControl) -> bool {
        let found = self.tasks.iter_mut().find(|other| other.name == task);
        found.map(|task| task.risk = risk).is_some()
    }

    /// What was found out in training.
    pub fn summary(&self) -> &TrainingSummary {
        &self.summary
    }

    /// The files of the model's encoder; `None` where it has words and characters only.
    pub fn encoder(&self) -> Option<&EncoderFiles> {
        self.encoder.as_ref().map(|encoder| &encoder.files)
    }

    /// Numbers in an embedding of the model's encoder; 0 where it has none.
    pub fn embedding_width(&self) -> usize {
        self.encoder.as_ref().map_or(0, |encoder| encoder.centering.mean.len())
    }

    /// Probabilities of all labels: one list a task, each adding up to 1. Where the model has an encoder, what they
    /// are without what it says.
    pub fn probabilities(&self, ticket: &PreparedTicket) -> Vec<Vec<f32>> {
        self.probabilities_with(ticket, &[])
    }

    /// [`probabilities`](Self::probabilities) with the `embedding` of the ticket by the model's encoder, of
    /// [`embedding_width`](Self::embedding_width) numbers.
    pub fn probabilities_with(&self, ticket: &PreparedTicket, embedding: &[f32]) -> Vec<Vec<f32>> {
        let mut vector = self.vectorizer.vector(ticket);
        if let (Some(encoder), false) = (&self.encoder, embedding.is_empty()) {
            vector.append(self.vectorizer.idf.len(), &encoder.centering.apply(embedding));
        }
        let scores = self.heads.scores(&vector.indices, &vector.values);
        let of_task = |(index, task): (usize, &Task)| {
            let mut scores = scores.get(self.heads.columns(index)).unwrap_or_default().to_vec();
            task.calibration.apply(&mut scores);
            scores
        };
        self.tasks.iter().enumerate().map(of_task).collect()
    }
}

impl Task {
    /// The task's name, for instance `department`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its labels.
    pub fn labels(&self) -> &LabelSet {
        &self.labels
    }

    /// Finds labels however they are spelled.
    pub fn label_index(&self) -> LabelIndex {
        self.labels.index()
    }

    /// The Chinese name of label `index`, where the label is a code.
    pub fn label_name(&self, index: usize) -> Option<&str> {
        self.names.get(index)?.as_deref()
    }

    /// The least probability at which an answer is accepted without a person, where that is one for all
    /// labels; `None` where none was set.
    pub fn threshold(&self) -> Option<f32> {
        match self.risk.thresholds {
            Thresholds::Pooled(threshold) => threshold,
            Thresholds::PerLabel { .. } => None,
        }
    }

    /// Which answers are accepted, what that promises, and which labels a person is shown.
    pub fn risk(&self) -> &RiskControl {
        &self.risk
    }
}
