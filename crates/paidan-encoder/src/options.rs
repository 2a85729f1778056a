use std::path::Path;

use crate::files::{ModelFiles, ModelFolder};
use crate::{Device, Encoder, Error, Pooling, Precision};

/// What is done with a text of more tokens than the model takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LongTexts {
    /// Its beginning is encoded, and [`Embeddings::truncated`](crate::Embeddings::truncated) says so.
    #[default]
    Truncate,
    /// It is cut into windows, one after the other; its embedding is the mean of theirs, weighted by tokens.
    Windows,
}

/// How an [`Encoder`] is made.
///
/// The defaults follow the model's own files. Worth a look: [`pooling`](Self::pooling) for a folder without
/// `modules.json`, and [`max_length`](Self::max_length), since time grows with the number of tokens.
///
/// ```
/// use paidan_encoder::{EncoderOptions, Pooling};
///
/// # let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/bert-erf");
/// let encoder = EncoderOptions::new().pooling(Pooling::Cls).max_length(128).open(folder)?;
/// assert_eq!(encoder.max_length(), 128);
/// # Ok::<(), paidan_encoder::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct EncoderOptions {
    pub(crate) pooling: Option<Pooling>,
    pub(crate) normalize: Option<bool>,
    pub(crate) max_length: Option<usize>,
    pub(crate) long_texts: LongTexts,
    pub(crate) threads: Option<usize>,
    pub(crate) device: Device,
    pub(crate) precision: Precision,
}

impl EncoderOptions {
    /// What the model's files say, on CPU, in single precision.
    pub fn new() -> Self {
        Self::default()
    }

    /// How tokens become a sentence. Unset: what `1_Pooling/config.json` says, else [`Pooling::Mean`].
    #[must_use]
    pub fn pooling(self, pooling: Pooling) -> Self {
        Self { pooling: Some(pooling), ..self }
    }

    /// Whether embeddings are scaled to length 1. Unset: whether `modules.json` says so.
    #[must_use]
    pub fn normalize(self, normalize: bool) -> Self {
        Self { normalize: Some(normalize), ..self }
    }

    /// The most tokens of one text, special tokens included. Unset: what the model's files say.
    #[must_use]
    pub fn max_length(self, tokens: usize) -> Self {
        Self { max_length: Some(tokens), ..self }
    }

    /// What is done with longer texts. Unset: [`LongTexts::Truncate`].
    #[must_use]
    pub fn long_texts(self, long_texts: LongTexts) -> Self {
        Self { long_texts, ..self }
    }

    /// The number of threads of the encoder's own. Unset: it runs on the current rayon pool.
    #[must_use]
    pub fn threads(self, threads: usize) -> Self {
        Self { threads: Some(threads), ..self }
    }

    /// Where the model runs. Unset: on the CPU.
    #[must_use]
    pub fn device(self, device: Device) -> Self {
        Self { device, ..self }
    }

    /// The numbers it computes with. Unset: [`Precision::F32`].
    #[must_use]
    pub fn precision(self, precision: Precision) -> Self {
        Self { precision, ..self }
    }

    /// Opens the model in `folder`, which has the layout of Hugging Face: `config.json`, `model.safetensors`,
    /// `tokenizer.json` and so on.
    ///
    /// # Errors
    /// A file is missing, damaged or of a kind that is not supported, or an option is out of range.
    pub fn open(&self, folder: impl AsRef<Path>) -> Result<Encoder, Error> {
        self.open_files(&ModelFolder::new(folder.as_ref().to_owned()))
    }

    /// Opens the model in `files`.
    ///
    /// # Errors
    /// Those of [`open`](Self::open).
    pub fn open_files(&self, files: &dyn ModelFiles) -> Result<Encoder, Error> {
        Encoder::from_files(files, self)
    }
}
