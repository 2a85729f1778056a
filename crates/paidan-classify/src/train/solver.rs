//! One-against-rest linear separation by dual coordinate descent, sixteen classes at a time.
//!
//! For each class, L2-regularised squared hinge loss in its dual form: Hsieh, Chang, Lin, Keerthi,
//! Sundararajan, "A Dual Coordinate Descent Method for Large-scale Linear SVM", ICML 2008. Each feature may
//! have for each class a relevance: with relevance q its weight w costs w²/q instead of w², the same as
//! multiplying the feature by √q beforehand, as NB-SVM does (Wang, Manning, ACL 2012). Sixteen classes
//! share each pass over a row, because the weights of sixteen classes for one feature fill a cache line:
//! the pass costs little more than that of one class. Blocks are independent of each other, so that they
//! run on any number of threads with the same result.

use super::rows::Rows;

/// Classes trained together, as many as a `u16` has bits.
pub(crate) const LANES: usize = 16;
pub(crate) type Lanes = [f32; LANES];

/// One block of classes of one task.
pub(crate) struct Problem<'a> {
    pub(crate) rows: &'a Rows,
    /// The training rows, as indices into `rows`.
    pub(crate) members: &'a [usize],
    /// Which classes of the block each member has, a bit each.
    pub(crate) own: &'a [u16],
    /// Cost of an error on each member; 0 leaves it out.
    pub(crate) costs: &'a [f32],
    /// How much more an error costs in a row of the class itself, for each class of the block.
    pub(crate) positive_costs: Lanes,
    /// Relevance of each feature for each class of the block.
    pub(crate) relevance: &'a [Lanes],
    /// Features in all.
    pub(crate) features: usize,
}

/// When to stop.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stop {
    pub(crate) max_epochs: usize,
    /// The largest violation of the optimality conditions that is accepted.
    pub(crate) tolerance: f32,
}

/// Weights of a block: for each feature those of its classes, then the bias.
pub(crate) struct Solution {
    pub(crate) weights: Vec<Lanes>,
    pub(crate) bias: Lanes,
}

/// Solves `problem`; the order in which rows are visited depends on `seed` only.
///
/// Asks `keep_going` before each pass over the rows; `None` where it said no.
pub(crate) fn solve(
    problem: &Problem<'_>,
    stop: Stop,
    seed: u64,
    keep_going: &dyn Fn() -> bool,
) -> Option<Solution> {
    let count = problem.members.len();
    let mut weights = vec![[0.0f32; LANES]; problem.features];
    let mut bias = [0.0f32; LANES];
    let mut alphas = vec![[0.0f32; LANES]; count];
    let norms: Vec<Lanes> = problem.members.iter().map(|&row| norms(problem, row)).collect();
    let mut order: Vec<u32> = (0..count as u32).filter(|&i| problem.costs[i as usize] > 0.0).collect();
    let mut random = SplitMix64(seed);
    for _ in 0..stop.max_epochs {
        if !keep_going() {
            return None;
        }
        random.shuffle(&mut order);
        let mut worst = 0.0f32;
        for &i in &order {
            let i = i as usize;
            let (indices, values) = problem.rows.row(problem.members[i]);
            let margins = dot(&weights, &bias, indices, values);
            let own = problem.own[i];
            let mut steps = [0.0f32; LANES];
            let mut moved = false;
            for lane in 0..LANES {
                let (sign, cost) = if own >> lane & 1 == 1 {
                    (1.0, problem.costs[i] * problem.positive_costs[lane])
                } else {
                    (-1.0, problem.costs[i])
                };
                let diagonal = 0.5 / cost;
                let alpha = alphas[i][lane];
                let gradient = sign * margins[lane] - 1.0 + diagonal * alpha;
                let projected = if alpha == 0.0 { gradient.min(0.0) } else { gradient };
                worst = worst.max(projected.abs());
                if projected.abs() > 1e-6 {
                    let next = (alpha - gradient / (norms[i][lane] + diagonal)).max(0.0);
                    steps[lane] = (next - alpha) * sign;
                    alphas[i][lane] = next;
                    moved = true;
                }
            }
            if moved {
                add(&mut weights, &mut bias, problem.relevance, indices, values, &steps);
            }
        }
        if worst < stop.tolerance {
            break;
        }
    }
    Some(Solution { weights, bias })
}

