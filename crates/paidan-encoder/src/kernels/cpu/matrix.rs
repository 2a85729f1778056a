use super::transpose::{SIDE, Word, transpose};

/// Rows of numbers inside a larger matrix.
#[derive(Debug, Clone, Copy)]
pub(super) struct Matrix<'a, W = f32> {
    /// From the first number of the first row on.
    pub(super) values: &'a [W],
    pub(super) rows: usize,
    /// Numbers in a row.
    pub(super) width: usize,
    /// From the beginning of one row to that of the next.
    pub(super) stride: usize,
}

impl<'a, W: Word> Matrix<'a, W> {
    /// Row `index`; `None` beyond the last.
    #[inline(always)]
    pub(super) fn row(self, index: usize) -> Option<&'a [W]> {
        if index >= self.rows {
            return None;
        }
        self.values.get(index * self.stride..index * self.stride + self.width)
    }

    /// Appends the columns of the `R` rows from `first` on, each an array of a number from every row; rows beyond
    /// the last are zero.
    #[inline(always)]
    pub(super) fn append_columns<const R: usize, T: From<[W; R]>>(self, first: usize, to: &mut Vec<T>) {
        let zeros = vec![W::default(); if first + R > self.rows { self.width } else { 0 }];
        let rows: [&[W]; R] = std::array::from_fn(|at| &self.row(first + at).unwrap_or(&zeros)[..self.width]);
        let steps = self.width / SIDE;
        let whole = rows.map(|row| &row.as_chunks::<SIDE>().0[..steps]);
        let zero = [W::default(); SIDE];
        #[expect(clippy::needless_range_loop, reason = "the step is one of every row")]
        for step in 0..steps {
            let mut columns = [[W::default(); R]; SIDE];
            for from in (0..R).step_by(SIDE) {
                let block = transpose(std::array::from_fn(|at| {
                    if from + at < R { &whole[from + at][step] } else { &zero }
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
