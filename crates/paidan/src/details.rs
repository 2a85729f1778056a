//! What a report on an evaluation needs besides the figures: curves, intervals, and the words behind mistakes.

use std::collections::BTreeMap;

use paidan_classify::{
    ConfusionMatrix, Curves, FoundThresholds, Interval, Model, Outcome, Promise, TaskReport, ThresholdSearch,
    Truth,
};
use paidan_text::{PreparedTicket, Ticket};

/// What [`Evaluator::finish_detailed`](crate::Evaluator::finish_detailed) gives besides the figures.
#[derive(Clone, Debug, Default)]
pub struct EvaluationDetails {
    /// One for each task, in the order asked for.
    pub tasks: Vec<TaskDetails>,
    /// The figures of each month, `2026-03`; tickets whose time cannot be read are `时间不明`.
    pub months: BTreeMap<String, Vec<TaskReport>>,
    /// The figures of each channel; tickets without one are `渠道不明`.
    pub channels: BTreeMap<String, Vec<TaskReport>>,
}

/// What a report draws of one task. Empty for tasks whose tickets have several labels at once.
#[derive(Clone, Debug)]
pub struct TaskDetails {
    /// Reliability, and risk against coverage.
    pub curves: Curves,
    /// What the accuracy may be.
    pub accuracy: Interval,
    /// What the macro-averaged F1 may be; `None` without rows.
    pub macro_f1: Option<Interval>,
    /// Which labels were taken for which.
    pub matrix: ConfusionMatrix,
    /// The most frequent mistakes, at most 30.
    pub confused: Vec<ConfusedPair>,
    /// What a search for thresholds, each label by itself where its rows suffice, says of these rows: how many more
    /// would do. `None` without rows. It binds only where the model was not trained on them.
    pub search: Option<FoundThresholds>,
}

/// Rows of one label that were given another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfusedPair {
    /// The true label, by its index; `None` where the model has not learnt it.
    pub truth: Option<u32>,
    /// The label given.
    pub given: u32,
    /// How many.
    pub rows: usize,
    /// Words that spoke for the given label and against the true one, in how many of the rows, the most frequent
    /// first; only words of several tickets, so that none tells of a person.
    pub words: Vec<(String, usize)>,
}

/// The promise that a report tries where the bundle has made none.
const PRECISION: f64 = 0.95;
const CONFIDENCE: f64 = 0.95;
/// The most labels of a matrix.
const MATRIX: usize = 12;
/// The most pairs listed, words of a pair, and words taken of one mistake.
const PAIRS: usize = 30;
const WORDS: usize = 6;
const WORDS_OF_ONE: usize = 4;
/// A word must stand in so many mistakes of a pair.
const LEAST_TICKETS: usize = 2;

/// Gathers details while tickets are measured.
#[derive(Debug, Default)]
pub(crate) struct DetailCollector {
    /// For each task.
    tasks: Vec<Collected>,
}

#[derive(Debug, Default)]
struct Collected {
    /// Month and channel of each outcome.
    slices: Vec<(String, String)>,
    /// Words of the mistakes by true and given label.
    words: BTreeMap<(Option<u32>, u32), BTreeMap<String, usize>>,
    rows: BTreeMap<(Option<u32>, u32), usize>,
}

impl DetailCollector {
    pub(crate) fn new(tasks: usize) -> Self {
        Self { tasks: (0..tasks).map(|_| Collected::default()).collect() }
    }

    /// Takes note of the outcome of one ticket for the task at `place`, which is task `index` of the model.
    pub(crate) fn observe(
        &mut self,
        (place, index): (usize, usize),
        model: &Model,
        ticket: &Ticket,
        outcome: &Outcome,
        prepare: impl FnOnce() -> PreparedTicket,
    ) {
        let Some(task) = self.tasks.get_mut(place) else { return };
        let channel = ticket.channel.as_deref().map(str::trim).filter(|channel| !channel.is_empty());
        task.slices.push((month(ticket.requested_at.as_deref()), channel.unwrap_or("渠道不明").to_owned()));
        let Some((truth, given)) = mistake(outcome) else { return };
        *task.rows.entry((truth, given)).or_default() += 1;
        let words = task.words.entry((truth, given)).or_default();
        for word in misleading_words(model, index, truth, given, &prepare()) {
            *words.entry(word).or_default() += 1;
        }
    }

    /// The details of the task at `place`.
    pub(crate) fn task(
        &self,
        place: usize,
        labels: usize,
        promise: Option<Promise>,
        outcomes: &[&Outcome],
    ) -> TaskDetails {
        let single: Vec<&Outcome> =
            outcomes.iter().copied().filter(|outcome| has_one_label(outcome)).collect();
        let rows = || single.iter().copied();
        let right = rows().filter_map(Outcome::answer).filter(|answer| answer.right).count();
        let promise = promise.or_else(|| Promise::new(PRECISION, CONFIDENCE).ok());
        let search = promise.filter(|_| !single.is_empty());
        TaskDetails {
            curves: Curves::new(rows()),
            accuracy: Interval::wilson(right, single.len()),
            macro_f1: Interval::macro_f1(rows()),
            matrix: ConfusionMatrix::new(MATRIX, rows()),
            confused: self.tasks.get(place).map(Collected::confused).unwrap_or_default(),
            search: search
                .map(|promise| ThresholdSearch::new(promise).per_label(true).search(labels, rows())),
        }
    }

