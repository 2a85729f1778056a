use std::collections::{BTreeMap, HashMap};

use super::TaskSettings;
use super::block_weights::Weights;
use super::summary::TaskSummary;
use super::targets::Targets;
use crate::TaskKind;
use crate::calibration::Calibration;
use crate::evaluate::{Outcome, TaskReport, Truth};
use crate::heads::Head;
use crate::labels::{LabelReport, LabelSet, label_key};
use crate::model::{Form, Task};
use crate::path_tree::PathTree;
use crate::risk::RiskControl;
use crate::set_rule::SetRule;
use crate::vectors::WordVectors;

/// A task after the fit, before it is quantised, calibrated and measured.
pub(super) struct FittedTask<'a> {
    pub(super) name: &'a str,
    pub(super) kind: TaskKind,
    pub(super) weights: Weights,
    /// To be folded into the weights.
    pub(super) vectors: Option<&'a WordVectors>,
    pub(super) labels: LabelSet,
    pub(super) targets: &'a Targets,
    /// The rows of `cross_scores`.
    pub(super) scored: &'a [u32],
    pub(super) row_weights: &'a [f32],
    pub(super) merged: &'a LabelReport,
    /// Scores of the rows that measure by a model that has not seen them, `(scored, labels)`.
    pub(super) cross_scores: Option<&'a Vec<f32>>,
}

/// Rows that weigh less teach but do not measure.
pub(super) const TRUSTED_WEIGHT: f32 = 0.5;

impl FittedTask<'_> {
    /// The finished task, its quantised head, and what was found out about it.
    pub(super) fn finish(self, settings: &TaskSettings) -> (Task, Head, TaskSummary) {
        let mut summary = TaskSummary {
            task: self.name.to_owned(),
            rows: self.targets.known(),
            labels: self.labels.len(),
            notes: self.notes(),
            ..TaskSummary::default()
        };
        let names: HashMap<String, &String> =
            settings.names.iter().map(|(label, name)| (label_key(label), name)).collect();
        let name_of = |label: &str| names.get(&label_key(label)).map(|name| (*name).clone());
        let mut task = Task {
            name: self.name.to_owned(),
            names: self.labels.iter().map(name_of).collect(),
            form: match self.kind {
                TaskKind::Label => Form::Label,
                TaskKind::Path => Form::Path(PathTree::new(&self.labels)),
                TaskKind::Set => Form::Set(SetRule::unfitted(self.labels.len())),
            },
            labels: self.labels.clone(),
            calibration: Calibration::default(),
            risk: RiskControl::default(),
        };
        // Of a single label there is something to measure only where a ticket may be without it.
        let measurable = self.labels.len() > 1 || self.kind == TaskKind::Set;
        if let (Some(scores), true) = (self.cross_scores, measurable) {
            let trusted = self.trusted();
            self.calibrate(&mut task, scores, &trusted);
            let report = self.measure(&task, scores, &trusted);
            summary.notes.extend(self.notes_on_measuring());
            summary.metrics = metrics(&report);
        }
        (task, self.weights.into_head(self.vectors), summary)
    }

    /// The classes of the scored rows that calibrate and measure. Left out are rows of low weight, whose labels
    /// are doubted, and rows of a class with no other row, which no model that has not seen the row can know.
    fn trusted(&self) -> Vec<Option<&[u32]>> {
        let sizes = self.targets.sizes(self.labels.len());
        let trusted = |row: &u32| {
            let row = *row as usize;
            let weighs = self.row_weights.get(row).is_some_and(|weight| *weight >= TRUSTED_WEIGHT);
            let known = |class: &u32| sizes.get(*class as usize).is_some_and(|size| *size > 1);
            self.targets.of(row).filter(|classes| weighs && classes.iter().all(known))
        };
        self.scored.iter().map(trusted).collect()
    }

    fn calibrate(&self, task: &mut Task, scores: &[f32], trusted: &[Option<&[u32]>]) {
        let labels = self.labels.len();
        match &mut task.form {
            Form::Set(rule) => *rule = SetRule::fit(scores, labels, trusted),
            _ => {
                let first = |classes: &Option<&[u32]>| classes.and_then(|classes| classes.first().copied());
                let targets: Vec<Option<u32>> = trusted.iter().map(first).collect();
                task.calibration = Calibration::fit(scores, labels, &targets);
            }
        }
    }

    fn measure(&self, task: &Task, scores: &[f32], trusted: &[Option<&[u32]>]) -> TaskReport {
        let is_set = self.kind == TaskKind::Set;
        let outcome = |(scores, classes): (&[f32], &Option<&[u32]>)| {
            let classes = (*classes)?;
            let mut probabilities = scores.to_vec();
            task.apply_link(&mut probabilities);
            let truth = match classes.first() {
                _ if is_set => Truth::Set { known: classes.to_vec(), unknown: Vec::new() },
                first => Truth::Known(*first?),
            };
            Some(Outcome { truth, probabilities })
        };
        let rows = scores.chunks(self.labels.len()).zip(trusted);
        let outcomes: Vec<Outcome> = rows.filter_map(outcome).collect();
        TaskReport::of(task, outcomes.iter())
    }

    fn notes_on_measuring(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let doubted = |row: &usize| {
            self.targets.of(*row).is_some() && self.row_weights.get(*row).is_some_and(|w| *w < TRUSTED_WEIGHT)
        };
        let doubted = (0..self.targets.len()).filter(doubted).count();
        if doubted > 0 {
            let note = format!("{doubted} rows of weight below {TRUSTED_WEIGHT} are learnt but not measured");
            notes.push(note);
        }
        let known = self.targets.known();
        if self.scored.len() < known {
            notes.push(format!(
                "measured and calibrated on {} of {known} rows, to save memory",
                self.scored.len()
            ));
        }
        notes
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.labels.len() == 1 && self.kind != TaskKind::Set {
            let label = self.labels.get(0).unwrap_or_default();
            notes.push(format!("only one label, `{label}`: there is nothing to learn, every ticket gets it"));
        }
        if self.merged.empty > 0 {
            notes.push(format!("{} rows have no label and are left out of this task", self.merged.empty));
        }
        for (label, others) in &self.merged.merged {
            notes.push(format!("read as `{label}`: `{}`", others.join("`, `")));
        }
        if !self.merged.single_example.is_empty() {
            let labels = self.merged.single_example.join("`, `");
            notes.push(format!("labels with a single example, learnt but not measured: `{labels}`"));
        }
        notes
    }
}

/// The figures that a summary keeps, to four digits.
fn metrics(report: &TaskReport) -> BTreeMap<String, f64> {
    let mut metrics = vec![
        ("accuracy".to_owned(), report.accuracy),
        ("top3_accuracy".to_owned(), report.top3_accuracy),
        ("macro_f1".to_owned(), report.macro_f1),
        ("expected_calibration_error".to_owned(), report.expected_calibration_error),
        ("log_loss".to_owned(), report.log_loss),
    ];
    metrics.extend(report.set.iter().map(|set| ("micro_f1".to_owned(), set.micro_f1)));
    let levels = report.levels.iter().flatten();
    metrics.extend(levels.map(|level| (format!("accuracy_level_{}", level.level), level.accuracy)));
    metrics.into_iter().map(|(name, value)| (name, (value * 1e4).round() / 1e4)).collect()
}
