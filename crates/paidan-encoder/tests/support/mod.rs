//! The models of `tests/fixtures` and what transformers computes with them.
#![allow(dead_code, reason = "each test program uses a part")]

use std::path::{Path, PathBuf};

use safetensors::SafeTensors;

/// Every model of `tests/fixtures`.
pub(crate) const MODELS: [&str; 4] = ["bert-erf", "bert-tanh", "bert-relu", "albert"];

pub(crate) fn folder(model: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(model)
}

/// Texts and their embeddings after transformers.
pub(crate) struct Expected {
    pub(crate) texts: Vec<String>,
    pub(crate) ids: Vec<Vec<u32>>,
    pub(crate) embeddings: Vec<Vec<f32>>,
}

pub(crate) fn expected(model: &str) -> Expected {
    let json = std::fs::read(folder(model).join("expected.json")).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    let bytes = std::fs::read(folder(model).join("expected.safetensors")).unwrap();
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    let tensor = tensors.tensor("embeddings").unwrap();
    let values: Vec<f32> =
        tensor.data().as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    let embeddings = values.chunks(tensor.shape()[1]).map(<[f32]>::to_vec).collect();
    Expected {
        texts: serde_json::from_value(json["texts"].clone()).unwrap(),
        ids: serde_json::from_value(json["ids"].clone()).unwrap(),
        embeddings,
    }
}

/// The largest difference of two numbers.
pub(crate) fn distance(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}
