use std::fs::File;
use std::io::{Read, Seek};
use std::path::PathBuf;

use crate::Error;

/// Where the files of a model come from.
///
/// A folder is the usual place; a bundle that checks the hash of each file before it hands it out is another.
pub trait ModelFiles {
    /// Opens the file `name`, whose parts are separated by `/`. `None` where there is no such file.
    ///
    /// # Errors
    /// The file is there and cannot be used.
    fn open(&self, name: &str) -> Result<Option<ModelFile>, Error>;
}

/// What a model's file is read through.
trait ReadSeek: Read + Seek {}

impl<T: Read + Seek> ReadSeek for T {}

/// One open file of a model.
pub struct ModelFile {
    name: String,
    reader: Box<dyn ReadSeek>,
    /// Bytes.
    len: u64,
}

impl ModelFile {
    /// The file `name` of `len` bytes, read from `reader`, which stands at its beginning.
    pub fn new(name: impl Into<String>, len: u64, reader: impl Read + Seek + 'static) -> Self {
        Self { name: name.into(), reader: Box::new(reader), len }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// The whole file, refused where it is larger than `limit` bytes.
    pub(crate) fn read_whole(mut self, limit: u64) -> Result<Vec<u8>, Error> {
        if self.len > limit {
            let problem = format!("expected at most {limit} bytes, found {}", self.len);
            return Err(Error::model(self.name, problem));
        }
        let mut bytes = vec![0; self.len as usize];
        self.read_at(0, &mut bytes)?;
        Ok(bytes)
    }

    /// Fills `buffer` with the bytes from `offset` on.
    pub(crate) fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> Result<(), Error> {
        let io = |source| Error::io(&self.name, source);
        self.reader.seek(std::io::SeekFrom::Start(offset)).map_err(io)?;
        self.reader.read_exact(buffer).map_err(io)
    }
}

impl std::fmt::Debug for ModelFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ModelFile").field("name", &self.name).field("len", &self.len).finish_non_exhaustive()
    }
}

/// A folder of files.
#[derive(Debug, Clone)]
pub struct ModelFolder(PathBuf);

impl ModelFolder {
    /// The files in `folder`.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self(folder.into())
    }
}

impl ModelFiles for ModelFolder {
    fn open(&self, name: &str) -> Result<Option<ModelFile>, Error> {
        let path = self.0.join(name);
        let io = |source| Error::io(&path, source);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(io(error)),
        };
        let found = file.metadata().map_err(io)?;
        if !found.is_file() {
            return Err(Error::model(name, "expected a plain file, found a folder or a device"));
        }
        Ok(Some(ModelFile::new(name, found.len(), file)))
    }
}

/// The whole of the file `name`, which must exist.
pub(crate) fn read_required(files: &dyn ModelFiles, name: &str, limit: u64) -> Result<Vec<u8>, Error> {
    match files.open(name)? {
        Some(file) => file.read_whole(limit),
        None => Err(Error::model(name, "expected this file in the model's folder, found none")),
    }
}

/// The whole of the file `name`, or `None` where there is none.
pub(crate) fn read_optional(
    files: &dyn ModelFiles,
    name: &str,
    limit: u64,
) -> Result<Option<Vec<u8>>, Error> {
    files.open(name)?.map(|file| file.read_whole(limit)).transpose()
}

/// The largest JSON file read, but for the tokenizer's.
pub(crate) const MAX_JSON: u64 = 16 << 20;

/// Reads `bytes` of the file `name` as JSON.
pub(crate) fn parse_json<T: serde::de::DeserializeOwned>(name: &str, bytes: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(bytes).map_err(|error| Error::model_source(name, "expected valid JSON", error))
}
