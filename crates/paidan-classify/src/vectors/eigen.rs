//! The eigenvectors of a large symmetric matrix for its greatest eigenvalues, by random projection and subspace
//! iteration (Halko, Martinsson, Tropp, "Finding Structure with Randomness", SIAM Review 53, 2011).

use rayon::prelude::*;

use super::cooccurrence::Symmetric;
use crate::train::SplitMix64;

/// Directions looked at beside those asked for.
const BESIDE: usize = 10;
/// How often the matrix is applied to sharpen the directions.
const ITERATIONS: usize = 3;
/// Rows of a sum that are added up before others are, the same on any number of threads.
const CHUNK: usize = 512;

/// The eigenvectors of `matrix` for the `count` eigenvalues of greatest size, each times the root of its size: one
/// row for each row of the matrix, `width` numbers each. `None` where `keep_going` says no.
pub(super) fn scaled_eigenvectors(
    matrix: &Symmetric,
    count: usize,
    keep_going: &dyn Fn() -> bool,
) -> Option<(Vec<f32>, usize)> {
    let size = matrix.size();
    let width = (count + BESIDE).min(size);
    let mut random = SplitMix64(0x5eed);
    // The sum of twelve uniform numbers is near enough to a normal one.
    let mut normal = || {
        let sum: f64 = (0..12).map(|_| (random.next() >> 11) as f64 / (1u64 << 53) as f64).sum();
        (sum - 6.0) as f32
    };
    let mut basis: Vec<f32> = (0..size * width).map(|_| normal()).collect();
    for _ in 0..=ITERATIONS {
        if !keep_going() {
            return None;
        }
        basis = orthonormal(apply(matrix, &basis, width), width);
    }
    let image = apply(matrix, &basis, width);
    let small = products(&basis, &image, width);
    let (values, vectors) = jacobi(small, width);
    let mut order: Vec<usize> = (0..width).collect();
    order.sort_by(|a, b| values[*b].abs().total_cmp(&values[*a].abs()).then(a.cmp(b)));
    order.truncate(count);
    // Directions of no size hold only what rounding left.
    let least = order.first().map_or(0.0, |first| values[*first].abs() * 1e-6);
    order.retain(|which| values[*which].abs() > least);
    let kept = order.len();
    let rotated = basis.par_chunks(width.max(1)).flat_map_iter(|row| {
        let numbers = order.iter().map(|which| {
            let along =
                row.iter().enumerate().map(|(i, value)| f64::from(*value) * vectors[i * width + which]);
            (along.sum::<f64>() * values[*which].abs().sqrt()) as f32
        });
        numbers.collect::<Vec<_>>()
    });
    Some((rotated.collect(), kept))
}

/// The matrix times `basis` of `width` columns.
fn apply(matrix: &Symmetric, basis: &[f32], width: usize) -> Vec<f32> {
    let mut image = vec![0.0f32; basis.len()];
    image.par_chunks_mut(width.max(1)).enumerate().for_each(|(row, sums)| {
        let (columns, values) = matrix.row(row);
        for (column, value) in columns.iter().zip(values) {
            let from = &basis[*column as usize * width..(*column as usize + 1) * width];
            for (sum, number) in sums.iter_mut().zip(from) {
                *sum += value * number;
            }
        }
    });
    image
}

/// `leftᵀ right`, `width` columns each.
fn products(left: &[f32], right: &[f32], width: usize) -> Vec<f64> {
    let chunk = CHUNK * width.max(1);
    let partial: Vec<Vec<f64>> = left
        .par_chunks(chunk)
        .zip(right.par_chunks(chunk))
        .map(|(left, right)| {
            let mut sums = vec![0.0f64; width * width];
            for (a, b) in left.chunks(width).zip(right.chunks(width)) {
                for (row, x) in sums.chunks_mut(width).zip(a) {
                    for (sum, y) in row.iter_mut().zip(b) {
                        *sum += f64::from(x * y);
                    }
                }
            }
            sums
        })
        .collect();
    let mut all = vec![0.0; width * width];
    for sums in partial {
        all.iter_mut().zip(sums).for_each(|(all, sum)| *all += sum);
    }
    all
}

/// Columns of norm 1 at right angles that span those of `basis`: twice by Cholesky factors, because once is not
/// exact enough (Yamamoto and others, ETNA 44, 2015).
fn orthonormal(mut basis: Vec<f32>, width: usize) -> Vec<f32> {
    for _ in 0..2 {
        let gram = products(&basis, &basis, width);
        let factor = cholesky(gram, width);
        basis.par_chunks_mut(width.max(1)).for_each(|row| {
            for column in 0..width {
                let mut value = f64::from(row[column]);
                for (before, known) in row.iter().enumerate().take(column) {
                    value -= f64::from(*known) * factor[column * width + before];
                }
                let diagonal = factor[column * width + column];
                row[column] = if diagonal > 0.0 { (value / diagonal) as f32 } else { 0.0 };
            }
        });
    }
    basis
}

