use super::embedding_block::EmbeddingBlock;
use super::solver::{LANES, Problem, Solution, lanes};

/// Adds `share` of each class's centroid to its weights: the mean of its rows at norm 1 (Rocchio).
///
/// The separating weights of a class with few rows say little beyond those rows; its centroid ranks it
/// better among the classes that come second and third.
pub(super) fn add_centroids(
    solution: &mut Solution,
    problem: &Problem<'_>,
    share: f32,
    block: EmbeddingBlock,
) {
    if share == 0.0 {
        return;
    }
    let mut sums = vec![[0.0f32; LANES]; problem.features];
    for ((&row, &own), &cost) in problem.members.iter().zip(problem.own).zip(problem.costs) {
        let (indices, values) = problem.rows.row(row);
        for lane in lanes(own) {
            for (&index, &value) in indices.iter().zip(values) {
                sums[index as usize][lane] += cost * value * block.weight_of(index);
            }
        }
    }
    let mut squares = [0.0f32; LANES];
    for lanes in &sums {
        for (square, sum) in squares.iter_mut().zip(lanes) {
            *square += sum * sum;
        }
    }
    let factors = squares.map(|square| if square > 0.0 { share / square.sqrt() } else { 0.0 });
    for (index, (weights, lanes)) in (0..).zip(solution.weights.iter_mut().zip(&sums)) {
        let outer = block.weight_of(index);
        for ((weight, sum), factor) in weights.iter_mut().zip(lanes).zip(factors) {
            *weight += sum * factor * outer;
        }
    }
}
