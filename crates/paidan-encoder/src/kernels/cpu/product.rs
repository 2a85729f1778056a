use std::ops::Range;

use super::elementary::activate;
use super::lanes::{Kernel, LANES, Simd};
use super::transpose::{SIDE, transpose};
use crate::config::Activation;

/// Numbers of the left side that are kept in the second-level cache while the right side passes by: 256 KiB.
const BLOCK: usize = 1 << 16;

/// Rows of numbers inside a larger matrix.
#[derive(Debug, Clone, Copy)]
pub(super) struct Matrix<'a> {
    /// From the first number of the first row on.
    pub(super) values: &'a [f32],
    pub(super) rows: usize,
    /// Numbers in a row.
    pub(super) width: usize,
    /// From the beginning of one row to that of the next.
    pub(super) stride: usize,
}

impl<'a> Matrix<'a> {
    /// Row `index`; `None` beyond the last.
    #[inline(always)]
    pub(super) fn row(self, index: usize) -> Option<&'a [f32]> {
        if index >= self.rows {
            return None;
        }
        self.values.get(index * self.stride..index * self.stride + self.width)
    }

    /// Appends the columns of the `R` rows from `first` on, each an array of a number from every row; rows beyond
    /// the last are zero.
    #[inline(always)]
    fn append_columns<const R: usize, T: From<[f32; R]>>(self, first: usize, to: &mut Vec<T>) {
        let zeros = vec![0.0; if first + R > self.rows { self.width } else { 0 }];
        let rows: [&[f32]; R] =
            std::array::from_fn(|at| &self.row(first + at).unwrap_or(&zeros)[..self.width]);
        let steps = self.width / SIDE;
        let whole = rows.map(|row| &row.as_chunks::<SIDE>().0[..steps]);
        #[expect(clippy::needless_range_loop, reason = "the step is one of every row")]
        for step in 0..steps {
            let mut columns = [[0.0; R]; SIDE];
            for from in (0..R).step_by(SIDE) {
                let block = transpose(std::array::from_fn(|at| {
                    if from + at < R { &whole[from + at][step] } else { &[0.0; SIDE] }
                }));
                let rows = from..R.min(from + SIDE);
                for (column, block) in columns.iter_mut().zip(block) {
                    column[rows.clone()].copy_from_slice(&block[..rows.len()]);
                }
            }
            to.extend(columns.map(T::from));
        }
        to.extend(
            (steps * SIDE..self.width).map(|column| std::array::from_fn(|row| rows[row][column]).into()),
        );
    }
}

/// The right side of a product, `depth` × `columns`, in panels of [`LANES`] columns, each row after row.
#[derive(Debug, Clone)]
pub(super) struct Panels {
    depth: usize,
    columns: usize,
    values: Vec<Lanes>,
}

/// One row of a panel, in one line of the cache: loads across two lines would cost a quarter of the speed.
#[derive(Debug, Clone, Copy, PartialEq)]
#[repr(align(64))]
struct Lanes([f32; LANES]);

impl From<[f32; LANES]> for Lanes {
    #[inline(always)]
    fn from(lanes: [f32; LANES]) -> Self {
        Self(lanes)
    }
}

impl Panels {
    /// From the matrix as it is, `depth` rows of `columns` numbers.
    pub(super) fn new(matrix: Matrix<'_>) -> Self {
        let (depth, columns) = (matrix.rows, matrix.width);
        let mut values = vec![Lanes([0.0; LANES]); depth * columns.div_ceil(LANES)];
        for (panel, values) in values.chunks_exact_mut(depth.max(1)).enumerate() {
            for (index, to) in values.iter_mut().enumerate() {
                let row = matrix.row(index).and_then(|row| row.get(panel * LANES..)).unwrap_or_default();
                match row.first_chunk() {
                    Some(row) => to.0 = *row,
                    None => to.0.iter_mut().zip(row).for_each(|(to, value)| *to = *value),
                }
            }
        }
        Self { depth, columns, values }
    }

    /// From the matrix laid out by columns, `columns` rows of `depth` numbers.
    pub(super) fn transposed(matrix: Matrix<'_>) -> Self {
        let (depth, columns) = (matrix.width, matrix.rows);
        let mut values = Vec::with_capacity(depth * columns.div_ceil(LANES));
        for first in (0..columns).step_by(LANES) {
            matrix.append_columns::<LANES, Lanes>(first, &mut values);
        }
        Self { depth, columns, values }
    }

    pub(super) fn columns(&self) -> usize {
        self.columns
    }

    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// Panel `index`, row after row.
    fn panel(&self, index: usize) -> &[Lanes] {
        &self.values[index * self.depth..(index + 1) * self.depth]
    }
}

