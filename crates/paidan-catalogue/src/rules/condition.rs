use regex::Regex;

use super::time::{Season, TimeOfDay};
use super::word_condition::WordCondition;
use crate::areas::{AreaId, Areas};
use crate::level::Level;

/// What must hold: `[rule.when]`.
#[derive(Debug, Default)]
pub(crate) struct When {
    pub(crate) words: WordCondition,
    pub(crate) regex: Vec<Regex>,
    pub(crate) labels: Vec<LabelCondition>,
    /// For `labels`; that of the settings where there is none.
    pub(crate) least_probability: Option<f32>,
    pub(crate) areas: Vec<AreaId>,
    pub(crate) channels: Vec<String>,
    pub(crate) times_of_day: Vec<TimeOfDay>,
    pub(crate) seasons: Vec<Season>,
}

/// The most probable label of a task must be one of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LabelCondition {
    pub(crate) task: &'static str,
    pub(crate) labels: Vec<String>,
}

impl When {
    pub(crate) fn is_empty(&self) -> bool {
        self.is_without_matter()
            && self.areas.is_empty()
            && self.words.none.is_empty()
            && self.channels.is_empty()
            && self.times_of_day.is_empty()
            && self.seasons.is_empty()
    }

    /// Whether nothing is said of the matter itself: no word, expression or label.
    pub(crate) fn is_without_matter(&self) -> bool {
        self.words.is_empty() && self.regex.is_empty() && self.labels.is_empty()
    }

    /// The same text for the same conditions, whatever the order of words.
    pub(crate) fn canonical(&self) -> String {
        let mut words = self.words.clone();
        words.any.sort_unstable();
        words.none.sort_unstable();
        words.all.iter_mut().for_each(|group| group.sort_unstable());
        words.all.sort_unstable();
        let regex: Vec<&str> = self.regex.iter().map(Regex::as_str).collect();
        let (mut areas, mut channels, mut labels) =
            (self.areas.clone(), self.channels.clone(), self.labels.clone());
        areas.sort_unstable();
        channels.sort_unstable();
        labels.iter_mut().for_each(|condition| condition.labels.sort_unstable());
        let least = self.least_probability;
        format!(
            "{words:?}{regex:?}{labels:?}{least:?}{areas:?}{channels:?}{:?}{:?}",
            self.times_of_day, self.seasons
        )
    }

    /// The number of conditions; `docs/catalogue.md` says how they are counted.
    pub(crate) fn specificity(&self, areas: &Areas) -> u32 {
        let of_area = |area: &AreaId| match areas.level(*area) {
            Some(Level::Province) | None => 1,
            Some(Level::City) => 2,
            Some(Level::District) => 3,
            Some(Level::Street) => 4,
            Some(Level::Community | Level::Enterprise) => 5,
        };
        let given = [
            !self.words.any.is_empty(),
            !self.words.none.is_empty(),
            !self.regex.is_empty(),
            !self.channels.is_empty(),
            !self.times_of_day.is_empty(),
            !self.seasons.is_empty(),
        ];
        let single =
            given.into_iter().filter(|given| *given).count() + self.words.all.len() + self.labels.len();
        single as u32 + self.areas.iter().map(of_area).min().unwrap_or(0)
    }
}
