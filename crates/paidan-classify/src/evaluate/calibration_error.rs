/// Expected calibration error of the most probable label, in 15 bins of equal width: the mean distance
/// between stated probability and share of right answers, weighted by rows (Naeini, Cooper, Hauskrecht,
/// "Obtaining Well Calibrated Probabilities Using Bayesian Binning", AAAI 2015).
///
/// `rows` yields stated probability and whether the label was right. 0 without rows.
pub(super) fn expected_calibration_error(rows: impl Iterator<Item = (f32, bool)>) -> f64 {
    const BINS: usize = 15;
    let mut bins = [(0usize, 0.0f64, 0usize); BINS];
    let mut all = 0;
    for (probability, right) in rows {
        let index = ((probability * BINS as f32) as usize).min(BINS - 1);
        let (count, sum, hits) = &mut bins[index];
        *count += 1;
        *sum += f64::from(probability);
        *hits += usize::from(right);
        all += 1;
    }
    let gaps = bins.iter().map(|(_, sum, hits)| (sum - *hits as f64).abs());
    gaps.sum::<f64>() / f64::from(all.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_the_gap() {
        let honest = (0..100).map(|i| (0.75, i % 4 != 0));
        assert!(expected_calibration_error(honest) < 1e-9);
        let boastful = (0..100).map(|i| (1.0, i % 4 != 0));
        assert!((expected_calibration_error(boastful) - 0.25).abs() < 1e-9);
        assert_eq!(expected_calibration_error(std::iter::empty()), 0.0);
    }
}
