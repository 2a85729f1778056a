/// Smoothed inverse document frequency, as scikit-learn's `TfidfTransformer` has it:
/// ln((1 + tickets) / (1 + tickets with the n-gram)) + 1.
pub(super) fn smooth_idf(tickets: usize, document_frequency: u32) -> f32 {
    let ratio = (1.0 + tickets as f64) / (1.0 + f64::from(document_frequency));
    (ratio.ln() + 1.0) as f32
}

/// Sublinear term frequency: 1 + ln(count), for counts of at least 1.
pub(super) fn sublinear(count: usize) -> f32 {
    if count <= 1 { 1.0 } else { 1.0 + (count as f32).ln() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_fall_with_frequency_and_rise_slowly_with_count() {
        assert_eq!(smooth_idf(9, 9), 1.0);
        assert!((smooth_idf(99, 9) - 3.302_585).abs() < 1e-5);
        assert_eq!(sublinear(1), 1.0);
        assert!((sublinear(3) - 2.098_612).abs() < 1e-5);
    }
}
