use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::error::not_picklable;
use crate::json::{loaded, number};

/// What the model says of a ticket for one task.
///
/// Attributes
/// ----------
/// task : str
///     For instance ``department``.
/// label : str
///     The most probable label, as trained.
/// name : str or None
///     Its Chinese name, where the label is a code that has one.
/// probability : float
///     Calibrated, 0 to 1.
/// accepted : bool or None
///     Whether the probability reaches the model's threshold; None where it has none.
/// top : list of (str, float)
///     Up to five labels with their probabilities, the most probable first.
/// top_names : list of (str or None)
///     The Chinese names of the labels in `top`.
/// levels : list of (str, float) or None
///     Of a path ``a > b > c``: its levels, the broadest first, each with its probability.
/// labels : list of (str, float) or None
///     Of a set ``a;b``: its labels, each with its own probability, the most probable first.
///
/// Examples
/// --------
/// >>> import paidan
/// >>> prediction = paidan.Engine.load().predict("小区门口路灯坏了一周没人修")["type"]
/// >>> prediction.label == prediction.top[0][0]
/// True
/// >>> 0 <= prediction.probability <= 1
/// True
#[pyclass(frozen, eq, module = "paidan")]
#[derive(PartialEq)]
pub(crate) struct Prediction {
    pub(crate) inner: paidan::Prediction,
}

/// `predictions` as a dict from task to `Prediction`.
pub(crate) fn by_task(py: Python<'_>, predictions: Vec<paidan::Prediction>) -> PyResult<Bound<'_, PyDict>> {
    let dict = PyDict::new(py);
    for inner in predictions {
        let task = inner.task.clone();
        dict.set_item(task, Prediction { inner })?;
    }
    Ok(dict)
}

fn pairs(labels: &[(String, f32)]) -> Vec<(&str, f64)> {
    labels.iter().map(|(label, probability)| (label.as_str(), number(*probability))).collect()
}

/// `Some(true)` as Python writes it.
pub(crate) fn shown_bool(value: Option<bool>) -> &'static str {
    match value {
        Some(true) => "True",
        Some(false) => "False",
        None => "None",
    }
}

#[pymethods]
impl Prediction {
    #[getter]
    fn task(&self) -> &str {
        &self.inner.task
    }

    #[getter]
    fn label(&self) -> &str {
        &self.inner.label
    }

    #[getter]
    fn name(&self) -> Option<&str> {
        self.inner.name.as_deref()
    }

    #[getter]
    fn probability(&self) -> f64 {
        number(self.inner.probability)
    }

    #[getter]
    fn accepted(&self) -> Option<bool> {
        self.inner.accepted
    }

    #[getter]
    fn top(&self) -> Vec<(&str, f64)> {
        pairs(&self.inner.top)
    }

    #[getter]
    fn top_names(&self) -> Vec<Option<&str>> {
        self.inner.top_names.iter().map(Option::as_deref).collect()
    }

    #[getter]
    fn levels(&self) -> Option<Vec<(&str, f64)>> {
        self.inner.levels.as_deref().map(pairs)
    }

    #[getter]
    fn labels(&self) -> Option<Vec<(&str, f64)>> {
        self.inner.labels.as_deref().map(pairs)
    }

    /// The object that ``paidan predict`` writes for the task.
    ///
    /// Returns
    /// -------
    /// dict
    ///     ``label``, ``name``, ``probability``, ``accepted`` and ``top``.
    ///
    /// Examples
    /// --------
    /// >>> import paidan
    /// >>> prediction = paidan.Engine.load().predict("小区门口路灯坏了一周没人修")["type"]
    /// >>> list(prediction.to_dict())
    /// ['label', 'name', 'probability', 'accepted', 'top']
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        loaded(py, &self.inner)
    }

    fn __repr__(&self) -> String {
        format!(
            "Prediction(task='{}', label='{}', probability={:.3}, accepted={})",
            self.inner.task,
            self.inner.label,
            self.inner.probability,
            shown_bool(self.inner.accepted)
        )
    }

    fn __reduce__(&self) -> PyResult<()> {
        not_picklable("a Prediction", "pickle its to_dict()")
    }
}
