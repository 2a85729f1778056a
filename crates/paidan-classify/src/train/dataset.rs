use std::collections::HashMap;
use std::fmt;

use paidan_text::PreparedTicket;

use super::targets::Targets;
use crate::labels::{LabelReport, LabelSet};
use crate::task_kind::TaskKind;
use crate::{Error, task_names};

/// Labelled tickets in memory: masked texts and one column of labels a task.
///
/// `Debug` shows counts, no text and no label.
#[derive(Clone, Default)]
pub struct Dataset {
    tasks: Vec<String>,
    kinds: Vec<TaskKind>,
    tickets: Vec<PreparedTicket>,
    /// Tickets without labels, for the vectors of words.
    unlabelled: Vec<PreparedTicket>,
    groups: Vec<u32>,
    group_names: HashMap<String, u32>,
    /// `labels[task][ticket]`
    labels: Vec<Vec<Option<String>>>,
    weights: Vec<Vec<f32>>,
}

/// What is known of one training ticket besides its text.
///
/// `Debug` shows no label, which may be a citizen's words in the wrong column.
#[derive(Clone, Default)]
pub struct Example {
    /// One label a task, in the order of the dataset's tasks; `None` leaves the ticket out of that task. A
    /// path is written `a > b`, a set `a;b`, either also as a JSON array: see [`TaskKind`](crate::TaskKind).
    pub labels: Vec<Option<String>>,
    /// How much the ticket counts in each task; empty means 1 in all.
    pub weights: Vec<f32>,
    /// Where the ticket comes from, for instance its city.
    pub group: Option<String>,
}

impl Dataset {
    /// An empty dataset with one column of labels for each of `tasks`.
    ///
    /// # Errors
    ///
    /// No task, a task twice, or a name that is blank, reserved or not made of letters, digits, `_`, `-`.
    pub fn new(tasks: impl IntoIterator<Item = impl Into<String>>) -> Result<Self, Error> {
        let tasks: Vec<String> = tasks.into_iter().map(Into::into).collect();
        if let Some(problem) = task_names::problem(tasks.iter().map(String::as_str)) {
            return Err(Error::setting(problem));
        }
        let columns = tasks.len();
        Ok(Self {
            kinds: vec![TaskKind::Label; columns],
            tasks,
            labels: vec![Vec::new(); columns],
            weights: vec![Vec::new(); columns],
            ..Self::default()
        })
    }

    /// Says that the labels of `task` are of this kind; `false` where there is no such task. Labels are read
    /// when training begins.
    pub fn set_kind(&mut self, task: &str, kind: TaskKind) -> bool {
        let found = self.tasks.iter().position(|other| other == task);
        found.and_then(|task| self.kinds.get_mut(task)).map(|of_task| *of_task = kind).is_some()
    }

    /// Adds a ticket. Missing labels count as `None`, missing weights as 1.
    pub fn push(&mut self, ticket: PreparedTicket, example: Example) {
        let mut labels = example.labels.into_iter();
        for (task, column) in self.labels.iter_mut().enumerate() {
            column.push(labels.next().flatten());
            let weight = example.weights.get(task).copied().filter(|w| w.is_finite() && *w >= 0.0);
            if let Some(weights) = self.weights.get_mut(task) {
                weights.push(weight.unwrap_or(1.0));
            }
        }
        let next = self.group_names.len() as u32;
        let group = example.group.unwrap_or_default();
        self.groups.push(*self.group_names.entry(group).or_insert(next));
        self.tickets.push(ticket);
    }

    /// Adds a ticket that has no labels: it teaches which words are alike. Where there is one, heads learn from the
    /// vectors of words as well.
    pub fn push_unlabelled(&mut self, ticket: PreparedTicket) {
        self.unlabelled.push(ticket);
    }

    pub(crate) fn unlabelled(&self) -> &[PreparedTicket] {
        &self.unlabelled
    }

    /// How many tickets, those without labels aside.
    pub fn len(&self) -> usize {
        self.tickets.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.tickets.is_empty()
    }

    /// The tasks, in order.
    pub fn tasks(&self) -> &[String] {
        &self.tasks
    }

    /// How many groups the tickets come from.
    pub fn group_count(&self) -> usize {
        self.group_names.len()
    }

    /// The same tickets without the labels of `rows[task]`.
    pub(super) fn without_labels(&self, rows: &[Vec<usize>]) -> Self {
        let mut dataset = self.clone();
        for (column, rows) in dataset.labels.iter_mut().zip(rows) {
            for row in rows {
                if let Some(label) = column.get_mut(*row) {
                    *label = None;
                }
            }
        }
        dataset
    }

    pub(crate) fn tickets(&self) -> &[PreparedTicket] {
        &self.tickets
    }

    pub(crate) fn group(&self, ticket: usize) -> u32 {
        self.groups.get(ticket).copied().unwrap_or_default()
    }

    pub(crate) fn kind(&self, task: usize) -> TaskKind {
        self.kinds.get(task).copied().unwrap_or_default()
    }

    /// The labels of `task`, the classes of each row, and what was found on the way.
    pub(crate) fn labels(&self, task: usize) -> Result<(LabelSet, Targets, LabelReport), Error> {
        let column = self.labels.get(task).map(Vec::as_slice).unwrap_or_default();
        Targets::collect(self.kind(task), column).map_err(|problem| {
            let name = self.tasks.get(task).map(String::as_str).unwrap_or_default();
            let kind = self.kind(task).name();
            Error::data(format!("task `{name}`: expected a column of {kind} labels, found {problem}"))
        })
    }

    pub(crate) fn weights(&self, task: usize) -> &[f32] {
        self.weights.get(task).map(Vec::as_slice).unwrap_or_default()
    }
}

impl fmt::Debug for Dataset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dataset")
            .field("tasks", &self.tasks)
            .field("tickets", &self.tickets.len())
            .field("groups", &self.group_names.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Example {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let labels = self.labels.iter().flatten().count();
        f.debug_struct("Example")
            .field("labels", &labels)
            .field("weights", &self.weights)
            .finish_non_exhaustive()
    }
}
