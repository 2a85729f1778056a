use rayon::prelude::*;

use crate::Error;
use crate::bert::Bert;
use crate::config::Config;
use crate::device::{Device, Precision};
#[cfg(feature = "candle")]
use crate::kernels::candle::Candle;
use crate::kernels::cpu::Cpu;
use crate::load::Weights;
#[cfg(feature = "candle")]
use crate::pack::plan_padded;
use crate::pack::{Pack, plan};
use crate::pooling::Pooling;

/// Tokens that go through the model together on one thread of the CPU.
const CPU_PACK: usize = 1_024;
/// Tokens, with those of padding, that go through the model together on a CUDA device.
#[cfg(feature = "candle")]
const CUDA_PACK: usize = 32_768;

/// A model on its device.
pub(crate) enum Engine {
    Cpu {
        model: Bert<Cpu>,
        kernels: Cpu,
    },
    #[cfg(feature = "candle")]
    Candle {
        model: Bert<Candle>,
        kernels: Candle,
    },
}

impl Engine {
    pub(crate) fn new(
        device: Device,
        precision: Precision,
        config: &Config,
        weights: &mut Weights,
    ) -> Result<Self, Error> {
        match device {
            Device::Cpu => {
                let kernels = match precision {
                    Precision::F32 => Cpu::new(),
                    Precision::Int8 => Cpu::new().quantized(),
                    _ => return Err(unsupported("F32 or Int8 on the CPU", precision)),
                };
                Ok(Self::Cpu { model: Bert::load(&kernels, config, weights)?, kernels })
            }
            #[cfg(feature = "candle")]
            Device::Cuda(index) if cfg!(feature = "cuda") => {
                let dtype = match precision {
                    Precision::F32 => candle_core::DType::F32,
                    Precision::F16 => candle_core::DType::F16,
                    Precision::BF16 => candle_core::DType::BF16,
                    Precision::Int8 => return Err(unsupported("F32, F16 or BF16 on CUDA", precision)),
                };
                Self::on_candle(Candle::new(candle_core::Device::new_cuda(index)?, dtype), config, weights)
            }
            Device::Cuda(_) => Err(Error::setting(
                "device: expected the CPU, since this build has no CUDA, found a CUDA device: build with the feature \
                 `cuda`",
            )),
        }
    }

    #[cfg(feature = "candle")]
    fn on_candle(kernels: Candle, config: &Config, weights: &mut Weights) -> Result<Self, Error> {
        Ok(Self::Candle { model: Bert::load(&kernels, config, weights)?, kernels })
    }

    /// The embeddings of texts of `lengths` tokens, (texts, hidden), in their order; `push` appends text `index`
    /// to a pack.
    pub(crate) fn run(
        &self,
        lengths: &[usize],
        push: impl Fn(usize, &mut Pack) + Sync,
        pooling: Pooling,
    ) -> Result<Vec<f32>, Error> {
        match self {
            Self::Cpu { model, kernels } => run_on_cpu(model, kernels, lengths, push, pooling),
            #[cfg(feature = "candle")]
            Self::Candle { model, kernels } => run_on_candle(model, kernels, lengths, push, pooling),
        }
    }
}

fn unsupported(expected: &str, found: Precision) -> Error {
    Error::setting(format!("precision: expected {expected}, found {found:?}"))
}

/// A pack for each thread at a time; where there are fewer packs than threads, all threads share each.
fn run_on_cpu(
    model: &Bert<Cpu>,
    kernels: &Cpu,
    lengths: &[usize],
    push: impl Fn(usize, &mut Pack) + Sync,
    pooling: Pooling,
) -> Result<Vec<f32>, Error> {
    let threads = rayon::current_num_threads();
    let share = lengths.iter().sum::<usize>().div_ceil(threads);
    let packs = plan(lengths, share.min(CPU_PACK));
    let kernels = kernels.split(packs.len() < threads);
    let rows: Vec<Result<Vec<f32>, Error>> = packs
        .into_par_iter()
        .map(|texts| {
            let mut pack = Pack::default();
            texts.for_each(|text| push(text, &mut pack));
            model.forward(&kernels, pack, pooling)
        })
        .collect();
    let mut all = Vec::new();
    for rows in rows {
        all.append(&mut rows?);
    }
    Ok(all)
}

/// One pack after the other, of texts of about the same length.
#[cfg(feature = "candle")]
fn run_on_candle(
    model: &Bert<Candle>,
    kernels: &Candle,
    lengths: &[usize],
    push: impl Fn(usize, &mut Pack),
    pooling: Pooling,
) -> Result<Vec<f32>, Error> {
    let mut order: Vec<usize> = (0..lengths.len()).collect();
    order.sort_by_key(|text| std::cmp::Reverse(lengths[*text]));
    let sorted: Vec<usize> = order.iter().map(|text| lengths[*text]).collect();
    let mut rows: Vec<Vec<f32>> = vec![Vec::new(); lengths.len()];
    for range in plan_padded(&sorted, CUDA_PACK) {
        let texts = &order[range];
        let mut pack = Pack::default();
        texts.iter().for_each(|text| push(*text, &mut pack));
        let found = model.forward(kernels, pack, pooling)?;
        let width = found.len() / texts.len().max(1);
        for (text, row) in texts.iter().zip(found.chunks_exact(width.max(1))) {
            rows[*text] = row.to_vec();
        }
    }
    Ok(rows.concat())
}

#[cfg(all(test, feature = "candle"))]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::files::ModelFolder;

    #[test]
    fn candle_keeps_the_order_of_the_texts() {
        let files = ModelFolder::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/bert-erf"));
        let config = Config::read(&files).unwrap();
        let candle = Candle::new(candle_core::Device::Cpu, candle_core::DType::F32);
        let candle = Engine::on_candle(candle, &config, &mut Weights::open(&files).unwrap()).unwrap();
        let weights = &mut Weights::open(&files).unwrap();
        let cpu = Engine::new(Device::Cpu, Precision::F32, &config, weights).unwrap();
        let lengths: Vec<usize> = (0..200).map(|text| 2 + text * 37 % 300).collect();
        let push = |text: usize, pack: &mut Pack| {
            pack.push((0..lengths[text]).map(|place| ((text * 31 + place * 7) % 183) as u32));
        };
        for pooling in [Pooling::Cls, Pooling::Mean] {
            let own = cpu.run(&lengths, push, pooling).unwrap();
            let other = candle.run(&lengths, push, pooling).unwrap();
            assert_eq!(own.len(), 200 * 32);
            let distance = own.iter().zip(&other).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(distance < 2e-5, "{distance:e}");
        }
    }
}
