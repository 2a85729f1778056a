use std::collections::HashMap;

use paidan_text::{Dictionary, PreparedTicket, Segmenter};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::fit::{FitPlan, FitTask, Weights};
use super::rows::Rows;
use super::{Dataset, TaskSettings, TrainSettings};
use crate::calibration::TemperatureScaling;
use crate::evaluate::{Outcome, TaskReport};
use crate::features::{Vectorizer, VocabularyBuilder};
use crate::head::LinearHead;
use crate::labels::{LabelReport, LabelSet, label_key};
use crate::model::{Model, Task};
use crate::progress::{Observer, report};
use crate::{Error, Vocabulary};

/// Makes a [`Model`] of labelled tickets.
#[derive(Clone, Debug, Default)]
pub struct Trainer {
    settings: TrainSettings,
}

/// What training found out; no text of any ticket.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TrainingSummary {
    /// Tickets used.
    pub tickets: usize,
    /// Groups they come from.
    pub groups: usize,
    /// N-grams kept.
    pub features: usize,
    /// The seed.
    pub seed: u64,
    /// One entry a task.
    pub tasks: Vec<TaskSummary>,
}

/// What training found out about one task.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TaskSummary {
    /// The task.
    pub task: String,
    /// Tickets with a label.
    pub rows: usize,
    /// Labels.
    pub labels: usize,
    /// Cross-validated figures by name; empty where nothing could be measured.
    pub metrics: std::collections::BTreeMap<String, f64>,
    /// Remarks for the user, for instance merged spellings.
    pub notes: Vec<String>,
}

impl Trainer {
    /// A trainer with these settings.
    pub fn new(settings: TrainSettings) -> Self {
        Self { settings }
    }

    /// Trains all tasks of `dataset`; features are counted once for all of them.
    ///
    /// `dictionary` is what the segmenter was given besides jieba's own words; it is stored in the model.
    /// Runs on the threads of the current rayon pool; the result does not depend on their number.
    ///
    /// # Errors
    ///
    /// Settings out of range, a task without any label, no ticket with a feature, or a wish to stop.
    pub fn fit(
        &self,
        dataset: &Dataset,
        dictionary: &Dictionary,
        segmenter: &dyn Segmenter,
        observer: &dyn Observer,
    ) -> Result<Model, Error> {
        self.settings.check(dataset.tasks())?;
        let collected: Vec<_> = (0..dataset.tasks().len()).map(|task| dataset.labels(task)).collect();
        for (name, (labels, ..)) in dataset.tasks().iter().zip(&collected) {
            if labels.is_empty() {
                let rows = dataset.len();
                return Err(Error::data(format!(
                    "task `{name}`: expected labels, found none in {rows} rows"
                )));
            }
        }
        let vectorizer = self.vectorizer(dataset, segmenter, observer)?;
        let rows = vectorize(&vectorizer, dataset.tickets(), observer)?;
        let folds = self.folds(dataset);
        let tasks: Vec<FitTask> = collected
            .iter()
            .enumerate()
            .map(|(task, (labels, targets, _))| {
                let settings = self.settings.task(&dataset.tasks()[task]);
                let costs = costs(targets, labels.len(), dataset.weights(task), &settings);
                FitTask { targets: targets.clone(), costs, classes: labels.len() }
            })
            .collect();
        let plan = FitPlan {
            rows: &rows,
            tasks: &tasks,
            folds: &folds,
            features: vectorizer.vocabulary.len(),
            seed: self.settings.seed,
        };
        let cross_scores = match self.settings.folds {
            0 => None,
            folds => Some(plan.cross_scores(folds as u32, observer)?),
        };
        let weights = plan.weights(observer)?;
        let mut model = Model {
            vectorizer,
            tasks: Vec::new(),
            dictionary: dictionary.clone(),
            summary: TrainingSummary {
                tickets: dataset.len(),
                groups: dataset.group_count(),
                features: plan.features,
                seed: self.settings.seed,
                tasks: Vec::new(),
            },
        };
        for (task, (weights, (labels, targets, merged))) in weights.into_iter().zip(collected).enumerate() {
            let name = &dataset.tasks()[task];
            let scores = cross_scores.as_ref().and_then(|scores| scores.get(task));
            let (task, summary) =
                finish_task(name, weights, labels, &targets, &merged, scores, &self.settings.task(name));
            model.tasks.push(task);
            model.summary.tasks.push(summary);
        }
        Ok(model)
    }

    fn vectorizer(
        &self,
        dataset: &Dataset,
        segmenter: &dyn Segmenter,
        observer: &dyn Observer,
    ) -> Result<Vectorizer, Error> {
        report(observer, "count", 0, None)?;
        let features = &self.settings.features;
        let counts = VocabularyBuilder::count(dataset.tickets(), |ticket| dataset.group(ticket), features);
        let (vocabulary, frequencies): (Vocabulary, _) =
            counts.finish(&self.settings.vocabulary, segmenter)?;
        if vocabulary.is_empty() {
            return Err(Error::data(format!(
                "expected words that occur in at least {} tickets, found none in {} tickets",
                self.settings.vocabulary.min_tickets,
                dataset.len()
            )));
        }
        Ok(Vectorizer::new(features.clone(), vocabulary, dataset.len(), &frequencies))
    }

