//! Errors of crate `paidan` as the exceptions of `paidan.errors`.

use std::error::Error as _;
use std::io;
use std::path::Path;

use paidan::{Error, ErrorKind};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

// The classes are Python's, so that users can read and pickle them.
pyo3::import_exception!(paidan.errors, PaidanError);
pyo3::import_exception!(paidan.errors, DataError);
pyo3::import_exception!(paidan.errors, ModelError);
pyo3::import_exception!(paidan.errors, ModelNotFoundError);
pyo3::import_exception!(paidan.errors, SettingError);

/// POSIX "no such file or directory", the same on all systems Python runs on.
const ENOENT: i32 = 2;

/// The exception for `error`.
pub(crate) fn python_error(py: Python<'_>, error: &Error) -> PyErr {
    match error.kind() {
        ErrorKind::EmptyTicket | ErrorKind::Data(_) => data_error(py, error.to_string(), None),
        ErrorKind::Setting { .. } | ErrorKind::UnknownTask { .. } => SettingError::new_err(error.to_string()),
        ErrorKind::NoBundle { .. } => ModelNotFoundError::new_err((ENOENT, error.to_string())),
        ErrorKind::Classify(_) | ErrorKind::Dictionary(_) => ModelError::new_err(error.to_string()),
        _ => PaidanError::new_err(error.to_string()),
    }
}

/// The exception for an `error` in reading the bundle in `folder`.
pub(crate) fn load_error(py: Python<'_>, error: &Error, folder: &Path) -> PyErr {
    let Some(io) = error.source().and_then(|source| source.downcast_ref::<io::Error>()) else {
        return python_error(py, error);
    };
    let message = format!("{error}: {io}; expected the folder that `paidan train --out` wrote");
    if io.kind() == io::ErrorKind::NotFound {
        return ModelNotFoundError::new_err((ENOENT, message, folder.to_owned()));
    }
    let raised = ModelError::new_err(message);
    let cause = io.raw_os_error().map_or_else(|| io.kind().into(), io::Error::from_raw_os_error);
    raised.set_cause(py, Some(cause.into()));
    raised
}

/// A `DataError`; `index` is the ticket's place in the list that was handed over.
pub(crate) fn data_error(py: Python<'_>, problem: String, index: Option<usize>) -> PyErr {
    let message = match index {
        Some(index) => format!("ticket at index {index}: {problem}"),
        None => problem,
    };
    let raised = || {
        let named = PyDict::new(py);
        named.set_item("index", index)?;
        py.get_type::<DataError>().call((message,), Some(&named))
    };
    raised().map_or_else(|error| error, PyErr::from_value)
}

/// What `__reduce__` raises where an object is not to be pickled or copied.
pub(crate) fn not_picklable(what: &str, remedy: &str) -> PyResult<()> {
    Err(PyTypeError::new_err(format!("cannot pickle or copy {what}: {remedy}")))
}
