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
    copy(&from, &to).map_err(|error| {
        io::Error::new(error.kind(), format!("expected the default bundle in `{}`: {error}", from.display()))
    })
}

/// Copies a folder and those in it.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
