#![expect(
    unsafe_code,
    reason = "intrinsics; the portable twin of every kernel is safe, and tests compare them"
)]
#![expect(clippy::incompatible_msrv, reason = "compiled only where the compiler has them: cfg `rustc_1_89`")]

use std::arch::x86_64::*;

use super::lanes::{Kernel, LANES, Simd};

/// Sixteen numbers an instruction, or 64 products of bytes. A value exists only where the machine has both; processors
/// with the first alone do better with [`Avx2`](super::avx2::Avx2).
#[derive(Debug, Clone, Copy)]
pub(super) struct Avx512(());

impl Avx512 {
    pub(super) fn detect() -> Option<Self> {
        let found = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512vnni");
        found.then_some(Self(()))
    }
}

/// Evaluates intrinsics.
macro_rules! avx512 {
    ($intrinsics:expr) => {{
        // SAFETY: `detect` alone makes an `Avx512`, where the machine has the instructions; pointers are those of
        // arrays as long as the registers.
        unsafe { $intrinsics }
    }};
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni")]
fn compiled<K: Kernel>(simd: Avx512, kernel: K) -> K::Output {
    kernel.run(simd)
}

impl Simd for Avx512 {
    const LARGE_TILE: bool = true;

    const QUADS: bool = true;

    type F32s = __m512;
    type I32s = __m512i;

    #[inline(always)]
    fn run<K: Kernel>(self, kernel: K) -> K::Output {
        avx512!(compiled(self, kernel))
    }

    #[inline(always)]
    fn splat(self, value: f32) -> Self::F32s {
        avx512!(_mm512_set1_ps(value))
    }

    #[inline(always)]
    fn load(self, values: &[f32; LANES]) -> Self::F32s {
        avx512!(_mm512_loadu_ps(values.as_ptr()))
    }

    #[inline(always)]
    fn store(self, value: Self::F32s, to: &mut [f32; LANES]) {
        avx512!(_mm512_storeu_ps(to.as_mut_ptr(), value));
    }

    #[inline(always)]
    fn add(self, a: Self::F32s, b: Self::F32s) -> Self::F32s {
        avx512!(_mm512_add_ps(a, b))
    }

    #[inline(always)]
    fn sub(self, a: Self::F32s, b: Self::F32s) -> Self::F32s {
        avx512!(_mm512_sub_ps(a, b))
    }

    #[inline(always)]
    fn mul(self, a: Self::F32s, b: Self::F32s) -> Self::F32s {
        avx512!(_mm512_mul_ps(a, b))
    }

    #[inline(always)]
    fn div(self, a: Self::F32s, b: Self::F32s) -> Self::F32s {
        avx512!(_mm512_div_ps(a, b))
    }

    #[inline(always)]
    fn min(self, a: Self::F32s, b: Self::F32s) -> Self::F32s {
        avx512!(_mm512_min_ps(a, b))
    }

    #[inline(always)]
    fn max(self, a: Self::F32s, b: Self::F32s) -> Self::F32s {
        avx512!(_mm512_max_ps(a, b))
    }

    #[inline(always)]
    fn mul_add(self, a: Self::F32s, b: Self::F32s, c: Self::F32s) -> Self::F32s {
        avx512!(_mm512_fmadd_ps(a, b, c))
    }

    #[inline(always)]
    fn exp2(self, n: Self::F32s) -> Self::F32s {
        avx512!({
            let exponent = _mm512_add_epi32(_mm512_cvtps_epi32(n), _mm512_set1_epi32(127));
            _mm512_castsi512_ps(_mm512_slli_epi32::<23>(exponent))
        })
    }

    #[inline(always)]
    fn splat_i32(self, value: i32) -> Self::I32s {
        avx512!(_mm512_set1_epi32(value))
    }

    #[inline(always)]
    fn load_i32(self, values: &[i32; LANES]) -> Self::I32s {
        avx512!(_mm512_loadu_si512(values.as_ptr().cast()))
    }

    #[inline(always)]
    fn store_i32(self, value: Self::I32s, to: &mut [i32; LANES]) {
        avx512!(_mm512_storeu_si512(to.as_mut_ptr().cast(), value));
    }

    #[inline(always)]
    fn to_f32(self, value: Self::I32s) -> Self::F32s {
        avx512!(_mm512_cvtepi32_ps(value))
    }

    #[inline(always)]
    fn to_bytes(self, value: Self::F32s) -> [u8; LANES] {
        let mut bytes = [0; LANES];
        avx512!({
            let words = _mm512_max_epi32(_mm512_cvtps_epi32(value), _mm512_setzero_si512());
            _mm_storeu_si128(bytes.as_mut_ptr().cast(), _mm512_cvtusepi32_epi8(words));
        });
        bytes
    }

    #[inline(always)]
    fn dot_pairs(self, left: Self::I32s, right: Self::I32s, sum: Self::I32s) -> Self::I32s {
        avx512!(_mm512_dpwssd_epi32(sum, left, right))
    }

    #[inline(always)]
    fn dot_quads(self, left: Self::I32s, right: Self::I32s, sum: Self::I32s) -> Self::I32s {
        avx512!(_mm512_dpbusd_epi32(sum, left, right))
    }
}
