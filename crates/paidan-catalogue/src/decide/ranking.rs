//! Rules that say who handles a ticket, in the order in which they are asked.

use std::cmp::Ordering;

use jiff::civil::Date;

use super::exclusion::{Barrier, Exclusions};
use crate::areas::AreaId;
use crate::catalogue::Catalogue;
use crate::rules::{Match, Rule, UnitRef};
use crate::units::{Found, UnitId, Wanted};

/// What a rule comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Lead(UnitId),
    /// One of these, a person must say which; with the reason.
    Unclear(Vec<UnitId>, &'static str),
    /// There is no such unit.
    Nobody(String),
    /// The rule wants a person.
    Person(String),
    /// Its unit must not get the ticket.
    Barred(Barrier),
    /// Its unit is responsible elsewhere.
    Elsewhere,
}

/// A rule with a lead or a review that holds, or would.
pub(super) struct Contender<'c> {
    pub(super) found: &'c Match,
    pub(super) rule: &'c Rule,
    pub(super) standing: Standing,
}

/// Where and when units are looked for, and which may be had.
pub(super) struct Search<'s> {
    pub(super) catalogue: &'s Catalogue,
    pub(super) areas: &'s [AreaId],
    pub(super) day: Option<Date>,
    pub(super) exclusions: &'s Exclusions<'s>,
}

impl Contender<'_> {
    pub(super) fn counts(&self) -> bool {
        !matches!(self.standing, Standing::Barred(_) | Standing::Elsewhere)
    }

    /// Priority, then specificity.
    pub(super) fn rank(&self) -> (i32, u32) {
        (self.rule.priority, self.rule.specificity)
    }

    /// Whether each word of `other` lies in a longer one of this rule.
    pub(super) fn is_more_exact_than(&self, other: &Self) -> bool {
        let words = &other.found.hits;
        let holds = |inner: &crate::words::Hit| {
            self.found.hits.iter().any(|outer| outer.holds(inner) && outer.range.len() > inner.range.len())
        };
        !words.is_empty() && words.iter().all(holds)
    }
}

impl Search<'_> {
    /// The contenders among `matches`, the first first; equal ones by the id of the rule, which decides nothing.
    pub(super) fn contenders<'c>(&self, matches: &'c [Match]) -> Vec<Contender<'c>>
    where
        Self: 'c,
    {
        let rules = matches.iter().filter_map(|found| Some((found, self.rule(found)?)));
        let mut contenders: Vec<Contender<'c>> = rules
            .filter(|(_, rule)| rule.contends())
            .map(|(found, rule)| Contender { found, rule, standing: self.standing(rule) })
            .collect();
        contenders.sort_by(|a, b| compare(a, b).then_with(|| a.rule.id.cmp(&b.rule.id)));
        contenders
    }

    fn rule<'c>(&self, found: &Match) -> Option<&'c Rule>
    where
        Self: 'c,
    {
        self.catalogue.rules.get(found.rule)
    }

    fn standing(&self, rule: &Rule) -> Standing {
        match (&rule.then.lead, &rule.then.review) {
            (_, Some(review)) => Standing::Person(review.clone()),
            (Some((unit, _)), None) => self.unit(unit),
            (None, None) => Standing::Nobody("规则未写明单位".to_owned()),
        }
    }

    /// What a unit as a rule names it comes to in this place and on this day.
    pub(super) fn unit(&self, unit: &UnitRef) -> Standing {
        match unit {
            UnitRef::Unit(unit) => self.named(*unit),
            UnitRef::Function { function, level } => {
                let wanted = Wanted {
                    function,
                    level: *level,
                    day: self.day,
                    highest_without_area: self.catalogue.settings.highest_without_area,
                };
                self.of_function(wanted)
            }
        }
    }

    fn named(&self, unit: UnitId) -> Standing {
        let units = &self.catalogue.units;
        let Some(current) = units.on_day(unit, self.day) else {
            let code = units.get(unit).map_or("", |unit| &unit.code);
            return Standing::Nobody(format!("单位 {code} 在受理日没有效力，也没有承接单位"));
        };
        if let Some(barrier) = self.exclusions.barrier(current) {
            return Standing::Barred(barrier);
        }
        let Some(own) = units.get(current).and_then(|unit| unit.area) else { return Standing::Lead(current) };
        let areas = &self.catalogue.areas;
        let is_responsible = |area: &AreaId| areas.is_related(*area, own);
        let responsible = self.areas.iter().filter(|area| is_responsible(area)).count();
        match responsible {
            _ if responsible == self.areas.len() => Standing::Lead(current),
            0 => Standing::Elsewhere,
            _ => Standing::Unclear(vec![current], "事发区域有多种可能"),
        }
    }

    pub(super) fn of_function(&self, wanted: Wanted<'_>) -> Standing {
        let units = &self.catalogue.units;
        let find = |allowed: &dyn Fn(UnitId) -> bool| {
            units.for_function(&self.catalogue.areas, self.areas, wanted, allowed)
        };
        // Who would get it, were nobody kept from it: neither a complaint about that unit nor its return slips to the
        // one above. What is forbidden to a street does.
        if let Found::One(first) = find(&|_| true)
            && let Some(barrier @ (Barrier::ComplainedAbout | Barrier::Returned)) =
                self.exclusions.barrier(first)
        {
            return Standing::Barred(barrier);
        }
        match find(&|unit| self.exclusions.barrier(unit).is_none()) {
            Found::One(unit) => Standing::Lead(unit),
            Found::Unclear(several) => Standing::Unclear(several, self.why_unclear()),
            Found::None => {
                let barred = match find(&|_| true) {
                    Found::One(unit) => self.exclusions.barrier(unit),
                    Found::Unclear(several) => several.iter().find_map(|unit| self.exclusions.barrier(*unit)),
                    Found::None => None,
                };
                barred.map_or_else(|| self.nobody(wanted.function), Standing::Barred)
            }
        }
    }

    fn nobody(&self, function: &str) -> Standing {
        Standing::Nobody(format!("事发区域及其上级没有职能为 {function} 的单位"))
    }

    fn why_unclear(&self) -> &'static str {
        match self.areas {
            [] => "事发区域不明",
            [only] if self.catalogue.areas.is_below_city(*only) => "同一区域有多个单位，或需要更具体的地点",
            [_] => "只知道城市，不知道在哪个区",
            _ => "事发区域有多种可能",
        }
    }
}

/// The higher priority first, then the more specific, then the one with the longer words.
pub(super) fn compare(a: &Contender<'_>, b: &Contender<'_>) -> Ordering {
    b.rank().cmp(&a.rank())
}
