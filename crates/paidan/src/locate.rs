use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind};

/// The environment variable that names a bundle.
const VARIABLE: &str = "PAIDAN_MODEL";
/// Where the bundle stands under the folder of the executable or a folder above the current one.
const DEFAULT: &str = "models/default";

/// Finds the bundle to use: the first of `PAIDAN_MODEL`, `models/default` beside the executable, and
/// `models/default` from the current folder upwards.
///
/// # Errors
///
/// None of these is a bundle; a `PAIDAN_MODEL` that is set is never passed over.
pub fn locate_bundle() -> Result<PathBuf, Error> {
    if let Some(named) = std::env::var_os(VARIABLE).filter(|value| !value.is_empty()) {
        return Ok(named.into());
    }
    let executable = std::env::current_exe().ok();
    let beside = executable.as_deref().and_then(Path::parent).map(|folder| folder.join(DEFAULT));
    let current = std::env::current_dir().unwrap_or_default();
    let upwards = current.ancestors().map(|folder| folder.join(DEFAULT));
    let looked_in: Vec<PathBuf> = beside.into_iter().chain(upwards).collect();
    match looked_in.iter().find(|folder| folder.join("manifest.json").is_file()) {
        Some(found) => Ok(found.clone()),
        None => Err(Error::new(ErrorKind::NoBundle { looked_in })),
    }
}