    /// The fold of each ticket, decided by its text, so that equal texts share a fold.
    fn folds(&self, dataset: &Dataset) -> Vec<u32> {
        let folds = self.settings.folds.max(1) as u64;
        let fold = |ticket: &PreparedTicket| {
            let fnv = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            let bytes = ticket.title.masked().bytes().chain([0]).chain(ticket.text.masked().bytes());
            let hash = bytes.fold(0xcbf2_9ce4_8422_2325 ^ self.settings.seed, fnv);
            (((hash ^ (hash >> 32)) & 0xffff_ffff) % folds) as u32
        };
        dataset.tickets().iter().map(fold).collect()
    }
}

fn vectorize(
    vectorizer: &Vectorizer,
    tickets: &[PreparedTicket],
    observer: &dyn Observer,
) -> Result<Rows, Error> {
    let mut rows = Rows::default();
    for chunk in tickets.chunks(2048) {
        report(observer, "vectorize", rows.len(), Some(tickets.len()))?;
        let vectors: Vec<_> = chunk.par_iter().map(|ticket| vectorizer.vector(ticket)).collect();
        vectors.iter().for_each(|vector| rows.push(vector));
    }
    Ok(rows)
}

/// Cost of an error on each row: the task's cost times the row's weight times that of its class.
fn costs(targets: &[Option<u32>], classes: usize, weights: &[f32], settings: &TaskSettings) -> Vec<f32> {
    let mut sums = vec![0.0f32; classes];
    for (target, weight) in targets.iter().zip(weights) {
        if let Some(target) = target {
            sums[*target as usize] += weight;
        }
    }
    let mean = sums.iter().sum::<f32>() / classes.max(1) as f32;
    let of_class: Vec<f32> = sums
        .iter()
        .map(|&sum| if sum > 0.0 { (mean / sum).powf(settings.class_balance) } else { 1.0 })
        .collect();
    let cost = |(target, weight): (&Option<u32>, &f32)| match target {
        Some(class) => settings.cost * weight * of_class[*class as usize],
        None => 0.0,
    };
    targets.iter().zip(weights).map(cost).collect()
}

fn finish_task(
    name: &str,
    weights: Weights,
    labels: LabelSet,
    targets: &[Option<u32>],
    merged: &LabelReport,
    cross_scores: Option<&Vec<f32>>,
    settings: &TaskSettings,
) -> (Task, TaskSummary) {
    let head = LinearHead::quantize(weights.rows.chunks(weights.classes), weights.bias);
    let mut summary = TaskSummary {
        task: name.to_owned(),
        rows: targets.iter().flatten().count(),
        labels: labels.len(),
        notes: notes(&labels, merged),
        ..TaskSummary::default()
    };
    let mut calibration = TemperatureScaling::fit(&[], 0, &[]);
    if let (Some(scores), true) = (cross_scores, labels.len() > 1) {
        calibration = TemperatureScaling::fit(scores, labels.len(), targets);
        let outcomes: Vec<Outcome> = scores
            .chunks(labels.len())
            .zip(targets)
            .filter(|(_, target)| target.is_some())
            .map(|(scores, &truth)| {
                let mut probabilities = scores.to_vec();
                calibration.apply(&mut probabilities);
                Outcome { truth, probabilities }
            })
            .collect();
        let report = TaskReport::new(name, &labels, &outcomes);
        summary.metrics = [
            ("accuracy", report.accuracy),
            ("top3_accuracy", report.top3_accuracy),
            ("macro_f1", report.macro_f1),
            ("expected_calibration_error", report.expected_calibration_error),
            ("log_loss", report.log_loss),
        ]
        .map(|(name, value)| (name.to_owned(), (value * 1e4).round() / 1e4))
        .into();
    }
    let names: HashMap<String, &String> =
        settings.names.iter().map(|(label, name)| (label_key(label), name)).collect();
    let names = labels.iter().map(|label| names.get(&label_key(label)).map(|name| (*name).clone())).collect();
    (Task { name: name.to_owned(), labels, names, head, calibration, threshold: None }, summary)
}

fn notes(labels: &LabelSet, report: &LabelReport) -> Vec<String> {
    let mut notes = Vec::new();
    if labels.len() == 1 {
        let label = labels.get(0).unwrap_or_default();
        notes.push(format!("only one label, `{label}`: there is nothing to learn, every ticket gets it"));
    }
    if report.empty > 0 {
        notes.push(format!("{} rows have no label and are left out of this task", report.empty));
    }
    for (label, others) in &report.merged {
        notes.push(format!("read as `{label}`: `{}`", others.join("`, `")));
    }
    if !report.single_example.is_empty() {
        let labels = report.single_example.join("`, `");
        notes.push(format!("labels with a single example, learnt but not measured: `{labels}`"));
    }
    notes
}
