//! Which labels of a dataset are probably wrong (confident learning).

use std::collections::BTreeMap;

use paidan_text::{Dictionary, PreparedTicket, Segmenter};
use rayon::prelude::*;
use serde::Serialize;

use super::near_duplicates::near_duplicates;
use super::trainer::Prepared;
use super::{Dataset, Trainer};
use crate::calibration::Calibration;
use crate::labels::LabelSet;
use crate::progress::Observer;
use crate::{Error, Model, TaskKind};

/// What was found out about the labels of one task.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TaskAudit {
    /// The task.
    pub task: String,
    /// Rows with a label that were judged: those of the classes with more than one row.
    pub rows: usize,
    /// How many of their labels are wrong, estimated from the confident joint.
    pub estimated_errors: f64,
    /// Labels with their thresholds, in the order of the labels.
    pub classes: Vec<ClassAudit>,
    /// The rows whose labels are doubted, the most doubtful first.
    #[serde(skip)]
    pub doubts: Vec<LabelDoubt>,
}

/// What was found out about one label.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClassAudit {
    /// The label.
    pub label: String,
    /// Rows that have it.
    pub rows: usize,
    /// Rows that have it and are doubted.
    pub doubted: usize,
    /// From this probability on a row counts as one of this label: the mean over the rows that have it.
    pub threshold: f32,
}

/// A row whose label is doubted.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelDoubt {
    /// The row, in the order in which tickets were pushed, from 0.
    pub row: usize,
    /// Its label.
    pub given: String,
    /// The label that a model which has not seen the row finds likelier; of near duplicates with several labels
    /// the most frequent other one, where the model agrees with the label given.
    pub suggested: String,
    /// Probability of the label given, by that model.
    pub given_probability: f32,
    /// Probability of the label suggested.
    pub suggested_probability: f32,
    /// Whether the probability of the suggested label reaches its threshold.
    pub is_confident: bool,
    /// Rows with nearly the same text and another label.
    pub duplicates: Vec<usize>,
    /// Dictionary words of the masked ticket that speak for the suggested label rather than the given one, to a
    /// model trained without the rows that are doubted; the strongest first.
    pub words: Vec<String>,
}

/// The most words told of a row.
const WORDS: usize = 6;

impl Trainer {
    /// Finds the rows whose labels are probably wrong, by confident learning (Northcutt, Jiang, Chuang,
    /// "Confident Learning: Estimating Uncertainty in Dataset Labels", JAIR 70, 2021).
    ///
    /// Each row is judged by a model that has seen neither it nor its near duplicates. The threshold of a label
    /// is the mean probability of the rows that have it; a row is doubted where another label reaches its
    /// threshold and is likelier than all others that do. Rows are ranked by the probability of their own label
    /// less that of the suggested one. Rows with nearly the same text and different labels are doubted as well.
    ///
    /// # Errors
    ///
    /// As for [`fit`](Self::fit); a task is a set; there are no folds.
    pub fn audit(
        &self,
        dataset: &Dataset,
        dictionary: &Dictionary,
        segmenter: &dyn Segmenter,
        observer: &dyn Observer,
    ) -> Result<Vec<TaskAudit>, Error> {
        if self.settings.folds < 2 {
            return Err(Error::setting("expected 2 to 20 folds to audit labels with, got fewer"));
        }
        if let Some(set) = (0..dataset.tasks().len()).find(|task| dataset.kind(*task) == TaskKind::Set) {
            let name = &dataset.tasks()[set];
            return Err(Error::setting(format!(
                "task `{name}` is a set: labels are audited in tasks of one label or path"
            )));
        }
        let copies = near_duplicates(dataset.tickets());
        let prepared = self.prepare(dataset, segmenter, None, copies, observer)?;
        let scores = prepared.plan(self.settings.seed).cross_scores("cross-validate", observer)?;
        let mut audits: Vec<TaskAudit> = (0..dataset.tasks().len())
            .zip(scores)
            .map(|(task, scores)| audit(&dataset.tasks()[task], task, &prepared, scores))
            .collect();
        drop(prepared);
        let doubted: Vec<Vec<usize>> = audits
            .iter()
            .map(|audit| audit.doubts.iter().filter(|doubt| doubt.is_confident).map(|d| d.row).collect())
            .collect();
        let mut settings = self.settings.clone();
        settings.folds = 0;
        let kept = dataset.without_labels(&doubted);
        // Where so much is doubted that nothing is left to learn from, there are no words to tell.
        let trusted = match Self::new(settings).fit(&kept, dictionary, segmenter, observer) {
            Err(error) if error.is_cancelled() => return Err(error),
            trusted => trusted.ok(),
        };
        for (task, audit) in audits.iter_mut().enumerate() {
            let Some(trusted) = &trusted else { break };
            audit.doubts.par_iter_mut().for_each(|doubt| {
                let Some(ticket) = dataset.tickets().get(doubt.row) else { return };
                doubt.words = words(trusted, task, ticket, doubt, segmenter);
            });
        }
        Ok(audits)
    }
}

