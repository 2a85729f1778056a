//! Whether tickets are still like those on which a threshold was found, told without their labels.

use serde::{Deserialize, Serialize};

use crate::Answer;

/// Answers counted by their probability and by their label: what is kept of the tickets on which a threshold
/// was found, to compare later ones with. Nothing of a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// Where one bin of probabilities ends and the next begins, rising.
    edges: Vec<f32>,
    /// Answers in each bin.
    probabilities: Vec<u64>,
    /// Answers with each label of the task.
    labels: Vec<u64>,
}

/// How far a set of tickets has moved from the reference.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Drift {
    /// Tickets compared.
    pub rows: u64,
    /// Tickets of the reference.
    pub reference_rows: u64,
    /// How far the probabilities of the given labels have moved.
    pub probability: Shift,
    /// How far the shares of the given labels have moved.
    pub labels: Shift,
    /// The worse of the two.
    pub level: DriftLevel,
}

/// How far one distribution has moved from another.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Shift {
    /// Population stability index: the sum of (b − a) ln (b / a) over bins of shares a before and b now.
    pub psi: f64,
    /// What chance alone stays below in 99 of 100 comparisons of as many rows.
    pub chance: f64,
}

/// What a [`Shift`] means. The bounds 0.1 and 0.25 are those of credit scoring (Siddiqi, "Credit Risk
/// Scorecards", 2006).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DriftLevel {
    /// Below 0.1, or no more than chance makes of so few rows.
    Stable,
    /// 0.1 to 0.25: to be watched.
    Moderate,
    /// From 0.25 on: a promise made on the reference says little of these tickets.
    Major,
}

/// Bins of probabilities, of equally many rows of the reference.
const BINS: usize = 10;
/// Labels with a smaller share of the reference are counted together.
const LEAST_SHARE: f64 = 0.01;
/// The 0.99 quantile of the standard normal distribution.
const Z99: f64 = 2.326_348;

impl Profile {
    /// The profile of `answers` to a task of `labels` labels, in bins made to their measure; `None` without
    /// answers.
    pub fn reference(labels: usize, answers: &[Answer]) -> Option<Self> {
        let mut sorted: Vec<f32> = answers.iter().map(|answer| answer.probability).collect();
        sorted.sort_by(f32::total_cmp);
        let quantile = |bin: usize| sorted.get(bin * sorted.len() / BINS).copied();
        let mut edges: Vec<f32> = (1..BINS).filter_map(quantile).collect();
        edges.dedup();
        // An edge at the very least probability would leave an empty bin below it.
        edges.retain(|edge| sorted.first().is_some_and(|least| edge > least));
        let mut profile = Self { probabilities: vec![0; edges.len() + 1], edges, labels: vec![0; labels] };
        answers.iter().for_each(|answer| profile.add(answer.label, answer.probability));
        (!answers.is_empty()).then_some(profile)
    }

    /// A profile of no answers, in the same bins.
    #[must_use]
    pub fn emptied(&self) -> Self {
        let Self { edges, probabilities, labels } = self;
        Self {
            edges: edges.clone(),
            probabilities: vec![0; probabilities.len()],
            labels: vec![0; labels.len()],
        }
    }

    /// Counts an answer; one with a label that the task does not have is left out.
    pub fn add(&mut self, label: u32, probability: f32) {
        let bin = self.edges.partition_point(|edge| *edge <= probability);
        let counts = (self.labels.get_mut(label as usize), self.probabilities.get_mut(bin));
        if let (Some(of_label), Some(of_bin)) = counts {
            *of_label += 1;
            *of_bin += 1;
        }
    }

    /// Answers counted.
    pub fn rows(&self) -> u64 {
        self.labels.iter().sum()
    }

    /// How far `now`, made by [`emptied`](Self::emptied) and [`add`](Self::add), has moved from this
    /// reference; `None` where it holds no answers or other bins.
    pub fn drift(&self, now: &Self) -> Option<Drift> {
        if now.rows() == 0 || now.edges != self.edges || now.labels.len() != self.labels.len() {
            return None;
        }
        let probability = Shift::between(self.probabilities.iter().zip(&now.probabilities));
        let is_rare = |count: u64| (count as f64) < LEAST_SHARE * self.rows() as f64;
        let (mut pairs, mut rare) = (Vec::new(), (0, 0));
        for (before, after) in self.labels.iter().zip(&now.labels) {
            if is_rare(*before) {
                rare = (rare.0 + before, rare.1 + after);
            } else {
                pairs.push((before, after));
            }
        }
        pairs.push((&rare.0, &rare.1));
        let labels = Shift::between(pairs.into_iter());
        let level = probability.level().max(labels.level());
        Some(Drift { rows: now.rows(), reference_rows: self.rows(), probability, labels, level })
    }

    /// What is wrong with a profile of a task with `labels` labels that was read from a file, if anything.
    pub(crate) fn problem(&self, labels: usize) -> Option<&'static str> {
        let rises =
            self.edges.is_sorted_by(|a, b| a < b) && self.edges.iter().all(|e| (0.0..=1.0).contains(e));
        // Sums of fewer counts than this cannot overflow.
        let sane = |counts: &[u64]| counts.iter().all(|count| *count < 1 << 48);
        if !rises || self.edges.len() >= BINS || self.probabilities.len() != self.edges.len() + 1 {
            return Some("bins of probabilities");
        }
        if self.labels.len() != labels || !sane(&self.labels) || !sane(&self.probabilities) {
            return Some("a count for each label");
        }
        let rows = self.rows();
        (rows == 0 || self.probabilities.iter().sum::<u64>() != rows).then_some("counts that agree")
    }
}

