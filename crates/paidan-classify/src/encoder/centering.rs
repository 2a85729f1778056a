use super::Embeddings;

/// Brings embeddings to what tells them apart: the mean of the training tickets is taken away, and what is left is
/// scaled to norm 1, that of the lexical features.
///
/// The embeddings of a transformer all point in about the same direction, so that without this the common part
/// would drown the rest (Mu, Viswanath, "All-but-the-Top", ICLR 2018).
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Centering {
    /// One for each number of an embedding.
    pub(crate) mean: Vec<f32>,
}

impl Centering {
    /// The centering for `embeddings`.
    pub(crate) fn fit(embeddings: &Embeddings) -> Self {
        let mut sums = vec![0.0f64; embeddings.width()];
        for row in embeddings.as_slice().chunks_exact(embeddings.width().max(1)) {
            sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += f64::from(*value));
        }
        let count = embeddings.len().max(1) as f64;
        Self { mean: sums.into_iter().map(|sum| (sum / count) as f32).collect() }
    }

    /// `embedding` centred and of norm 1; zeros where nothing is left.
    pub(crate) fn apply(&self, embedding: &[f32]) -> Vec<f32> {
        let mut centred: Vec<f32> =
            embedding.iter().zip(&self.mean).map(|(value, mean)| value - mean).collect();
        let length = centred.iter().map(|value| f64::from(*value) * f64::from(*value)).sum::<f64>().sqrt();
        // What rounding leaves of equal embeddings has no direction.
        let scale = if length > 1e-6 { 1.0 / length } else { 0.0 };
        centred.iter_mut().for_each(|value| *value = (f64::from(*value) * scale) as f32);
        centred
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_is_taken_away_and_the_rest_has_norm_1() {
        let centering = Centering::fit(&Embeddings::new(2, vec![10.0, 3.0, 10.0, 5.0], 0));
        assert_eq!(centering.mean, [10.0, 4.0]);
        assert_eq!(centering.apply(&[10.0, 3.0]), [0.0, -1.0]);
        assert_eq!(centering.apply(&[13.0, 8.0]), [0.6, 0.8]);
        assert_eq!(centering.apply(&[10.0, 4.0]), [0.0, 0.0]);
    }
}
