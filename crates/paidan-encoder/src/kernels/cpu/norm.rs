use super::lanes::{Kernel, LANES, Simd};

/// Layer normalisation of the rows of `values`, to each of which its row of `residual` is added first.
pub(super) struct Norm<'a> {
    pub(super) values: &'a mut [f32],
    /// As many numbers as `values`.
    pub(super) residual: Option<&'a [f32]>,
    /// One number a column.
    pub(super) weight: &'a [f32],
    /// One number a column.
    pub(super) bias: &'a [f32],
    pub(super) epsilon: f32,
}

impl Kernel for Norm<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let width = self.weight.len();
        for (at, row) in self.values.chunks_exact_mut(width).enumerate() {
            if let Some(residual) = self.residual {
                let residual = &residual[at * width..(at + 1) * width];
                row.iter_mut().zip(residual).for_each(|(value, residual)| *value += residual);
            }
            let mean = fold(simd, row, 0.0, |sum, value| simd.add(sum, value)) / width as f32;
            let centre = simd.splat(-mean);
            let squares = fold(simd, row, mean, |sum, value| {
                let distance = simd.add(value, centre);
                simd.mul_add(distance, distance, sum)
            });
            let scale = 1.0 / (squares / width as f32 + self.epsilon).sqrt();
            normalize(row, mean, scale, self.weight, self.bias);
        }
    }
}

/// The sum over all lanes of `add` over the numbers of `row`, and `fill` where the last do not fill the lanes.
#[inline(always)]
fn fold<S: Simd>(simd: S, row: &[f32], fill: f32, add: impl Fn(S::F32s, S::F32s) -> S::F32s) -> f32 {
    let (full, rest) = row.as_chunks::<LANES>();
    let sum = full.iter().fold(simd.splat(0.0), |sum, values| add(sum, simd.load(values)));
    let sum = if rest.is_empty() { sum } else { add(sum, simd.load_part(rest, fill)) };
    simd.sum(sum)
}

#[inline(always)]
fn normalize(row: &mut [f32], mean: f32, scale: f32, weight: &[f32], bias: &[f32]) {
    for ((value, weight), bias) in row.iter_mut().zip(weight).zip(bias) {
        *value = (*value - mean) * scale * weight + bias;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::cpu::lanes::Isa;
    use crate::kernels::cpu::random;

    #[test]
    fn every_instruction_set_gives_the_norm() {
        for width in [1, 15, 16, 17, 312] {
            let (values, residual) = (random(1, 3 * width), random(2, 3 * width));
            let (weight, bias) = (random(3, width), random(4, width));
            let found = Isa::all().into_iter().map(|isa| {
                let mut values = values.clone();
                let residual = Some(&residual[..]);
                isa.run(Norm { values: &mut values, residual, weight: &weight, bias: &bias, epsilon: 1e-5 });
                values
            });
            for found in found {
                for row in 0..3 {
                    let sum: Vec<f64> = (row * width..(row + 1) * width)
                        .map(|at| f64::from(values[at]) + f64::from(residual[at]))
                        .collect();
                    let mean = sum.iter().sum::<f64>() / width as f64;
                    let variance = sum.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / width as f64;
                    for (at, x) in sum.iter().enumerate() {
                        let expected = (x - mean) / (variance + 1e-5).sqrt() * f64::from(weight[at]);
                        let expected = expected + f64::from(bias[at]);
                        assert!((f64::from(found[row * width + at]) - expected).abs() < 3e-6);
                    }
                }
            }
        }
    }
}
