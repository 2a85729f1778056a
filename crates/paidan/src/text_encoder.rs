use std::fmt;
use std::path::Path;

use paidan_classify::{Embedder, EncoderFiles};

use crate::device::EncoderSettings;
use crate::error::Error;

/// An encoder to train with: see [`Trainer::encoder`](crate::Trainer::encoder).
pub struct TextEncoder {
    pub(crate) embedder: Box<dyn Embedder>,
    pub(crate) files: EncoderFiles,
}

impl TextEncoder {
    /// Opens the encoder in `folder`, of the BERT family in the layout of Hugging Face.
    ///
    /// # Errors
    ///
    /// A file is missing, damaged or of a kind that is not supported; this build has no encoder.
    pub fn open(folder: impl AsRef<Path>, settings: EncoderSettings) -> Result<Self, Error> {
        let (embedder, files) = backend::open_folder(folder.as_ref(), settings)?;
        Ok(Self { embedder, files })
    }

    /// Opens the encoder of the bundle in `folder`; `None` where it has none.
    ///
    /// # Errors
    ///
    /// The bundle's manifest cannot be used, or its encoder cannot; this build has no encoder.
    pub fn of_bundle(folder: impl AsRef<Path>, settings: EncoderSettings) -> Result<Option<Self>, Error> {
        let Some(files) = EncoderFiles::of_bundle(folder)? else { return Ok(None) };
        Ok(Some(Self { embedder: open_files(&files, settings)?, files }))
    }

    /// Numbers in an embedding.
    pub fn width(&self) -> usize {
        self.embedder.width()
    }
}

impl fmt::Debug for TextEncoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TextEncoder").field("width", &self.width()).finish_non_exhaustive()
    }
}

/// Opens the encoder whose files are `files`.
pub(crate) fn open_files(
    files: &EncoderFiles,
    settings: EncoderSettings,
) -> Result<Box<dyn Embedder>, Error> {
    backend::open_files(files, settings)
}

#[cfg(feature = "encoder")]
use crate::transformer as backend;

/// A build for words and characters only.
#[cfg(not(feature = "encoder"))]
mod backend {
    use super::*;
    use paidan_classify::EncoderError;

    const NONE: &str = "this build reads words and characters only and cannot run an encoder: use a build with the \
                        feature `encoder`, or a bundle trained with --encoder none";

    pub(super) fn open_folder(
        _: &Path,
        _: EncoderSettings,
    ) -> Result<(Box<dyn Embedder>, EncoderFiles), Error> {
        Err(paidan_classify::Error::from(EncoderError::new(NONE)).into())
    }

    pub(super) fn open_files(_: &EncoderFiles, _: EncoderSettings) -> Result<Box<dyn Embedder>, Error> {
        Err(paidan_classify::Error::from(EncoderError::new(NONE)).into())
    }
}
