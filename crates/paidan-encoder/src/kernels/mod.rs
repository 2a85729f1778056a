//! The operations of a BERT forward pass, and who carries them out.

#[cfg(feature = "candle")]
pub(crate) mod candle;
pub(crate) mod cpu;

use crate::Error;
use crate::config::Activation;
use crate::pack::Pack;
use crate::pooling::Pooling;

/// What [`forward`](crate::bert::Bert::forward) needs: six operations, and what brings weights and texts to them.
///
/// Activations are matrices with a row for each token of a pack, without padding; after
/// [`first_tokens`](Self::first_tokens) with a row for each text.
pub(crate) trait Kernels {
    /// Texts where the operations find them.
    type Pack;
    type Activations;
    type Embeddings;
    type Linear;
    type Norm;

    /// Keeps the embeddings of words, (vocabulary, `width`), and positions, (positions, `width`).
    fn load_embeddings(
        &self,
        words: Vec<f32>,
        positions: Vec<f32>,
        width: usize,
    ) -> Result<Self::Embeddings, Error>;

    /// Keeps a linear layer: `weight` (outputs, inputs), `bias` (outputs).
    fn load_linear(&self, weight: Vec<f32>, bias: Vec<f32>) -> Result<Self::Linear, Error>;

    /// Keeps a layer norm.
    fn load_norm(&self, weight: Vec<f32>, bias: Vec<f32>, epsilon: f32) -> Result<Self::Norm, Error>;

    /// Brings the texts of `pack` to where the operations find them.
    fn prepare(&self, pack: Pack) -> Result<Self::Pack, Error>;

    /// Word plus position of every token.
    fn embed(&self, embeddings: &Self::Embeddings, pack: &Self::Pack) -> Result<Self::Activations, Error>;

    /// `activation(x · weightᵀ + bias)`.
    fn linear(
        &self,
        x: &Self::Activations,
        linear: &Self::Linear,
        activation: Option<Activation>,
    ) -> Result<Self::Activations, Error>;

    /// Scaled dot-product attention inside each text. `queries` has a row for each token or for each text;
    /// `keys_values` has a row for each token, the keys of all heads before the values of all.
    fn attention(
        &self,
        queries: &Self::Activations,
        keys_values: &Self::Activations,
        pack: &Self::Pack,
        heads: usize,
    ) -> Result<Self::Activations, Error>;

    /// Layer normalisation of `x`, or of `x + residual`.
    fn norm(
        &self,
        x: Self::Activations,
        residual: Option<&Self::Activations>,
        norm: &Self::Norm,
    ) -> Result<Self::Activations, Error>;

    /// The row of each text's first token.
    fn first_tokens(&self, x: &Self::Activations, pack: &Self::Pack) -> Result<Self::Activations, Error>;

    /// The embedding of each text, (texts, hidden), from rows of all tokens, or of the first ones for
    /// [`Pooling::Cls`].
    fn pool(&self, x: Self::Activations, pack: &Self::Pack, pooling: Pooling) -> Result<Vec<f32>, Error>;
}
