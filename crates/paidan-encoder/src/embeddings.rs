use std::fmt;

/// The embeddings of texts, a row each, in the order of the texts.
#[derive(Clone, PartialEq)]
pub struct Embeddings {
    width: usize,
    values: Vec<f32>,
    truncated: Vec<bool>,
}

impl Embeddings {
    pub(crate) fn zeros(texts: usize, width: usize) -> Self {
        Self { width, values: vec![0.0; texts * width], truncated: vec![false; texts] }
    }

    /// The number of texts.
    pub fn len(&self) -> usize {
        self.truncated.len()
    }

    /// Whether there was no text.
    pub fn is_empty(&self) -> bool {
        self.truncated.is_empty()
    }

    /// Numbers in a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The embedding of text `index`; `None` beyond the last.
    pub fn row(&self, index: usize) -> Option<&[f32]> {
        self.values.get(index.checked_mul(self.width)?..)?.get(..self.width)
    }

    /// The embeddings of all texts in order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[f32]> {
        self.values.chunks_exact(self.width.max(1))
    }

    /// All rows, one after the other: (texts, width).
    pub fn as_slice(&self) -> &[f32] {
        &self.values
    }

    /// All rows, one after the other: (texts, width).
    pub fn into_vec(self) -> Vec<f32> {
        self.values
    }

    /// Whether the end of text `index` was not read, because it has more tokens than the model takes.
    pub fn truncated(&self, index: usize) -> bool {
        self.truncated.get(index).copied().unwrap_or(false)
    }

    pub(crate) fn set_truncated(&mut self, index: usize) {
        if let Some(truncated) = self.truncated.get_mut(index) {
            *truncated = true;
        }
    }

    pub(crate) fn row_mut(&mut self, index: usize) -> &mut [f32] {
        let width = self.width;
        self.values.get_mut(index * width..(index + 1) * width).unwrap_or_default()
    }

    /// Scales every row to length 1; a row of zeros stays.
    pub(crate) fn normalize(&mut self) {
        for row in self.values.chunks_exact_mut(self.width.max(1)) {
            let length = row.iter().map(|value| value * value).sum::<f32>().sqrt();
            if length > 0.0 {
                row.iter_mut().for_each(|value| *value /= length);
            }
        }
    }
}

impl fmt::Debug for Embeddings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Embeddings")
            .field("len", &self.len())
            .field("width", &self.width)
            .finish_non_exhaustive()
    }
}
