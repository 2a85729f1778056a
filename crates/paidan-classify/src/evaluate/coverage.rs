use serde::Serialize;

/// How much could be answered at a precision, had the threshold been known beforehand.
///
/// An oracle: the threshold is chosen on the rows it is measured on, so that a promise needs a threshold
/// found on other rows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Coverage {
    /// The precision asked for, 0 to 1.
    pub precision: f64,
    /// The largest share of rows that can be answered with it.
    pub coverage: f64,
    /// The least probability among those rows; `None` where no row can be answered.
    pub threshold: Option<f32>,
}

impl Coverage {
    /// The oracle for `rows` of (probability, right), which must be sorted by falling probability.
    pub(super) fn oracle(rows: &[(f32, bool)], precision: f64) -> Self {
        let mut best = Self { precision, coverage: 0.0, threshold: None };
        let mut hits = 0usize;
        for (i, &(probability, right)) in rows.iter().enumerate() {
            hits += usize::from(right);
            // A threshold cannot tell equal probabilities apart.
            let boundary = rows.get(i + 1).is_none_or(|&(next, _)| next < probability);
            if boundary && hits as f64 >= precision * (i + 1) as f64 {
                best.coverage = (i + 1) as f64 / rows.len() as f64;
                best.threshold = Some(probability);
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_longest_prefix_and_keeps_ties_together() {
        let rows = [(0.9, true), (0.8, true), (0.7, false), (0.6, true), (0.5, false), (0.5, true)];
        assert_eq!(Coverage::oracle(&rows, 1.0).threshold, Some(0.8));
        assert_eq!(Coverage::oracle(&rows, 0.75).threshold, Some(0.6));
        assert_eq!(Coverage::oracle(&rows, 0.6).coverage, 1.0);
        assert_eq!(Coverage::oracle(&[(0.9, false)], 0.9).threshold, None);
        assert_eq!(Coverage::oracle(&[], 0.9).coverage, 0.0);
    }
}
