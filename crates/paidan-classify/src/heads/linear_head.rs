/// A linear classifier over features with quantised weights.
///
/// The weights of one feature, one for each class, are 8-bit integers times a common scale: the largest
/// weight of the row is 127 of them.
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
}
