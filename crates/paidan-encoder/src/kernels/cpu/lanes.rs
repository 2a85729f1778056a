//! Sixteen single-precision numbers at a time, in the instructions that the processor has.
//!
//! Every kernel is written once, over [`Simd`], and compiled for each instruction set. All of them work on
//! [`LANES`] lanes and add in the same order, so that those with fused multiplication give the same bits.

#[cfg(target_arch = "x86_64")]
use super::avx2::Avx2;
#[cfg(all(target_arch = "x86_64", rustc_1_89))]
use super::avx512::Avx512;
use super::portable::Portable;

/// Numbers in one [`Simd::F32s`].
pub(super) const LANES: usize = 16;

/// Arithmetic on [`LANES`] numbers with one instruction set, which the machine has where a value exists.
pub(super) trait Simd: Copy {
    /// Whether there are registers for a product's tile of 12 × 32 sums; else it is of 6 × 16.
    const LARGE_TILE: bool;

    /// Whether [`dot_quads`](Self::dot_quads) is one instruction.
    const QUADS: bool;

    /// [`LANES`] numbers.
    type F32s: Copy;
    /// [`LANES`] integers.
    type I32s: Copy;

    /// Runs `kernel`, compiled for this instruction set.
    fn run<K: Kernel>(self, kernel: K) -> K::Output;

    fn splat(self, value: f32) -> Self::F32s;
    fn load(self, values: &[f32; LANES]) -> Self::F32s;
    fn store(self, value: Self::F32s, to: &mut [f32; LANES]);
    fn add(self, a: Self::F32s, b: Self::F32s) -> Self::F32s;
    fn sub(self, a: Self::F32s, b: Self::F32s) -> Self::F32s;
    fn mul(self, a: Self::F32s, b: Self::F32s) -> Self::F32s;
    fn div(self, a: Self::F32s, b: Self::F32s) -> Self::F32s;
    fn min(self, a: Self::F32s, b: Self::F32s) -> Self::F32s;
    fn max(self, a: Self::F32s, b: Self::F32s) -> Self::F32s;
    /// `a * b + c`.
    fn mul_add(self, a: Self::F32s, b: Self::F32s, c: Self::F32s) -> Self::F32s;
    /// 2 to the power of `n`, whole numbers from -126 to 127.
    fn exp2(self, n: Self::F32s) -> Self::F32s;

    fn splat_i32(self, value: i32) -> Self::I32s;
    fn load_i32(self, values: &[i32; LANES]) -> Self::I32s;
    fn store_i32(self, value: Self::I32s, to: &mut [i32; LANES]);
    fn to_f32(self, value: Self::I32s) -> Self::F32s;
    /// Rounds to the nearest whole number from 0 to 255, half way to the even one.
    fn to_bytes(self, value: Self::F32s) -> [u8; LANES];
    /// In each lane, `sum` plus the products of the two 16-bit integers of `left` and `right`.
    fn dot_pairs(self, left: Self::I32s, right: Self::I32s, sum: Self::I32s) -> Self::I32s;

    /// In each lane, `sum` plus the products of the four bytes of `left`, without sign, and of `right`, with sign.
    #[inline(always)]
    fn dot_quads(self, left: Self::I32s, right: Self::I32s, sum: Self::I32s) -> Self::I32s {
        let (left, right) = (self.to_array_i32(left), self.to_array_i32(right));
        let mut sums = self.to_array_i32(sum);
        for ((sum, left), right) in sums.iter_mut().zip(left).zip(right) {
            for (left, right) in left.to_le_bytes().into_iter().zip(right.to_le_bytes()) {
                *sum += i32::from(left) * i32::from(right.cast_signed());
            }
        }
        self.load_i32(&sums)
    }

    #[inline(always)]
    fn to_array_i32(self, value: Self::I32s) -> [i32; LANES] {
        let mut lanes = [0; LANES];
        self.store_i32(value, &mut lanes);
        lanes
    }

    /// The numbers of `values`, at most [`LANES`], and zeros after them.
    #[inline(always)]
    fn load_some(self, values: &[f32]) -> Self::F32s {
        match values.first_chunk() {
            Some(values) => self.load(values),
            None => self.load_part(values, 0.0),
        }
    }

    /// The numbers of `values`, at most [`LANES`], and `fill` after them.
    #[inline(always)]
    fn load_part(self, values: &[f32], fill: f32) -> Self::F32s {
        let mut lanes = [fill; LANES];
        for (lane, value) in lanes.iter_mut().zip(values) {
            *lane = *value;
        }
        self.load(&lanes)
    }

    /// The first numbers of `value`, as many as `to` takes.
    #[inline(always)]
    fn store_part(self, value: Self::F32s, to: &mut [f32]) {
        for (to, lane) in to.iter_mut().zip(self.to_array(value)) {
            *to = lane;
        }
    }

    #[inline(always)]
    fn to_array(self, value: Self::F32s) -> [f32; LANES] {
        let mut lanes = [0.0; LANES];
        self.store(value, &mut lanes);
        lanes
    }

    /// The sum of all lanes, halves first.
    #[inline(always)]
    fn sum(self, value: Self::F32s) -> f32 {
        fold(self.to_array(value), |a, b| a + b)
    }

    /// The largest lane.
    #[inline(always)]
    fn largest(self, value: Self::F32s) -> f32 {
        fold(self.to_array(value), |a, b| if a > b { a } else { b })
    }
}

#[inline(always)]
fn fold(mut lanes: [f32; LANES], combine: impl Fn(f32, f32) -> f32) -> f32 {
    let mut half = LANES / 2;
    while half > 0 {
        for at in 0..half {
            lanes[at] = combine(lanes[at], lanes[at + half]);
        }
        half /= 2;
    }
    lanes[0]
}

/// Work that is written once for all instruction sets.
pub(super) trait Kernel {
    type Output;

    fn run<S: Simd>(self, simd: S) -> Self::Output;
}

/// An instruction set of this machine.
#[derive(Debug, Clone, Copy)]
pub(super) enum Isa {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Avx2(Avx2),
    #[cfg(all(target_arch = "x86_64", rustc_1_89))]
    Avx512(Avx512),
}

impl Isa {
    /// Those the machine has, the slowest first.
    pub(super) fn all() -> Vec<Self> {
        #[cfg_attr(not(target_arch = "x86_64"), expect(unused_mut, reason = "there is one"))]
        let mut all = vec![Self::Portable];
        #[cfg(target_arch = "x86_64")]
        all.extend(Avx2::detect().map(Self::Avx2));
        #[cfg(all(target_arch = "x86_64", rustc_1_89))]
        all.extend(Avx512::detect().map(Self::Avx512));
        all
    }

    /// The fastest the machine has.
    pub(super) fn best() -> Self {
        Self::all().pop().unwrap_or(Self::Portable)
    }

    /// Whether products of bytes are fast.
    pub(super) fn has_quads(self) -> bool {
        struct HasQuads;
        impl Kernel for HasQuads {
            type Output = bool;

            fn run<S: Simd>(self, _: S) -> bool {
                S::QUADS
            }
        }
        self.run(HasQuads)
    }

    /// Runs `kernel` with these instructions.
    pub(super) fn run<K: Kernel>(self, kernel: K) -> K::Output {
        match self {
            Self::Portable => Portable.run(kernel),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(simd) => simd.run(kernel),
            #[cfg(all(target_arch = "x86_64", rustc_1_89))]
            Self::Avx512(simd) => simd.run(kernel),
        }
    }
}