impl Shift {
    /// The shift between pairs of counts, before and now. Half a row is added to every bin, so that an empty
    /// one is no infinite shift.
    ///
    /// Where nothing has moved, the index times nm / (n + m) for n and m rows is about χ² with one degree of
    /// freedom less than there are bins (Yurdakul, Naranjo, "Statistical Properties of the Population
    /// Stability Index", Journal of Risk Model Validation, 2020); the quantile is that of Wilson and
    /// Hilferty (1931).
    fn between<'c>(pairs: impl Iterator<Item = (&'c u64, &'c u64)>) -> Self {
        let seen = |(before, now): &(&u64, &u64)| **before + **now > 0;
        let pairs: Vec<(f64, f64)> =
            pairs.filter(seen).map(|(before, now)| (*before as f64 + 0.5, *now as f64 + 0.5)).collect();
        let (n, m) = pairs.iter().fold((0.0, 0.0), |(n, m), (before, now)| (n + before, m + now));
        let term = |(before, now): &(f64, f64)| (now / m - before / n) * ((now / m) / (before / n)).ln();
        let psi = pairs.iter().map(term).fold(0.0, |sum, term| sum + term);
        let freedom = pairs.len().saturating_sub(1) as f64;
        if freedom == 0.0 {
            return Self { psi: 0.0, chance: 0.0 };
        }
        let spread = 2.0 / (9.0 * freedom);
        let quantile = freedom * (1.0 - spread + Z99 * spread.sqrt()).powi(3);
        Self { psi, chance: quantile * (1.0 / n + 1.0 / m) }
    }

    /// What the shift means.
    pub fn level(self) -> DriftLevel {
        match self.psi {
            psi if psi < 0.1 || psi <= self.chance => DriftLevel::Stable,
            psi if psi < 0.25 => DriftLevel::Moderate,
            _ => DriftLevel::Major,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::SplitMix64;

    /// Answers to 20 labels, the first the most frequent; `lean` above 1 makes high probabilities rarer.
    fn answers(random: &mut SplitMix64, count: usize, lean: f64, labels: f64) -> Vec<Answer> {
        let mut uniform = || (random.next() >> 11) as f64 / (1u64 << 53) as f64;
        let answer = |_| Answer {
            label: (uniform().powf(labels) * 20.0) as u32,
            probability: uniform().powf(lean) as f32,
            right: true,
        };
        (0..count).map(answer).collect()
    }

    fn drift(reference: &Profile, answers: &[Answer]) -> Drift {
        let mut now = reference.emptied();
        answers.iter().for_each(|answer| now.add(answer.label, answer.probability));
        reference.drift(&now).unwrap()
    }

    #[test]
    fn tells_a_shift_from_chance() {
        let mut random = SplitMix64(5);
        let (mut alarms, mut beyond_chance) = (0, 0);
        for _ in 0..300 {
            let reference = Profile::reference(20, &answers(&mut random, 2000, 1.0, 2.0)).unwrap();
            let same = drift(&reference, &answers(&mut random, 300, 1.0, 2.0));
            alarms += usize::from(same.level > DriftLevel::Stable);
            beyond_chance += usize::from(same.labels.psi > same.labels.chance);
            beyond_chance += usize::from(same.probability.psi > same.probability.chance);
            let unsure = drift(&reference, &answers(&mut random, 300, 3.0, 2.0));
            assert_eq!(unsure.level, DriftLevel::Major);
            beyond_chance += usize::from(unsure.labels.psi > unsure.labels.chance);
            let others = drift(&reference, &answers(&mut random, 300, 1.0, 0.5));
            assert_eq!(others.level, DriftLevel::Major);
        }
        // One in a hundred is what is stated of each figure.
        assert!(beyond_chance <= 25, "{beyond_chance} of 900");
        assert!(alarms <= 6, "{alarms} of 300");
    }

    #[test]
    fn few_rows_raise_no_alarm_and_odd_profiles_give_nothing() {
        let mut random = SplitMix64(6);
        let reference = Profile::reference(20, &answers(&mut random, 2000, 1.0, 2.0)).unwrap();
        assert_eq!(drift(&reference, &answers(&mut random, 5, 1.0, 2.0)).level, DriftLevel::Stable);
        assert_eq!(reference.drift(&reference.emptied()), None);
        assert_eq!(Profile::reference(20, &[]), None);
        // All probabilities alike: one bin, which cannot move.
        let alike = [Answer { label: 3, probability: 1.0, right: true }; 50];
        let reference = Profile::reference(20, &alike).unwrap();
        assert_eq!(reference.problem(20), None);
        let same = drift(&reference, &alike);
        assert_eq!((same.probability.psi, same.labels.psi, same.level), (0.0, 0.0, DriftLevel::Stable));
        // A new label where there was one only.
        let other = [Answer { label: 4, probability: 1.0, right: true }; 50];
        assert_eq!(drift(&reference, &other).level, DriftLevel::Major);
    }
}
