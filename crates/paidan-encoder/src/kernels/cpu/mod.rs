//! Inference on CPU.

mod arithmetic;
mod attention;
#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(all(target_arch = "x86_64", rustc_1_89))]
mod avx512;
mod buffer;
mod elementary;
mod lanes;
mod linear;
mod matrix;
mod norm;
mod panels;
mod portable;
mod product;
mod quantized;
mod softmax;
mod transpose;

use rayon::prelude::*;

use super::Kernels;
use crate::Error;
use crate::config::Activation;
use crate::pack::Pack;
use crate::pooling::Pooling;
use attention::Attention;
use buffer::{Buffer, Pool};
use lanes::Isa;
use linear::Linear;

/// The fewest rows worth a thread of their own.
const ROWS_OF_THREAD: usize = 12;

/// The operations on this machine's processor.
#[derive(Debug, Clone)]
pub(crate) struct Cpu {
    isa: Isa,
    /// Whether linear layers are loaded as 8-bit integers.
    quantized: bool,
    pool: Pool,
    /// Whether one pack is shared by all threads of the current pool; else each runs on the caller's.
    split: bool,
}

/// Rows of `width` numbers.
#[derive(Debug)]
pub(crate) struct Activations {
    width: usize,
    values: Buffer,
}

/// Tables of word and position embeddings.
#[derive(Debug)]
pub(crate) struct Embeddings {
    width: usize,
    words: Vec<f32>,
    positions: Vec<f32>,
}

/// A layer norm.
#[derive(Debug)]
pub(crate) struct Norm {
    weight: Vec<f32>,
    bias: Vec<f32>,
    epsilon: f32,
}

impl Cpu {
    /// The fastest instructions that the machine has.
    pub(crate) fn new() -> Self {
        Self { isa: Isa::best(), quantized: false, pool: Pool::default(), split: false }
    }

    /// The same, which keeps linear layers as 8-bit integers.
    pub(crate) fn quantized(self) -> Self {
        Self { quantized: true, ..self }
    }

    /// One of each kind of instructions that the machine has, the portable first.
    #[cfg(test)]
    pub(crate) fn all() -> Vec<Self> {
        Isa::all().into_iter().map(|isa| Self { isa, ..Self::new() }).collect()
    }

    /// Bytes of memory for activations that no pack is using.
    #[cfg(test)]
    pub(crate) fn kept_memory(&self) -> usize {
        self.pool.kept()
    }

    /// The same, with each pack shared by all threads if `split`: for few texts, for which there are more threads
    /// than packs.
    pub(crate) fn split(&self, split: bool) -> Self {
        Self { split, ..self.clone() }
    }
}

impl Activations {
    fn rows(&self) -> usize {
        self.values.len() / self.width.max(1)
    }
}

impl Kernels for Cpu {
    type Pack = Pack;
    type Activations = Activations;
    type Embeddings = Embeddings;
    type Linear = Linear;
    type Norm = Norm;

    fn load_embeddings(
        &self,
        words: Vec<f32>,
        positions: Vec<f32>,
        width: usize,
    ) -> Result<Embeddings, Error> {
        Ok(Embeddings { width, words, positions })
    }

    fn load_linear(&self, weight: Vec<f32>, bias: Vec<f32>) -> Result<Linear, Error> {
        Ok(Linear::new(self.isa, self.quantized, &weight, bias))
    }

    fn load_norm(&self, weight: Vec<f32>, bias: Vec<f32>, epsilon: f32) -> Result<Norm, Error> {
        Ok(Norm { weight, bias, epsilon })
    }

    fn prepare(&self, pack: Pack) -> Result<Pack, Error> {
        Ok(pack)
    }

    fn embed(&self, embeddings: &Embeddings, pack: &Pack) -> Result<Activations, Error> {
        let Embeddings { width, words, positions } = embeddings;
        let mut values = self.pool.take(pack.ids().len() * width);
        let mut rows = values.chunks_exact_mut(*width);
        for span in pack.spans() {
            let ids = pack.ids()[span].iter().zip(positions.chunks_exact(*width));
            for ((id, position), row) in ids.zip(&mut rows) {
                let word = &words[*id as usize * width..][..*width];
                for ((to, word), position) in row.iter_mut().zip(word).zip(position) {
                    *to = word + position;
                }
            }
        }
        Ok(Activations { width: *width, values })
    }

    fn linear(
        &self,
        x: &Activations,
        linear: &Linear,
        activation: Option<Activation>,
    ) -> Result<Activations, Error> {
        let (rows, inputs, width) = (x.rows(), linear.inputs(), linear.outputs());
        let mut values = self.pool.take(rows * width);
        if self.split {
            let rows = rows.div_ceil(rayon::current_num_threads()).next_multiple_of(ROWS_OF_THREAD);
            let parts = values.par_chunks_mut(rows * width).zip(x.values.par_chunks(rows * inputs));
            parts.for_each(|(out, x)| linear.run(self.isa, x, activation, out));
        } else {
            linear.run(self.isa, &x.values, activation, &mut values);
        }
        Ok(Activations { width, values })
    }

    fn attention(
        &self,
        queries: &Activations,
        keys_values: &Activations,
        pack: &Pack,
        heads: usize,
    ) -> Result<Activations, Error> {
        let hidden = queries.width;
        let mut values = self.pool.take(queries.values.len());
        let attention = Attention {
            isa: self.isa,
            queries: &queries.values,
            keys_values: &keys_values.values,
            hidden,
            heads,
            split: self.split,
        };
        let each_token = queries.rows() == keys_values.rows();
        for (text, tokens) in pack.spans().enumerate() {
            let rows = if each_token { tokens.clone() } else { text..text + 1 };
            let out = &mut values[rows.start * hidden..rows.end * hidden];
            attention.run(rows, tokens, out);
        }
        Ok(Activations { width: hidden, values })
    }

    fn norm(
        &self,
        mut x: Activations,
        residual: Option<&Activations>,
        norm: &Norm,
    ) -> Result<Activations, Error> {
        self.isa.run(norm::Norm {
            values: &mut x.values,
            residual: residual.map(|residual| &residual.values[..]),
            weight: &norm.weight,
            bias: &norm.bias,
            epsilon: norm.epsilon,
        });
        Ok(x)
    }

    fn first_tokens(&self, x: &Activations, pack: &Pack) -> Result<Activations, Error> {
        let mut values = self.pool.take(pack.texts() * x.width);
        for (span, to) in pack.spans().zip(values.chunks_exact_mut(x.width)) {
            to.copy_from_slice(&x.values[span.start * x.width..][..x.width]);
        }
        Ok(Activations { width: x.width, values })
    }

    fn pool(&self, x: Activations, pack: &Pack, pooling: Pooling) -> Result<Vec<f32>, Error> {
        match pooling {
            Pooling::Cls => Ok(x.values.to_vec()),
            Pooling::Mean => Ok(pack
                .spans()
                .flat_map(|span| {
                    let mut mean = vec![0.0f32; x.width];
                    for row in x.values[span.start * x.width..span.end * x.width].chunks_exact(x.width) {
                        mean.iter_mut().zip(row).for_each(|(mean, value)| *mean += value);
                    }
                    let share = 1.0 / span.len().max(1) as f32;
                    mean.iter_mut().for_each(|mean| *mean *= share);
                    mean
                })
                .collect()),
        }
    }
}

/// Numbers from -1 to 1, the same for the same seed.
#[cfg(test)]
fn random(seed: u64, count: usize) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    (0..count)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f32 / (1u64 << 23) as f32 - 1.0
        })
        .collect()
}
