use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use serde::Serialize;

/// `object` as Python reads its JSON, so that it equals what the command writes down to the last digit.
pub(crate) fn loaded<'py>(py: Python<'py>, object: &impl Serialize) -> PyResult<Bound<'py, PyAny>> {
    let text = serde_json::to_string(object).map_err(|error| PyValueError::new_err(error.to_string()))?;
    py.import("json")?.call_method1("loads", (text,))
}

/// `value` as its JSON is read: the nearest 64-bit number to its shortest decimal form.
pub(crate) fn number(value: f32) -> f64 {
    value.to_string().parse().unwrap_or_else(|_| value.into())
}