/// `out = activation(left · right + bias)`.
///
/// Each number is one chain of fused multiplications over the depth, from its beginning to its end, so that a
/// row's result does not depend on the rows around it.
pub(super) struct Product<'a> {
    pub(super) left: Matrix<'a>,
    pub(super) right: &'a Panels,
    /// One number a column.
    pub(super) bias: Option<&'a [f32]>,
    pub(super) activation: Option<Activation>,
    /// As many rows as `left`, as many columns as `right`.
    pub(super) out: &'a mut [f32],
    /// From the beginning of one row of `out` to that of the next.
    pub(super) stride: usize,
}

impl Kernel for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(mut self, simd: S) {
        if S::LARGE_TILE { self.run_tiled::<S, 12, 2>(simd) } else { self.run_tiled::<S, 6, 1>(simd) }
    }
}

impl Product<'_> {
    /// In tiles of `R` rows and `P` panels.
    #[inline(always)]
    fn run_tiled<S: Simd, const R: usize, const P: usize>(&mut self, simd: S) {
        let depth = self.right.depth;
        let panels = self.right.columns.div_ceil(LANES);
        let rows_of_block = (BLOCK / depth.max(1) / R).max(1) * R;
        let mut block: Vec<[f32; R]> =
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
        block: &[[f32; R]],
        panel: usize,
    ) {
        let right = std::array::from_fn(|at| self.right.panel(panel + at));
        for (tile, left) in block.chunks_exact(self.right.depth.max(1)).enumerate() {
            let row = first + tile * R;
            let sums = multiply::<S, R, P>(simd, left, right);
            self.store(simd, row, panel, sums);
        }
    }

    /// Adds the bias, applies the activation and stores those of `sums` that lie inside `out`.
    #[inline(always)]
    fn store<S: Simd, const R: usize, const P: usize>(
        &mut self,
        simd: S,
        row: usize,
        panel: usize,
        sums: [[S::F32s; P]; R],
    ) {
        for (at, sums) in sums.into_iter().enumerate() {
            let row = row + at;
            if row >= self.left.rows {
                break;
            }
            for (at, mut sum) in sums.into_iter().enumerate() {
                let columns = panel_columns(panel + at, self.right.columns);
                let to = &mut self.out[row * self.stride..][columns.clone()];
                if let Some(bias) = self.bias {
                    sum = simd.add(sum, load(simd, &bias[columns]));
                }
                if let Some(activation) = self.activation {
                    sum = activate(simd, activation, sum);
                }
                match to.first_chunk_mut() {
                    Some(to) => simd.store(sum, to),
                    None => simd.store_part(sum, to),
                }
            }
        }
    }
}

/// The columns of `panel`, of `columns` in all.
#[inline(always)]
fn panel_columns(panel: usize, columns: usize) -> Range<usize> {
    panel * LANES..columns.min((panel + 1) * LANES)
}

/// The numbers of `values`, at most [`LANES`], and zeros after them.
#[inline(always)]
fn load<S: Simd>(simd: S, values: &[f32]) -> S::F32s {
    match values.first_chunk() {
        Some(values) => simd.load(values),
        None => simd.load_part(values, 0.0),
    }
}

/// The product of `R` packed rows and `P` panels.
#[inline(always)]
fn multiply<S: Simd, const R: usize, const P: usize>(
    simd: S,
    left: &[[f32; R]],
    right: [&[Lanes]; P],
) -> [[S::F32s; P]; R] {
    let mut sums = [[simd.splat(0.0); P]; R];
    let right: [&[Lanes]; P] = std::array::from_fn(|panel| &right[panel][..left.len()]);
    for (k, left) in left.iter().enumerate() {
        let right: [S::F32s; P] = std::array::from_fn(|panel| simd.load(&right[panel][k].0));
        for row in 0..R {
            let value = simd.splat(left[row]);
            for panel in 0..P {
                sums[row][panel] = simd.mul_add(value, right[panel], sums[row][panel]);
            }
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::cpu::lanes::Isa;
    use crate::kernels::cpu::random;

    fn product(isa: Isa, left: Matrix<'_>, right: &Panels, bias: &[f32]) -> Vec<f32> {
        let stride = right.columns + 3;
        let mut out = vec![7.0; left.rows * stride];
        let bias = Some(bias);
        isa.run(Product { left, right, bias, activation: None, out: &mut out, stride });
        assert!(out.chunks(stride).all(|row| row[right.columns..] == [7.0; 3]), "outside of the matrix");
        out.chunks(stride).flat_map(|row| row[..right.columns].to_vec()).collect()
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
            let mut by_rows = vec![0.0; weights.len()];
            for (at, value) in weights.iter().enumerate() {
                by_rows[at % depth * columns + at / depth] = *value;
            }
            let same = Panels::new(Matrix { values: &by_rows, rows: depth, width: columns, stride: columns });
            assert_eq!(right.values, same.values);
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
