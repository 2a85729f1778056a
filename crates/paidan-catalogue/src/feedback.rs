//! 退单/改派: what returned tickets suggest. Nothing is changed by it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde::Serialize;

/// A ticket that a unit returned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReturnedTicket {
    /// Its id.
    pub ticket: String,
    /// The unit that returned it.
    pub from: String,
    /// The unit that got it then; empty where that is not known.
    pub to: String,
    /// Code of the reason; empty where none was given.
    pub reason: String,
    /// When; only the latest return of a ticket by a unit counts.
    pub time: String,
}

/// What is known of a ticket that was dispatched.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DispatchedTicket {
    /// Its id.
    pub ticket: String,
    /// Code of the lead.
    pub lead: Option<String>,
    /// The model's probability, where the model chose the lead.
    pub model_probability: Option<f32>,
    /// The rule that chose the lead.
    pub rule: Option<String>,
    /// Its words, masked, each once.
    pub words: BTreeSet<String>,
}

/// What returns suggest, with their counts; a person decides what to do.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Suggestions {
    /// Returns counted.
    pub returns: usize,
    /// By reason code.
    pub reasons: BTreeMap<String, usize>,
    /// Where a unit's returns go.
    pub moved: Vec<Moved>,
    /// A higher least probability.
    pub threshold: Option<RaisedThreshold>,
    /// Rules whose tickets come back.
    pub doubtful_rules: Vec<DoubtfulRule>,
    /// Rules that might be added.
    pub new_rules: Vec<NewRule>,
}

/// Tickets of one unit that another got in the end.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Moved {
    /// The unit that returned them.
    pub from: String,
    /// The unit that got them.
    pub to: String,
    /// How many.
    pub tickets: usize,
    /// Of all that the first returned, 0 to 1.
    pub share: f32,
}

/// A least probability at which fewer tickets would have come back.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RaisedThreshold {
    /// The suggested `least_probability`.
    pub least_probability: f32,
    /// Returns that a person would have seen first.
    pub spared: usize,
    /// Tickets that stayed where they went and that a person would have seen as well.
    pub cost: usize,
    /// Returns that would have happened all the same.
    pub left: usize,
}

/// A rule whose tickets come back.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DoubtfulRule {
    /// Its id.
    pub rule: String,
    /// Tickets that it dispatched.
    pub tickets: usize,
    /// Of these, returned.
    pub returned: usize,
}

/// A rule that would have sent returned tickets where they went in the end.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NewRule {
    /// The word that it asks for.
    pub word: String,
    /// The unit that returned the tickets.
    pub from: String,
    /// The unit to lead.
    pub to: String,
    /// Returned tickets with the word that went there.
    pub support: usize,
    /// Tickets with the word that went elsewhere or stayed.
    pub counter_examples: usize,
    /// The rule as it would stand in `rules.toml`.
    pub toml: String,
}

/// The share of returns above which a threshold is too low.
const MOST_RETURNED: f32 = 0.05;
/// The share of a word's tickets that must go to the unit for a rule.
const LEAST_SHARE: f32 = 0.8;
/// Rules suggested for a pair of units.
const RULES: usize = 3;

/// What `returns` suggest, where at least `least` of them agree.
pub fn suggest(returns: &[ReturnedTicket], dispatched: &[DispatchedTicket], least: usize) -> Suggestions {
    let latest = latest(returns);
    let mut suggestions = Suggestions { returns: latest.len(), ..Suggestions::default() };
    for returned in &latest {
        let reason = if returned.reason.is_empty() { "-" } else { &returned.reason };
        *suggestions.reasons.entry(reason.to_owned()).or_default() += 1;
    }
    suggestions.moved = moved(&latest, least);
    let came_back: HashSet<(&str, &str)> =
        latest.iter().map(|returned| (returned.ticket.as_str(), returned.from.as_str())).collect();
    let is_returned = |ticket: &DispatchedTicket| {
        ticket.lead.as_deref().is_some_and(|lead| came_back.contains(&(ticket.ticket.as_str(), lead)))
    };
    suggestions.threshold = threshold(dispatched, &is_returned, least);
    suggestions.doubtful_rules = doubtful_rules(dispatched, &is_returned, least);
    suggestions.new_rules = new_rules(&latest, dispatched, least);
    suggestions
}

