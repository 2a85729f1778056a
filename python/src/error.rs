//! Errors of crate `paidan` as the exceptions of `paidan.errors`.

use std::error::Error as _;
use std::io;
use std::path::Path;

use paidan::{ClassifyErrorKind, Error, ErrorKind};
use pyo3::exceptions::{PyOSError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::PyDict;

// The classes are Python's, so that users can read and pickle them.
pyo3::import_exception!(paidan.errors, PaidanError);
pyo3::import_exception!(paidan.errors, CatalogueError);
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
        ErrorKind::Classify(of_model) => match of_model.kind() {
            ClassifyErrorKind::Data { .. } => data_error(py, error.to_string(), None),
            ClassifyErrorKind::Setting { .. } => SettingError::new_err(error.to_string()),
            ClassifyErrorKind::Io { path, source } => os_error(path, source),
            _ => ModelError::new_err(error.to_string()),
        },
        ErrorKind::Catalogue(_) => CatalogueError::new_err(error.to_string()),
        ErrorKind::Dictionary(_) => SettingError::new_err(error.to_string()),
        _ => PaidanError::new_err(error.to_string()),
    }
}

/// FileNotFoundError, PermissionError and the like, which Python chooses by the system's number.
fn os_error(path: &Path, source: &io::Error) -> PyErr {
    match source.raw_os_error() {
        Some(number) => PyOSError::new_err((number, source.kind().to_string(), path.to_owned())),
        None => PyErr::from(io::Error::new(source.kind(), format!("`{}`: {source}", path.display()))),
    }
}

/// The exception for an `error` in reading the bundle in `folder`.
pub(crate) fn load_error(py: Python<'_>, error: &Error, folder: &Path) -> PyErr {
    if let ErrorKind::Catalogue(_) = error.kind() {
        return python_error(py, error);
    }
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
    data_error_at(py, message, index, None)
}

/// A `DataError` about an item of a column.
pub(crate) fn cell_error(py: Python<'_>, problem: String, row: usize, column: Option<&str>) -> PyErr {
    let message = match column {
        Some(column) => format!("column `{column}`, index {row}: {problem}"),
        None => format!("index {row}: {problem}"),
    };
    data_error_at(py, message, Some(row), column)
}

/// A `DataError` about a column as a whole.
pub(crate) fn column_error(py: Python<'_>, problem: String, column: Option<&str>) -> PyErr {
    data_error_at(py, problem, None, column)
}

fn data_error_at(py: Python<'_>, message: String, index: Option<usize>, column: Option<&str>) -> PyErr {
    let raised = || {
        let named = PyDict::new(py);
        named.set_item("index", index)?;
        named.set_item("column", column)?;
        py.get_type::<DataError>().call((message,), Some(&named))
    };
    raised().map_or_else(|error| error, PyErr::from_value)
}

/// What `__reduce__` raises where an object is not to be pickled or copied.
pub(crate) fn not_picklable(what: &str, remedy: &str) -> PyResult<()> {
    Err(PyTypeError::new_err(format!("cannot pickle or copy {what}: {remedy}")))
}
