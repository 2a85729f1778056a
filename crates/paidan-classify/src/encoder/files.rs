use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read, Seek, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::Error;
use crate::bundle::{ENCODER, FileEntry, encoder_of};

/// What kind of encoder a folder holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EncoderKind {
    /// A transformer of the BERT family in the layout of Hugging Face.
    Transformer,
}

/// The files of an encoder, each with its size and SHA-256, in a folder of its own or in a bundle.
#[derive(Clone, Debug)]
pub struct EncoderFiles {
    kind: EncoderKind,
    folder: PathBuf,
    in_bundle: bool,
    files: BTreeMap<String, FileEntry>,
}

impl EncoderKind {
    /// The name in manifests.
    pub fn name(self) -> &'static str {
        match self {
            Self::Transformer => "transformer",
        }
    }
}

impl EncoderFiles {
    /// The files `names` of `folder`, whose parts are separated by `/`.
    ///
    /// # Errors
    ///
    /// A file cannot be read, or its name is not one that a bundle takes.
    pub fn of_folder(
        folder: impl Into<PathBuf>,
        kind: EncoderKind,
        names: impl IntoIterator<Item = String>,
    ) -> Result<Self, Error> {
        let folder = folder.into();
        let mut files = BTreeMap::new();
        for name in names {
            if !is_plain(&name) {
                return Err(Error::data(format!(
                    "encoder file `{}`: expected a name of letters, digits, `_`, `-` and `.`: rename it",
                    name.escape_debug()
                )));
            }
            let path = folder.join(&name);
            let (sha256, size) =
                File::open(&path).and_then(|mut file| hash(&mut file)).map_err(|e| Error::io(&path, e))?;
            files.insert(name, FileEntry { sha256, size });
        }
        Ok(Self { kind, folder, in_bundle: false, files })
    }

    /// The encoder of the bundle in `folder`, of which only the manifest is read; `None` where it has none.
    ///
    /// # Errors
    ///
    /// The manifest cannot be used.
    pub fn of_bundle(folder: impl AsRef<Path>) -> Result<Option<Self>, Error> {
        encoder_of(folder.as_ref())
    }

    /// Those of a bundle whose manifest lists `files`, by names without the folder's.
    pub(crate) fn listed(bundle: &Path, kind: EncoderKind, files: BTreeMap<String, FileEntry>) -> Self {
        Self { kind, folder: bundle.join(ENCODER), in_bundle: true, files }
    }

    /// What kind of encoder this is.
    pub fn kind(&self) -> EncoderKind {
        self.kind
    }

    /// Bytes of all files.
    pub fn bytes(&self) -> u64 {
        self.files.values().map(|entry| entry.size).sum()
    }

    /// The files with their sizes and hashes.
    pub(crate) fn entries(&self) -> &BTreeMap<String, FileEntry> {
        &self.files
    }

    /// Opens the file `name` and its size in bytes, after its size and SHA-256 were found to be right; it stands at
    /// its beginning. `None` where there is no such file.
    ///
    /// # Errors
    ///
    /// The file is missing, damaged or altered.
    pub fn open(&self, name: &str) -> Result<Option<(File, u64)>, Error> {
        let Some(entry) = self.files.get(name) else { return Ok(None) };
        let mut file = self.open_unverified(name, entry)?;
        let io = |source| Error::io(&self.folder.join(name), source);
        let (sha256, _) = hash(&mut file).map_err(io)?;
        self.compare(name, entry, &sha256)?;
        file.rewind().map_err(io)?;
        Ok(Some((file, entry.size)))
    }

    /// Checks size and SHA-256 of every file.
    ///
    /// # Errors
    ///
    /// A file is missing, damaged or altered.
    pub fn verify(&self) -> Result<(), Error> {
        self.files.keys().try_for_each(|name| self.open(name).map(drop))
    }

    /// Copies all files into the new folder `encoder` of `bundle`, checking them on the way.
    pub(crate) fn copy_into(&self, bundle: &Path) -> Result<(), Error> {
        let target = bundle.join(ENCODER);
        for (name, entry) in &self.files {
            let mut from = self.open_unverified(name, entry)?;
            let to = target.join(name);
            let folder = to.parent().unwrap_or(&target);
            std::fs::create_dir_all(folder).map_err(|source| Error::io(folder, source))?;
            let mut copy = || {
                let mut file = File::create(&to)?;
                let sha256 = hash_into(&mut from, &mut file)?.0;
                file.sync_all()?;
                Ok(sha256)
            };
            let sha256 = copy().map_err(|source| Error::io(&to, source))?;
            self.compare(name, entry, &sha256)?;
        }
        Ok(())
    }

