//! The unit of a function in an area, else that of the area above.

use jiff::civil::Date;

use super::{UnitId, Units};
use crate::areas::{AreaId, Areas};
use crate::level::Level;

/// A unit that is looked for by what it does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'w> {
    pub(crate) function: &'w str,
    pub(crate) level: Option<Level>,
    pub(crate) day: Option<Date>,
    /// Whether an area that is needed and not known means the highest unit.
    pub(crate) highest_without_area: bool,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    One(UnitId),
    /// Several are possible because the area is not known, or two are there for the same.
    Unclear(Vec<UnitId>),
    None,
}

impl Units {
    /// The unit in each of the possible areas; one if it is the same in all. `allowed` says which may be had at all.
    pub(crate) fn for_function(
        &self,
        areas: &Areas,
        possible: &[AreaId],
        wanted: Wanted<'_>,
        allowed: &dyn Fn(UnitId) -> bool,
    ) -> Found {
        if possible.is_empty() {
            return self.in_area(areas, None, wanted, allowed);
        }
        let mut units = Vec::new();
        let (mut is_clear, mut is_everywhere) = (true, true);
        for area in possible {
            match self.in_area(areas, Some(*area), wanted, allowed) {
                Found::One(unit) => units.push(unit),
                Found::Unclear(several) => {
                    is_clear = false;
                    units.extend(several);
                }
                Found::None => is_everywhere = false,
            }
        }
        let mut seen = Vec::new();
        units.retain(|unit| !seen.contains(unit) && (seen.push(*unit), true).1);
        match units.as_slice() {
            [] => Found::None,
            [only] if is_clear && is_everywhere => Found::One(*only),
            _ => Found::Unclear(units),
        }
    }

    fn in_area(
        &self,
        areas: &Areas,
        area: Option<AreaId>,
        wanted: Wanted<'_>,
        allowed: &dyn Fn(UnitId) -> bool,
    ) -> Found {
        let units = self.of_function(wanted, allowed);
        let at = |area: Option<AreaId>| -> Vec<UnitId> {
            units
                .iter()
                .copied()
                .filter(|unit| self.get(*unit).is_some_and(|unit| unit.area == area))
                .collect()
        };
        // Units further down, among which only a nearer area could choose.
        let below = |unit: &&UnitId| {
            let unit_area = self.get(**unit).and_then(|unit| unit.area);
            unit_area.is_some_and(|inner| {
                areas.is_below_city(inner)
                    && area.is_none_or(|area| inner != area && areas.is_within(inner, area))
            })
        };
        let below: Vec<UnitId> = units.iter().filter(below).copied().collect();
        let upwards: Vec<AreaId> = match area {
            Some(area) => areas.upwards(area).collect(),
            // Without a place only what is responsible for the whole city is sure.
            None => areas
                .ids()
                .filter(|id| !areas.is_below_city(*id))
                .collect::<Vec<_>>()
                .into_iter()
                .rev()
                .collect(),
        };
        let steps = upwards.into_iter().map(Some).chain([None]);
        let found = steps.map(at).find(|units| !units.is_empty()).unwrap_or_default();
        let is_coarse = area.is_none_or(|area| !areas.is_below_city(area));
        if !below.is_empty() && (is_coarse || found.is_empty()) {
            return match found.as_slice() {
                [highest] if wanted.highest_without_area => Found::One(*highest),
                _ => Found::Unclear(found.into_iter().chain(below).collect()),
            };
        }
        match found.as_slice() {
            [] => Found::None,
            [only] => Found::One(*only),
            _ => Found::Unclear(found),
        }
    }

    /// The units of the function on the day, each once.
    fn of_function(&self, wanted: Wanted<'_>, allowed: &dyn Fn(UnitId) -> bool) -> Vec<UnitId> {
        let mut units = Vec::new();
        for id in self.by_function.get(wanted.function).into_iter().flatten() {
            let Some(id) = self.on_day(*id, wanted.day) else { continue };
            let is_level =
                wanted.level.is_none_or(|level| self.get(id).is_some_and(|unit| unit.level == level));
            if is_level && allowed(id) && !units.contains(&id) {
                units.push(id);
            }
        }
        units
    }
}