/// Of each ticket and unit the latest return, in a fixed order.
fn latest(returns: &[ReturnedTicket]) -> Vec<&ReturnedTicket> {
    let mut latest: BTreeMap<(&str, &str), &ReturnedTicket> = BTreeMap::new();
    for returned in returns {
        let entry = latest.entry((&returned.ticket, &returned.from)).or_insert(returned);
        if entry.time < returned.time {
            *entry = returned;
        }
    }
    latest.into_values().collect()
}

fn moved(returns: &[&ReturnedTicket], least: usize) -> Vec<Moved> {
    let mut pairs: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut of: HashMap<&str, usize> = HashMap::new();
    for returned in returns {
        *of.entry(&returned.from).or_default() += 1;
        if !returned.to.is_empty() {
            *pairs.entry((&returned.from, &returned.to)).or_default() += 1;
        }
    }
    let mut moved: Vec<Moved> = pairs
        .into_iter()
        .filter(|(_, tickets)| *tickets >= least)
        .map(|((from, to), tickets)| Moved {
            from: from.to_owned(),
            to: to.to_owned(),
            tickets,
            share: tickets as f32 / of.get(from).copied().unwrap_or(1) as f32,
        })
        .collect();
    moved.sort_by(|a, b| b.tickets.cmp(&a.tickets).then_with(|| (&a.from, &a.to).cmp(&(&b.from, &b.to))));
    moved
}

/// The least probability from which at most [`MOST_RETURNED`] of the model's tickets come back.
fn threshold(
    dispatched: &[DispatchedTicket],
    is_returned: &dyn Fn(&DispatchedTicket) -> bool,
    least: usize,
) -> Option<RaisedThreshold> {
    let mut by_model: Vec<(f32, bool)> = dispatched
        .iter()
        .filter_map(|ticket| Some((ticket.model_probability?, is_returned(ticket))))
        .collect();
    by_model.sort_by(|a, b| a.0.total_cmp(&b.0));
    let all_returned = by_model.iter().filter(|(_, returned)| *returned).count();
    if all_returned < least {
        return None;
    }
    let (mut spared, mut cost) = (0, 0);
    let mut rest = by_model.as_slice();
    while let Some(((probability, _), _)) = rest.split_first() {
        let left = all_returned - spared;
        if left as f32 <= MOST_RETURNED * rest.len() as f32 {
            let least_probability = (probability * 1000.0).ceil() / 1000.0;
            return (spared > 0).then_some(RaisedThreshold { least_probability, spared, cost, left });
        }
        let same = rest.partition_point(|(other, _)| other <= probability);
        let (passed, above) = rest.split_at(same);
        spared += passed.iter().filter(|(_, returned)| *returned).count();
        cost += passed.iter().filter(|(_, returned)| !*returned).count();
        rest = above;
    }
    None
}

fn doubtful_rules(
    dispatched: &[DispatchedTicket],
    is_returned: &dyn Fn(&DispatchedTicket) -> bool,
    least: usize,
) -> Vec<DoubtfulRule> {
    let mut rules: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for ticket in dispatched {
        if let Some(rule) = &ticket.rule {
            let (tickets, returned) = rules.entry(rule).or_default();
            *tickets += 1;
            *returned += usize::from(is_returned(ticket));
        }
    }
    let mut doubtful: Vec<DoubtfulRule> = rules
        .into_iter()
        .filter(|(_, (_, returned))| *returned >= least)
        .map(|(rule, (tickets, returned))| DoubtfulRule { rule: rule.to_owned(), tickets, returned })
        .collect();
    doubtful.sort_by(|a, b| b.returned.cmp(&a.returned).then_with(|| a.rule.cmp(&b.rule)));
    doubtful
}

