use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use super::files::sha256;
use super::manifest::{EncoderEntry, FileEntry, JIEBA, LabelEntry, Manifest, TaskEntry};
use super::read::encoder_of;
use super::risk_entry::RiskEntry;
use super::{DICTIONARY, ENCODER, FORMAT_VERSION, HEADS, MANIFEST, VOCABULARY, tensors};
use crate::model::Form;
use crate::{Error, Model, TaskKind};

impl Model {
    /// Writes the model as a bundle, replacing a bundle that is already there.
    ///
    /// The files are written to a temporary folder beside `folder`, which then takes its place. Where the
    /// system can swap two folders in one step, as Linux can, a crash leaves the old bundle or the new one;
    /// elsewhere a crash at the worst moment leaves the old one beside, under a name that begins with
    /// `.paidan-`.
    ///
    /// # Errors
    ///
    /// See [`check_target`](Self::check_target); the files cannot be written.
    pub fn save(&self, folder: impl AsRef<Path>) -> Result<(), Error> {
        let folder = folder.as_ref();
        Self::check_target(folder)?;
        let parent = parent(folder);
        let staging = tempfile::Builder::new()
            .prefix(".paidan-")
            .tempdir_in(parent)
            .map_err(|source| Error::io(parent, source))?;
        self.write_files(staging.path())?;
        make_readable(staging.path());
        put_in_place(staging, folder)
    }

    /// Whether a bundle can be put at `folder`, worth asking before a long training.
    ///
    /// # Errors
    ///
    /// `folder` is there and is something other than a bundle or an empty folder, or holds files that are
    /// not the bundle's own and would be lost; or the folder above does not exist.
    pub fn check_target(folder: impl AsRef<Path>) -> Result<(), Error> {
        let folder = folder.as_ref();
        let parent = parent(folder);
        if !parent.is_dir() {
            let problem = format!("cannot write a bundle: the folder `{}` does not exist", parent.display());
            return Err(Error::data(problem));
        }
        let Ok(found) = fs::symlink_metadata(folder) else { return Ok(()) };
        let refuse = |what: &str| {
            let shown = folder.display();
            Err(Error::data(format!("`{shown}` is there already and {what}: choose another folder")))
        };
        if !found.is_dir() {
            return refuse("is no bundle");
        }
        let entries = fs::read_dir(folder).map_err(|source| Error::io(folder, source))?;
        let names: Vec<String> =
            entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        if !names.is_empty() && !names.iter().any(|name| name == MANIFEST) {
            return refuse("is no bundle");
        }
        // Replacing deletes what was there, so it must be the bundle's own.
        let own = [MANIFEST, VOCABULARY, DICTIONARY, HEADS, ENCODER];
        let foreign = names.into_iter().find(|name| !own.contains(&name.as_str()));
        match foreign.or_else(|| foreign_to_encoder(folder)) {
            Some(foreign) => refuse(&format!("holds `{foreign}`, which is not part of a bundle")),
            None => Ok(()),
        }
    }

    fn write_files(&self, folder: &Path) -> Result<(), Error> {
        let contents = [
            (VOCABULARY, self.vectorizer.vocabulary.to_text().into_bytes()),
            (DICTIONARY, self.dictionary.to_text().into_bytes()),
            (HEADS, tensors::write(self)?),
        ];
        let mut files = BTreeMap::new();
        for (name, bytes) in contents {
            files.insert(name.to_owned(), FileEntry { sha256: sha256(&bytes), size: bytes.len() as u64 });
            write_file(&folder.join(name), &bytes)?;
        }
        if let Some(encoder) = &self.encoder {
            encoder.files.copy_into(folder)?;
            let entries = encoder.files.entries().iter();
            files.extend(entries.map(|(name, entry)| (format!("{ENCODER}/{name}"), entry.clone())));
        }
        let manifest = self.manifest(files);
        let mut json = serde_json::to_vec_pretty(&manifest)
            .map_err(|error| Error::bundle(MANIFEST, format!("cannot be written as JSON: {error}")))?;
        json.push(b'\n');
        write_file(&folder.join(MANIFEST), &json)
    }

    /// The format that a bundle of this model is written in: the oldest that can hold it.
    pub fn format_version(&self) -> u32 {
        let plain = self.tasks.iter().all(|task| task.kind() == TaskKind::Label);
        if plain && self.encoder.is_none() && !self.heads.has_sparse() { 1 } else { FORMAT_VERSION }
    }

    fn manifest(&self, files: BTreeMap<String, FileEntry>) -> Manifest {
        let tasks = self.tasks.iter().map(|task| {
            let (threshold, risk) = RiskEntry::of(&task.risk, &task.labels);
            let label = |(label, name): (&str, &Option<String>)| LabelEntry {
                label: label.to_owned(),
                name: name.clone(),
            };
            TaskEntry {
                name: task.name.clone(),
                kind: (task.kind() != TaskKind::Label).then(|| task.kind().name().to_owned()),
                labels: task.labels.iter().zip(&task.names).map(label).collect(),
                set: match &task.form {
                    Form::Set(rule) => Some(rule.clone()),
                    _ => None,
                },
                calibration: task.calibration,
                threshold,
                risk,
            }
        });
        Manifest {
            format_version: self.format_version(),
            created_by: concat!("paidan ", env!("CARGO_PKG_VERSION")).to_owned(),
            segmenter: JIEBA.to_owned(),
            features: self.vectorizer.settings.clone(),
            tasks: tasks.collect(),
            training: self.summary.clone(),
            encoder: self.encoder.as_ref().map(|encoder| EncoderEntry {
                kind: encoder.files.kind(),
                width: encoder.centering.mean.len(),
            }),
            files,
        }
    }
}

/// A file below the encoder's folder of a bundle that the manifest does not list; that folder where the manifest
/// cannot be read.
fn foreign_to_encoder(bundle: &Path) -> Option<String> {
    let folder = bundle.join(ENCODER);
    fs::symlink_metadata(&folder).ok()?;
    let Ok(Some(listed)) = encoder_of(bundle) else { return Some(ENCODER.to_owned()) };
    let is_listed = |path: &Path| {
        let name = path.strip_prefix(&folder).ok().and_then(Path::to_str);
        name.is_some_and(|name| listed.entries().contains_key(&name.replace('\\', "/")))
    };
    let mut folders = vec![folder.clone()];
    while let Some(inside) = folders.pop() {
        let Ok(entries) = fs::read_dir(&inside) else { return Some(ENCODER.to_owned()) };
        for path in entries.flatten().map(|entry| entry.path()) {
            if fs::symlink_metadata(&path).is_ok_and(|found| found.is_dir()) {
                folders.push(path);
            } else if !is_listed(&path) {
                let shown = path.strip_prefix(bundle).unwrap_or(&path);
                return Some(shown.display().to_string());
            }
        }
    }
    None
}

/// The folder above, which is the current one for a bare name.
fn parent(folder: &Path) -> &Path {
    match folder.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
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
        // The new bundle stands; what is left of the old one harms nobody.
        if let Err(error) = fs::remove_dir_all(&aside) {
            log::warn!("cannot delete the old bundle `{}`: {error}", aside.display());
        }
        return Ok(());
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
