//! Units that must not get a ticket: forbidden by rules, returned it, complained about.

use crate::areas::AreaId;
use crate::catalogue::Catalogue;
use crate::rules::{Forbid, Rule};
use crate::units::UnitId;

/// Why a unit must not get a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Barrier {
    Forbidden { rule: String },
    Returned,
    ComplainedAbout,
}

/// All units that must not get a ticket.
pub(super) struct Exclusions<'e> {
    catalogue: &'e Catalogue,
    forbids: Vec<(&'e str, &'e Forbid)>,
    returned: &'e [UnitId],
    against: Vec<UnitId>,
}

impl<'e> Exclusions<'e> {
    pub(super) fn new(
        catalogue: &'e Catalogue,
        rules: &[&'e Rule],
        returned: &'e [UnitId],
        mut against: Vec<UnitId>,
    ) -> Self {
        let forbid = |rule: &&'e Rule| rule.then.forbid.as_ref().map(|forbid| (rule.id.as_str(), forbid));
        against.extend(rules.iter().flat_map(|rule| &rule.then.against));
        Self { catalogue, forbids: rules.iter().filter_map(forbid).collect(), returned, against }
    }

    /// Whether anybody is complained about.
    pub(super) fn has_complaint(&self) -> bool {
        !self.against.is_empty()
    }

    /// Why `unit` must not get the ticket; `None` where it may.
    pub(super) fn barrier(&self, unit: UnitId) -> Option<Barrier> {
        if self.against.iter().any(|against| self.is_same_line(*against, unit)) {
            return Some(Barrier::ComplainedAbout);
        }
        let row = self.catalogue.units.get(unit)?;
        let last = self.catalogue.units.last_successor(unit);
        for (rule, forbid) in &self.forbids {
            let is_forbidden = forbid.levels.contains(&row.level)
                || forbid.functions.iter().any(|function| row.functions.contains(function))
                || forbid.units.iter().any(|other| self.catalogue.units.last_successor(*other) == last);
            if is_forbidden {
                return Some(Barrier::Forbidden { rule: (*rule).to_owned() });
            }
        }
        let is_returned =
            self.returned.iter().any(|other| self.catalogue.units.last_successor(*other) == last);
        is_returned.then_some(Barrier::Returned)
    }

    /// Whether one stands above the other, by its parent, or by the same function in an area above.
    fn is_same_line(&self, a: UnitId, b: UnitId) -> bool {
        let units = &self.catalogue.units;
        if units.is_same_line(a, b) {
            return true;
        }
        let (Some(a), Some(b)) = (units.get(a), units.get(b)) else { return false };
        let shares_function = a.functions.iter().any(|function| b.functions.contains(function));
        let contains = |outer: Option<AreaId>, inner: Option<AreaId>| match (outer, inner) {
            (None, _) => true,
            (Some(outer), Some(inner)) => self.catalogue.areas.is_within(inner, outer),
            (Some(_), None) => false,
        };
        shares_function && (contains(a.area, b.area) || contains(b.area, a.area))
    }
}

impl Barrier {
    pub(super) fn in_chinese(&self) -> String {
        match self {
            Self::Forbidden { rule } => format!("规则 {rule} 禁止派往"),
            Self::Returned => "该单位已退单".to_owned(),
            Self::ComplainedAbout => "该单位或其上下级是被投诉对象".to_owned(),
        }
    }
}
