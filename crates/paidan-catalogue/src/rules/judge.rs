use std::ops::Range;

use super::condition::{LabelCondition, When};
use super::word_condition::HitSet;
use super::{Rule, RuleBook, RuleId};
use crate::areas::{AreaId, Areas};
use crate::moment::Moment;
use crate::predictions::{LabelPrediction, Predictions};
use crate::words::{Field, Fields, Hit};

/// What rules are judged by.
pub(crate) struct Circumstances<'c> {
    pub(crate) areas: &'c Areas,
    pub(crate) fields: &'c Fields<'c>,
    pub(crate) hits: HitSet<'c>,
    /// The part of the text that is looked at; all, and the title, where there is none.
    pub(crate) part: Option<Range<usize>>,
    pub(crate) predictions: &'c Predictions,
    pub(crate) least_probability: f32,
    pub(crate) possible_areas: &'c [AreaId],
    pub(crate) channel: Option<&'c str>,
    pub(crate) received: Option<Moment>,
}

/// A rule whose conditions hold as far as they are known.
#[derive(Clone, Debug)]
pub(crate) struct Match {
    pub(crate) rule: RuleId,
    pub(crate) hits: Vec<Hit>,
    /// What regular expressions found.
    pub(crate) expressions: Vec<(Field, Range<usize>)>,
    /// What would have to be known, in Chinese; empty where the rule holds.
    pub(crate) unknown: Vec<&'static str>,
}

/// All rules whose conditions hold, by what that means.
#[derive(Debug, Default)]
pub(crate) struct Judged {
    pub(crate) holding: Vec<Match>,
    /// They hold in everything that is known.
    pub(crate) undetermined: Vec<Match>,
    /// They hold but for the day of receipt.
    pub(crate) not_in_force: Vec<Match>,
}

/// Whether a condition holds; `None` where that is not known.
type Truth = Option<bool>;

impl RuleBook {
    /// Judges all rules that the words found may trigger.
    pub(crate) fn judge(&self, circumstances: &Circumstances<'_>) -> Judged {
        let mut judged = Judged::default();
        for id in self.candidates(circumstances.hits.words()) {
            let Some(rule) = self.get(id) else { continue };
            let Some(mut found) = circumstances.judge(id, rule) else { continue };
            match rule.period.holds(circumstances.received.map(|moment| moment.day)) {
                Some(false) => judged.not_in_force.push(found),
                in_force => {
                    if in_force.is_none() {
                        found.unknown.push("受理日期");
                    }
                    if found.unknown.is_empty() {
                        judged.holding.push(found);
                    } else {
                        judged.undetermined.push(found);
                    }
                }
            }
        }
        judged
    }
}

impl Circumstances<'_> {
    /// The match, if no condition is known not to hold.
    fn judge(&self, id: RuleId, rule: &Rule) -> Option<Match> {
        let when = &rule.when;
        let hits = when.words.found(&self.hits, self.fields)?;
        if !when.labels.iter().all(|condition| self.label(condition, when)) || !self.channel(when) {
            return None;
        }
        let mut unknown = Vec::new();
        let conditions = [
            (self.area(when), "事发区域"),
            (self.time_of_day(when), "受理时刻"),
            (self.season(when), "受理日期"),
        ];
        for (truth, what) in conditions {
            match truth {
                Some(true) => {}
                Some(false) => return None,
                None => unknown.push(what),
            }
        }
        let expressions = self.expressions(when)?;
        Some(Match { rule: id, hits, expressions, unknown })
    }

    fn label(&self, condition: &LabelCondition, when: &When) -> bool {
        let least = when.least_probability.unwrap_or(self.least_probability);
        let predictions = match condition.task {
            "department" => self.predictions.responsible(),
            task => self.predictions.labels(task),
        };
        let is_sure = |label: &&LabelPrediction| label.probability >= least;
        let holds = |best: &LabelPrediction| condition.labels.iter().any(|label| best.is(label));
        if condition.task != "category" {
            return predictions.first().filter(is_sure).is_some_and(holds);
        }
        // A category holds with its own probability, or with that of one below it.
        let is_below = |best: &LabelPrediction| {
            let mut broader =
                condition.labels.iter().filter_map(|label| best.label.strip_prefix(label.as_str()));
            broader.any(|rest| rest.trim_start().starts_with('>'))
        };
        predictions.iter().filter(is_sure).any(|label| holds(label) || is_below(label))
    }

    fn channel(&self, when: &When) -> bool {
        when.channels.is_empty() || when.channels.iter().any(|channel| Some(channel.as_str()) == self.channel)
    }

    fn area(&self, when: &When) -> Truth {
        if when.areas.is_empty() {
            return Some(true);
        }
        let is_within = |area: &AreaId| when.areas.iter().any(|outer| self.areas.is_within(*area, *outer));
        let may_be_within =
            |area: &AreaId| when.areas.iter().any(|inner| self.areas.is_within(*inner, *area));
        if !self.possible_areas.is_empty() && self.possible_areas.iter().all(is_within) {
            return Some(true);
        }
        let is_open = self.possible_areas.is_empty()
            || self.possible_areas.iter().any(|area| is_within(area) || may_be_within(area));
        // A rule that asks for nothing but the area says nothing of a ticket without one.
        if is_open && !when.is_without_matter() { None } else { Some(false) }
    }

    fn time_of_day(&self, when: &When) -> Truth {
        if when.times_of_day.is_empty() {
            return Some(true);
        }
        let time = self.received?.time?;
        Some(when.times_of_day.iter().any(|range| range.contains(time)))
    }

    fn season(&self, when: &When) -> Truth {
        if when.seasons.is_empty() {
            return Some(true);
        }
        let day = self.received?.day;
        Some(when.seasons.iter().any(|season| season.contains(day)))
    }

    /// Where the expressions match; `None` where there are some and none does.
    fn expressions(&self, when: &When) -> Option<Vec<(Field, Range<usize>)>> {
        let mut found = Vec::new();
        for regex in &when.regex {
            for (field, text) in self.fields.each() {
                let (text, offset) = match (&self.part, field) {
                    (None, _) => (text, 0),
                    (Some(part), Field::Text) => (text.get(part.clone()).unwrap_or_default(), part.start),
                    (Some(_), _) => continue,
                };
                found.extend(regex.find(text).map(|m| (field, m.start() + offset..m.end() + offset)));
            }
        }
        (when.regex.is_empty() || !found.is_empty()).then_some(found)
    }
}