/// The lanes whose bits are set.
pub(crate) fn lanes(own: u16) -> impl Iterator<Item = usize> {
    (0..LANES).filter(move |lane| own >> lane & 1 == 1)
}

/// Squared norm of a row as each class sees it, the constant feature of the bias included.
fn norms(problem: &Problem<'_>, row: usize) -> Lanes {
    let (indices, values) = problem.rows.row(row);
    let mut sums = [1.0; LANES];
    for (&index, &value) in indices.iter().zip(values) {
        for (sum, relevance) in sums.iter_mut().zip(&problem.relevance[index as usize]) {
            *sum += value * value * relevance;
        }
    }
    sums
}

#[inline]
fn dot(weights: &[Lanes], bias: &Lanes, indices: &[u32], values: &[f32]) -> Lanes {
    let mut sums = *bias;
    for (&index, &value) in indices.iter().zip(values) {
        let row = &weights[index as usize];
        for lane in 0..LANES {
            sums[lane] += value * row[lane];
        }
    }
    sums
}

#[inline]
fn add(
    weights: &mut [Lanes],
    bias: &mut Lanes,
    relevance: &[Lanes],
    indices: &[u32],
    values: &[f32],
    steps: &Lanes,
) {
    for (&index, &value) in indices.iter().zip(values) {
        let row = &mut weights[index as usize];
        let relevance = &relevance[index as usize];
        for lane in 0..LANES {
            row[lane] += value * steps[lane] * relevance[lane];
        }
    }
    for lane in 0..LANES {
        bias[lane] += steps[lane];
    }
}

/// Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014.
pub(crate) struct SplitMix64(pub(crate) u64);

impl SplitMix64 {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`; the bias of the multiplication is below 2^-32 for any slice we shuffle.
    fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.next()) * bound as u128) >> 64) as usize
    }

    /// Fisher and Yates' shuffle.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::FeatureVector;

    /// Four rows in two dimensions, separable by the sign of the first.
    fn rows() -> Rows {
        let mut rows = Rows::default();
        for (x, y) in [(1.0, 0.2), (0.8, -0.6), (-1.0, 0.1), (-0.7, -0.7)] {
            rows.push(&FeatureVector { indices: vec![0, 1], values: vec![x, y] });
        }
        rows
    }

    fn problem(rows: &Rows) -> Problem<'_> {
        Problem {
            rows,
            members: &[0, 1, 2, 3],
            own: &[1, 1, 2, 2],
            costs: &[1.0; 4],
            positive_costs: [2.0; LANES],
            relevance: &[[4.0; LANES], [0.25; LANES]],
            features: 2,
        }
    }

    /// Gradient of the primal objective, which vanishes at the optimum.
    #[test]
    fn reaches_the_optimum() {
        let rows = rows();
        let problem = problem(&rows);
        let found = solve(&problem, Stop { max_epochs: 1000, tolerance: 1e-6 }, 7, &|| true).unwrap();
        let [w0, w1] = [found.weights[0][0], found.weights[1][0]];
        // Relevance 4 and 1/4, and errors on the positive rows cost double.
        let mut gradient = [w0 / 4.0, w1 * 4.0, found.bias[0]];
        for i in 0..4 {
            let (_, x) = rows.row(i);
            let (sign, cost) = if problem.own[i] == 1 { (1.0, 2.0) } else { (-1.0, 1.0) };
            let slack = (1.0 - sign * (w0 * x[0] + w1 * x[1] + found.bias[0])).max(0.0);
            for (sum, x) in gradient.iter_mut().zip([x[0], x[1], 1.0]) {
                *sum -= 2.0 * cost * slack * sign * x;
            }
        }
        assert!(gradient.iter().all(|g| g.abs() < 1e-4), "{gradient:?}");
    }

    #[test]
    fn the_same_seed_gives_the_same_weights() {
        let rows = rows();
        let stop = Stop { max_epochs: 3, tolerance: 0.0 };
        let once = solve(&problem(&rows), stop, 1, &|| true).unwrap();
        let again = solve(&problem(&rows), stop, 1, &|| true).unwrap();
        let other = solve(&problem(&rows), stop, 2, &|| true).unwrap();
        assert_eq!(once.weights, again.weights);
        assert_ne!(once.weights, other.weights, "three passes do not reach the optimum");
        assert!(solve(&problem(&rows), stop, 1, &|| false).is_none());
    }
}
