//! The tree of areas, from the province or city down to communities.

mod house_numbers;
mod load;
mod mentions;
mod names;
mod resolve;

pub(crate) use mentions::{Mention, PlaceFinder};
pub(crate) use names::OwnerKind;
pub(crate) use resolve::resolve_fields;

use std::collections::HashMap;

use crate::finding::Place;
use crate::level::Level;

/// An area, by its place in [`Areas`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct AreaId(pub(crate) u32);

/// One row of `areas.csv`.
#[derive(Debug)]
pub(crate) struct Area {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) level: Level,
    pub(crate) parent: Option<AreaId>,
    pub(crate) aliases: Vec<String>,
    pub(crate) landmarks: Vec<String>,
    pub(crate) place: Place,
}

/// All areas. Parents form no cycle.
#[derive(Debug, Default)]
pub(crate) struct Areas {
    pub(crate) list: Vec<Area>,
    pub(crate) by_code: HashMap<String, AreaId>,
    /// Codes by name or alias.
    pub(crate) by_name: HashMap<String, Vec<AreaId>>,
}

impl Areas {
    pub(crate) fn get(&self, id: AreaId) -> Option<&Area> {
        self.list.get(id.0 as usize)
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = AreaId> + use<> {
        (0..self.list.len() as u32).map(AreaId)
    }

    pub(crate) fn parent(&self, id: AreaId) -> Option<AreaId> {
        self.get(id)?.parent
    }

    pub(crate) fn level(&self, id: AreaId) -> Option<Level> {
        self.get(id).map(|area| area.level)
    }

    /// The area itself, the one above it, and so on.
    pub(crate) fn upwards(&self, id: AreaId) -> impl Iterator<Item = AreaId> + '_ {
        std::iter::successors(Some(id), |id| self.parent(*id)).take(self.list.len())
    }

    /// Whether `inner` is `outer` or lies in it.
    pub(crate) fn is_within(&self, inner: AreaId, outer: AreaId) -> bool {
        self.upwards(inner).any(|id| id == outer)
    }

    /// Whether one lies in the other.
    pub(crate) fn is_related(&self, a: AreaId, b: AreaId) -> bool {
        self.is_within(a, b) || self.is_within(b, a)
    }

    /// The district that the area is or lies in.
    pub(crate) fn district(&self, id: AreaId) -> Option<AreaId> {
        self.upwards(id).find(|id| self.level(*id) == Some(Level::District))
    }

    /// Whether the area says which district the matter lies in.
    pub(crate) fn is_below_city(&self, id: AreaId) -> bool {
        self.level(id).is_some_and(|level| level > Level::City)
    }

    /// The area called `name`: by code, else by a name or alias that only one has. `Err` holds how many have it.
    pub(crate) fn find(&self, name: &str) -> Result<AreaId, usize> {
        if let Some(id) = self.by_code.get(name) {
            return Ok(*id);
        }
        match self.by_name.get(name).map_or([].as_slice(), Vec::as_slice) {
            [only] => Ok(*only),
            several => Err(several.len()),
        }
    }

    pub(crate) fn code(&self, id: AreaId) -> &str {
        self.get(id).map_or("", |area| &area.code)
    }

    pub(crate) fn name(&self, id: AreaId) -> &str {
        self.get(id).map_or("", |area| &area.name)
    }
}
