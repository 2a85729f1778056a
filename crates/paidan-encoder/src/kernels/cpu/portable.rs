use super::lanes::{Kernel, LANES, Simd};

/// Plain arrays, which the compiler turns into whatever instructions every processor of the target has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Portable;

#[inline(always)]
fn zip(a: [f32; LANES], b: [f32; LANES], f: impl Fn(f32, f32) -> f32) -> [f32; LANES] {
    std::array::from_fn(|lane| f(a[lane], b[lane]))
}

impl Simd for Portable {
    const LARGE_TILE: bool = false;

    const QUADS: bool = false;

    type F32s = [f32; LANES];
    type I32s = [i32; LANES];

    #[inline(always)]
    fn run<K: Kernel>(self, kernel: K) -> K::Output {
        kernel.run(self)
    }

    #[inline(always)]
    fn splat(self, value: f32) -> Self::F32s {
        [value; LANES]
    }

    #[inline(always)]
    fn load(self, values: &[f32; LANES]) -> Self::F32s {
        *values
    }

    #[inline(always)]
    fn store(self, value: Self::F32s, to: &mut [f32; LANES]) {
        *to = value;
    }

    #[inline(always)]
    fn add(self, a: Self::F32s, b: Self::F32s) -> Self::F32s {
        zip(a, b, |a, b| a + b)
    }

    #[inline(always)]
    fn sub(self, a: Self::F32s, b: Self::F32s) -> Self::F32s {
        zip(a, b, |a, b| a - b)
    }

    #[inline(always)]
    fn mul(self, a: Self::F32s, b: Self::F32s) -> Self::F32s {
        zip(a, b, |a, b| a * b)
    }

    #[inline(always)]
    fn div(self, a: Self::F32s, b: Self::F32s) -> Self::F32s {
        zip(a, b, |a, b| a / b)
    }

    #[inline(always)]
    fn min(self, a: Self::F32s, b: Self::F32s) -> Self::F32s {
        zip(a, b, |a, b| if a < b { a } else { b })
    }

    #[inline(always)]
    fn max(self, a: Self::F32s, b: Self::F32s) -> Self::F32s {
        zip(a, b, |a, b| if a > b { a } else { b })
    }

    #[inline(always)]
    fn mul_add(self, a: Self::F32s, b: Self::F32s, c: Self::F32s) -> Self::F32s {
        std::array::from_fn(|lane| {
            // Without the instruction a fused product would be a call of the C library.
            if cfg!(any(target_arch = "aarch64", target_feature = "fma")) {
                a[lane].mul_add(b[lane], c[lane])
            } else {
                a[lane] * b[lane] + c[lane]
            }
        })
    }

    #[inline(always)]
    fn exp2(self, n: Self::F32s) -> Self::F32s {
        n.map(|n| f32::from_bits((n as i32 + 127).cast_unsigned() << 23))
    }

    #[inline(always)]
    fn splat_i32(self, value: i32) -> Self::I32s {
        [value; LANES]
    }

    #[inline(always)]
    fn load_i32(self, values: &[i32; LANES]) -> Self::I32s {
        *values
    }

    #[inline(always)]
    fn store_i32(self, value: Self::I32s, to: &mut [i32; LANES]) {
        *to = value;
    }

    #[inline(always)]
    fn to_f32(self, value: Self::I32s) -> Self::F32s {
        value.map(|value| value as f32)
    }

    #[inline(always)]
    fn to_bytes(self, value: Self::F32s) -> [u8; LANES] {
        // Adding 2²³ rounds to a whole number, half way to the even one.
        value.map(|value| ((value.clamp(0.0, 255.0) + 8_388_608.0) - 8_388_608.0) as u8)
    }

    #[inline(always)]
    fn dot_pairs(self, left: Self::I32s, right: Self::I32s, sum: Self::I32s) -> Self::I32s {
        std::array::from_fn(|lane| {
            let [low, high] = [0, 16].map(|shift| {
                i32::from((left[lane] >> shift) as i16) * i32::from((right[lane] >> shift) as i16)
            });
            sum[lane] + low + high
        })
    }
}
