use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use paidan_classify::{
    Answer, FoundThresholds, LabelIndex, Outcome, Task, TaskKind, TaskReport, ThresholdSearch,
};
use paidan_text::Ticket;

use crate::details::{DetailCollector, EvaluationDetails};
use crate::engine::{Engine, Snapshot};
use crate::error::{Error, ErrorKind};

/// Measures an [`Engine`] on labelled tickets.
///
/// Tickets are read in batches as they are pushed; only probabilities are kept.
pub struct Evaluator<'e> {
    engine: &'e Engine,
    /// The bundle in use when the evaluator was made; a reload does not change it.
    snapshot: Arc<Snapshot>,
    tasks: Vec<MeasuredTask>,
    waiting: Vec<Labelled>,
    details: Option<DetailCollector>,
    /// What the encoder failed with; nothing is measured after that.
    failed: Option<Error>,
}

/// The figures of some tasks, over all tickets and over each slice of them.
#[derive(Clone, Debug, Default)]
pub struct Evaluation {
    /// One report a task, in the order asked for.
    pub tasks: Vec<TaskReport>,
    /// The same for the tickets of each slice, for instance each month.
    pub slices: BTreeMap<String, Vec<TaskReport>>,
}

struct MeasuredTask {
    /// Its place in the model.
    index: usize,
    labels: LabelIndex,
    /// What came of each ticket, with the ticket's slice.
    outcomes: Vec<(Option<String>, Outcome)>,
}

struct Labelled {
    ticket: Ticket,
    labels: Vec<Option<String>>,
    slice: Option<String>,
}

/// Tickets predicted at once.
const BATCH: usize = 1024;

impl<'e> Evaluator<'e> {
    /// Measures `tasks`, in this order.
    ///
    /// # Errors
    ///
    /// The model has no such task, or a task is named twice.
    pub fn new(engine: &'e Engine, tasks: &[&str]) -> Result<Self, Error> {
        if let Some(twice) =
            tasks.iter().enumerate().find(|(i, task)| tasks.iter().take(*i).any(|t| t == *task))
        {
            let problem = format!("task `{}` is named twice: measure one column at a time", twice.1);
            return Err(Error::new(ErrorKind::Setting { problem }));
        }
        let snapshot = engine.snapshot();
        let model_tasks = snapshot.model().tasks();
        let measured = |name: &&str| match model_tasks.iter().position(|task| task.name() == *name) {
            Some(index) => {
                Ok(MeasuredTask { index, labels: model_tasks[index].label_index(), outcomes: Vec::new() })
            }
            None => {
                let known = model_tasks.iter().map(|task| task.name().to_owned()).collect();
                Err(Error::new(ErrorKind::UnknownTask { task: (*name).to_owned(), known }))
            }
        };
        let tasks = tasks.iter().map(measured).collect::<Result<_, Error>>()?;
        Ok(Self { engine, snapshot, tasks, waiting: Vec::new(), details: None, failed: None })
    }

    /// What keeps these true labels, one a task, from being read as the tasks need them, if anything; without
    /// their words.
    pub fn problem(&self, labels: &[Option<String>]) -> Option<String> {
        let pairs = self.tasks.iter().zip(labels);
        pairs.into_iter().find_map(|(measured, label)| {
            let task = &self.snapshot.model().tasks()[measured.index];
            let problem = task.kind().problem(label.as_deref()?)?;
            let (name, kind) = (task.name(), task.kind().name());
            Some(format!("task `{name}`: expected a {kind}, found {problem}"))
        })
    }

    /// Adds a ticket with its true label for each task; `None`, a blank or what has a
    /// [`problem`](Self::problem) leaves it out of that task.
    ///
    /// `slice` is the part of the data it is also counted in, for instance its month.
    pub fn push(&mut self, ticket: Ticket, labels: Vec<Option<String>>, slice: Option<String>) {
        self.waiting.push(Labelled { ticket, labels, slice });
        if self.waiting.len() >= BATCH {
            self.predict_waiting();
        }
    }

    /// The answer to each ticket with a label, by task, in the order in which they were pushed.
    pub fn answers(&mut self) -> Vec<(String, Vec<Answer>)> {
        self.predict_waiting();
        let of_task = |measured: &MeasuredTask| {
            let task = &self.snapshot.model().tasks()[measured.index];
            let answers = measured.outcomes.iter().filter_map(|(_, outcome)| outcome.answer());
            (task.name().to_owned(), answers.collect())
        };
        self.tasks.iter().map(of_task).collect()
    }

    /// The figures.
    ///
    /// # Errors
    ///
    /// The bundle's encoder failed.
    pub fn finish(mut self) -> Result<Evaluation, Error> {
        self.predict_waiting();
        if let Some(failed) = self.failed.take() {
            return Err(failed);
        }
        Ok(self.evaluation())
    }