/// The lower factor of a symmetric matrix; a direction that the ones before it span gets 0 on the diagonal.
fn cholesky(mut matrix: Vec<f64>, width: usize) -> Vec<f64> {
    let largest = (0..width).map(|i| matrix[i * width + i]).fold(0.0, f64::max);
    for column in 0..width {
        for row in column..width {
            let known: f64 = (0..column).map(|k| matrix[row * width + k] * matrix[column * width + k]).sum();
            let rest = matrix[row * width + column] - known;
            matrix[row * width + column] = if row == column {
                if rest > largest * 1e-10 { rest.sqrt() } else { 0.0 }
            } else {
                let diagonal = matrix[column * width + column];
                if diagonal > 0.0 { rest / diagonal } else { 0.0 }
            };
        }
    }
    matrix
}

/// Eigenvalues of a small symmetric matrix and its eigenvectors as columns, by Jacobi's rotations.
fn jacobi(mut matrix: Vec<f64>, width: usize) -> (Vec<f64>, Vec<f64>) {
    let mut vectors = vec![0.0f64; width * width];
    (0..width).for_each(|i| vectors[i * width + i] = 1.0);
    for _ in 0..30 {
        let mut off = 0.0f64;
        for p in 0..width {
            for q in p + 1..width {
                let apq = 0.5 * (matrix[p * width + q] + matrix[q * width + p]);
                let (app, aqq) = (matrix[p * width + p], matrix[q * width + q]);
                if apq.abs() <= 1e-12 * (app.abs() + aqq.abs()) {
                    continue;
                }
                off = off.max(apq.abs());
                let theta = (aqq - app) / (2.0 * apq);
                let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
                let t = if theta == 0.0 { 1.0 } else { t };
                let c = 1.0 / (t * t + 1.0).sqrt();
                let s = t * c;
                for k in 0..width {
                    let (kp, kq) = (matrix[k * width + p], matrix[k * width + q]);
                    matrix[k * width + p] = c * kp - s * kq;
                    matrix[k * width + q] = s * kp + c * kq;
                }
                for k in 0..width {
                    let (pk, qk) = (matrix[p * width + k], matrix[q * width + k]);
                    matrix[p * width + k] = c * pk - s * qk;
                    matrix[q * width + k] = s * pk + c * qk;
                }
                for k in 0..width {
                    let (kp, kq) = (vectors[k * width + p], vectors[k * width + q]);
                    vectors[k * width + p] = c * kp - s * kq;
                    vectors[k * width + q] = s * kp + c * kq;
                }
            }
        }
        if off == 0.0 {
            break;
        }
    }
    ((0..width).map(|i| matrix[i * width + i]).collect(), vectors)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A matrix made of known eigenvectors comes apart into them again.
    #[test]
    fn finds_the_eigenvectors_that_made_the_matrix() {
        let size = 40;
        // cos((i + ½) k π / n) are orthogonal for different k.
        let vector = |k: usize| -> Vec<f64> {
            let angle = |i: usize| (i as f64 + 0.5) * k as f64 * std::f64::consts::PI / size as f64;
            (0..size).map(|i| angle(i).cos() * (2.0 / size as f64).sqrt()).collect()
        };
        let parts = [(9.0, vector(3)), (-4.0, vector(7)), (2.0, vector(12))];
        let mut matrix = Symmetric::default();
        for i in 0..size {
            for j in 0..size {
                matrix.columns.push(j as u32);
                matrix.values.push(parts.iter().map(|(value, v)| value * v[i] * v[j]).sum::<f64>() as f32);
            }
            matrix.ends.push(matrix.columns.len());
        }
        let (rows, width) = scaled_eigenvectors(&matrix, 2, &|| true).unwrap();
        assert_eq!((rows.len(), width), (2 * size, 2));
        for (which, (value, vector)) in parts.iter().take(2).enumerate() {
            let along: f64 = (0..size).map(|i| f64::from(rows[i * 2 + which]) * vector[i]).sum();
            assert!((along.abs() - value.abs().sqrt()).abs() < 1e-3, "{which}: {along}");
        }
        // More directions than there are: those of no size are left out.
        let (_, width) = scaled_eigenvectors(&matrix, 30, &|| true).unwrap();
        assert_eq!(width, 3);
        assert!(scaled_eigenvectors(&matrix, 2, &|| false).is_none());
    }
}
