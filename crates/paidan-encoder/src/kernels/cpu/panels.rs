use super::lanes::LANES;
use super::matrix::Matrix;
use super::transpose::Word;

/// The right side of a product, `depth` × `columns`, in panels of [`LANES`] columns, each row after row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Panels<W = f32> {
    depth: usize,
    columns: usize,
    lines: Vec<Line<W>>,
}

/// One row of a panel, in one line of the cache: loads across two lines would cost a quarter of the speed.
#[derive(Debug, Clone, Copy, PartialEq)]
#[repr(align(64))]
pub(super) struct Line<W>(pub(super) [W; LANES]);

impl<W> From<[W; LANES]> for Line<W> {
    #[inline(always)]
    fn from(words: [W; LANES]) -> Self {
        Self(words)
    }
}

impl<W: Word> Panels<W> {
    /// From the matrix as it is, `depth` rows of `columns` numbers.
    pub(super) fn new(matrix: Matrix<'_, W>) -> Self {
        let (depth, columns) = (matrix.rows, matrix.width);
        let mut lines = Vec::with_capacity(depth * columns.div_ceil(LANES));
        for first in (0..columns).step_by(LANES) {
            lines.extend((0..depth).map(|index| {
                let row = matrix.row(index).and_then(|row| row.get(first..)).unwrap_or_default();
                let mut line = [W::default(); LANES];
                match row.first_chunk() {
                    Some(row) => line = *row,
                    None => line.iter_mut().zip(row).for_each(|(to, value)| *to = *value),
                }
                Line(line)
            }));
        }
        Self { depth, columns, lines }
    }

    /// From the matrix laid out by columns, `columns` rows of `depth` numbers.
    pub(super) fn transposed(matrix: Matrix<'_, W>) -> Self {
        let (depth, columns) = (matrix.width, matrix.rows);
        let mut lines = Vec::with_capacity(depth * columns.div_ceil(LANES));
        for first in (0..columns).step_by(LANES) {
            matrix.append_columns::<LANES, Line<W>>(first, &mut lines);
        }
        Self { depth, columns, lines }
    }

    pub(super) fn columns(&self) -> usize {
        self.columns
    }

    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// Panel `index`, row after row.
    #[inline(always)]
    pub(super) fn panel(&self, index: usize) -> &[Line<W>] {
        &self.lines[index * self.depth..(index + 1) * self.depth]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::cpu::random;

    #[test]
    fn both_layouts_give_the_same_panels() {
        for (depth, columns) in [(1, 1), (7, 15), (64, 16), (33, 17), (128, 47), (0, 3)] {
            let by_columns = random(1, columns * depth);
            let mut by_rows = vec![0.0; by_columns.len()];
            for (at, value) in by_columns.iter().enumerate() {
                by_rows[at % depth * columns + at / depth] = *value;
            }
            let matrix = Matrix { values: &by_columns, rows: columns, width: depth, stride: depth };
            let panels = Panels::transposed(matrix);
            let matrix = Matrix { values: &by_rows, rows: depth, width: columns, stride: columns };
            assert_eq!(panels, Panels::new(matrix));
        }
    }
}
