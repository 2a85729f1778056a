use std::collections::HashMap;

use paidan_classify::{Drift, Profile};

use crate::engine::Engine;
use crate::prediction::Prediction;

/// Tells, without labels, whether tickets are still like those on which the thresholds were found.
///
/// Only counts are kept. A monitor belongs to the bundle in use when it was made.
#[derive(Clone, Debug)]
pub struct DriftMonitor {
    tasks: Vec<Monitored>,
}

#[derive(Clone, Debug)]
struct Monitored {
    task: String,
    labels: HashMap<String, u32>,
    reference: Profile,
    now: Profile,
}

impl DriftMonitor {
    /// A monitor of all tasks of `engine` whose thresholds were found on labelled rows.
    pub fn new(engine: &Engine) -> Self {
        engine.with_model(|model| {
            let tasks = model.tasks().iter().filter_map(|task| {
                let reference = task.risk().reference.clone()?;
                let labels = task.labels().iter().map(str::to_owned).zip(0..).collect();
                let now = reference.emptied();
                Some(Monitored { task: task.name().to_owned(), labels, reference, now })
            });
            Self { tasks: tasks.collect() }
        })
    }

    /// Counts what was said of one ticket.
    pub fn add(&mut self, predictions: &[Prediction]) {
        for monitored in &mut self.tasks {
            let prediction = predictions.iter().find(|prediction| prediction.task == monitored.task);
            let counted = prediction.and_then(|p| Some((*monitored.labels.get(&p.label)?, p.probability)));
            if let Some((label, probability)) = counted {
                monitored.now.add(label, probability);
            }
        }
    }

    /// How far the tickets counted have moved, for each task.
    pub fn drifts(&self) -> impl Iterator<Item = (&str, Drift)> {
        let drift = |monitored: &Monitored| monitored.reference.drift(&monitored.now);
        self.tasks.iter().filter_map(move |monitored| Some((monitored.task.as_str(), drift(monitored)?)))
    }
}
