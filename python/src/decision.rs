use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::error::not_picklable;
use crate::html;
use crate::json::loaded;
use crate::prediction::by_task;

/// Who handles a ticket, and why. Shows itself as a table in a notebook; its repr shows no text.
///
/// Attributes
/// ----------
/// id : str
///     The ticket's id.
/// outcome : str
///     ``assign``: goes to the predicted department without a person; ``review``: a person decides; ``escalate``: an emergency, a person
///     acts at once.
/// predictions : dict of str to Prediction
///     What the model says, by task.
/// explanation : dict
///     What the decision rests on: ``reasons``, ``masked_title``, ``masked_text`` and ``evidence``. No
///     unmasked text.
///
/// Examples
/// --------
/// >>> import paidan
/// >>> decision = paidan.Engine.load().dispatch("小区门口路灯坏了一周没人修")
/// >>> decision.outcome in {"assign", "review", "escalate"}
/// True
/// >>> decision.explanation["masked_text"]
/// '小区门口路灯坏了一周没人修'
#[pyclass(frozen, eq, module = "paidan")]
#[derive(PartialEq)]
pub(crate) struct Decision {
    pub(crate) inner: paidan::Decision,
}

#[pymethods]
impl Decision {
    #[getter]
    fn id(&self) -> &str {
        &self.inner.id
    }

    #[getter]
    fn outcome<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        loaded(py, &self.inner.outcome)
    }

    #[getter]
    fn predictions<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        by_task(py, self.inner.predictions.clone())
    }

    #[getter]
    fn explanation<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        loaded(py, &self.inner.explanation)
    }

    /// The object that ``paidan dispatch --json`` writes.
    ///
    /// Returns
    /// -------
    /// dict
    ///     ``schema``, ``id``, one entry a task, ``outcome`` and ``explanation``.
    ///
    /// Examples
    /// --------
    /// >>> import paidan
    /// >>> ticket = paidan.Ticket("小区门口路灯坏了一周没人修", id="2024-7")
    /// >>> decision = paidan.Engine.load().dispatch(ticket).to_dict()
    /// >>> decision["schema"], decision["id"]
    /// (1, '2024-7')
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        loaded(py, &self.inner)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let mut shown = format!("Decision(outcome='{}'", self.outcome(py)?);
        for prediction in &self.inner.predictions {
            shown += &format!(", {}='{}' ({:.3})", prediction.task, prediction.label, prediction.probability);
        }
        Ok(shown + ")")
    }

    fn _repr_html_(&self) -> String {
        html::decision(&self.inner)
    }

    fn __reduce__(&self) -> PyResult<()> {
        not_picklable("a Decision", "pickle its to_dict()")
    }
}
