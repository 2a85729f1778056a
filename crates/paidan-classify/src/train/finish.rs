use std::collections::HashMap;

use super::TaskSettings;
use super::fit::Weights;
use super::summary::TaskSummary;
use crate::calibration::Calibration;
use crate::evaluate::{Outcome, TaskReport, Truth};
use crate::heads::LinearHead;
use crate::labels::{LabelReport, LabelSet, label_key};
use crate::model::Task;
use crate::risk::RiskControl;

/// A task after the fit, before it is quantised, calibrated and measured.
pub(super) struct FittedTask<'a> {
    pub(super) name: &'a str,
    pub(super) weights: Weights,
    pub(super) labels: LabelSet,
    pub(super) targets: &'a [Option<u32>],
    pub(super) row_weights: &'a [f32],
    pub(super) merged: &'a LabelReport,
    /// Scores of every row by a model that has not seen it, `(rows, labels)`.
    pub(super) cross_scores: Option<&'a Vec<f32>>,
}

/// Rows that weigh less teach but do not measure.
pub(super) const TRUSTED_WEIGHT: f32 = 0.5;

impl FittedTask<'_> {
    /// The finished task, its quantised head, and what was found out about it.
    pub(super) fn finish(self, settings: &TaskSettings) -> (Task, LinearHead, TaskSummary) {
        let mut summary = TaskSummary {
            task: self.name.to_owned(),
            rows: self.targets.iter().flatten().count(),
            labels: self.labels.len(),
            notes: self.notes(),
            ..TaskSummary::default()
        };
        let mut calibration = Calibration::default();
        if let (Some(scores), true) = (self.cross_scores, self.labels.len() > 1) {
            let trusted = self.trusted_targets();
            let labelled = self.targets.iter().zip(self.row_weights).filter(|(target, _)| target.is_some());
            let doubted = labelled.filter(|(_, weight)| **weight < TRUSTED_WEIGHT).count();
            if doubted > 0 {
                let note =
                    format!("{doubted} rows of weight below {TRUSTED_WEIGHT} are learnt but not measured");
                summary.notes.push(note);
            }
            calibration = Calibration::fit(scores, self.labels.len(), &trusted);
            let report = self.measure(scores, &trusted, calibration);
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
        let name_of = |label: &str| names.get(&label_key(label)).map(|name| (*name).clone());
        let task = Task {
            name: self.name.to_owned(),
            names: self.labels.iter().map(name_of).collect(),
            labels: self.labels,
            calibration,
            risk: RiskControl::default(),
        };
        let head = LinearHead::quantize(self.weights.rows.chunks(self.weights.classes), self.weights.bias);
        (task, head, summary)
    }

    /// The targets that calibrate and measure. Left out are rows of low weight, whose labels are doubted,
    /// and classes with a single row, which no model that has not seen the row can know.
    fn trusted_targets(&self) -> Vec<Option<u32>> {
        let mut sizes = vec![0usize; self.labels.len()];
        for target in self.targets.iter().flatten() {
            sizes[*target as usize] += 1;
        }
        let trusted = |(target, weight): (&Option<u32>, &f32)| {
            target.filter(|class| *weight >= TRUSTED_WEIGHT && sizes[*class as usize] > 1)
        };
        self.targets.iter().zip(self.row_weights).map(trusted).collect()
    }

    fn measure(&self, scores: &[f32], targets: &[Option<u32>], calibration: Calibration) -> TaskReport {
        let outcome = |(scores, target): (&[f32], &Option<u32>)| {
            let mut probabilities = scores.to_vec();
            calibration.apply(&mut probabilities);
            Some(Outcome { truth: Truth::Known((*target)?), probabilities })
        };
        let outcomes: Vec<Outcome> =
            scores.chunks(self.labels.len()).zip(targets).filter_map(outcome).collect();
        TaskReport::new(self.name, &self.labels, outcomes.iter())
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.labels.len() == 1 {
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
