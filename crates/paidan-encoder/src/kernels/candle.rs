//! Candle's tensors: inference on CUDA, and training.

use candle_core::{D, DType, Device, Tensor};
use candle_nn::ops::{layer_norm, softmax_last_dim};

use super::Kernels;
use crate::Error;
use crate::config::Activation;
use crate::pack::Pack;
use crate::pooling::Pooling;

/// The operations on a device of candle's.
#[derive(Debug, Clone)]
pub(crate) struct Candle {
    device: Device,
    /// Of weights and activations.
    dtype: DType,
}

/// Tables of word and position embeddings.
pub(crate) struct Embeddings {
    words: Tensor,
    positions: Tensor,
}

/// A linear layer.
pub(crate) struct Linear {
    /// (inputs, outputs)
    weight: Tensor,
    bias: Tensor,
}

/// A layer norm.
pub(crate) struct Norm {
    weight: Tensor,
    bias: Tensor,
    epsilon: f32,
}

/// A pack on the device. Products run over its tokens without padding; attention over a row for each text, padded to
/// the longest, because texts must not attend to each other.
pub(crate) struct Batch {
    /// (tokens)
    ids: Tensor,
    /// The place of each token in its text, (tokens).
    positions: Tensor,
    /// Each text's first token, (texts).
    first: Tensor,
    /// The share of each token in the mean of its text, 0 for padding, (texts, longest, 1), in single precision.
    shares: Tensor,
    /// `None` where all texts are equally long.
    padding: Option<Padding>,
    texts: usize,
    longest: usize,
}

/// How texts are padded.
struct Padding {
    /// The token in each padded place, the first of the text where there is none, (texts · longest).
    tokens: Tensor,
    /// The padded place of each token, (tokens).
    places: Tensor,
    /// 0 for tokens, -∞ for padding, (texts, 1, 1, longest).
    mask: Tensor,
}

impl Candle {
    pub(crate) fn new(device: Device, dtype: DType) -> Self {
        Self { device, dtype }
    }

    fn tensor(&self, values: Vec<f32>, shape: &[usize]) -> Result<Tensor, Error> {
        Ok(Tensor::from_vec(values, shape, &self.device)?.to_dtype(self.dtype)?)
    }

    fn indices(&self, values: impl IntoIterator<Item = usize>) -> Result<Tensor, Error> {
        let values: Vec<u32> = values.into_iter().map(|value| value as u32).collect();
        let count = values.len();
        Ok(Tensor::from_vec(values, count, &self.device)?)
    }

    fn padding(&self, pack: &Pack, longest: usize) -> Result<Padding, Error> {
        let places = |span: std::ops::Range<usize>| {
            (0..longest).map(move |place| if place < span.len() { span.start + place } else { span.start })
        };
        let mask = |length: usize| {
            (0..longest).map(move |place| if place < length { 0.0 } else { f32::NEG_INFINITY })
        };
        Ok(Padding {
            tokens: self.indices(pack.spans().flat_map(places))?,
            places: self.indices(
                pack.spans()
                    .enumerate()
                    .flat_map(|(text, span)| (0..span.len()).map(move |place| text * longest + place)),
            )?,
            mask: self.tensor(
                pack.spans().flat_map(|span| mask(span.len())).collect(),
                &[pack.texts(), 1, 1, longest],
            )?,
        })
    }
}

impl Batch {
    /// (tokens, width) to (texts, longest, width).
    fn pad(&self, x: &Tensor) -> Result<Tensor, Error> {
        let padded = match &self.padding {
            Some(padding) => x.index_select(&padding.tokens, 0)?,
            None => x.clone(),
        };
        Ok(padded.reshape((self.texts, self.longest, x.dim(D::Minus1)?))?)
    }
}

impl Kernels for Candle {
    type Pack = Batch;
    type Activations = Tensor;
    type Embeddings = Embeddings;
    type Linear = Linear;
    type Norm = Norm;

    fn load_embeddings(
        &self,
        words: Vec<f32>,
        positions: Vec<f32>,
        width: usize,
    ) -> Result<Embeddings, Error> {
        let (vocabulary, longest) = (words.len() / width, positions.len() / width);
        Ok(Embeddings {
            words: self.tensor(words, &[vocabulary, width])?,
            positions: self.tensor(positions, &[longest, width])?,
        })
    }

    fn load_linear(&self, weight: Vec<f32>, bias: Vec<f32>) -> Result<Linear, Error> {
        let (outputs, inputs) = (bias.len(), weight.len() / bias.len().max(1));
        let weight = self.tensor(weight, &[outputs, inputs])?.t()?;
        Ok(Linear { weight, bias: self.tensor(bias, &[outputs])? })
    }

