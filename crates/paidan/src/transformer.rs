//! `paidan-encoder` behind the classifier's trait.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::Path;

use paidan_classify::{Embedder, Embeddings, EncoderError, EncoderFiles, EncoderKind};
use paidan_encoder::{Encoder, EncoderOptions, ModelFile, ModelFiles, ModelFolder};

use crate::device::{Device, EncoderSettings, Precision};
use crate::error::{Error, ErrorKind};

/// A transformer as what it makes of texts.
struct Transformer(Encoder);

impl Embedder for Transformer {
    fn width(&self) -> usize {
        self.0.hidden_size()
    }

    fn embed(&self, texts: &[&str]) -> Result<Embeddings, EncoderError> {
        let embeddings = self.0.encode(texts).map_err(EncoderError::new)?;
        let truncated = (0..texts.len()).filter(|text| embeddings.truncated(*text)).count();
        Ok(Embeddings::new(embeddings.width(), embeddings.into_vec(), truncated))
    }
}

/// Opens the model in `folder`; its files are those that were read.
pub(crate) fn open_folder(
    folder: &Path,
    settings: EncoderSettings,
) -> Result<(Box<dyn Embedder>, EncoderFiles), Error> {
    let read = Remembering { folder: ModelFolder::new(folder), names: RefCell::default() };
    let embedder = open(&read, settings).map_err(error)?;
    let files = EncoderFiles::of_folder(folder, EncoderKind::Transformer, read.names.into_inner())?;
    Ok((embedder, files))
}

/// Opens the model whose files are `files`, each verified before it is read.
pub(crate) fn open_files(
    files: &EncoderFiles,
    settings: EncoderSettings,
) -> Result<Box<dyn Embedder>, Error> {
    let verified = Verified { files, failed: RefCell::default() };
    open(&verified, settings).map_err(|found| match verified.failed.into_inner() {
        Some(failed) => failed.into(),
        None => error(found),
    })
}

fn open(
    files: &dyn ModelFiles,
    settings: EncoderSettings,
) -> Result<Box<dyn Embedder>, paidan_encoder::Error> {
    let device = match settings.device {
        Device::Cpu => paidan_encoder::Device::Cpu,
        Device::Cuda(index) => paidan_encoder::Device::Cuda(index),
    };
    let precision = match settings.precision {
        Precision::F32 => paidan_encoder::Precision::F32,
        Precision::F16 => paidan_encoder::Precision::F16,
        Precision::BF16 => paidan_encoder::Precision::BF16,
        Precision::Int8 => paidan_encoder::Precision::Int8,
    };
    let encoder = EncoderOptions::new().device(device).precision(precision).open_files(files)?;
    Ok(Box::new(Transformer(encoder)))
}

fn error(error: paidan_encoder::Error) -> Error {
    match error.kind() {
        paidan_encoder::ErrorKind::Setting { problem } => {
            Error::new(ErrorKind::Setting { problem: problem.clone() })
        }
        _ => paidan_classify::Error::from(EncoderError::new(error)).into(),
    }
}

/// A folder that remembers what was read of it.
struct Remembering {
    folder: ModelFolder,
    names: RefCell<BTreeSet<String>>,
}

impl ModelFiles for Remembering {
    fn open(&self, name: &str) -> Result<Option<ModelFile>, paidan_encoder::Error> {
        let file = self.folder.open(name)?;
        if file.is_some() {
            self.names.borrow_mut().insert(name.to_owned());
        }
        Ok(file)
    }
}

/// The files of a bundle, each verified as it is opened.
struct Verified<'a> {
    files: &'a EncoderFiles,
    /// What was wrong with one of them: said better than the encoder can.
    failed: RefCell<Option<paidan_classify::Error>>,
}

impl ModelFiles for Verified<'_> {
    fn open(&self, name: &str) -> Result<Option<ModelFile>, paidan_encoder::Error> {
        match self.files.open(name) {
            Ok(file) => Ok(file.map(|(file, size)| ModelFile::new(name, size, file))),
            Err(error) => {
                let told = paidan_encoder::Error::io(name, std::io::Error::other(error.to_string()));
                *self.failed.borrow_mut() = Some(error);
                Err(told)
            }
        }
    }
}
