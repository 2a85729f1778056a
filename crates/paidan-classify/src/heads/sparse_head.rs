/// A linear classifier over features most of whose weights are 0 and not kept, with the others quantised as in
/// [`LinearHead`](super::LinearHead).
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct SparseHead {
    /// For each feature, the first of `classes` and `weights` after its own.
    pub(crate) ends: Vec<u32>,
    /// The class of each weight; those of a feature rise.
    pub(crate) classes: Vec<u16>,
    pub(crate) weights: Vec<i8>,
    /// One for each feature.
    pub(crate) scales: Vec<f32>,
    /// One for each class.
    pub(crate) bias: Vec<f32>,
}

impl SparseHead {
    /// Quantises `entries` of (feature, class, weight), in any order; those of one feature and class add up.
    pub(crate) fn quantize(features: usize, mut entries: Vec<(u32, u16, f32)>, bias: Vec<f32>) -> Self {
        // Equal pairs keep their order, so that their sum does not depend on the threads.
        entries.sort_by_key(|(feature, class, _)| (*feature, *class));
        let mut head = Self { bias, ..Self::default() };
        let mut entries = entries.chunk_by(|a, b| a.0 == b.0).peekable();
        for feature in 0..features as u32 {
            let own = entries.next_if(|own| own.first().is_some_and(|entry| entry.0 == feature));
            let sums: Vec<(u16, f32)> = own
                .unwrap_or_default()
                .chunk_by(|a, b| a.1 == b.1)
                .filter_map(|same| Some((same.first()?.1, same.iter().map(|entry| entry.2).sum())))
                .collect();
            let largest = sums.iter().fold(0.0f32, |largest, (_, weight)| largest.max(weight.abs()));
            let scale = half::f16::from_f32(largest / 127.0).to_f32();
            let inverse = if scale > 0.0 { 1.0 / scale } else { 0.0 };
            for (class, weight) in sums {
                let weight = (weight * inverse).round().clamp(-127.0, 127.0) as i8;
                if weight != 0 {
                    head.classes.push(class);
                    head.weights.push(weight);
                }
            }
            head.scales.push(scale);
            head.ends.push(head.classes.len() as u32);
        }
        head
    }

    /// Adds the features' weights times their values to `scores`, one a class.
    pub(crate) fn add(&self, indices: &[u32], values: &[f32], scores: &mut [f32]) {
        for (&index, &value) in indices.iter().zip(values) {
            let (classes, weights, scale) = self.row(index);
            let factor = value * scale;
            for (class, weight) in classes.iter().zip(weights) {
                if let Some(score) = scores.get_mut(usize::from(*class)) {
                    *score += factor * f32::from(*weight);
                }
            }
        }
    }

    /// The classes with a weight for feature `index`, the weights before their scale, and the scale.
    pub(crate) fn row(&self, index: u32) -> (&[u16], &[i8], f32) {
        let index = index as usize;
        let end = self.ends.get(index).copied().unwrap_or_default() as usize;
        let start =
            index.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        let range = start as usize..end;
        (
            self.classes.get(range.clone()).unwrap_or_default(),
            self.weights.get(range).unwrap_or_default(),
            self.scales.get(index).copied().unwrap_or_default(),
        )
    }

    /// What does not fit together in a head of this many features that was read from a file, if anything.
    pub(crate) fn problem(&self) -> Option<&'static str> {
        let last = self.ends.last().copied().unwrap_or_default() as usize;
        if !self.ends.is_sorted() || last != self.classes.len() || last != self.weights.len() {
            return Some("ends that rise to the number of weights");
        }
        let classes = self.bias.len();
        (self.classes.iter().any(|class| usize::from(*class) >= classes)).then_some("classes of the task")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_up_and_scores_like_the_weights_it_was_made_of() {
        let entries = vec![(2, 5, 0.3), (0, 1, 1.0), (2, 5, 0.2), (0, 0, -0.5), (2, 1, 1e-5)];
        let head = SparseHead::quantize(4, entries, vec![0.0; 6]);
        assert_eq!(head.ends, [2, 2, 3, 3], "a weight that rounds to 0 is not kept");
        assert_eq!(head.problem(), None);
        let mut scores = vec![0.0; 6];
        head.add(&[0, 2, 9], &[2.0, 1.0, 1.0], &mut scores);
        for (score, expected) in scores.iter().zip([-1.0, 2.0, 0.0, 0.0, 0.0, 0.5]) {
            assert!((score - expected).abs() < 0.01, "{score} {expected}");
        }
        let torn = SparseHead { ends: vec![2, 1, 3, 3], ..head.clone() };
        assert!(torn.problem().is_some());
        assert!(SparseHead { bias: vec![0.0; 5], ..head }.problem().is_some());
    }
}