    /// Gathers what a report needs besides the figures; to be called before tickets are pushed.
    #[must_use]
    pub fn with_details(mut self) -> Self {
        self.details = Some(DetailCollector::new(self.tasks.len()));
        self
    }

    /// The figures, with what a report needs besides; empty without [`with_details`](Self::with_details).
    ///
    /// # Errors
    ///
    /// The bundle's encoder failed.
    pub fn finish_detailed(mut self) -> Result<(Evaluation, EvaluationDetails), Error> {
        self.predict_waiting();
        if let Some(failed) = self.failed.take() {
            return Err(failed);
        }
        let mut details = EvaluationDetails::default();
        for (place, measured) in self.tasks.iter().enumerate() {
            let Some(collector) = &self.details else { break };
            let task = &self.snapshot.model().tasks()[measured.index];
            let outcomes: Vec<&Outcome> = measured.outcomes.iter().map(|(_, outcome)| outcome).collect();
            let (labels, promise) = (task.labels().len(), task.risk().promise);
            details.tasks.push(collector.task(place, labels, promise, &outcomes));
            let [months, channels] = collector.slices(place, &outcomes);
            for (into, parts) in [(&mut details.months, months), (&mut details.channels, channels)] {
                for (part, outcomes) in parts {
                    into.entry(part).or_default().push(report(task, outcomes.iter().copied()));
                }
            }
        }
        Ok((self.evaluation(), details))
    }

    fn evaluation(&self) -> Evaluation {
        let mut evaluation = Evaluation::default();
        for measured in &self.tasks {
            let task = &self.snapshot.model().tasks()[measured.index];
            let outcomes = measured.outcomes.iter();
            evaluation.tasks.push(report(task, outcomes.clone().map(|(_, outcome)| outcome)));
            let slices: BTreeSet<&String> =
                outcomes.clone().filter_map(|(slice, _)| slice.as_ref()).collect();
            for slice in slices {
                let of_slice = outcomes.clone().filter(|(of, _)| of.as_ref() == Some(slice));
                let report = report(task, of_slice.map(|(_, outcome)| outcome));
                evaluation.slices.entry(slice.clone()).or_default().push(report);
            }
        }
        evaluation
    }

    /// For each task the thresholds and short lists that keep their promises. The tickets must not have been
    /// used in training.
    ///
    /// # Errors
    ///
    /// The bundle's encoder failed, or a task is a set, whose threshold says which labels a ticket gets and is found
    /// in training.
    pub fn find_thresholds(
        mut self,
        search: ThresholdSearch,
    ) -> Result<Vec<(String, FoundThresholds)>, Error> {
        let model_tasks = self.snapshot.model().tasks();
        let mut measured = self.tasks.iter().map(|measured| &model_tasks[measured.index]);
        if let Some(set) = measured.find(|task| task.kind() == TaskKind::Set) {
            let problem = format!(
                "task `{}` is a set, whose threshold is found in training: expected tasks of one label or path",
                set.name()
            );
            return Err(Error::new(ErrorKind::Setting { problem }));
        }
        self.predict_waiting();
        if let Some(failed) = self.failed {
            return Err(failed);
        }
        let find = |measured: &MeasuredTask| {
            let task = &self.snapshot.model().tasks()[measured.index];
            let outcomes = measured.outcomes.iter().map(|(_, outcome)| outcome);
            (task.name().to_owned(), search.search(task.labels().len(), outcomes))
        };
        Ok(self.tasks.iter().map(find).collect())
    }

    fn predict_waiting(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        let tickets: Vec<Ticket> = waiting.iter().map(|labelled| labelled.ticket.clone()).collect();
        if self.failed.is_some() {
            return;
        }
        let predicted = match self.engine.probabilities_batch(&self.snapshot, &tickets) {
            Ok(predicted) => predicted,
            Err(error) => return self.failed = Some(error),
        };
        for (labelled, mut probabilities) in waiting.into_iter().zip(predicted) {
            let labels = labelled.labels.into_iter().chain(std::iter::repeat(None));
            for (place, (task, label)) in self.tasks.iter_mut().zip(labels).enumerate() {
                let of_model = &self.snapshot.model().tasks()[task.index];
                let truth = label.and_then(|label| of_model.truth(&task.labels, &label).ok().flatten());
                let Some(truth) = truth else { continue };
                let probabilities = probabilities.get_mut(task.index).map(std::mem::take).unwrap_or_default();
                let outcome = Outcome { truth, probabilities };
                if let Some(details) = &mut self.details {
                    let ticket = &labelled.ticket;
                    let prepare = || self.snapshot.pipeline().prepare_ticket(ticket);
                    details.observe((place, task.index), self.snapshot.model(), ticket, &outcome, prepare);
                }
                task.outcomes.push((labelled.slice.clone(), outcome));
            }
        }
    }
}

fn report<'o>(task: &Task, outcomes: impl Iterator<Item = &'o Outcome> + Clone) -> TaskReport {
    TaskReport::of(task, outcomes.clone()).with_risk(task.risk(), outcomes)
}
