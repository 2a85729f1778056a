//! Puts a copy of the default bundle where maturin fetches it for the wheel (`include` in pyproject.toml).

use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// The bundle from this folder; the wheel has it at the same place below the package.
const BUNDLE: &str = "models/default";

fn main() -> io::Result<()> {
    let from = Path::new("..").join(BUNDLE);
    println!("cargo::rerun-if-changed={}", from.display());
    let variable = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo sets no OUT_DIR"))?;
    let to = PathBuf::from(variable).join(BUNDLE);
    if to.exists() {
        // A file that the bundle no longer has must not stay in the wheel.
        fs::remove_dir_all(&to)?;
    }
    fs::create_dir_all(&to)?;
    let files = fs::read_dir(&from).map_err(|error| {
        io::Error::new(error.kind(), format!("expected the default bundle in `{}`: {error}", from.display()))
    })?;
    for file in files {
        let file = file?;
        fs::copy(file.path(), to.join(file.file_name()))?;
    }
    Ok(())
}
