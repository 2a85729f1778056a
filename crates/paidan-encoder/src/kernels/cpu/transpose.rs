/// Rows and columns of a block.
pub(super) const SIDE: usize = 4;

/// Four bytes, any of whose values is a number.
pub(super) trait Word: Copy + Default + PartialEq {}

impl Word for f32 {}
impl Word for i32 {}

/// The columns of `rows`.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
#[expect(
    unsafe_code,
    reason = "left to the compiler, this takes six times as long; a test compares the safe twin"
)]
pub(super) fn transpose<W: Word>(rows: [&[W; SIDE]; SIDE]) -> [[W; SIDE]; SIDE] {
    use std::arch::x86_64::*;

    const { assert!(size_of::<W>() == 4) };
    let mut columns = [[W::default(); SIDE]; SIDE];
    // SAFETY: every processor of the target has SSE; pointers are those of arrays of four words of four bytes, as long as
    // the registers, and any four bytes are a word.
    unsafe {
        let rows = rows.map(|row| _mm_loadu_ps(row.as_ptr().cast()));
        let (low, high) = (_mm_unpacklo_ps(rows[0], rows[1]), _mm_unpackhi_ps(rows[0], rows[1]));
        let (low_below, high_below) = (_mm_unpacklo_ps(rows[2], rows[3]), _mm_unpackhi_ps(rows[2], rows[3]));
        _mm_storeu_ps(columns[0].as_mut_ptr().cast(), _mm_movelh_ps(low, low_below));
        _mm_storeu_ps(columns[1].as_mut_ptr().cast(), _mm_movehl_ps(low_below, low));
        _mm_storeu_ps(columns[2].as_mut_ptr().cast(), _mm_movelh_ps(high, high_below));
        _mm_storeu_ps(columns[3].as_mut_ptr().cast(), _mm_movehl_ps(high_below, high));
    }
    columns
}

/// The columns of `rows`.
#[cfg(any(test, not(target_arch = "x86_64")))]
#[inline(always)]
fn transpose_portable<W: Word>(rows: [&[W; SIDE]; SIDE]) -> [[W; SIDE]; SIDE] {
    std::array::from_fn(|column| std::array::from_fn(|row| rows[row][column]))
}

#[cfg(not(target_arch = "x86_64"))]
pub(super) use transpose_portable as transpose;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_give_the_columns() {
        let rows =
            [[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0], [8.0, 9.0, 10.0, 11.0], [12.0, 13.0, 14.0, 15.0]];
        let rows = [&rows[0], &rows[1], &rows[2], &rows[3]];
        assert_eq!(transpose(rows), transpose_portable(rows));
        assert_eq!(transpose(rows)[1], [1.0, 5.0, 9.0, 13.0]);
    }
}
