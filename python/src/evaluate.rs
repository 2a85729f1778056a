use std::collections::BTreeMap;

use paidan::{Error, Evaluator, Observer, Progress, SCHEMA, TaskKind, TaskReport};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use serde::Serialize;

use crate::arrow::FrameNames;
use crate::detached::{Signals, watched};
use crate::engine::Engine;
use crate::json::{loaded, number};
use crate::labelled::Labelled;

/// What `paidan evaluate --json` prints.
#[derive(Serialize)]
struct Figures<'a> {
    schema: u32,
    rows: usize,
    failed_rows: usize,
    tasks: BTreeMap<&'a str, &'a TaskReport>,
}

/// Private: see `paidan.evaluate`. The object of the command, and by task the probability of each answer
/// and whether it is right, in the order of the rows with a label.
#[pyfunction]
#[pyo3(signature = (engine, tickets, labels, *, text=None, title=None, progress=None))]
pub(crate) fn evaluate<'py>(
    engine: &Bound<'py, Engine>,
    tickets: &Bound<'py, PyAny>,
    labels: &Bound<'py, PyDict>,
    text: Option<&str>,
    title: Option<&str>,
    progress: Option<&Bound<'py, PyAny>>,
) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyDict>)> {
    let py = tickets.py();
    let current = engine.get().loaded();
    current.check_process()?;
    let (labelled, _) = Labelled::read(tickets, labels, FrameNames { text, title, id: None }, &[])?;
    check_kinds(py, &current.engine, &labelled)?;
    let rows = labelled.tickets.len();
    let (evaluation, answers) = watched(py, progress, |signals| {
        let mut evaluator = pushed(&current.engine, &labelled, signals)?;
        let answers = evaluator.answers();
        Ok((evaluator.finish()?, answers))
    })?;
    let tasks = evaluation.tasks.iter().map(|report| (report.task.as_str(), report)).collect();
    let report = loaded(py, &Figures { schema: SCHEMA, rows, failed_rows: 0, tasks })?;
    let by_task = PyDict::new(py);
    for (task, answers) in answers {
        let probabilities = PyList::new(py, answers.iter().map(|answer| number(answer.probability)))?;
        let right = PyList::new(py, answers.iter().map(|answer| answer.right))?;
        by_task.set_item(task, (probabilities, right))?;
    }
    Ok((report, by_task))
}

/// An evaluator of all tasks that there are labels for, with all tickets.
pub(crate) fn pushed<'e>(
    engine: &'e paidan::Engine,
    labelled: &Labelled,
    signals: &Signals,
) -> Result<Evaluator<'e>, Error> {
    let tasks: Vec<&str> = labelled.tasks.iter().map(String::as_str).collect();
    let mut evaluator = Evaluator::new(engine, &tasks)?;
    let total = Some(labelled.tickets.len());
    for (row, ticket) in labelled.tickets.iter().enumerate() {
        if row % 1024 == 0 && !signals.on_progress(Progress { stage: "read tickets", done: row, total }) {
            return Err(Error::cancelled());
        }
        evaluator.push(ticket.clone(), labelled.labels(row), None);
    }
    Ok(evaluator)
}

/// Refuses labels that the model's tasks cannot have; a task that the model does not have is told of later.
pub(crate) fn check_kinds(py: Python<'_>, engine: &paidan::Engine, labelled: &Labelled) -> PyResult<()> {
    let kinds: Vec<(String, TaskKind)> = engine
        .with_model(|model| model.tasks().iter().map(|task| (task.name().to_owned(), task.kind())).collect());
    let kind = |task: &str| kinds.iter().find(|(name, _)| name == task).map(|(_, kind)| *kind);
    labelled.check_kinds(py, |task| kind(task).unwrap_or_default())
}
