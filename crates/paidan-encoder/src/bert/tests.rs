use std::path::Path;

use super::*;
use crate::files::ModelFolder;
use crate::kernels::cpu::Cpu;

const MODELS: [(&str, Pooling); 4] = [
    ("bert-erf", Pooling::Cls),
    ("bert-tanh", Pooling::Mean),
    ("bert-relu", Pooling::Cls),
    ("albert", Pooling::Mean),
];

/// The texts of a fixture that fit into its model, as ids.
fn pack(model: &str) -> Pack {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(model).join("expected.json");
    let json: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let ids: Vec<Vec<u32>> = serde_json::from_value(json["ids"].clone()).unwrap();
    let mut pack = Pack::default();
    ids.into_iter().filter(|ids| ids.len() <= 512).for_each(|ids| pack.push(ids));
    pack
}

fn forward<K: Kernels>(kernels: &K, model: &str, pooling: Pooling) -> Vec<f32> {
    let files = ModelFolder::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(model));
    let config = Config::read(&files).unwrap();
    let bert = Bert::load(kernels, &config, &mut Weights::open(&files).unwrap()).unwrap();
    bert.forward(kernels, pack(model), pooling).unwrap()
}

#[test]
fn every_instruction_set_gives_the_same_embeddings() {
    for (model, pooling) in MODELS {
        let all: Vec<Vec<f32>> = Cpu::all().iter().map(|cpu| forward(cpu, model, pooling)).collect();
        let (portable, fused) = all.split_first().unwrap();
        for other in fused {
            let distance = portable.iter().zip(other).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(distance < 2e-5, "{model}: {distance:e}");
        }
        // Those with fused multiplication agree to the bit.
        assert!(fused.windows(2).all(|pair| pair[0] == pair[1]), "{model}");
    }
}

#[test]
fn integers_come_close_and_are_the_same_on_every_instruction_set() {
    for (model, pooling) in MODELS {
        let exact = forward(&Cpu::new(), model, pooling);
        let all: Vec<Vec<f32>> =
            Cpu::all().into_iter().map(|cpu| forward(&cpu.quantized(), model, pooling)).collect();
        for found in &all {
            // The cosine of what is found with what is exact, over all texts.
            let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(a * b)).sum::<f64>();
            let cosine = dot(found, &exact) / (dot(found, found) * dot(&exact, &exact)).sqrt();
            assert!(cosine > 0.999 && cosine < 1.0, "{model}: {cosine}");
        }
        let (_, fused) = all.split_first().unwrap();
        assert!(fused.windows(2).all(|pair| pair[0] == pair[1]), "{model}");
    }
}

#[test]
fn memory_stays_within_what_is_documented() {
    let cpu = Cpu::new();
    for (model, pooling) in MODELS {
        let files =
            ModelFolder::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(model));
        let config = Config::read(&files).unwrap();
        let bert = Bert::load(&cpu, &config, &mut Weights::open(&files).unwrap()).unwrap();
        let cpu = Cpu::new();
        for round in 0..3 {
            let mut pack = Pack::default();
            (0..4).for_each(|text| pack.push((0..200 + 30 * text).map(|at| at as u32 % 183)));
            let tokens = pack.ids().len();
            bert.forward(&cpu, pack, pooling).unwrap();
            let numbers = tokens * (4 * config.hidden + config.intermediate.max(2 * config.hidden));
            let kept = cpu.kept_memory();
            assert!(kept > 0 && kept <= 4 * numbers, "{model}, round {round}: {kept} of {}", 4 * numbers);
        }
    }
}

#[cfg(feature = "candle")]
#[test]
fn candle_gives_the_same_embeddings() {
    use crate::kernels::candle::Candle;

    let candle = Candle::new(candle_core::Device::Cpu, candle_core::DType::F32);
    for (model, pooling) in MODELS {
        let (own, candle) = (forward(&Cpu::new(), model, pooling), forward(&candle, model, pooling));
        let distance = own.iter().zip(&candle).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(distance < 2e-5, "{model}: {distance:e}");
    }
}