    /// The outcomes of the task at `place` by month, and by channel.
    pub(crate) fn slices<'o>(
        &self,
        place: usize,
        outcomes: &[&'o Outcome],
    ) -> [BTreeMap<String, Vec<&'o Outcome>>; 2] {
        let (mut months, mut channels) = (BTreeMap::<_, Vec<_>>::new(), BTreeMap::<_, Vec<_>>::new());
        let of_task = self.tasks.get(place).map(|task| task.slices.as_slice()).unwrap_or_default();
        for ((month, channel), outcome) in of_task.iter().zip(outcomes) {
            months.entry(month.clone()).or_default().push(*outcome);
            channels.entry(channel.clone()).or_default().push(*outcome);
        }
        [months, channels]
    }
}

impl Collected {
    fn confused(&self) -> Vec<ConfusedPair> {
        let mut pairs: Vec<_> = self.rows.iter().collect();
        pairs.sort_by_key(|(pair, rows)| (std::cmp::Reverse(**rows), **pair));
        let pair = |(pair, rows): (&(Option<u32>, u32), &usize)| {
            let words = self.words.get(pair).into_iter().flatten();
            let mut words: Vec<(String, usize)> = words
                .filter(|(_, tickets)| **tickets >= LEAST_TICKETS)
                .map(|(word, tickets)| (word.clone(), *tickets))
                .collect();
            words.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            words.truncate(WORDS);
            ConfusedPair { truth: pair.0, given: pair.1, rows: *rows, words }
        };
        pairs.into_iter().take(PAIRS).map(pair).collect()
    }
}

/// The true label, `None` where it was never learnt, and the given one, where they differ and there is one of each.
fn mistake(outcome: &Outcome) -> Option<(Option<u32>, u32)> {
    let answer = outcome.answer().filter(|answer| !answer.right && has_one_label(outcome))?;
    let truth = if let Truth::Known(label) = outcome.truth { Some(label) } else { None };
    Some((truth, answer.label))
}

fn has_one_label(outcome: &Outcome) -> bool {
    matches!(outcome.truth, Truth::Known(_) | Truth::Unknown(_))
}

/// The words that spoke most for `given` over `truth`, the strongest first: at least two characters, no digits, no
/// masks.
fn misleading_words(
    model: &Model,
    task: usize,
    truth: Option<u32>,
    given: u32,
    prepared: &PreparedTicket,
) -> Vec<String> {
    let explainer = model.explainer(prepared);
    let mut words = explainer.words(task, given as usize);
    if let Some(truth) = truth {
        for (word, of_truth) in words.iter_mut().zip(explainer.words(task, truth as usize)) {
            word.weight -= of_truth.weight;
        }
    }
    let mut sums: BTreeMap<&str, f32> = BTreeMap::new();
    for word in &words {
        let text = if word.in_title { &prepared.title } else { &prepared.text };
        let spelled = text.masked().get(word.range.clone()).unwrap_or_default();
        if spelled.chars().count() >= 2 && spelled.chars().all(char::is_alphabetic) {
            *sums.entry(spelled).or_default() += word.weight;
        }
    }
    let mut ranked: Vec<(&str, f32)> = sums.into_iter().filter(|(_, weight)| *weight > 0.0).collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    ranked.into_iter().take(WORDS_OF_ONE).map(|(word, _)| word.to_owned()).collect()
}

/// `2026-03` of `2026-03-05T…` or `2026/3/5 …`; what cannot be read is its own month.
pub fn month(time: Option<&str>) -> String {
    let parts = time.and_then(|time| {
        let (year, rest) = time.trim().split_once(['-', '/', '.', '年'])?;
        let month = rest.split(|c: char| !c.is_ascii_digit()).next()?;
        Some((year.parse::<u32>().ok()?, month.parse::<u32>().ok()?))
    });
    match parts {
        Some((year, month)) if (1..=12).contains(&month) => format!("{year:04}-{month:02}"),
        _ => "时间不明".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_of_usual_times() {
        assert_eq!(month(Some("2026-03-05T08:00:00+08:00")), "2026-03");
        assert_eq!(month(Some("2026/3/5 8:00")), "2026-03");
        assert_eq!(month(Some("2026年11月3日")), "2026-11");
        assert_eq!(month(Some("yesterday")), "时间不明");
        assert_eq!(month(None), "时间不明");
    }
}
