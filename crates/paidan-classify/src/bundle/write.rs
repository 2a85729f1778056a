use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use super::files::sha256;
use super::manifest::{FileEntry, JIEBA, LabelEntry, Manifest, TaskEntry};
use super::{DICTIONARY, FORMAT_VERSION, HEADS, MANIFEST, VOCABULARY, tensors};
use crate::{Error, Model};

impl Model {
    /// Writes the model as a bundle, replacing a bundle that is already there.
    ///
    /// The files are written to a temporary folder beside `folder`, which is then renamed: a crash leaves
    /// the old bundle or the new one.
    ///
    /// # Errors
    ///
    /// `folder` is something other than a bundle or an empty folder, or cannot be written.
    pub fn save(&self, folder: impl AsRef<Path>) -> Result<(), Error> {
        let folder = folder.as_ref();
        refuse_foreign(folder)?;
        let parent = match folder.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let staging = tempfile::Builder::new()
            .prefix(".paidan-")
            .tempdir_in(parent)
            .map_err(|source| Error::io(parent, source))?;
        self.write_files(staging.path())?;
        make_readable(staging.path());
        put_in_place(staging, folder)
    }

    fn write_files(&self, folder: &Path) -> Result<(), Error> {
        let contents = [
            (VOCABULARY, self.vectorizer.vocabulary.to_text().into_bytes()),
            (DICTIONARY, self.dictionary.to_text().into_bytes()),
            (HEADS, tensors::write(&self.vectorizer.idf, &self.tasks)?),
        ];
        let mut files = BTreeMap::new();
        for (name, bytes) in contents {
            files.insert(name.to_owned(), FileEntry { sha256: sha256(&bytes), size: bytes.len() as u64 });
            write_file(&folder.join(name), &bytes)?;
        }
        let manifest = self.manifest(files);
        let mut json = serde_json::to_vec_pretty(&manifest)
            .map_err(|error| Error::bundle(MANIFEST, format!("cannot be written as JSON: {error}")))?;
        json.push(b'\n');
        write_file(&folder.join(MANIFEST), &json)
    }

    fn manifest(&self, files: BTreeMap<String, FileEntry>) -> Manifest {
        let tasks = self.tasks.iter().map(|task| TaskEntry {
            name: task.name.clone(),
            labels: task
                .labels
                .iter()
                .zip(&task.names)
                .map(|(label, name)| LabelEntry { label: label.to_owned(), name: name.clone() })
                .collect(),
            calibration: task.calibration,
            threshold: task.threshold,
        });
        Manifest {
            format_version: FORMAT_VERSION,
            created_by: concat!("paidan ", env!("CARGO_PKG_VERSION")).to_owned(),
            segmenter: JIEBA.to_owned(),
            features: self.vectorizer.settings.clone(),
            tasks: tasks.collect(),
            training: self.summary.clone(),
            files,
        }
    }
}

/// Replacing deletes what was there, so it must be a bundle.
fn refuse_foreign(folder: &Path) -> Result<(), Error> {
    let Ok(found) = fs::symlink_metadata(folder) else { return Ok(()) };
    let is_bundle = folder.join(MANIFEST).is_file();
    let is_empty = || fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none());
    if found.is_dir() && (is_bundle || is_empty()) {
        return Ok(());
    }
    let problem = format!("`{}` is there already and is no bundle: choose another folder", folder.display());
    Err(Error::data(problem))
}

fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let write = || {
        let mut file = File::create(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().map_err(|source| Error::io(path, source))
}

/// Temporary folders are private to their owner; a bundle is as readable as any other new folder.
#[cfg(unix)]
fn make_readable(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    // Where this fails the bundle is merely private.
    let _ = fs::set_permissions(folder, fs::Permissions::from_mode(0o755));
}

#[cfg(not(unix))]
fn make_readable(_: &Path) {}

fn put_in_place(staging: tempfile::TempDir, folder: &Path) -> Result<(), Error> {
    if exchange(staging.path(), folder) {
        // What is in the temporary folder now is the old bundle, deleted as it goes out of scope.
        return Ok(());
    }
    let io = |source| Error::io(folder, source);
    if folder.exists() {
        let aside = staging.path().with_extension("old");
        fs::rename(folder, &aside).map_err(io)?;
        if let Err(error) = fs::rename(staging.path(), folder) {
            fs::rename(&aside, folder).map_err(io)?;
            return Err(io(error));
        }
        return fs::remove_dir_all(&aside).map_err(io);
    }
    fs::rename(staging.path(), folder).map_err(io)
}

/// Swaps two folders in one step where the system can; `false` where it cannot or `folder` is new.
#[cfg(target_os = "linux")]
fn exchange(staging: &Path, folder: &Path) -> bool {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, staging, CWD, folder, RenameFlags::EXCHANGE).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn exchange(_: &Path, _: &Path) -> bool {
    false
}
