#![no_main]

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use paidan_classify::Model;

static FIXTURE: LazyLock<PathBuf> =
    LazyLock::new(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/bundle-v1"));

/// A copy of the fixture whose manifest is then written anew.
static FOLDER: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for entry in std::fs::read_dir(&*FIXTURE).expect("the fixture") {
        let entry = entry.expect("the fixture");
        std::fs::copy(entry.path(), folder.path().join(entry.file_name())).expect("a copy");
    }
    folder
});

libfuzzer_sys::fuzz_target!(|manifest: &[u8]| {
    std::fs::write(FOLDER.path().join("manifest.json"), manifest).expect("a file in the temporary folder");
    let _ = Model::load(FOLDER.path());
});
