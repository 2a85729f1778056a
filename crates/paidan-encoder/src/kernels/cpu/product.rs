use std::ops::Range;

use super::arithmetic::{Arithmetic, Singles};
use super::elementary::activate;
use super::lanes::{Kernel, LANES, Simd};
use super::matrix::Matrix;
use super::panels::{Line, Panels};
use crate::config::Activation;

/// Words of the left side that are kept in the second-level cache while the right side passes by: 256 KiB.
const BLOCK: usize = 1 << 16;

/// `out = finish(left · right)`.
///
/// Each number is one chain of additions over the depth, from its beginning to its end, so that a row's result does
/// not depend on the rows around it.
pub(super) struct Product<'a, A: Arithmetic, F> {
    pub(super) left: Matrix<'a, A::Word>,
    pub(super) right: &'a Panels<A::Word>,
    pub(super) finish: F,
    /// As many rows as `left`, as many columns as `right`.
    pub(super) out: &'a mut [f32],
    /// From the beginning of one row of `out` to that of the next.
    pub(super) stride: usize,
}

/// What is done to the sums of a product before they are stored.
pub(super) trait Finish<A: Arithmetic> {
    /// What is the same in all rows.
    type Columns<S: Simd>: Copy;

    /// What is needed of `columns`, at most [`LANES`].
    fn columns<S: Simd>(&self, simd: S, columns: Range<usize>) -> Self::Columns<S>;

    /// The results of `row`.
    fn finish<S: Simd>(&self, simd: S, sums: A::Lanes<S>, row: usize, columns: Self::Columns<S>) -> S::F32s;
}

/// The sums as they are.
pub(super) struct Plain;

impl Finish<Singles> for Plain {
    type Columns<S: Simd> = ();

    #[inline(always)]
    fn columns<S: Simd>(&self, _: S, _: Range<usize>) {}

    #[inline(always)]
    fn finish<S: Simd>(&self, _: S, sums: S::F32s, _: usize, (): ()) -> S::F32s {
        sums
    }
}

/// The sums plus a number for each column, and the activation of that.
#[derive(Clone, Copy)]
pub(super) struct Activated<'a> {
    pub(super) bias: &'a [f32],
    pub(super) activation: Option<Activation>,
}

impl Finish<Singles> for Activated<'_> {
    type Columns<S: Simd> = S::F32s;

    #[inline(always)]
    fn columns<S: Simd>(&self, simd: S, columns: Range<usize>) -> S::F32s {
        simd.load_some(&self.bias[columns])
    }

    #[inline(always)]
    fn finish<S: Simd>(&self, simd: S, sums: S::F32s, _: usize, bias: S::F32s) -> S::F32s {
        self.activate(simd, simd.add(sums, bias))
    }
}

impl Activated<'_> {
    #[inline(always)]
    pub(super) fn activate<S: Simd>(&self, simd: S, sums: S::F32s) -> S::F32s {
        match self.activation {
            Some(activation) => activate(simd, activation, sums),
            None => sums,
        }
    }
}

impl<A: Arithmetic, F: Finish<A>> Kernel for Product<'_, A, F> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(mut self, simd: S) {
        if S::LARGE_TILE { self.run_tiled::<S, 12, 2>(simd) } else { self.run_tiled::<S, 6, 1>(simd) }
    }
}

impl<A: Arithmetic, F: Finish<A>> Product<'_, A, F> {
    /// In tiles of `R` rows and `P` panels.
    #[inline(always)]
    fn run_tiled<S: Simd, const R: usize, const P: usize>(&mut self, simd: S) {
        let depth = self.right.depth();
        let panels = self.right.columns().div_ceil(LANES);
        let rows_of_block = (BLOCK / depth.max(1) / R).max(1) * R;
        let mut block: Vec<[A::Word; R]> =
            Vec::with_capacity(depth * rows_of_block.min(self.left.rows).div_ceil(R));
        for first in (0..self.left.rows).step_by(rows_of_block) {
            block.clear();
            for tile in (first..self.left.rows.min(first + rows_of_block)).step_by(R) {
                self.left.append_columns::<R, _>(tile, &mut block);
            }
            let mut panel = 0;
            while panel + P <= panels {
                self.run_panels::<S, R, P>(simd, first, &block, panel);
                panel += P;
            }
            for panel in panel..panels {
                self.run_panels::<S, R, 1>(simd, first, &block, panel);
            }
        }
    }

    /// The columns of `P` panels from `panel` on, for the packed rows of `block`, the first of which is `first`.
    #[inline(always)]
    fn run_panels<S: Simd, const R: usize, const P: usize>(
        &mut self,
        simd: S,
        first: usize,
        block: &[[A::Word; R]],
        panel: usize,
    ) {
        let right = std::array::from_fn(|at| self.right.panel(panel + at));
        let mut sums = [[Line([A::Word::default(); LANES]); P]; R];
        for (tile, left) in block.chunks_exact(self.right.depth().max(1)).enumerate() {
            let row = first + tile * R;
            multiply::<A, S, R, P>(simd, left, right, &mut sums);
            self.store(simd, row, panel, &sums);
        }
    }

    /// Finishes and stores those of `sums` that lie inside `out`.
    #[inline(always)]
    fn store<S: Simd, const R: usize, const P: usize>(
        &mut self,
        simd: S,
        row: usize,
        panel: usize,
        sums: &[[Line<A::Word>; P]; R],
    ) {
        let rows = self.left.rows.min(row + R) - row;
        for at in 0..P {
            let first = (panel + at) * LANES;
            let columns = first..self.right.columns().min(first + LANES);
            let shared = self.finish.columns(simd, columns.clone());
            let out = self.out[row * self.stride..].chunks_mut(self.stride);
            for (index, (out, sums)) in out.zip(sums).take(rows).enumerate() {
                let found = self.finish.finish(simd, A::load(simd, &sums[at].0), row + index, shared);
                match out[columns.clone()].first_chunk_mut() {
                    Some(to) => simd.store(found, to),
                    None => simd.store_part(found, &mut out[columns.clone()]),
                }
            }
        }
    }
}

