//! Units: who they are, when, for what and where.

mod for_function;
mod load;
mod mentions;
mod succession;

pub(crate) use for_function::{Found, Wanted};
pub(crate) use mentions::UnitFinder;

use std::collections::HashMap;

use crate::areas::AreaId;
use crate::finding::Place;
use crate::level::Level;
use crate::period::Period;

/// A unit, by its place in [`Units`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct UnitId(pub(crate) u32);

/// One row of `units.csv`.
#[derive(Debug)]
pub(crate) struct Unit {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) functions: Vec<String>,
    /// `None` for everywhere.
    pub(crate) area: Option<AreaId>,
    pub(crate) level: Level,
    pub(crate) parent: Option<UnitId>,
    pub(crate) aliases: Vec<String>,
    pub(crate) period: Period,
    pub(crate) successor: Option<UnitId>,
    pub(crate) place: Place,
}

/// All units. Neither parents nor successors form a cycle.
#[derive(Debug, Default)]
pub(crate) struct Units {
    pub(crate) list: Vec<Unit>,
    pub(crate) by_code: HashMap<String, UnitId>,
    /// By name or alias.
    pub(crate) by_name: HashMap<String, Vec<UnitId>>,
    /// By function, in the order of the table.
    pub(crate) by_function: HashMap<String, Vec<UnitId>>,
    /// Units whose successor a unit is.
    pub(crate) predecessors: HashMap<UnitId, Vec<UnitId>>,
}

impl Units {
    pub(crate) fn get(&self, id: UnitId) -> Option<&Unit> {
        self.list.get(id.0 as usize)
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = UnitId> + use<> {
        (0..self.list.len() as u32).map(UnitId)
    }

    /// The unit called `name`: by code, else by a name or alias that only one has. `Err` holds how many have it.
    pub(crate) fn find(&self, name: &str) -> Result<UnitId, usize> {
        if let Some(id) = self.by_code.get(name) {
            return Ok(*id);
        }
        match self.by_name.get(name).map_or([].as_slice(), Vec::as_slice) {
            [only] => Ok(*only),
            several => {
                // A renamed unit whose old and new name both serve as alias is one unit.
                let last = |id: &UnitId| self.last_successor(*id);
                match several.split_first() {
                    Some((first, rest)) if rest.iter().all(|id| last(id) == last(first)) => Ok(last(first)),
                    _ => Err(several.len()),
                }
            }
        }
    }

    /// The units above, the nearest first.
    pub(crate) fn above(&self, id: UnitId) -> impl Iterator<Item = UnitId> + '_ {
        let parent = |id: &UnitId| self.get(*id)?.parent;
        std::iter::successors(parent(&id), parent).take(self.list.len())
    }

    /// Whether one stands above the other, or they are the same or successors of each other.
    pub(crate) fn is_same_line(&self, a: UnitId, b: UnitId) -> bool {
        let (a, b) = (self.last_successor(a), self.last_successor(b));
        let stands_above =
            |upper: UnitId, lower: UnitId| self.above(lower).any(|unit| self.last_successor(unit) == upper);
        a == b || stands_above(a, b) || stands_above(b, a)
    }
}
