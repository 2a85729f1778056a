use paidan::{Certification, Certified, Model, Promise, ThresholdSearch};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::arrow::FrameNames;
use crate::detached::watched;
use crate::engine::Engine;
use crate::error::python_error;
use crate::evaluate::{check_kinds, pushed};
use crate::json::{loaded, number};
use crate::labelled::Labelled;

/// Private: see `paidan.find_thresholds`. By task what was found, and an engine that keeps to it.
#[pyfunction]
#[pyo3(signature = (engine, tickets, labels, *, target_precision, confidence, per_class, candidate_coverage,
    text=None, title=None, progress=None))]
#[expect(clippy::too_many_arguments, reason = "named arguments of a Python function")]
pub(crate) fn find_thresholds<'py>(
    engine: &Bound<'py, Engine>,
    tickets: &Bound<'py, PyAny>,
    labels: &Bound<'py, PyDict>,
    target_precision: f64,
    confidence: f64,
    per_class: bool,
    candidate_coverage: f64,
    text: Option<&str>,
    title: Option<&str>,
    progress: Option<&Bound<'py, PyAny>>,
) -> PyResult<(Bound<'py, PyDict>, Engine)> {
    let py = tickets.py();
    let current = engine.get().loaded();
    current.check_process()?;
    let refused = |error: paidan::Error| python_error(py, &error);
    let promise = Promise::new(target_precision, confidence).map_err(|error| refused(error.into()))?;
    let search = ThresholdSearch::new(promise).per_label(per_class).candidate_coverage(candidate_coverage);
    let search = search.map_err(|error| refused(error.into()))?;
    let (labelled, _) = Labelled::read(tickets, labels, FrameNames { text, title, id: None }, &[])?;
    check_kinds(py, &current.engine, &labelled)?;
    let found = watched(py, progress, |signals| {
        pushed(&current.engine, &labelled, signals)?.find_thresholds(search)
    })?;
    let mut model = current.engine.with_model(Model::clone);
    let by_task = PyDict::new(py);
    for (task, found) in found {
        let entry = PyDict::new(py);
        let (accepted, right) = found.certified.accepted();
        entry.set_item("rows", found.rows)?;
        entry.set_item("right", found.right)?;
        entry.set_item("accepted", accepted)?;
        entry.set_item("accepted_right", right)?;
        let of_task = model.tasks().iter().find(|other| other.name() == task);
        let label =
            |index: u32| of_task.and_then(|task| task.labels().get(index as usize)).map(str::to_owned);
        match &found.certified {
            Certified::Pooled(pooled) => set_group(py, &entry, pooled)?,
            Certified::PerLabel(classes) => {
                set_group(py, &entry, &classes.others)?;
                let list = PyList::empty(py);
                for class in &classes.labels {
                    let row = PyDict::new(py);
                    row.set_item("label", label(class.label))?;
                    row.set_item("own", class.is_own)?;
                    row.set_item("threshold", class.threshold.map(number))?;
                    row.set_item("rows", class.rows)?;
                    row.set_item("accepted", class.accepted)?;
                    row.set_item("accepted_right", class.right)?;
                    row.set_item("need", class.need.map(|need| loaded(py, &need)).transpose()?)?;
                    list.append(row)?;
                }
                entry.set_item("per_class", list)?;
            }
        }
        entry.set_item("candidates", loaded(py, &found.candidates)?)?;
        entry.set_item("candidate_figures", loaded(py, &found.candidate_figures)?)?;
        let summary = model.summary().tasks.iter().find(|summary| summary.task == task);
        let learnt = summary.is_some_and(|summary| summary.looks_learnt(found.rows, found.right));
        entry.set_item("looks_learnt", learnt)?;
        by_task.set_item(&task, entry)?;
        model.set_risk(&task, found.risk);
    }
    Ok((by_task, engine.get().with_model(py, model)?))
}

/// Sets `threshold`, and where nothing could be certified what would have done.
fn set_group(py: Python<'_>, entry: &Bound<'_, PyDict>, group: &Certification) -> PyResult<()> {
    entry.set_item("threshold", group.threshold().map(number))?;
    if let Certification::NotCertified { least_rows, need, .. } = group {
        entry.set_item("least_rows", least_rows)?;
        entry.set_item("need", loaded(py, need)?)?;
    }
    Ok(())
}
