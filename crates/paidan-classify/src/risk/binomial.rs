/// The lower tail of the binomial distribution, summed term by term.
///
/// The terms are multiples of `exp(log_unit)`, for (1 − p)ⁿ leaves the range of a double where n is large.
struct LowerTail {
    n: usize,
    odds: f64,
    next: usize,
    term: f64,
    sum: f64,
    log_unit: f64,
}

/// Terms and sums are brought back to the range of a double from here on.
const LARGE: f64 = 1e200;

impl LowerTail {
    /// For `n` draws that each hit with probability `p`, 0 < p < 1.
    fn new(n: usize, p: f64) -> Self {
        let log_unit = n as f64 * (-p).ln_1p();
        Self { n, odds: p / (1.0 - p), next: 0, term: 1.0, sum: 0.0, log_unit }
    }

    /// Adds the probability of the next number of hits: the first call that of none.
    fn step(&mut self) {
        self.sum += self.term;
        self.term *= self.n.saturating_sub(self.next) as f64 / (self.next + 1) as f64 * self.odds;
        self.next += 1;
        if self.sum.max(self.term) > LARGE {
            self.sum /= LARGE;
            self.term /= LARGE;
            self.log_unit += LARGE.ln();
        }
    }

    /// Logarithm of the probability of fewer hits than there were steps.
    fn log_probability(&self) -> f64 {
        self.sum.ln() + self.log_unit
    }
}

/// Probability of at most `k` hits in `n` draws that each hit with probability `p`, 0 < p < 1.
pub(crate) fn binomial_cdf(n: usize, p: f64, k: usize) -> f64 {
    if k >= n {
        return 1.0;
    }
    let mut tail = LowerTail::new(n, p);
    (0..=k).for_each(|_| tail.step());
    tail.log_probability().exp().min(1.0)
}

/// The most hits in `n` draws that are so few that their probability is at most `level`, 0 < level < 1;
/// `None` where not even none is.
pub(super) fn most_hits(n: usize, p: f64, level: f64) -> Option<usize> {
    let mut tail = LowerTail::new(n, p);
    let log_level = level.ln();
    let few = |_: &usize| {
        tail.step();
        tail.log_probability() <= log_level
    };
    (0..n).take_while(few).last()
}

/// The fewest draws of which none may hit for [`most_hits`] to be `Some`.
pub(super) fn least_draws(p: f64, level: f64) -> usize {
    (level.ln() / (-p).ln_1p()).ceil() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sums made with 60 decimal digits.
    #[test]
    fn tail_of_the_binomial_distribution() {
        for (n, p, k, expected) in [
            (10, 0.5, 5, 0.623_046_875),
            (59, 0.05, 0, 0.048_494_525),
            (1000, 0.05, 38, 0.043_348_191),
            (5, 0.3, 5, 1.0),
            (200_000, 0.05, 10_000, 0.502_660_456),
            (200_000, 0.9, 180_000, 0.501_090_298),
        ] {
            let found = binomial_cdf(n, p, k);
            assert!((found - expected).abs() < 1e-8, "{n} {p} {k}: {found} for {expected}");
        }
    }

    #[test]
    fn most_hits_is_where_the_tail_passes_the_level() {
        for (n, p, level) in [(58, 0.05, 0.05), (59, 0.05, 0.05), (200, 0.05, 0.05), (5000, 0.1, 0.001)] {
            let most = most_hits(n, p, level);
            let beyond = most.map_or(0, |most| most + 1);
            assert!(most.is_none_or(|most| binomial_cdf(n, p, most) <= level), "{n}");
            assert!(binomial_cdf(n, p, beyond) > level, "{n}");
        }
        assert_eq!((most_hits(58, 0.05, 0.05), most_hits(59, 0.05, 0.05)), (None, Some(0)));
        assert_eq!(least_draws(0.05, 0.05), 59);
    }
}