/// The product of `R` packed rows and `P` panels goes to `to`.
///
/// The sums stay in registers, because every index of theirs is known when this is compiled.
#[inline(always)]
fn multiply<A: Arithmetic, S: Simd, const R: usize, const P: usize>(
    simd: S,
    left: &[[A::Word; R]],
    right: [&[Line<A::Word>]; P],
    to: &mut [[Line<A::Word>; P]; R],
) {
    let mut sums = [[A::splat(simd, A::Word::default()); P]; R];
    let right: [&[Line<A::Word>]; P] = std::array::from_fn(|panel| &right[panel][..left.len()]);
    for (k, left) in left.iter().enumerate() {
        let right: [A::Lanes<S>; P] = std::array::from_fn(|panel| A::load(simd, &right[panel][k].0));
        for row in 0..R {
            let left = A::splat(simd, left[row]);
            for panel in 0..P {
                sums[row][panel] = A::step(simd, left, right[panel], sums[row][panel]);
            }
        }
    }
    for row in 0..R {
        for panel in 0..P {
            A::store(simd, sums[row][panel], &mut to[row][panel].0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::cpu::lanes::Isa;
    use crate::kernels::cpu::random;

    fn product(isa: Isa, left: Matrix<'_>, right: &Panels, bias: &[f32]) -> Vec<f32> {
        let stride = right.columns() + 3;
        let mut out = vec![7.0; left.rows * stride];
        let finish = Activated { bias, activation: None };
        isa.run(Product::<Singles, _> { left, right, finish, out: &mut out, stride });
        assert!(out.chunks(stride).all(|row| row[right.columns()..] == [7.0; 3]), "outside of the matrix");
        out.chunks(stride).flat_map(|row| row[..right.columns()].to_vec()).collect()
    }

    #[test]
    fn every_instruction_set_gives_the_product() {
        for (rows, depth, columns) in
            [(1, 1, 1), (5, 7, 15), (6, 64, 16), (13, 33, 17), (25, 128, 47), (40, 3000, 33), (0, 4, 4)]
        {
            let (left, weights) = (random(1, rows * (depth + 2)), random(2, columns * depth));
            let bias = random(3, columns);
            let left = Matrix { values: &left, rows, width: depth, stride: depth + 2 };
            let right =
                Panels::transposed(Matrix { values: &weights, rows: columns, width: depth, stride: depth });
            let found: Vec<Vec<f32>> =
                Isa::all().into_iter().map(|isa| product(isa, left, &right, &bias)).collect();
            for row in 0..rows {
                for column in 0..columns {
                    let expected = left.row(row).unwrap().iter().zip(&weights[column * depth..]);
                    let expected: f64 = expected.map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
                    let expected = expected + f64::from(bias[column]);
                    for found in &found {
                        let error = f64::from(found[row * columns + column]) - expected;
                        assert!(error.abs() < 1e-5 * (depth as f64).sqrt(), "{error:e}");
                    }
                }
            }
            // Instruction sets with fused multiplication agree to the bit.
            if let [_, fused @ ..] = &found[..] {
                assert!(fused.windows(2).all(|pair| pair[0] == pair[1]));
            }
        }
    }

    #[test]
    fn a_row_has_the_same_result_wherever_it_stands() {
        let (depth, columns) = (130, 40);
        let (values, weights) = (random(4, 30 * depth), random(5, columns * depth));
        let right =
            Panels::transposed(Matrix { values: &weights, rows: columns, width: depth, stride: depth });
        let bias = vec![0.5; columns];
        for isa in Isa::all() {
            let all = Matrix { values: &values, rows: 30, width: depth, stride: depth };
            let all = product(isa, all, &right, &bias);
            for row in 0..30 {
                let values = &values[row * depth..];
                let alone = Matrix { values, rows: 1, width: depth, stride: depth };
                assert_eq!(product(isa, alone, &right, &bias), all[row * columns..(row + 1) * columns]);
            }
        }
    }
}