fn audit(name: &str, task: usize, prepared: &Prepared, scores: Vec<f32>) -> TaskAudit {
    let (labels, targets, _) = &prepared.collected[task];
    let classes = labels.len();
    let sizes = targets.sizes(classes);
    // Rows of a class without another row cannot be judged: no model knows the class that has not seen them.
    let given: Vec<Option<u32>> = prepared.tasks[task]
        .scored
        .iter()
        .map(|row| targets.of(*row as usize)?.first().copied())
        .map(|class| class.filter(|class| sizes[*class as usize] > 1))
        .collect();
    let calibration = Calibration::fit(&scores, classes, &given);
    let mut probabilities = scores;
    probabilities.par_chunks_mut(classes).for_each(|row| calibration.apply(row));
    let judged: Vec<Judged<'_>> = prepared.tasks[task]
        .scored
        .iter()
        .zip(probabilities.chunks(classes))
        .zip(&given)
        .filter_map(|((row, probabilities), given)| {
            Some(Judged { row: *row as usize, given: (*given)? as usize, probabilities })
        })
        .collect();
    let thresholds = thresholds(&judged, classes);
    let copies = copies(&judged, &prepared.copies);
    let mut joint: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let mut doubts = Vec::new();
    for row in &judged {
        let confident = row.confident(&thresholds);
        if let Some(class) = confident {
            *joint.entry((row.given, class)).or_default() += 1;
        }
        let duplicates = copies.get(&prepared.copies[row.row]).map_or(&[][..], Vec::as_slice);
        let others: Vec<(usize, usize)> =
            duplicates.iter().filter(|(_, class)| *class != row.given).copied().collect();
        let confident = confident.filter(|class| *class != row.given);
        if let Some(suggested) = confident.or_else(|| most_frequent(&others)) {
            let label = |class: usize| labels.get(class).unwrap_or_default().to_owned();
            doubts.push(LabelDoubt {
                row: row.row,
                given: label(row.given),
                suggested: label(suggested),
                given_probability: row.probabilities[row.given],
                suggested_probability: row.probabilities[suggested],
                is_confident: confident.is_some(),
                duplicates: others.iter().map(|(row, _)| *row).collect(),
                words: Vec::new(),
            });
        }
    }
    let margin = |doubt: &LabelDoubt| doubt.given_probability - doubt.suggested_probability;
    doubts.sort_by(|a, b| {
        b.is_confident.cmp(&a.is_confident).then(margin(a).total_cmp(&margin(b))).then(a.row.cmp(&b.row))
    });
    TaskAudit {
        task: name.to_owned(),
        rows: judged.len(),
        estimated_errors: estimated_errors(&joint, &judged, classes),
        classes: class_audits(labels, &judged, &doubts, &thresholds),
        doubts,
    }
}

/// A row with the probabilities that a model gives it which has not seen it.
struct Judged<'a> {
    row: usize,
    given: usize,
    probabilities: &'a [f32],
}

impl Judged<'_> {
    /// The likeliest of the classes whose threshold is reached.
    fn confident(&self, thresholds: &[f32]) -> Option<usize> {
        let reached = self.probabilities.iter().zip(thresholds).enumerate();
        let reached = reached.filter(|(_, (probability, threshold))| probability >= threshold);
        reached
            .map(|(class, (p, _))| (class, *p))
            .reduce(|a, b| if b.1 > a.1 { b } else { a })
            .map(|(c, _)| c)
    }
}

