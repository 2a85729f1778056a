use pyo3::prelude::*;
use pyo3::types::PyTuple;

/// One question that the model answers.
///
/// Attributes
/// ----------
/// name : str
///     For instance ``department``.
/// kind : str
///     ``label`` where a ticket has one answer, ``path`` where that is a path ``a > b > c``, ``set`` where it
///     has any number of them.
/// labels : tuple of str
///     All answers, as trained.
/// names : tuple of (str or None)
///     The Chinese name of each label that is a code, else None.
/// threshold : float or None
///     The least probability, 0 to 1, at which an answer is accepted without a person; None where none is
///     set.
///
/// Examples
/// --------
/// >>> import paidan
/// >>> task = paidan.Engine.load().tasks["type"]
/// >>> "投诉" in task.labels
/// True
#[pyclass(frozen, module = "paidan")]
pub(crate) struct Task {
    #[pyo3(get)]
    name: String,
    #[pyo3(get)]
    kind: &'static str,
    labels: Vec<String>,
    names: Vec<Option<String>>,
    #[pyo3(get)]
    threshold: Option<f64>,
}

impl Task {
    /// The tasks of the model in use.
    pub(crate) fn all(engine: &paidan::Engine) -> Vec<Self> {
        engine.with_model(|model| {
            let tasks = model.tasks().iter().map(|task| {
                let named = |index| task.label_name(index).map(str::to_owned);
                Self {
                    name: task.name().to_owned(),
                    kind: task.kind().name(),
                    labels: task.labels().iter().map(str::to_owned).collect(),
                    names: (0..task.labels().len()).map(named).collect(),
                    threshold: task.threshold().map(crate::json::number),
                }
            });
            tasks.collect()
        })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

#[pymethods]
impl Task {
    #[getter]
    fn labels<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.labels)
    }

    #[getter]
    fn names<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.names)
    }

    fn __repr__(&self) -> String {
        format!("Task(name='{}', labels={})", self.name, self.labels.len())
    }
}
