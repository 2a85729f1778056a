//! Tickets with their labels, from columns.

use paidan::{TaskKind, Ticket};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use crate::arrow::{FrameNames, Given, TextColumn, column_of_labels};
use crate::engine::readable;
use crate::error::{SettingError, cell_error, data_error};

/// Tickets and one column of labels a task, all of the same length.
pub(crate) struct Labelled {
    pub(crate) tickets: Vec<Ticket>,
    pub(crate) tasks: Vec<String>,
    labels: Vec<TextColumn>,
}

impl Labelled {
    /// Reads `tickets` and `labels`: by task a column, or the name of a column of `tickets`.
    ///
    /// `more` are columns read beside them, by the same rule.
    pub(crate) fn read(
        tickets: &Bound<'_, PyAny>,
        labels: &Bound<'_, PyDict>,
        names: FrameNames<'_>,
        more: &[Option<&Bound<'_, PyAny>>],
    ) -> PyResult<(Self, Vec<Option<TextColumn>>)> {
        let py = tickets.py();
        if labels.is_empty() {
            return Err(SettingError::new_err("expected labels by task, got none"));
        }
        let given = Given::read(tickets)?;
        let column = |column: &Bound<'_, PyAny>| match column.cast::<PyString>() {
            Ok(name) => given.labels(py, name.to_str()?),
            Err(_) => column_of_labels(column, None),
        };
        let mut tasks = Vec::new();
        let mut columns = Vec::new();
        for (task, labels) in labels {
            tasks.push(task.extract::<String>()?);
            columns.push(column(&labels)?);
        }
        let more: Vec<Option<TextColumn>> =
            more.iter().map(|of| of.map(&column).transpose()).collect::<PyResult<_>>()?;
        let frame = given.frame(py, names)?;
        for other in columns.iter().chain(more.iter().flatten()) {
            if other.len() != frame.rows() {
                let problem =
                    format!("expected as many labels as tickets, {}, got {}", frame.rows(), other.len());
                return Err(data_error(py, problem, None));
            }
        }
        Ok((Self { tickets: readable(py, &frame)?, tasks, labels: columns }, more))
    }

    /// Refuses labels that cannot be read as their task needs them.
    pub(crate) fn check_kinds(&self, py: Python<'_>, kind: impl Fn(&str) -> TaskKind) -> PyResult<()> {
        for (task, column) in self.tasks.iter().zip(&self.labels) {
            let kind = kind(task);
            for row in 0..column.len() {
                if let Some(problem) = column.get(row).and_then(|label| kind.problem(label)) {
                    let problem = format!("expected a {}, found {problem}", kind.name());
                    return Err(cell_error(py, problem, row, Some(task)));
                }
            }
        }
        Ok(())
    }

    /// The labels of a row, one a task; `None` where there is none.
    pub(crate) fn labels(&self, row: usize) -> Vec<Option<String>> {
        self.labels.iter().map(|column| column.get(row).map(str::to_owned)).collect()
    }
}