/// For each class the mean probability of it over the rows that have it; above 1 where none has.
fn thresholds(judged: &[Judged<'_>], classes: usize) -> Vec<f32> {
    let mut sums = vec![(0.0f64, 0usize); classes];
    for row in judged {
        sums[row.given].0 += f64::from(row.probabilities[row.given]);
        sums[row.given].1 += 1;
    }
    sums.iter()
        .map(|(sum, rows)| if *rows == 0 { f32::INFINITY } else { (sum / *rows as f64) as f32 })
        .collect()
}

/// The rows of each group of near duplicates that has more than one, with their classes.
fn copies(judged: &[Judged<'_>], first: &[u32]) -> BTreeMap<u32, Vec<(usize, usize)>> {
    let mut groups: BTreeMap<u32, Vec<(usize, usize)>> = BTreeMap::new();
    for row in judged {
        groups.entry(first[row.row]).or_default().push((row.row, row.given));
    }
    groups.retain(|_, rows| rows.len() > 1);
    groups
}

fn most_frequent(rows: &[(usize, usize)]) -> Option<usize> {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    rows.iter().for_each(|(_, class)| *counts.entry(*class).or_default() += 1);
    let most = counts.into_iter().reduce(|a, b| if b.1 > a.1 { b } else { a });
    most.map(|(class, _)| class)
}

/// Rows off the diagonal of the joint, each row of which is brought to the number of rows that have its label.
fn estimated_errors(joint: &BTreeMap<(usize, usize), usize>, judged: &[Judged<'_>], classes: usize) -> f64 {
    let (mut rows, mut counted, mut off) =
        (vec![0usize; classes], vec![0usize; classes], vec![0usize; classes]);
    judged.iter().for_each(|row| rows[row.given] += 1);
    for (&(given, class), count) in joint {
        counted[given] += count;
        off[given] += if class == given { 0 } else { *count };
    }
    let of_class = |class: usize| off[class] as f64 / counted[class].max(1) as f64 * rows[class] as f64;
    (0..classes).map(of_class).fold(0.0, |sum, errors| sum + errors)
}

fn class_audits(
    labels: &LabelSet,
    judged: &[Judged<'_>],
    doubts: &[LabelDoubt],
    thresholds: &[f32],
) -> Vec<ClassAudit> {
    let mut rows = vec![0usize; labels.len()];
    judged.iter().for_each(|row| rows[row.given] += 1);
    let mut doubted: BTreeMap<&str, usize> = BTreeMap::new();
    for doubt in doubts.iter().filter(|doubt| doubt.is_confident) {
        *doubted.entry(&doubt.given).or_default() += 1;
    }
    let class = |((label, rows), threshold): ((&str, usize), &f32)| ClassAudit {
        label: label.to_owned(),
        rows,
        doubted: doubted.get(label).copied().unwrap_or_default(),
        threshold: *threshold,
    };
    labels.iter().zip(rows).zip(thresholds).filter(|((_, rows), _)| *rows > 0).map(class).collect()
}

/// Words of the ticket that speak for the suggested label rather than the given one.
fn words(
    model: &Model,
    task: usize,
    ticket: &PreparedTicket,
    doubt: &LabelDoubt,
    segmenter: &dyn Segmenter,
) -> Vec<String> {
    let Some(of_model) = model.tasks().get(task) else { return Vec::new() };
    let place = |label: &str| of_model.labels().iter().position(|other| other == label);
    let (Some(given), Some(suggested)) = (place(&doubt.given), place(&doubt.suggested)) else {
        return Vec::new();
    };
    let explainer = model.explainer(ticket);
    let mut sums: BTreeMap<&str, f32> = BTreeMap::new();
    let both = explainer.words(task, suggested).into_iter().zip(explainer.words(task, given));
    for (for_suggested, for_given) in both {
        let text = if for_suggested.in_title { &ticket.title } else { &ticket.text };
        let word = text.masked().get(for_suggested.range).unwrap_or_default();
        // Names and numbers are no words of a dictionary.
        if word.chars().count() > 1
            && word.chars().all(char::is_alphabetic)
            && segmenter.is_dictionary_word(word)
        {
            *sums.entry(word).or_default() += for_suggested.weight - for_given.weight;
        }
    }
    let mut ranked: Vec<(&str, f32)> = sums.into_iter().filter(|(_, weight)| *weight > 0.0).collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    ranked.into_iter().take(WORDS).map(|(word, _)| word.to_owned()).collect()
}
