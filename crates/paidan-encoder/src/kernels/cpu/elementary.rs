use super::lanes::Simd;
use crate::config::Activation;

/// e to the power of `x`, to within 2e-7 of the result; below -87 the result stays at 1e-38.
///
/// Range reduction by powers of two and the polynomial of Cephes' `expf`.
#[inline(always)]
pub(super) fn exp<S: Simd>(simd: S, x: S::F32s) -> S::F32s {
    let constant = |value| simd.splat(value);
    let x = simd.max(simd.min(x, constant(88.0)), constant(-87.3));
    // Adding and taking away 1.5 · 2²³ rounds to a whole number.
    let shift = constant(12_582_912.0);
    let n = simd.sub(simd.mul_add(x, constant(std::f32::consts::LOG2_E), shift), shift);
    // ln 2 in two parts, the first of which leaves no rounding error in the product.
    let rest = simd.mul_add(n, constant(-0.693_359_4), x);
    let rest = simd.mul_add(n, constant(2.121_944_4e-4), rest);
    let mut sum = constant(1.987_569_1e-4);
    for coefficient in [1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5] {
        sum = simd.mul_add(sum, rest, constant(coefficient));
    }
    let sum = simd.add(simd.mul_add(sum, simd.mul(rest, rest), rest), constant(1.0));
    simd.mul(sum, simd.exp2(n))
}

/// The error function, to within 5e-7: the rational function that Eigen and XLA use, odd over even powers up
/// to |x| = 4, where it is 1 to all digits.
#[inline(always)]
pub(super) fn erf<S: Simd>(simd: S, x: S::F32s) -> S::F32s {
    let x = simd.max(simd.min(x, simd.splat(4.0)), simd.splat(-4.0));
    let square = simd.mul(x, x);
    let polynomial = |coefficients: &[f32]| {
        coefficients
            .iter()
            .fold(simd.splat(0.0), |sum, coefficient| simd.mul_add(sum, square, simd.splat(*coefficient)))
    };
    let over = polynomial(&[
        -2.726_142_4e-10,
        2.770_681_5e-8,
        -2.101_024_1e-6,
        -5.692_506_4e-5,
        -7.349_906_3e-4,
        -2.954_6e-3,
        -1.609_603_3e-2,
    ]);
    let under = polynomial(&[-1.456_607_2e-5, -2.133_740_6e-4, -1.682_827e-3, -7.373_329e-3, -1.426_474e-2]);
    simd.div(simd.mul(x, over), under)
}

/// `activation` of every lane.
#[inline(always)]
pub(super) fn activate<S: Simd>(simd: S, activation: Activation, x: S::F32s) -> S::F32s {
    let half = simd.mul(x, simd.splat(0.5));
    match activation {
        Activation::GeluErf => {
            let erf = erf(simd, simd.mul(x, simd.splat(std::f32::consts::FRAC_1_SQRT_2)));
            simd.mul_add(half, erf, half)
        }
        Activation::GeluTanh => {
            // x/2 (1 + tanh u) = x / (1 + exp(-2u)), with u = √(2/π) (x + 0.044715 x³).
            let cubic = simd.mul_add(simd.mul(x, x), simd.splat(-0.071_354_82), simd.splat(-1.595_769_2));
            let exp = exp(simd, simd.mul(x, cubic));
            simd.div(x, simd.add(exp, simd.splat(1.0)))
        }
        Activation::Relu => simd.max(x, simd.splat(0.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::cpu::lanes::{Isa, Kernel, LANES};

    struct Map<F: Fn(f64) -> f64> {
        which: Which,
        exact: F,
        range: (f64, f64),
    }

    enum Which {
        Exp,
        Erf,
        Activate(Activation),
    }

    impl<F: Fn(f64) -> f64> Kernel for Map<F> {
        /// Largest absolute and relative error.
        type Output = (f64, f64);

        fn run<S: Simd>(self, simd: S) -> (f64, f64) {
            let (mut absolute, mut relative) = (0.0f64, 0.0f64);
            let steps = 40_000;
            for step in 0..steps {
                let x: [f32; LANES] = std::array::from_fn(|lane| {
                    let at = f64::from(step * LANES as i32 + lane as i32) / f64::from(steps * 16);
                    (self.range.0 + (self.range.1 - self.range.0) * at) as f32
                });
                let value = simd.load(&x);
                let found = match self.which {
                    Which::Exp => exp(simd, value),
                    Which::Erf => erf(simd, value),
                    Which::Activate(activation) => activate(simd, activation, value),
                };
                for (x, found) in x.into_iter().zip(simd.to_array(found)) {
                    let expected = (self.exact)(f64::from(x));
                    let error = (f64::from(found) - expected).abs();
                    absolute = absolute.max(error);
                    relative = relative.max(error / expected.abs().max(1e-30));
                }
            }
            (absolute, relative)
        }
    }

    /// The error function by its Taylor series and, far out, its continued fraction.
    fn exact_erf(x: f64) -> f64 {
        if x < 0.0 {
            return -exact_erf(-x);
        }
        if x < 3.0 {
            let (mut term, mut sum) = (x, x);
            for n in 1..80 {
                term *= -x * x / f64::from(n);
                sum += term / f64::from(2 * n + 1);
            }
            return sum * 2.0 / std::f64::consts::PI.sqrt();
        }
        let fraction = (1..60).rev().fold(x, |rest, n| x + f64::from(n) / 2.0 / rest);
        1.0 - (-x * x).exp() / (fraction * std::f64::consts::PI.sqrt())
    }

    fn assert_error(which: fn() -> Which, exact: fn(f64) -> f64, range: (f64, f64), limit: (f64, f64)) {
        for isa in Isa::all() {
            let (absolute, relative) = isa.run(Map { which: which(), exact, range });
            assert!(absolute <= limit.0 && relative <= limit.1, "{isa:?}: {absolute:e} {relative:e}");
        }
    }

    #[test]
    fn exp_is_exact_to_two_units() {
        assert_error(|| Which::Exp, f64::exp, (-87.0, 0.0), (2e-7, 2e-7));
        assert_error(|| Which::Exp, |_| 0.0, (-1e30, -100.0), (2e-38, f64::INFINITY));
    }

    #[test]
    fn erf_is_exact_to_half_a_millionth() {
        assert!((exact_erf(1.0) - 0.842_700_792_949_714_9).abs() < 1e-14);
        assert!((exact_erf(3.5) - 0.999_999_256_901_627_7).abs() < 1e-14);
        assert_error(|| Which::Erf, exact_erf, (-6.0, 6.0), (5e-7, f64::INFINITY));
    }

    #[test]
    fn activations_are_exact_to_two_millionths() {
        // The error of erf, 5e-7, times half of the input, at most 6 where the error is that large.
        let limit = (1.5e-6, f64::INFINITY);
        let gelu = |x: f64| 0.5 * x * (1.0 + exact_erf(x / 2f64.sqrt()));
        assert_error(|| Which::Activate(Activation::GeluErf), gelu, (-12.0, 12.0), limit);
        let tanh = |x: f64| {
            0.5 * x * (1.0 + ((2.0 / std::f64::consts::PI).sqrt() * (x + 0.044_715 * x * x * x)).tanh())
        };
        assert_error(|| Which::Activate(Activation::GeluTanh), tanh, (-12.0, 12.0), limit);
        assert_error(|| Which::Activate(Activation::Relu), |x| x.max(0.0), (-9.0, 9.0), (0.0, 0.0));
    }
}
