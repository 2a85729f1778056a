//! The seam to encoders of sentences: what stands beside the lexical features, whatever makes it.

mod centering;
mod embedder;
mod embeddings;
mod files;

#[cfg(test)]
mod tests;

pub(crate) use centering::Centering;
pub use embedder::{Embedder, EncoderError, embed_tickets};
pub use embeddings::Embeddings;
pub(crate) use files::is_plain;
pub use files::{EncoderFiles, EncoderKind};

/// An encoder to train with: what runs it, and the files that the bundle will carry.
#[derive(Clone, Copy)]
pub struct TrainingEncoder<'a> {
    /// Makes the embeddings.
    pub embedder: &'a dyn Embedder,
    /// What it was opened from.
    pub files: &'a EncoderFiles,
}

/// The encoder of a model.
#[derive(Clone, Debug)]
pub(crate) struct ModelEncoder {
    pub(crate) files: EncoderFiles,
    pub(crate) centering: Centering,
}
