//! Reading a model's weights: safetensors in one file or several, checked, never mapped into memory.

mod shard;
mod weights;

pub(crate) use weights::Weights;
