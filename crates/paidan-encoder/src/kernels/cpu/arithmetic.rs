use super::lanes::{LANES, Simd};
use super::transpose::Word;

/// The numbers of a product and how they are multiplied and added.
pub(super) trait Arithmetic: Copy {
    /// What one step over the depth takes from a row of the left side, and from a column of the right one.
    type Word: Word;
    /// A word, or a sum, for each of [`LANES`] columns.
    type Lanes<S: Simd>: Copy;

    fn splat<S: Simd>(simd: S, word: Self::Word) -> Self::Lanes<S>;
    fn load<S: Simd>(simd: S, words: &[Self::Word; LANES]) -> Self::Lanes<S>;
    fn store<S: Simd>(simd: S, lanes: Self::Lanes<S>, to: &mut [Self::Word; LANES]);
    /// `sums` plus the product of `left` and `right`.
    fn step<S: Simd>(
        simd: S,
        left: Self::Lanes<S>,
        right: Self::Lanes<S>,
        sums: Self::Lanes<S>,
    ) -> Self::Lanes<S>;
}

/// Single precision, one number a word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Singles;

impl Arithmetic for Singles {
    type Word = f32;
    type Lanes<S: Simd> = S::F32s;

    #[inline(always)]
    fn splat<S: Simd>(simd: S, word: f32) -> S::F32s {
        simd.splat(word)
    }

    #[inline(always)]
    fn load<S: Simd>(simd: S, words: &[f32; LANES]) -> S::F32s {
        simd.load(words)
    }

    #[inline(always)]
    fn store<S: Simd>(simd: S, lanes: S::F32s, to: &mut [f32; LANES]) {
        simd.store(lanes, to);
    }

    #[inline(always)]
    fn step<S: Simd>(simd: S, left: S::F32s, right: S::F32s, sums: S::F32s) -> S::F32s {
        simd.mul_add(left, right, sums)
    }
}

/// Two 16-bit integers a word, added up in 32 bits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pairs;

impl Arithmetic for Pairs {
    type Word = i32;
    type Lanes<S: Simd> = S::I32s;

    #[inline(always)]
    fn splat<S: Simd>(simd: S, word: i32) -> S::I32s {
        simd.splat_i32(word)
    }

    #[inline(always)]
    fn load<S: Simd>(simd: S, words: &[i32; LANES]) -> S::I32s {
        simd.load_i32(words)
    }

    #[inline(always)]
    fn store<S: Simd>(simd: S, lanes: S::I32s, to: &mut [i32; LANES]) {
        simd.store_i32(lanes, to);
    }

    #[inline(always)]
    fn step<S: Simd>(simd: S, left: S::I32s, right: S::I32s, sums: S::I32s) -> S::I32s {
        simd.dot_pairs(left, right, sums)
    }
}

/// Four 8-bit integers a word, without sign on the left and with sign on the right, added up in 32 bits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quads;

impl Arithmetic for Quads {
    type Word = i32;
    type Lanes<S: Simd> = S::I32s;

    #[inline(always)]
    fn splat<S: Simd>(simd: S, word: i32) -> S::I32s {
        simd.splat_i32(word)
    }

    #[inline(always)]
    fn load<S: Simd>(simd: S, words: &[i32; LANES]) -> S::I32s {
        simd.load_i32(words)
    }

    #[inline(always)]
    fn store<S: Simd>(simd: S, lanes: S::I32s, to: &mut [i32; LANES]) {
        simd.store_i32(lanes, to);
    }

    #[inline(always)]
    fn step<S: Simd>(simd: S, left: S::I32s, right: S::I32s, sums: S::I32s) -> S::I32s {
        simd.dot_quads(left, right, sums)
    }
}
