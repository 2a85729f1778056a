use crate::Error;

/// A precision that is to hold, and how sure that must be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Promise {
    precision: f64,
    confidence: f64,
}

/// What came of the search for a threshold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Certification {
    /// Answers with at least this probability keep the promise.
    Certified {
        /// The least probability accepted.
        threshold: f32,
        /// Rows that reach it.
        accepted: usize,
        /// Those of them that are right.
        right: usize,
        /// All rows.
        rows: usize,
    },
    /// No threshold could be certified: a person decides.
    NotCertified {
        /// All rows.
        rows: usize,
        /// Rows above a threshold that would certify it if all of them were right.
        least_rows: usize,
    },
}

/// Each step of a search accepts this many times the rows of the one before.
const STEP: f64 = 1.03;
/// The share of the rows at which the second search begins, whatever the probabilities say.
const BLIND_START: f64 = 0.25;
/// Searches that share the admissible error.
const SEARCHES: f64 = 2.0;

impl Promise {
    /// A promise that at least `precision` of the accepted answers are right, which the threshold keeps with
    /// probability `confidence` over the draw of the rows.
    ///
    /// # Errors
    ///
    /// One of them does not lie between 0 and 1, both excluded.
    pub fn new(precision: f64, confidence: f64) -> Result<Self, Error> {
        for (what, value) in [("precision", precision), ("confidence", confidence)] {
            if !(value > 0.0 && value < 1.0) {
                return Err(Error::setting(format!("expected a {what} between 0 and 1, got {value}")));
            }
        }
        Ok(Self { precision, confidence })
    }

    /// The least threshold that keeps the promise, for rows of (probability of the answer, whether it was
    /// right) that were not used in training.
    ///
    /// Learn then Test (Angelopoulos, Bates, Candès, Jordan, Lei, "Learn then Test: Calibrating Predictive
    /// Algorithms to Achieve Risk Control", 2021) with fixed-sequence testing: for growing shares of the
    /// rows, most probable first, an exact binomial test asks whether the precision may be too low, and the
    /// first yes ends the search. One search begins where the stated probabilities promise most, another at
    /// a quarter of the rows, should they be wrong; each may err with half of the admissible probability.
    /// Which rows a test looks at depends on the probabilities alone, so that the rows' independence is all
    /// that is assumed; the promise is for tickets like these.
    pub fn certify(self, rows: &[(f32, bool)]) -> Certification {
        let mut ranked = rows.to_vec();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mistakes = running(&ranked, |(_, right)| if right { 0.0 } else { 1.0 });
        let error = (1.0 - self.confidence) / SEARCHES;
        let least_rows = (error.ln() / self.precision.ln()).ceil() as usize;
        let blind = ((rows.len() as f64 * BLIND_START).ceil() as usize).max(least_rows);
        let mut accepted = 0;
        for start in [self.promising_start(&ranked, error, least_rows), blind] {
            for count in counts(&ranked, start) {
                let wrong = mistakes[count - 1] as usize;
                if binomial_cdf(count, 1.0 - self.precision, wrong) > error {
                    break;
                }
                accepted = accepted.max(count);
            }
        }
        let Some(last) = accepted.checked_sub(1) else {
            return Certification::NotCertified { rows: rows.len(), least_rows };
        };
        let right = accepted - mistakes[last] as usize;
        Certification::Certified { threshold: ranked[last].0, accepted, right, rows: rows.len() }
    }

    /// The number of rows whose test may be expected to certify most, were the probabilities true.
    fn promising_start(self, ranked: &[(f32, bool)], error: f64, least_rows: usize) -> usize {
        let doubts = running(ranked, |(probability, _)| 1.0 - f64::from(probability));
        let mut best = (0.0, least_rows);
        for count in counts(ranked, least_rows) {
            let tail = binomial_tail(count, 1.0 - self.precision);
            let allowed = tail.take_while(|&probability| probability <= error).count();
            let rate = (doubts[count - 1] / count as f64).clamp(1e-9, 1.0 - 1e-9);
            let expected = match allowed {
                0 => 0.0,
                allowed => count as f64 * binomial_cdf(count, rate, allowed - 1),
            };
            if expected > best.0 {
                best = (expected, count);
            }
        }
        best.1
    }
}

/// Sums of `of` over the first row, the first two, and so on.
fn running(ranked: &[(f32, bool)], of: impl Fn((f32, bool)) -> f64) -> Vec<f64> {
    let mut sum = 0.0;
    let add = |row: &(f32, bool)| {
        sum += of(*row);
        sum
    };
    ranked.iter().map(add).collect()
}

/// The numbers of rows that are tested, from `start` on, the last of them all rows.
fn counts(ranked: &[(f32, bool)], start: usize) -> impl Iterator<Item = usize> {
    std::iter::successors(whole_ties(ranked, start), |&count| {
        let wanted = (count + 1).max((count as f64 * STEP) as usize);
        if count < ranked.len() { whole_ties(ranked, wanted.min(ranked.len())) } else { None }
    })
}