    /// The file `name` where its size is right.
    fn open_unverified(&self, name: &str, entry: &FileEntry) -> Result<File, Error> {
        let path = self.folder.join(name);
        let io = |source| Error::io(&path, source);
        // The folders of model hubs are full of links; a bundle has none.
        let is_link = self.in_bundle && std::fs::symlink_metadata(&path).map_err(io)?.is_symlink();
        let file = File::open(&path).map_err(io)?;
        let found = file.metadata().map_err(io)?;
        if is_link || !found.is_file() {
            return Err(Error::bundle(self.shown(name), "expected a plain file, found a folder or a link"));
        }
        if found.len() != entry.size {
            let (expected, found) = (entry.size, found.len());
            let problem = format!("expected {expected} bytes, found {found}: {}", self.remedy());
            return Err(Error::bundle(self.shown(name), problem));
        }
        Ok(file)
    }

    fn compare(&self, name: &str, entry: &FileEntry, sha256: &str) -> Result<(), Error> {
        if sha256 == entry.sha256 {
            return Ok(());
        }
        let expected = if self.in_bundle { "that in the manifest" } else { "what it was" };
        let problem = format!("the SHA-256 differs from {expected}: {}", self.remedy());
        Err(Error::bundle(self.shown(name), problem))
    }

    fn shown(&self, name: &str) -> String {
        format!("{ENCODER}/{name}")
    }

    fn remedy(&self) -> &'static str {
        if self.in_bundle {
            "copy the bundle again"
        } else {
            "leave the encoder's folder alone while it is used"
        }
    }
}

/// Whether `name` stays inside its folder on every system.
pub(crate) fn is_plain(name: &str) -> bool {
    let plain = |part: &str| {
        let letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        !part.is_empty() && !part.starts_with('.') && part.chars().all(letter)
    };
    name.split('/').count() <= 2 && name.split('/').all(plain)
}

/// SHA-256 and length of what is left of `file`.
fn hash(file: &mut File) -> std::io::Result<(String, u64)> {
    hash_into(file, &mut std::io::sink())
}

/// Copies what is left of `from` and returns its SHA-256 in lower-case hexadecimal, and its length.
fn hash_into(from: &mut impl Read, to: &mut impl Write) -> std::io::Result<(String, u64)> {
    struct Hashed<'w, W> {
        hasher: Sha256,
        to: &'w mut W,
    }
    impl<W: Write> Write for Hashed<'_, W> {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            let written = self.to.write(bytes)?;
            self.hasher.update(bytes.get(..written).unwrap_or_default());
            Ok(written)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            self.to.flush()
        }
    }
    let mut hashed = Hashed { hasher: Sha256::new(), to };
    let size = std::io::copy(&mut BufReader::with_capacity(1 << 18, from), &mut hashed)?;
    Ok((hashed.hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect(), size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_inside_the_folder() {
        for name in ["config.json", "1_Pooling/config.json", "model-00001-of-00002.safetensors"] {
            assert!(is_plain(name), "{name}");
        }
        for name in ["", "/etc/passwd", "../x", "a/../b", "a//b", ".hidden", "a\\b", "a:b", "a/b/c", "a/"] {
            assert!(!is_plain(name), "{name}");
        }
    }

    #[test]
    fn files_are_verified_when_opened_and_when_copied() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("model");
        std::fs::create_dir_all(folder.join("1_Pooling")).unwrap();
        std::fs::write(folder.join("config.json"), "{}").unwrap();
        std::fs::write(folder.join("1_Pooling/config.json"), "[]").unwrap();
        let names = ["config.json", "1_Pooling/config.json"].map(str::to_owned);
        let files = EncoderFiles::of_folder(&folder, EncoderKind::Transformer, names).unwrap();
        assert_eq!(files.bytes(), 4);
        let (mut file, size) = files.open("config.json").unwrap().unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        assert_eq!((text.as_str(), size), ("{}", 2));
        assert!(files.open("other").unwrap().is_none());
        files.copy_into(home.path()).unwrap();
        assert_eq!(std::fs::read(home.path().join("encoder/1_Pooling/config.json")).unwrap(), b"[]");

        std::fs::write(folder.join("config.json"), "[]").unwrap();
        for error in [files.verify(), files.copy_into(home.path())] {
            let error = error.unwrap_err().to_string();
            assert!(error.contains("encoder/config.json") && error.contains("SHA-256"), "{error}");
        }
        std::fs::write(folder.join("config.json"), "[ ]").unwrap();
        let error = files.verify().unwrap_err().to_string();
        assert!(error.contains("expected 2 bytes, found 3"), "{error}");
        let error = EncoderFiles::of_folder(&folder, EncoderKind::Transformer, ["../x".to_owned()]);
        assert!(error.unwrap_err().to_string().contains("rename it"));
    }
}
