use super::embedding_block::EmbeddingBlock;
use super::rows::Rows;
use super::solver::{LANES, Lanes, lanes};

/// How much each feature tells of each class of a block, for [`Problem::relevance`](super::solver::Problem).
///
/// With r the logarithm of the ratio of the feature's share in the class to its share in all others, as
/// naive Bayes would weigh it, the relevance is |r| to the power `strength`, scaled to a mean of 1 over the
/// features (after Wang, Manning, "Baselines and Bigrams", ACL 2012, with a power instead of their
/// interpolation; they multiply features by r, which is relevance r²). `strength` 0 makes all features alike.
pub(super) fn relevance(
    rows: &Rows,
    members: &[usize],
    own: &[u16],
    costs: &[f32],
    strength: f32,
    block: EmbeddingBlock,
) -> Vec<Lanes> {
    // Relevance is the square of what a feature is multiplied by. The ratio needs features that are counts.
    let vectors = std::iter::repeat_n([f32::from(u8::from(block.sees_vectors)); LANES], block.vectors);
    let embedding = std::iter::repeat_n([block.weight * block.weight; LANES], block.width);
    let features = block.lexical;
    if strength == 0.0 {
        return std::iter::repeat_n([1.0; LANES], features).chain(vectors).chain(embedding).collect();
    }
    let mut within = vec![[0.0f32; LANES]; features];
    let mut all = vec![0.0f32; features];
    for ((&row, &own), &cost) in members.iter().zip(own).zip(costs) {
        let (indices, values) = rows.row(row);
        let lexical = indices.iter().zip(values).take_while(|(index, _)| (**index as usize) < features);
        for (&index, &value) in lexical {
            all[index as usize] += cost * value;
            for lane in lanes(own) {
                within[index as usize][lane] += cost * value;
            }
        }
    }
    let total: f32 = all.iter().sum();
    // A hundredth of a mean ticket, so that a feature never seen in a class does not weigh without bound.
    let smoothing = total / (100.0 * members.len().max(1) as f32);
    let smoothed = |sum: f32, of: f32| (sum + smoothing) / (of + smoothing * features as f32);
    let mut of_class = [0.0f32; LANES];
    for lanes in &within {
        for (sum, lane) in of_class.iter_mut().zip(lanes) {
            *sum += lane;
        }
    }
    let mut means = [0.0f64; LANES];
    for (lanes, &all) in within.iter_mut().zip(&all) {
        for ((lane, &of_class), mean) in lanes.iter_mut().zip(&of_class).zip(&mut means) {
            let ratio = smoothed(*lane, of_class) / smoothed((all - *lane).max(0.0), total - of_class);
            *lane = ratio.ln().abs().powf(strength);
            *mean += f64::from(*lane) / features as f64;
        }
    }
    for lanes in &mut within {
        for (lane, &mean) in lanes.iter_mut().zip(&means) {
            *lane = if mean > 1e-6 { (f64::from(*lane) / mean) as f32 } else { 1.0 };
        }
    }
    within.extend(vectors.chain(embedding));
    within
}
