/// Smoothed inverse document frequency, as scikit-learn's `TfidfTransformer` has it:
/// ln((1 + tickets) / (1 + tickets with the n-gram)) + 1.
pub(super) fn smooth_idf(tickets: usize, document_frequency: u32) -> f32 {
    let ratio = (1.0 + tickets as f64) / (1.0 + f64::from(document_frequency));
    (ratio.ln() + 1.0) as f32
}

/// Sublinear term frequency: 1 + ln(tf) for counts of at least 1, and in proportion below.
pub(super) fn sublinear(term_frequency: f32) -> f32 {
    if term_frequency <= 1.0 { term_frequency } else { 1.0 + term_frequency.ln() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_fall_with_frequency_and_rise_slowly_with_count() {
        assert_eq!(smooth_idf(9, 9), 1.0);
        assert!((smooth_idf(99, 9) - 3.302_585).abs() < 1e-5);
        assert_eq!(sublinear(1.0), 1.0);
        assert!((sublinear(3.0) - 2.098_612).abs() < 1e-5);
        assert_eq!(sublinear(0.5), 0.5);
    }
}
