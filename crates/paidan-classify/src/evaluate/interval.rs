use serde::Serialize;

/// A figure with what it may be, by the luck of the rows, in 19 of 20 cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Interval {
    /// The least it may be.
    pub low: f64,
    /// The most.
    pub high: f64,
}

/// The 0.975 quantile of the standard normal distribution.
const Z: f64 = 1.959_964;

impl Interval {
    /// Of the share `hits` / `rows`: the score interval (Wilson, "Probable Inference, the Law of Succession, and
    /// Statistical Inference", JASA 1927). 0 to 1 without rows.
    pub fn wilson(hits: usize, rows: usize) -> Self {
        if rows == 0 {
            return Self { low: 0.0, high: 1.0 };
        }
        let n = rows as f64;
        let share = hits.min(rows) as f64 / n;
        let centre = share + Z * Z / (2.0 * n);
        let spread = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
        let scale = 1.0 + Z * Z / n;
        Self { low: ((centre - spread) / scale).max(0.0), high: ((centre + spread) / scale).min(1.0) }
    }

    /// Of a figure recomputed on `replicates` of the rows: the 0.025 and 0.975 quantiles (Efron, Tibshirani, "An
    /// Introduction to the Bootstrap", 1993).
    pub(super) fn percentile(mut replicates: Vec<f64>) -> Option<Self> {
        replicates.sort_by(f64::total_cmp);
        let last = replicates.len().checked_sub(1)?;
        let quantile = |share: f64| replicates.get((last as f64 * share).round() as usize).copied();
        Some(Self { low: quantile(0.025)?, high: quantile(0.975)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// statsmodels' `proportion_confint(8, 10, method="wilson")` gives 0.4901625, 0.9433178.
    #[test]
    fn wilson_is_that_of_statsmodels() {
        let interval = Interval::wilson(8, 10);
        assert!((interval.low - 0.490_162_5).abs() < 1e-6, "{interval:?}");
        assert!((interval.high - 0.943_317_8).abs() < 1e-6, "{interval:?}");
        assert_eq!(Interval::wilson(0, 0), Interval { low: 0.0, high: 1.0 });
        let all = Interval::wilson(20, 20);
        assert!(all.low > 0.8 && (all.high - 1.0).abs() < 1e-12);
    }

    #[test]
    fn percentiles_of_replicates() {
        let interval = Interval::percentile((0..=1000).rev().map(f64::from).collect()).unwrap();
        assert_eq!((interval.low, interval.high), (25.0, 975.0));
        assert_eq!(Interval::percentile(Vec::new()), None);
    }
}
