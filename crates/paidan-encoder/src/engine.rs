use rayon::prelude::*;

use crate::Error;
use crate::bert::Bert;
use crate::config::Config;
use crate::kernels::cpu::Cpu;
use crate::load::Weights;
use crate::pack::{Pack, plan};
use crate::pooling::Pooling;

/// Tokens that go through the model together on one thread of the CPU.
const CPU_PACK: usize = 1_024;

/// A model on its device.
pub(crate) enum Engine {
    Cpu { model: Bert<Cpu>, kernels: Cpu },
}

impl Engine {
    pub(crate) fn on_cpu(config: &Config, weights: &mut Weights) -> Result<Self, Error> {
        let kernels = Cpu::new();
        Ok(Self::Cpu { model: Bert::load(&kernels, config, weights)?, kernels })
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
        }
    }
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
            model.forward(&kernels, &pack, pooling)
        })
        .collect();
    let mut all = Vec::new();
    for rows in rows {
        all.append(&mut rows?);
    }
    Ok(all)
}
