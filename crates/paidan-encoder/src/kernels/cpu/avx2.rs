#![expect(
    unsafe_code,
    reason = "intrinsics; the portable twin of every kernel is safe, and tests compare them"
)]

use std::arch::x86_64::*;

use super::lanes::{Kernel, LANES, Simd};

/// Eight numbers an instruction, with fused multiplication. A value exists only where the machine has both.
#[derive(Debug, Clone, Copy)]
pub(super) struct Avx2(());

impl Avx2 {
    pub(super) fn detect() -> Option<Self> {
        let found = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
        found.then_some(Self(()))
    }
}

/// Evaluates intrinsics.
macro_rules! avx2 {
    ($intrinsics:expr) => {{
        // SAFETY: `detect` alone makes an `Avx2`, where the machine has the instructions; pointers are those of
        // arrays as long as the registers.
        unsafe { $intrinsics }
    }};
}

#[target_feature(enable = "avx2,fma")]
fn compiled<K: Kernel>(simd: Avx2, kernel: K) -> K::Output {
    kernel.run(simd)
}

#[inline(always)]
fn halves<T>(values: &[T; LANES]) -> (&[T; 8], &[T; 8]) {
    let (low, high) = values.as_chunks::<8>().0.split_at(1);
    (&low[0], &high[0])
}

impl Simd for Avx2 {
    const LARGE_TILE: bool = false;

    const QUADS: bool = false;

    type F32s = (__m256, __m256);
    type I32s = (__m256i, __m256i);

    #[inline(always)]
    fn run<K: Kernel>(self, kernel: K) -> K::Output {
        avx2!(compiled(self, kernel))
    }

    #[inline(always)]
    fn splat(self, value: f32) -> Self::F32s {
        let value = avx2!(_mm256_set1_ps(value));
        (value, value)
    }

    #[inline(always)]
    fn load(self, values: &[f32; LANES]) -> Self::F32s {
        let (low, high) = halves(values);
        avx2!((_mm256_loadu_ps(low.as_ptr()), _mm256_loadu_ps(high.as_ptr())))
    }

    #[inline(always)]
    fn store(self, value: Self::F32s, to: &mut [f32; LANES]) {
        let (low, high) = to.split_at_mut(LANES / 2);
        avx2!({
            _mm256_storeu_ps(low.as_mut_ptr(), value.0);
            _mm256_storeu_ps(high.as_mut_ptr(), value.1);
        });
    }

    #[inline(always)]
    fn add(self, a: Self::F32s, b: Self::F32s) -> Self::F32s {
        avx2!((_mm256_add_ps(a.0, b.0), _mm256_add_ps(a.1, b.1)))
    }

    #[inline(always)]
    fn sub(self, a: Self::F32s, b: Self::F32s) -> Self::F32s {
        avx2!((_mm256_sub_ps(a.0, b.0), _mm256_sub_ps(a.1, b.1)))
    }

    #[inline(always)]
    fn mul(self, a: Self::F32s, b: Self::F32s) -> Self::F32s {
        avx2!((_mm256_mul_ps(a.0, b.0), _mm256_mul_ps(a.1, b.1)))
    }

    #[inline(always)]
    fn div(self, a: Self::F32s, b: Self::F32s) -> Self::F32s {
        avx2!((_mm256_div_ps(a.0, b.0), _mm256_div_ps(a.1, b.1)))
    }

    #[inline(always)]
    fn min(self, a: Self::F32s, b: Self::F32s) -> Self::F32s {
        avx2!((_mm256_min_ps(a.0, b.0), _mm256_min_ps(a.1, b.1)))
    }

    #[inline(always)]
    fn max(self, a: Self::F32s, b: Self::F32s) -> Self::F32s {
        avx2!((_mm256_max_ps(a.0, b.0), _mm256_max_ps(a.1, b.1)))
    }

    #[inline(always)]
    fn mul_add(self, a: Self::F32s, b: Self::F32s, c: Self::F32s) -> Self::F32s {
        avx2!((_mm256_fmadd_ps(a.0, b.0, c.0), _mm256_fmadd_ps(a.1, b.1, c.1)))
    }

    #[inline(always)]
    fn exp2(self, n: Self::F32s) -> Self::F32s {
        avx2!({
            let bias = _mm256_set1_epi32(127);
            let low = _mm256_slli_epi32::<23>(_mm256_add_epi32(_mm256_cvtps_epi32(n.0), bias));
            let high = _mm256_slli_epi32::<23>(_mm256_add_epi32(_mm256_cvtps_epi32(n.1), bias));
            (_mm256_castsi256_ps(low), _mm256_castsi256_ps(high))
        })
    }

    #[inline(always)]
    fn splat_i32(self, value: i32) -> Self::I32s {
        let value = avx2!(_mm256_set1_epi32(value));
        (value, value)
    }

    #[inline(always)]
    fn load_i32(self, values: &[i32; LANES]) -> Self::I32s {
        let (low, high) = halves(values);
        avx2!((_mm256_loadu_si256(low.as_ptr().cast()), _mm256_loadu_si256(high.as_ptr().cast())))
    }

    #[inline(always)]
    fn store_i32(self, value: Self::I32s, to: &mut [i32; LANES]) {
        let (low, high) = to.split_at_mut(LANES / 2);
        avx2!({
            _mm256_storeu_si256(low.as_mut_ptr().cast(), value.0);
            _mm256_storeu_si256(high.as_mut_ptr().cast(), value.1);
        });
    }

    #[inline(always)]
    fn to_f32(self, value: Self::I32s) -> Self::F32s {
        avx2!((_mm256_cvtepi32_ps(value.0), _mm256_cvtepi32_ps(value.1)))
    }

    #[inline(always)]
    fn to_bytes(self, value: Self::F32s) -> [u8; LANES] {
        let mut bytes = [0; LANES];
        avx2!({
            // Packing works on halves of registers: words 0-3 8-11 4-7 12-15, put in order afterwards.
            let words = _mm256_packs_epi32(_mm256_cvtps_epi32(value.0), _mm256_cvtps_epi32(value.1));
            let words = _mm256_permute4x64_epi64::<0b11_01_10_00>(words);
            let (low, high) = (_mm256_castsi256_si128(words), _mm256_extracti128_si256::<1>(words));
            _mm_storeu_si128(bytes.as_mut_ptr().cast(), _mm_packus_epi16(low, high));
        });
        bytes
    }

    #[inline(always)]
    fn dot_pairs(self, left: Self::I32s, right: Self::I32s, sum: Self::I32s) -> Self::I32s {
        avx2!((
            _mm256_add_epi32(sum.0, _mm256_madd_epi16(left.0, right.0)),
            _mm256_add_epi32(sum.1, _mm256_madd_epi16(left.1, right.1)),
        ))
    }
}
