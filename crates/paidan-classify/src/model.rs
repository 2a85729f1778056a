use paidan_text::{Dictionary, PreparedTicket};

use crate::calibration::Calibration;
use crate::encoder::{EncoderFiles, ModelEncoder};
use crate::features::Vectorizer;
use crate::heads::Heads;
use crate::path_tree::{PathTree, levels_of};
use crate::risk::{RiskControl, Thresholds};
use crate::set_rule::SetRule;
use crate::{FeatureSettings, LabelIndex, LabelSet, TaskKind, TrainingSummary, Truth, Vocabulary};

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
    pub(crate) form: Form,
    pub(crate) calibration: Calibration,
    pub(crate) risk: RiskControl,
}

/// What the kind of a task needs besides its labels.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Form {
    Label,
    Path(PathTree),
    Set(SetRule),
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

    /// Probabilities of all labels: one list a task. Those of a set stand each by itself, those of other tasks
    /// add up to 1. Where the model has an encoder, what they are without what it says.
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
            task.apply_link(&mut scores);
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

    /// What its labels are.
    pub fn kind(&self) -> TaskKind {
        match &self.form {
            Form::Label => TaskKind::Label,
            Form::Path(_) => TaskKind::Path,
            Form::Set(_) => TaskKind::Set,
        }
    }

    /// The levels of label `index` of a path task, the broadest first, each with the probability that the
    /// ticket belongs there: the sum over all labels below it. Empty for other tasks.
    pub fn levels(&self, index: usize, probabilities: &[f32]) -> Vec<(&str, f32)> {
        let (Form::Path(tree), Some(label)) = (&self.form, self.labels.get(index)) else { return Vec::new() };
        let level = |(level, name)| {
            let node = tree.node(level, index)?;
            Some((name, tree.probability(level, node, probabilities)))
        };
        levels_of(label).enumerate().filter_map(level).collect()
    }

    /// The labels that a ticket of a set task gets, the most probable first. Empty for other tasks.
    pub fn members(&self, probabilities: &[f32]) -> Vec<usize> {
        let Form::Set(rule) = &self.form else { return Vec::new() };
        let given = |index: &usize| probabilities.get(*index).is_some_and(|p| *p >= rule.threshold());
        let mut members: Vec<usize> = (0..probabilities.len()).filter(given).collect();
        let key = |index: &usize| probabilities.get(*index).copied().unwrap_or_default();
        members.sort_by(|a, b| key(b).total_cmp(&key(a)).then(a.cmp(b)));
        members
    }

    /// The least probability of a label that a ticket of a set task gets; `None` for other tasks.
    pub fn set_threshold(&self) -> Option<f32> {
        match &self.form {
            Form::Set(rule) => Some(rule.threshold()),
            _ => None,
        }
    }

    /// What the `value` of a column says is true; `None` where it is blank. `index` is that of this task.
    ///
    /// # Errors
    ///
    /// What is wrong with the value, without its words.
    pub fn truth(&self, index: &LabelIndex, value: &str) -> Result<Option<Truth>, &'static str> {
        let kind = self.kind();
        let Some(labels) = kind.labels_of(value)? else { return Ok(None) };
        let found = |label: &String| index.find(label).ok_or_else(|| label.trim().to_owned());
        if kind != TaskKind::Set {
            let truth = |label| found(label).map_or_else(Truth::Unknown, Truth::Known);
            return Ok(labels.first().map(truth));
        }
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for label in &labels {
            match found(label) {
                Ok(index) => known.push(index),
                Err(label) => unknown.push(label),
            }
        }
        known.sort_unstable();
        known.dedup();
        unknown.sort_unstable();
        unknown.dedup();
        Ok(Some(Truth::Set { known, unknown }))
    }

    pub(crate) fn apply_link(&self, scores: &mut [f32]) {
        match &self.form {
            Form::Set(rule) => rule.apply(scores),
            _ => self.calibration.apply(scores),
        }
    }

    /// Its labels. Those of a path task are whole paths, `a > b > c`.
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
