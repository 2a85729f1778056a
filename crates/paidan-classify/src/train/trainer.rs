use paidan_text::{Dictionary, Segmenter, TextMasker};

use super::embedding_weight::choose_embedding_weights;
use super::finish::FittedTask;
use super::fit::{FitPlan, FitTask};
use super::levels::parts;
use super::rows::Rows;
use super::size::TaskSize;
use super::summary::{EncoderSummary, TrainingSummary};
use super::targets::Targets;
use super::vectorize::{embed, vectorize, word_vectors};
use super::{Dataset, TrainSettings};
use crate::encoder::{Centering, Embeddings, ModelEncoder, TrainingEncoder};
use crate::features::{Vectorizer, VocabularyBuilder};
use crate::heads::Heads;
use crate::labels::{LabelReport, LabelSet};
use crate::model::Model;
use crate::path_tree::PathTree;
use crate::progress::{Observer, report};
use crate::task_names::MAX_LABELS;
use crate::vectors::WordVectors;
use crate::{Error, FeatureSettings, TaskKind, Vocabulary};

/// Makes a [`Model`] of labelled tickets.
#[derive(Clone, Debug, Default)]
pub struct Trainer {
    pub(super) settings: TrainSettings,
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
        self.fit_with(dataset, dictionary, segmenter, None, observer)
    }

    /// [`fit`](Self::fit) with what `encoder` says of each ticket beside its words; the bundle carries the encoder.
    ///
    /// # Errors
    ///
    /// Those of `fit`, and those of the encoder.
    pub fn fit_with(
        &self,
        dataset: &Dataset,
        dictionary: &Dictionary,
        segmenter: &dyn Segmenter,
        encoder: Option<TrainingEncoder<'_>>,
        observer: &dyn Observer,
    ) -> Result<Model, Error> {
        // Equal texts share a fold.
        let each = (0..dataset.len() as u32).collect();
        let mut prepared = self.prepare(dataset, segmenter, encoder, each, observer)?;
        if prepared.embedded.is_some() {
            let chosen = self.embedding_weights(dataset, &prepared, observer)?;
            prepared.tasks.iter_mut().zip(chosen).for_each(|(task, weight)| task.embedding_weight = weight);
        }
        let plan = prepared.plan(self.settings.seed);
        let cross_scores = match self.settings.folds {
            0 => None,
            _ => Some(plan.cross_scores("cross-validate", observer)?),
        };
        let weights = plan.weights(observer)?;
        let Prepared { vectorizer, vectors, embedded, tasks, collected, .. } = prepared;
        let encoder = encoder.zip(embedded.as_ref());
        let weight_of = |(name, task): (&String, &FitTask)| (name.clone(), task.embedding_weight);
        let mut model = Model {
            encoder: encoder.map(|(encoder, (_, centering))| ModelEncoder {
                files: encoder.files.clone(),
                centering: centering.clone(),
            }),
            summary: TrainingSummary {
                tickets: dataset.len(),
                groups: dataset.group_count(),
                features: vectorizer.vocabulary.len(),
                unlabelled: dataset.unlabelled().len(),
                seed: self.settings.seed,
                encoder: embedded.as_ref().map(|(embeddings, _)| EncoderSummary {
                    width: embeddings.width(),
                    truncated: embeddings.truncated(),
                    weights: dataset.tasks().iter().zip(&tasks).map(weight_of).collect(),
                }),
                tasks: Vec::new(),
            },
            vectorizer,
            tasks: Vec::new(),
            heads: Heads::default(),
            dictionary: dictionary.clone(),
        };
        let mut heads = Vec::new();
        for (task, (weights, (labels, targets, merged))) in weights.into_iter().zip(collected).enumerate() {
            let name = &dataset.tasks()[task];
            let fitted = FittedTask {
                name,
                kind: dataset.kind(task),
                weights,
                labels,
                targets: &targets,
                scored: &tasks[task].scored,
                row_weights: dataset.weights(task),
                merged: &merged,
                vectors: vectors.as_ref(),
                cross_scores: cross_scores.as_ref().and_then(|scores| scores.get(task)),
            };
            let (task, head, summary) = fitted.finish(&self.settings.task(name));
            heads.push(head);
            model.tasks.push(task);
            model.summary.tasks.push(summary);
        }
        model.heads = Heads::new(heads);
        Ok(model)
    }

    /// Counts features and says what is to be fitted; tickets with the same number in `copies` share a fold.
    pub(super) fn prepare(
        &self,
        dataset: &Dataset,
        segmenter: &dyn Segmenter,
        encoder: Option<TrainingEncoder<'_>>,
        copies: Vec<u32>,
        observer: &dyn Observer,
    ) -> Result<Prepared, Error> {
        self.settings.check(dataset.tasks())?;
        let collected: Vec<(LabelSet, Targets, LabelReport)> =
            (0..dataset.tasks().len()).map(|task| dataset.labels(task)).collect::<Result<_, Error>>()?;
        for (name, (labels, ..)) in dataset.tasks().iter().zip(&collected) {
            check_labels(name, labels, dataset.len())?;
        }
        let vectorizer = self.vectorizer(dataset, segmenter, observer)?;
        let embedded = encoder.map(|encoder| embed(encoder, dataset.tickets(), observer)).transpose()?;
        let vectors = word_vectors(&vectorizer, dataset, observer)?;
        let rows = vectorize(&vectorizer, dataset.tickets(), vectors.as_ref(), embedded.as_ref(), observer)?;
        let folds = self.folds(dataset, &copies, self.settings.folds.max(1));
        let width = embedded.as_ref().map_or(0, |(embeddings, _)| embeddings.width());
        let features = vectorizer.vocabulary.len() + width;
        let fit_task = |(task, (labels, targets, _)): (usize, &(LabelSet, Targets, LabelReport))| {
            let settings = self.settings.task(&dataset.tasks()[task]);
            let weights = dataset.weights(task);
            let tree = (dataset.kind(task) == TaskKind::Path).then(|| PathTree::new(labels));
            let costs = |targets: &Targets, classes: usize| {
                positive_costs(targets, classes, weights, settings.class_balance)
            };
            let size = TaskSize { rows: targets.known(), classes: labels.len(), features };
            let held_out = size.held_out(self.settings.folds as u32);
            FitTask {
                parts: parts(targets, labels.len(), tree.as_ref(), costs),
                costs: weights.iter().map(|weight| settings.cost * weight).collect(),
                relevance: settings.relevance,
                centroid: settings.centroid,
                classes: labels.len(),
                embedding_weight: 0.0,
                scored: size.scored(targets, &folds, &held_out),
                held_out,
                is_set: dataset.kind(task) == TaskKind::Set,
                is_sparse: size.is_sparse(),
            }
        };
        let tasks = collected.iter().enumerate().map(fit_task).collect();
        Ok(Prepared { vectorizer, vectors, embedded, rows, copies, folds, tasks, collected })
    }

    /// How much the embedding counts in each task.
    fn embedding_weights(
        &self,
        dataset: &Dataset,
        prepared: &Prepared,
        observer: &dyn Observer,
    ) -> Result<Vec<f32>, Error> {
        let asked: Vec<Option<f32>> =
            dataset.tasks().iter().map(|task| self.settings.task(task).embedding_weight).collect();
        let weights: Vec<&[f32]> = (0..prepared.tasks.len()).map(|task| dataset.weights(task)).collect();
        let split = self.folds(dataset, &prepared.copies, self.settings.folds.max(INNER_FOLDS));
        let first_fold = |(task, (labels, targets, _)): (&FitTask, &(LabelSet, Targets, LabelReport))| {
            let features = prepared.features();
            let size = TaskSize { rows: targets.known(), classes: labels.len(), features };
            FitTask { held_out: vec![0], scored: size.scored(targets, &split, &[0]), ..task.clone() }
        };
        let tasks: Vec<FitTask> = prepared.tasks.iter().zip(&prepared.collected).map(first_fold).collect();
        let plan = FitPlan { tasks: &tasks, folds: &split, ..prepared.plan(self.settings.seed) };
        choose_embedding_weights(&plan, &asked, &weights, observer)
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
        // Words that only tickets without labels hold get their weights from words that are like them.
        let words = FeatureSettings { char_ngrams: 0, word_ngrams: 1, title_weight: 0.0, ..features.clone() };
        let unlabelled = VocabularyBuilder::count(dataset.unlabelled(), |_| 0, &words);
        let (vocabulary, frequencies): (Vocabulary, _) =
            counts.finish(unlabelled, dataset.len(), &self.settings.vocabulary, segmenter)?;
        if vocabulary.is_empty() {
            return Err(Error::data(format!(
                "expected words that occur in at least {} tickets, found none in {} tickets",
                self.settings.vocabulary.min_tickets,
                dataset.len()
            )));
        }
        Ok(Vectorizer::new(features.clone(), vocabulary, dataset.len(), &frequencies))
    }

    /// The fold of each ticket, decided by the text of the first of its copies.
    fn folds(&self, dataset: &Dataset, copies: &[u32], folds: usize) -> Vec<u32> {
        let folds = folds as u64;
        let fold = |first: &u32| {
            let Some(ticket) = dataset.tickets().get(*first as usize) else { return 0 };
            let fnv = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            let bytes = ticket.title.masked().bytes().chain([0]).chain(ticket.text.masked().bytes());
            let hash = bytes.fold(0xcbf2_9ce4_8422_2325 ^ self.settings.seed, fnv);
            (((hash ^ (hash >> 32)) & 0xffff_ffff) % folds) as u32
        };
        copies.iter().map(fold).collect()
    }
}

