use super::elementary::exp;
use super::lanes::{Kernel, LANES, Simd};

/// Each row of `values` becomes its softmax: `exp(scale · x)` over the sum of the same.
pub(super) struct Softmax<'a> {
    pub(super) values: &'a mut [f32],
    /// Numbers in a row that count; what follows up to `stride` is set to zero.
    pub(super) width: usize,
    /// From the beginning of one row to that of the next: a multiple of [`LANES`].
    pub(super) stride: usize,
    pub(super) scale: f32,
}

impl Kernel for Softmax<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        for row in self.values.chunks_exact_mut(self.stride) {
            row[self.width..].fill(f32::NEG_INFINITY);
            let lanes = row.as_chunks_mut::<LANES>().0;
            let largest = lanes
                .iter()
                .fold(simd.splat(f32::NEG_INFINITY), |largest, values| simd.max(largest, simd.load(values)));
            let largest = simd.splat(simd.largest(largest));
            let scale = simd.splat(self.scale);
            let mut sum = simd.splat(0.0);
            for values in lanes.iter_mut() {
                let value = exp(simd, simd.mul(simd.sub(simd.load(values), largest), scale));
                sum = simd.add(sum, value);
                simd.store(value, values);
            }
            let share = simd.splat(1.0 / simd.sum(sum));
            for values in lanes {
                simd.store(simd.mul(simd.load(values), share), values);
            }
            row[self.width..].fill(0.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::cpu::lanes::Isa;
    use crate::kernels::cpu::random;

    #[test]
    fn every_instruction_set_gives_the_softmax() {
        for width in [1usize, 15, 16, 33, 512] {
            let stride = width.next_multiple_of(LANES);
            let values: Vec<f32> = random(1, 4 * stride).into_iter().map(|x| 40.0 * x).collect();
            for isa in Isa::all() {
                let mut found = values.clone();
                isa.run(Softmax { values: &mut found, width, stride, scale: 0.3 });
                for (row, found) in values.chunks(stride).zip(found.chunks(stride)) {
                    let powers: Vec<f64> = row[..width].iter().map(|x| (0.3 * f64::from(*x)).exp()).collect();
                    let sum: f64 = powers.iter().sum();
                    for (power, found) in powers.iter().zip(found) {
                        assert!((power / sum - f64::from(*found)).abs() < 1e-6);
                    }
                    assert!(found[width..].iter().all(|rest| *rest == 0.0));
                }
            }
        }
    }
}