/// The least number of rows from `wanted` on that a threshold can part from the rest; `None` beyond the end.
fn whole_ties(ranked: &[(f32, bool)], wanted: usize) -> Option<usize> {
    let last = ranked.get(wanted.checked_sub(1)?)?.0;
    Some(wanted + ranked.iter().skip(wanted).take_while(|(probability, _)| *probability == last).count())
}

/// Probability of at most `k` hits in `n` draws that each hit with probability `p`, 0 < p < 1.
fn binomial_cdf(n: usize, p: f64, k: usize) -> f64 {
    if k >= n { 1.0 } else { binomial_tail(n, p).nth(k).unwrap_or(1.0) }
}

/// The same for k = 0, 1, … n − 1.
fn binomial_tail(n: usize, p: f64) -> impl Iterator<Item = f64> {
    // Logarithms, for (1 − p)ⁿ leaves the range of a double where n is large.
    let odds = (p / (1.0 - p)).ln();
    let mut log_term = n as f64 * (1.0 - p).ln();
    let mut log_sum = f64::NEG_INFINITY;
    (0..n).map(move |k| {
        let (large, small) = if log_sum > log_term { (log_sum, log_term) } else { (log_term, log_sum) };
        log_sum = large + (small - large).exp().ln_1p();
        log_term += ((n - k) as f64 / (k + 1) as f64).ln() + odds;
        log_sum.exp().min(1.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::SplitMix64;

    /// Values of R's `pbinom`.
    #[test]
    fn tail_of_the_binomial_distribution() {
        for (n, p, k, expected) in [
            (10, 0.5, 5, 0.623_046_9),
            (59, 0.05, 0, 0.048_506_2),
            (1000, 0.05, 38, 0.044_0),
            (5, 0.3, 5, 1.0),
        ] {
            assert!(
                (binomial_cdf(n, p, k) - expected).abs() < 2e-3,
                "{n} {p} {k}: {}",
                binomial_cdf(n, p, k)
            );
        }
        let large = binomial_cdf(200_000, 0.05, 10_000);
        assert!((large - 0.5).abs() < 0.01, "{large}");
    }

    /// Tickets whose probability is true and uniform between some least and 1: above t the precision is
    /// (1 + t) / 2. Of 200 tickets most must be easy, or none could be certified.
    #[test]
    fn keeps_its_promise() {
        let promise = Promise::new(0.95, 0.95).unwrap();
        for (n, least, least_coverage) in [(200, 0.85, 0.03), (1000, 0.5, 0.02), (5000, 0.5, 0.09)] {
            let mut random = SplitMix64(n as u64);
            let mut uniform = || (random.next() >> 11) as f64 / (1u64 << 53) as f64;
            let (mut broken, mut coverage) = (0, 0.0);
            const DRAWS: usize = 2000;
            for _ in 0..DRAWS {
                let rows: Vec<(f32, bool)> = (0..n)
                    .map(|_| {
                        let probability = least + uniform() * (1.0 - least);
                        (probability as f32, uniform() < probability)
                    })
                    .collect();
                if let Certification::Certified { threshold, accepted, rows, .. } = promise.certify(&rows) {
                    broken += usize::from((1.0 + f64::from(threshold)) / 2.0 < 0.95);
                    coverage += accepted as f64 / rows as f64;
                }
            }
            assert!(broken as f64 <= 0.065 * DRAWS as f64, "n = {n}: broken in {broken} of {DRAWS}");
            let coverage = coverage / DRAWS as f64;
            println!("n = {n}: broken in {broken} of {DRAWS}, coverage {coverage:.3}");
            assert!(coverage > least_coverage, "n = {n}: coverage {coverage}");
        }
    }

    #[test]
    fn certifies_all_or_nothing_where_that_is_plain() {
        let promise = Promise::new(0.9, 0.95).unwrap();
        let all_right: Vec<(f32, bool)> = (0..300).map(|i| (0.5 + i as f32 / 1000.0, true)).collect();
        let expected = Certification::Certified { threshold: 0.5, accepted: 300, right: 300, rows: 300 };
        assert_eq!(promise.certify(&all_right), expected);
        let one_tie = [(0.7, true); 20];
        assert_eq!(promise.certify(&one_tie), Certification::NotCertified { rows: 20, least_rows: 36 });
        assert_eq!(promise.certify(&[]), Certification::NotCertified { rows: 0, least_rows: 36 });
        assert!(matches!(promise.certify(&[(0.9, false); 500]), Certification::NotCertified { .. }));
        assert!(Promise::new(1.0, 0.95).is_err() && Promise::new(0.9, f64::NAN).is_err());
    }
}