/// Counted features of a dataset, and what is to be fitted.
pub(super) struct Prepared {
    pub(super) vectorizer: Vectorizer,
    pub(super) vectors: Option<WordVectors>,
    pub(super) embedded: Option<(Embeddings, Centering)>,
    pub(super) rows: Rows,
    /// The first of the copies of each ticket, itself where it has none.
    pub(super) copies: Vec<u32>,
    pub(super) folds: Vec<u32>,
    pub(super) tasks: Vec<FitTask>,
    pub(super) collected: Vec<(LabelSet, Targets, LabelReport)>,
}

impl Prepared {
    pub(super) fn plan(&self, seed: u64) -> FitPlan<'_> {
        FitPlan {
            rows: &self.rows,
            tasks: &self.tasks,
            folds: &self.folds,
            features: self.features() + self.vector_width(),
            lexical: self.vectorizer.vocabulary.len(),
            vectors: self.vector_width(),
            seed,
        }
    }

    /// Numbers of the vectors of words.
    fn vector_width(&self) -> usize {
        self.vectors.as_ref().map_or(0, WordVectors::width)
    }

    /// Features of the finished model.
    fn features(&self) -> usize {
        let width = self.embedded.as_ref().map_or(0, |(embeddings, _)| embeddings.width());
        self.vectorizer.vocabulary.len() + width
    }
}

