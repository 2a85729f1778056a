use std::path::{Path, PathBuf};

use paidan::locate_bundle;
use pyo3::prelude::*;

use crate::detached::detached;

/// The environment variable that names a bundle.
const VARIABLE: &str = "PAIDAN_MODEL";

/// The bundle to use where none is named: `PAIDAN_MODEL`, else that in the wheel, else where the command
/// looks.
pub(crate) fn default_bundle(py: Python<'_>) -> PyResult<PathBuf> {
    if std::env::var_os(VARIABLE).is_none_or(|value| value.is_empty())
        && let Some(folder) = bundle_in_wheel(py)?
    {
        return Ok(folder);
    }
    detached(py, |_| locate_bundle())
}

fn bundle_in_wheel(py: Python<'_>) -> PyResult<Option<PathBuf>> {
    let module = py.import("paidan._paidan")?.filename()?.to_string();
    let folder = Path::new(&module).parent().map(|package| package.join("models").join("default"));
    Ok(folder.filter(|folder| folder.join("manifest.json").is_file()))
}
