use std::fmt;

/// The embeddings of texts, a row each, in the order of the texts.
#[derive(Clone, PartialEq)]
pub struct Embeddings {
    width: usize,
    values: Vec<f32>,
    truncated: usize,
}

impl Embeddings {
    /// Rows of `width` numbers, one after the other, of texts of which `truncated` were read in part only.
    pub fn new(width: usize, values: Vec<f32>, truncated: usize) -> Self {
        Self { width, values, truncated }
    }

    /// The number of texts.
    pub fn len(&self) -> usize {
        self.values.len() / self.width.max(1)
    }

    /// Whether there was no text.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Numbers in a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The embedding of text `index`; `None` beyond the last.
    pub fn row(&self, index: usize) -> Option<&[f32]> {
        self.values.get(index.checked_mul(self.width)?..)?.get(..self.width)
    }

    /// All rows, one after the other: (texts, width).
    pub fn as_slice(&self) -> &[f32] {
        &self.values
    }

    /// All rows, one after the other: (texts, width).
    pub fn into_vec(self) -> Vec<f32> {
        self.values
    }

    /// How many texts are longer than the encoder takes, so that only their beginning was read.
    pub fn truncated(&self) -> usize {
        self.truncated
    }

    /// What is wrong with embeddings that should be those of `texts` texts.
    pub(super) fn problem(&self, texts: usize, width: usize) -> Option<String> {
        if self.width != width || self.values.len() != texts * width {
            let (rows, found) = (self.len(), self.width);
            return Some(format!(
                "the encoder gave {rows} embeddings of {found} numbers, expected {texts} of {width}"
            ));
        }
        let odd = self.values.iter().any(|value| !value.is_finite());
        odd.then(|| "the encoder gave an embedding that holds infinity or no number".to_owned())
    }
}

/// Shows no values: a text can be guessed from its embedding.
impl fmt::Debug for Embeddings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Embeddings")
            .field("len", &self.len())
            .field("width", &self.width)
            .field("truncated", &self.truncated)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_and_misfits_are_told() {
        let embeddings = Embeddings::new(2, vec![1.0, 2.0, 3.0, 4.0], 1);
        assert_eq!((embeddings.len(), embeddings.width(), embeddings.truncated()), (2, 2, 1));
        assert_eq!(embeddings.row(1), Some(&[3.0, 4.0][..]));
        assert_eq!((embeddings.row(2), embeddings.row(usize::MAX)), (None, None));
        assert_eq!(embeddings.problem(2, 2), None);
        for (texts, width) in [(1, 2), (3, 2), (2, 3), (4, 1)] {
            assert!(
                embeddings.problem(texts, width).unwrap().contains(&format!("expected {texts} of {width}"))
            );
        }
        assert!(Embeddings::new(1, vec![f32::NAN], 0).problem(1, 1).unwrap().contains("no number"));
        assert!(!format!("{embeddings:?}").contains('4'));
    }
}