/// Refuses columns that do not hold labels: a model keeps its labels as they are, so none may be a text.
fn check_labels(task: &str, labels: &LabelSet, rows: usize) -> Result<(), Error> {
    if labels.is_empty() {
        return Err(Error::data(format!("task `{task}`: expected labels, found none in {rows} rows")));
    }
    if labels.len() > MAX_LABELS {
        let found = labels.len();
        return Err(Error::data(format!(
            "task `{task}`: expected at most {MAX_LABELS} labels, found {found}: is this a column of labels?"
        )));
    }
    let masker = TextMasker::default();
    let no_label =
        |label: &&str| !masker.mask(label).pii().is_empty() || label.chars().count() > MAX_LABEL_CHARS;
    match labels.iter().filter(no_label).count() {
        0 => Ok(()),
        texts => Err(Error::data(format!(
            "task `{task}`: {texts} labels hold personal data or more than {MAX_LABEL_CHARS} characters: \
             is this a column of labels?"
        ))),
    }
}

/// The longest label, in characters; a path of five levels fits.
const MAX_LABEL_CHARS: usize = 200;

/// Folds where the weight of the embedding is chosen and nothing else asks for any.
const INNER_FOLDS: usize = 2;

/// How much more an error costs in a row of each class itself: the size of the largest class over its own,
/// to the power of `balance`, at most [`MAX_POSITIVE_COST`].
fn positive_costs(targets: &Targets, classes: usize, weights: &[f32], balance: f32) -> Vec<f32> {
    let mut sizes = vec![0.0f32; classes];
    for (own, weight) in targets.iter().zip(weights) {
        own.unwrap_or_default().iter().for_each(|class| sizes[*class as usize] += weight);
    }
    let largest = sizes.iter().copied().fold(0.0, f32::max);
    let cost = |&size: &f32| {
        if size > 0.0 { (largest / size).powf(balance).min(MAX_POSITIVE_COST) } else { 1.0 }
    };
    sizes.iter().map(cost).collect()
}

/// Beyond this a class of one or two rows would bend the weights to them.
const MAX_POSITIVE_COST: f32 = 20.0;