fn new_rules(returns: &[&ReturnedTicket], dispatched: &[DispatchedTicket], least: usize) -> Vec<NewRule> {
    let words: HashMap<&str, &BTreeSet<String>> =
        dispatched.iter().map(|ticket| (ticket.ticket.as_str(), &ticket.words)).collect();
    let mut with_word: HashMap<&str, usize> = HashMap::new();
    for word in dispatched.iter().flat_map(|ticket| &ticket.words) {
        *with_word.entry(word).or_default() += 1;
    }
    let mut support: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
    for returned in returns.iter().filter(|returned| !returned.to.is_empty()) {
        for word in words.get(returned.ticket.as_str()).into_iter().flat_map(|words| words.iter()) {
            *support.entry((&returned.from, &returned.to, word)).or_default() += 1;
        }
    }
    let mut rules: Vec<NewRule> = Vec::new();
    for ((from, to, word), support) in support {
        let all = with_word.get(word).copied().unwrap_or(support).max(support);
        if support >= least && support as f32 >= LEAST_SHARE * all as f32 {
            let toml = format!(
                "[[rule]]\nid = \"suggested-{from}-{to}-{word}\"\nbasis = \"{support} returned tickets\"\nwhen = {{ any = \
                 [\"{word}\"] }}\nthen = {{ lead = \"{to}\" }}\n"
            );
            let counter_examples = all - support;
            let (word, from, to) = (word.to_owned(), from.to_owned(), to.to_owned());
            rules.push(NewRule { word, from, to, support, counter_examples, toml });
        }
    }
    rules.sort_by(|a, b| {
        let key = |rule: &NewRule| (std::cmp::Reverse(rule.support), rule.counter_examples);
        key(a).cmp(&key(b)).then_with(|| (&a.from, &a.to, &a.word).cmp(&(&b.from, &b.to, &b.word)))
    });
    let mut of_pair: HashMap<(String, String), usize> = HashMap::new();
    rules.retain(|rule| {
        let count = of_pair.entry((rule.from.clone(), rule.to.clone())).or_default();
        *count += 1;
        *count <= RULES
    });
    rules
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dispatched(number: usize, probability: f32, word: &str) -> DispatchedTicket {
        DispatchedTicket {
            ticket: number.to_string(),
            lead: Some("CG".to_owned()),
            model_probability: Some(probability),
            rule: None,
            words: BTreeSet::from([word.to_owned(), "市民".to_owned()]),
        }
    }

    fn returned(number: usize) -> ReturnedTicket {
        ReturnedTicket {
            ticket: number.to_string(),
            from: "CG".to_owned(),
            to: "HB".to_owned(),
            reason: "职责".to_owned(),
            time: "2026-03-02".to_owned(),
        }
    }

    #[test]
    fn returns_become_suggestions_with_counts() {
        let mut history: Vec<DispatchedTicket> = (0..10).map(|n| dispatched(n, 0.81, "油烟")).collect();
        history.extend((10..100).map(|n| dispatched(n, 0.95, "路灯")));
        let returns: Vec<ReturnedTicket> = (0..8).map(returned).chain([returned(7), returned(50)]).collect();
        let suggestions = suggest(&returns, &history, 5);
        assert_eq!((suggestions.returns, suggestions.reasons["职责"]), (9, 9));
        assert_eq!((suggestions.moved[0].tickets, suggestions.moved[0].share), (9, 1.0));
        let threshold = suggestions.threshold.unwrap();
        assert_eq!(
            (threshold.least_probability, threshold.spared, threshold.cost, threshold.left),
            (0.95, 8, 2, 1)
        );
        let rule = &suggestions.new_rules[0];
        assert_eq!((rule.word.as_str(), rule.support, rule.counter_examples), ("油烟", 8, 2));
        assert_eq!(suggestions.new_rules.len(), 1);
        assert_eq!(suggest(&returns, &history, 10).new_rules.len(), 0);
    }
}
