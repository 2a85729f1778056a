//! Parity of CUDA with the CPU, and its throughput. Where there is a device:
//! `PAIDAN_CUDA=1 cargo test --release -p paidan-encoder --features cuda --test cuda -- --nocapture`
//! `PAIDAN_CUDA_MODEL` names a larger model for the throughput.
#![cfg(feature = "cuda")]
#![expect(clippy::unwrap_used, reason = "helpers of tests stand outside the tests")]

mod support;

use std::time::Instant;

use paidan_encoder::{Device, Encoder, EncoderOptions, Precision};
use support::{MODELS, distance, expected, folder};

/// Whether this machine has been said to have a device.
fn has_device() -> bool {
    let has = std::env::var_os("PAIDAN_CUDA").is_some();
    if !has {
        eprintln!("PAIDAN_CUDA is not set: skipped");
    }
    has
}

fn on_cuda(precision: Precision) -> EncoderOptions {
    EncoderOptions::new().device(Device::Cuda(0)).precision(precision)
}

#[test]
fn embeddings_are_those_of_the_cpu() {
    if !has_device() {
        return;
    }
    for model in MODELS {
        let texts = expected(model).texts;
        let cpu = Encoder::open(folder(model)).unwrap().encode(&texts).unwrap();
        for (precision, tolerance) in
            [(Precision::F32, 1e-4), (Precision::F16, 2e-2), (Precision::BF16, 1e-1)]
        {
            let cuda = on_cuda(precision).open(folder(model)).unwrap().encode(&texts).unwrap();
            let found = distance(cpu.as_slice(), cuda.as_slice());
            println!("{model} {precision:?}: {found:e}");
            assert!(found <= tolerance, "{model} {precision:?}: {found:e}");
        }
    }
}

#[test]
fn throughput() {
    if !has_device() {
        return;
    }
    let model = std::env::var_os("PAIDAN_CUDA_MODEL").map_or_else(|| folder("bert-erf"), Into::into);
    let texts: Vec<String> = (0..4_096).map(|i| "小区门口路灯不亮，".repeat(1 + i * 7 % 50)).collect();
    for precision in [Precision::F32, Precision::F16, Precision::BF16] {
        let encoder = on_cuda(precision).open(&model).unwrap();
        encoder.encode(&texts[..256]).unwrap();
        let began = Instant::now();
        assert_eq!(encoder.encode(&texts).unwrap().len(), texts.len());
        println!("{precision:?}: {:.0} texts/s", texts.len() as f64 / began.elapsed().as_secs_f64());
    }
}
