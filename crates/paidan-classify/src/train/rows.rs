use crate::features::FeatureVector;

/// Feature vectors of many tickets, one after another (compressed sparse rows).
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    ends: Vec<usize>,
    indices: Vec<u32>,
    values: Vec<f32>,
}

impl Rows {
    pub(crate) fn push(&mut self, vector: &FeatureVector) {
        self.indices.extend_from_slice(&vector.indices);
        self.values.extend_from_slice(&vector.values);
        self.ends.push(self.indices.len());
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Indices and values of row `i`.
    #[inline]
    pub(crate) fn row(&self, i: usize) -> (&[u32], &[f32]) {
        let start = if i == 0 { 0 } else { self.ends[i - 1] };
        let range = start..self.ends[i];
        (&self.indices[range.clone()], &self.values[range])
    }
}
