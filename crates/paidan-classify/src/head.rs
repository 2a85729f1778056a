/// A linear classifier over features with quantised weights.
///
/// The weights of one feature, one for each class, are 8-bit integers times a common scale: the row with
/// the largest magnitude 127. Scores are sums in a fixed order in single precision without fused
/// operations, the same on every machine.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct LinearHead {
    /// `(features, classes)`, row by row.
    pub(crate) weights: Vec<i8>,
    /// One for each feature.
    pub(crate) scales: Vec<f32>,
    /// One for each class.
    pub(crate) bias: Vec<f32>,
}

impl LinearHead {
    /// Quantises `rows`, which yields for each feature its weights for all classes.
    pub(crate) fn quantize<'a>(rows: impl Iterator<Item = &'a [f32]>, bias: Vec<f32>) -> Self {
        let mut head = Self { weights: Vec::new(), scales: Vec::new(), bias };
        for row in rows {
            let largest = row.iter().fold(0.0f32, |largest, weight| largest.max(weight.abs()));
            let scale = half::f16::from_f32(largest / 127.0).to_f32();
            let inverse = if scale > 0.0 { 1.0 / scale } else { 0.0 };
            head.scales.push(scale);
            head.weights
                .extend(row.iter().map(|weight| (weight * inverse).round().clamp(-127.0, 127.0) as i8));
        }
        head
    }

    /// How many classes.
    pub(crate) fn classes(&self) -> usize {
        self.bias.len()
    }

    /// Weights of feature `index` for all classes, before their scale.
    #[inline]
    pub(crate) fn row(&self, index: u32) -> (&[i8], f32) {
        let classes = self.bias.len();
        let start = index as usize * classes;
        let weights = self.weights.get(start..start + classes).unwrap_or_default();
        (weights, self.scales.get(index as usize).copied().unwrap_or_default())
    }

    /// Scores of all classes for a feature vector.
    pub(crate) fn scores(&self, indices: &[u32], values: &[f32]) -> Vec<f32> {
        let mut scores = self.bias.clone();
        for (&index, &value) in indices.iter().zip(values) {
            let (weights, scale) = self.row(index);
            let factor = value * scale;
            for (score, &weight) in scores.iter_mut().zip(weights) {
                *score += factor * f32::from(weight);
            }
        }
        scores
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantised_scores_are_close() {
        let rows = [[0.5f32, -1.0, 0.01], [0.0, 0.0, 0.0], [-2.0, 0.3, 0.7]];
        let head = LinearHead::quantize(rows.iter().map(|row| row.as_slice()), vec![0.1, 0.2, 0.3]);
        let scores = head.scores(&[0, 1, 2], &[1.0, 5.0, 0.5]);
        for (score, expected) in scores.iter().zip([-0.4, -0.65, 0.66]) {
            assert!((score - expected).abs() < 0.02, "{score} {expected}");
        }
    }
}