    fn load_norm(&self, weight: Vec<f32>, bias: Vec<f32>, epsilon: f32) -> Result<Norm, Error> {
        let width = weight.len();
        Ok(Norm { weight: self.tensor(weight, &[width])?, bias: self.tensor(bias, &[width])?, epsilon })
    }

    fn prepare(&self, pack: Pack) -> Result<Batch, Error> {
        let longest = pack.spans().map(|span| span.len()).max().unwrap_or(0);
        let even = pack.spans().all(|span| span.len() == longest);
        let shares = pack.spans().flat_map(|span| {
            (0..longest).map(move |place| if place < span.len() { 1.0 / span.len() as f32 } else { 0.0 })
        });
        let shares: Vec<f32> = shares.collect();
        let texts = pack.texts();
        Ok(Batch {
            ids: self.indices(pack.ids().iter().map(|id| *id as usize))?,
            positions: self.indices(pack.spans().flat_map(|span| 0..span.len()))?,
            first: self.indices(pack.spans().map(|span| span.start))?,
            shares: Tensor::from_vec(shares, (texts, longest, 1), &self.device)?,
            padding: if even { None } else { Some(self.padding(&pack, longest)?) },
            texts,
            longest,
        })
    }

    fn embed(&self, embeddings: &Embeddings, batch: &Batch) -> Result<Tensor, Error> {
        let words = embeddings.words.index_select(&batch.ids, 0)?;
        let positions = embeddings.positions.index_select(&batch.positions, 0)?;
        Ok((words + positions)?)
    }

    fn linear(&self, x: &Tensor, linear: &Linear, activation: Option<Activation>) -> Result<Tensor, Error> {
        let x = x.matmul(&linear.weight)?.broadcast_add(&linear.bias)?;
        Ok(match activation {
            None => x,
            Some(Activation::GeluErf) => x.gelu_erf()?,
            // Candle's `gelu` is the approximation with tanh.
            Some(Activation::GeluTanh) => x.gelu()?,
            Some(Activation::Relu) => x.relu()?,
        })
    }

    fn attention(
        &self,
        queries: &Tensor,
        keys_values: &Tensor,
        batch: &Batch,
        heads: usize,
    ) -> Result<Tensor, Error> {
        let (rows, hidden) = queries.dims2()?;
        let width = hidden / heads;
        let (texts, longest) = (batch.texts, batch.longest);
        let each_token = rows == keys_values.dim(0)?;
        let queries = match each_token {
            true => batch.pad(queries)?,
            false => queries.reshape((texts, 1, hidden))?,
        };
        let places = queries.dim(1)?;
        // (texts, heads, places, width)
        let queries = (queries.reshape((texts, places, heads, width))? / (width as f64).sqrt())?;
        let queries = queries.transpose(1, 2)?.contiguous()?;
        let keys_values = batch.pad(keys_values)?.reshape((texts, longest, 2, heads, width))?;
        let part = |part| keys_values.narrow(2, part, 1)?.squeeze(2)?.transpose(1, 2)?.contiguous();
        let (keys, values) = (part(0)?, part(1)?);
        let mut scores = queries.matmul(&keys.t()?)?;
        if let Some(padding) = &batch.padding {
            scores = scores.broadcast_add(&padding.mask)?;
        }
        let context = softmax_last_dim(&scores)?.matmul(&values)?;
        let context = context.transpose(1, 2)?.reshape((texts * places, hidden))?;
        Ok(match &batch.padding {
            Some(padding) if each_token => context.index_select(&padding.places, 0)?,
            _ => context,
        })
    }

    fn norm(&self, x: Tensor, residual: Option<&Tensor>, norm: &Norm) -> Result<Tensor, Error> {
        let x = match residual {
            Some(residual) => (x + residual)?,
            None => x,
        };
        Ok(layer_norm(&x, &norm.weight, &norm.bias, norm.epsilon)?)
    }

    fn first_tokens(&self, x: &Tensor, batch: &Batch) -> Result<Tensor, Error> {
        Ok(x.index_select(&batch.first, 0)?)
    }

    fn pool(&self, x: Tensor, batch: &Batch, pooling: Pooling) -> Result<Vec<f32>, Error> {
        let x = x.to_dtype(DType::F32)?;
        let pooled = match pooling {
            Pooling::Cls => x,
            Pooling::Mean => batch.pad(&x)?.broadcast_mul(&batch.shares)?.sum(1)?,
        };
        Ok(pooled.flatten_all()?.to_vec1()?)
    }
}
