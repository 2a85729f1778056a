use serde::Serialize;

use super::binomial::{binomial_cdf, least_draws};

/// How many more labelled rows would certify a threshold.
///
/// Rows of the group in question: of the whole task, or of those given one label. An estimate from the
/// accuracy seen so far, rounded up to two digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Need {
    /// About this many more, if the model goes on to be as right on them.
    About {
        /// Rows besides those there are.
        rows: usize,
    },
    /// The rows do not tell: at least this many more, even if all answers to them are right.
    AtLeast {
        /// Rows besides those there are.
        rows: usize,
    },
    /// No number of rows would do: not even the most probable answers are right often enough.
    BetterModel,
}

/// What `rows` rows need, of whose most probable `count` the number `wrong` were wrong, for each of `tops`;
/// a test passes at `level`.
///
/// Chernoff's bound says how many rows of an error rate pass the binomial test; that is about the number
/// with which four draws in five would pass. The rate is taken as (wrong + 1) / (count + 2), Laplace's rule
/// of succession, so that the luck of a few rows does not count as accuracy.
pub(super) fn need(
    rows: usize,
    tops: impl Iterator<Item = (usize, usize)> + Clone,
    precision: f64,
    level: f64,
) -> Need {
    let admissible = 1.0 - precision;
    // A search may have stopped before a threshold that the rows there are would have certified.
    let more = |more: usize| two_digits(more.max(rows.div_ceil(10)));
    // As many rows in all as bring enough of them above the threshold of a top.
    let sufficient = |(count, wrong): (usize, usize)| {
        let rate = (wrong + 1) as f64 / (count + 2) as f64;
        let above = level.ln() / -divergence(rate, admissible);
        (rate < admissible).then(|| above * rows as f64 / count as f64)
    };
    let about = tops.clone().filter_map(sufficient).fold(f64::INFINITY, f64::min);
    if about < MOST_TIMES * rows as f64 {
        return Need::About { rows: more((about.ceil() as usize).saturating_sub(rows)) };
    }
    let plausible = |(count, wrong): (usize, usize)| {
        let is_plausible = wrong == 0 || binomial_cdf(count, admissible, wrong - 1) < PLAUSIBLE;
        is_plausible.then(|| least_rows(wrong, admissible, level).saturating_sub(count))
    };
    let none = (rows == 0).then(|| least_rows(0, admissible, level));
    match tops.filter_map(plausible).chain(none).min() {
        Some(least) => Need::AtLeast { rows: more(least) },
        None => Need::BetterModel,
    }
}

/// An estimate of more than this many times the rows there are is none: their lead over the promise is too
/// small for so few.
const MOST_TIMES: f64 = 20.0;
/// Mistakes are held against a model only where fewer of them would have been this probable, had it just
/// kept the promise.
const PLAUSIBLE: f64 = 0.95;

/// About the fewest rows that pass with this many mistakes.
fn least_rows(wrong: usize, admissible: f64, level: f64) -> usize {
    let mut rows = least_draws(admissible, level);
    while binomial_cdf(rows, admissible, wrong) > level {
        rows += rows.div_ceil(20);
    }
    rows
}

/// Kullback and Leibler's divergence of a coin with `rate` from one with `other`, 0 ≤ rate < other < 1.
fn divergence(rate: f64, other: f64) -> f64 {
    let hit = if rate > 0.0 { rate * (rate / other).ln() } else { 0.0 };
    // Rounding must not make it negative where the two are almost equal.
    (hit + (1.0 - rate) * ((1.0 - rate) / (1.0 - other)).ln()).max(1e-15)
}

/// Rounded up to two digits.
fn two_digits(rows: usize) -> usize {
    let unit = 10usize.pow(rows.max(1).ilog10().saturating_sub(1));
    rows.div_ceil(unit) * unit
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEVEL: f64 = 0.025;

    #[test]
    fn says_how_many_rows_or_that_rows_do_not_help() {
        // ln 0.025 / ln 0.95 = 71.9.
        assert_eq!(need(0, [].into_iter(), 0.95, LEVEL), Need::AtLeast { rows: 72 });
        // One right answer of one: 72 like it are the least.
        assert_eq!(need(1, [(1, 0)].into_iter(), 0.95, LEVEL), Need::AtLeast { rows: 71 });
        assert_eq!(need(50, [(50, 0)].into_iter(), 0.95, LEVEL), Need::About { rows: 240 });
        assert_eq!(need(50, [(25, 0), (50, 20)].into_iter(), 0.95, LEVEL), Need::AtLeast { rows: 47 });
        assert_eq!(need(900, [(300, 60), (900, 300)].into_iter(), 0.95, LEVEL), Need::BetterModel);
        assert_eq!(need(100, [(80, 1), (100, 20)].into_iter(), 0.95, LEVEL), Need::About { rows: 450 });
        // 1 / 20 is a hair below 1 − 0.95 in double precision; that is no lead.
        assert_eq!(need(18, [(18, 0)].into_iter(), 0.95, LEVEL), Need::AtLeast { rows: 54 });
        // One mistake in one row tells nothing, three in three a lot.
        assert_eq!(need(1, [(1, 1)].into_iter(), 0.5, LEVEL), Need::AtLeast { rows: 8 });
        assert_eq!(need(3, [(3, 3)].into_iter(), 0.95, LEVEL), Need::BetterModel);
    }

    #[test]
    fn rounds_up_to_two_digits() {
        let rounded = [0, 1, 9, 10, 99, 101, 119, 1201].map(two_digits);
        assert_eq!(rounded, [0, 1, 9, 10, 99, 110, 120, 1300]);
    }
}
