//! Sentence embeddings from models of the BERT family, fast on CPU, the same on CUDA.
//!
//! A folder in the layout of Hugging Face is used as it is: `model_type` `bert` (RoBERTa-wwm, MacBERT, bge, text2vec)
//! or `albert`; `model.safetensors`, whole or in shards, in F32, F16 or BF16; `tokenizer.json`, or `vocab.txt` with
//! `tokenizer_config.json`; pooling and normalisation from `modules.json`. Nothing is fetched.
//!
//! ```
//! use paidan_encoder::Encoder;
//!
//! # let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/bert-erf");
//! let encoder = Encoder::open(folder)?;
//! let embeddings = encoder.encode(&["路灯坏了三天没人修", "小区门口的灯不亮"])?;
//! assert_eq!(embeddings.len(), 2);
//! assert_eq!(embeddings.width(), encoder.hidden_size());
//! # Ok::<(), paidan_encoder::Error>(())
//! ```
//!
//! # The way of a text
//! 1. Token ids (`tokenizer/`): one table look-up a character for plain BERT tokenizers, with the ids of the crate
//!    `tokenizers`, which reads everything else.
//! 2. Packs (`pack.rs`): texts one after the other without padding, about a thousand tokens, a pack a thread.
//! 3. The forward pass (`bert.rs`), one for all architectures and devices, over the operations of `kernels/`.
//! 4. Pooling and normalisation: an [`Embeddings`] row.
//!
//! # Sameness
//! On CPU an embedding is the same to the bit whether its text comes alone or among others, on any number of threads,
//! and on every processor with fused multiplication. On CUDA it differs from that in the last digits, after the length
//! of the texts beside it.
//!
//! # Features
//! - `candle` (default): the same forward pass over candle's tensors, the base of CUDA and of training. Inference on CPU
//!   does without; `default-features = false` saves most of the compile time.
//! - `cuda`: [`Device::Cuda`]. Needs the CUDA toolkit to build, and its libraries to run.

mod bert;
mod config;
mod device;
mod embeddings;
mod encoder;
mod engine;
mod error;
mod files;
mod kernels;
mod load;
mod options;
mod pack;
mod pooling;
mod tokenizer;

pub use device::{Device, Precision};
pub use embeddings::Embeddings;
pub use encoder::Encoder;
pub use error::{Error, ErrorKind};
pub use files::{ModelFile, ModelFiles, ModelFolder};
pub use options::{EncoderOptions, LongTexts};
pub use pooling::Pooling;
