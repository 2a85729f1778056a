use std::collections::HashMap;

use super::TaskSettings;
use super::fit::Weights;
use super::summary::TaskSummary;
use crate::calibration::Calibration;
use crate::evaluate::{Outcome, TaskReport};
use crate::heads::LinearHead;
use crate::labels::{LabelReport, LabelSet, label_key};
use crate::model::Task;

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
            let untrusted = summary.rows - trusted.iter().flatten().count();
            if untrusted > 0 {
                summary
                    .notes
                    .push(format!("{untrusted} rows of low weight are learnt from but not measured"));
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
            threshold: None,
        };
        let head = LinearHead::quantize(self.weights.rows.chunks(self.weights.classes), self.weights.bias);
        (task, head, summary)
    }

    /// The targets of rows that weigh at least half as much as the heaviest: what counts for little in
    /// training is doubted, and doubtful labels measure nothing.
    fn trusted_targets(&self) -> Vec<Option<u32>> {
        let labelled = self.targets.iter().zip(self.row_weights).filter(|(target, _)| target.is_some());
        let heaviest = labelled.map(|(_, weight)| *weight).fold(0.0, f32::max);
        let trusted = |(target, weight): (&Option<u32>, &f32)| target.filter(|_| *weight >= heaviest / 2.0);
        self.targets.iter().zip(self.row_weights).map(trusted).collect()
    }

    fn measure(&self, scores: &[f32], targets: &[Option<u32>], calibration: Calibration) -> TaskReport {
        let rows = scores.chunks(self.labels.len()).zip(targets).filter(|(_, target)| target.is_some());
        let outcomes: Vec<Outcome> = rows
            .map(|(scores, &truth)| {
                let mut probabilities = scores.to_vec();
                calibration.apply(&mut probabilities);
                Outcome { truth, probabilities }
            })
            .collect();
        TaskReport::new(self.name, &self.labels, &outcomes)
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
