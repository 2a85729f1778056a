/// Where a model runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Device {
    /// The processor, with the fastest instructions it has.
    #[default]
    Cpu,
    /// The CUDA device of this number, from 0. Needs the feature `cuda`.
    Cuda(usize),
}

/// The numbers that a model computes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Precision {
    /// Single precision.
    #[default]
    F32,
    /// Half precision, on CUDA.
    F16,
    /// Single precision's range in 16 bits, on CUDA.
    BF16,
    /// Linear layers in 8-bit integers, with a scale for each output and each row, on the CPU; all else in single
    /// precision. Embeddings differ by some thousandths; what that costs is to be measured on labels.
    Int8,
}
