//! What the targets that read files have in common: the bytes become a file, and reading it must end, without
//! a panic, in rows that stand in order.

use std::path::PathBuf;
use std::sync::LazyLock;

use paidan_data::{RecordReader, Source};
use tempfile::TempDir;

/// A folder in memory where there is one.
static FOLDER: LazyLock<TempDir> = LazyLock::new(|| {
    let memory = PathBuf::from("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    folder.expect("a temporary folder")
});

/// Writes `bytes` to a file with this ending and reads all its rows.
pub fn read_file(bytes: &[u8], ending: &str) {
    let path = FOLDER.path().join(format!("given.{ending}"));
    std::fs::write(&path, bytes).expect("a file in the temporary folder");
    let Ok(reader) = RecordReader::open(&[Source::new(path)]) else { return };
    let mut last = 0;
    for record in reader {
        let position = match &record {
            Ok(record) => {
                for column in record.columns() {
                    let _ = record.get(column);
                }
                record.position()
            }
            Err(error) => {
                assert!(!error.message().is_empty());
                error.position()
            }
        };
        assert!(position.row > last, "row {} after row {last}", position.row);
        last = position.row;
    }
}
