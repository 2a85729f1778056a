//! Reform: which unit stands for another on a day.

use jiff::civil::Date;

use super::{UnitId, Units};

impl Units {
    /// The unit that stands for `id` on `day`: itself, else the one after or before it that is in force. Without a
    /// day, the last that is known. `None` where there is none: the unit is dead, or not yet there.
    pub(crate) fn on_day(&self, id: UnitId, day: Option<Date>) -> Option<UnitId> {
        let Some(day) = day else { return Some(self.last_successor(id)) };
        let unit = self.get(id)?;
        if unit.period.contains(day) {
            return Some(id);
        }
        if unit.period.to.is_some_and(|to| to < day) {
            let mut later =
                std::iter::successors(unit.successor, |id| self.get(*id)?.successor).take(self.list.len());
            return later.find(|id| self.get(*id).is_some_and(|unit| unit.period.contains(day)));
        }
        // Before its first day: the one before it, if there is only one.
        let mut before = self.all_before(id).into_iter();
        let in_force = |id: &UnitId| self.get(*id).is_some_and(|unit| unit.period.contains(day));
        let first = before.by_ref().find(in_force)?;
        if before.any(|id| in_force(&id)) { None } else { Some(first) }
    }

    /// The unit at the end of the line of successors.
    pub(crate) fn last_successor(&self, id: UnitId) -> UnitId {
        let line = std::iter::successors(Some(id), |id| self.get(*id)?.successor);
        line.take(self.list.len().max(1)).last().unwrap_or(id)
    }

    fn all_before(&self, id: UnitId) -> Vec<UnitId> {
        let mut found = Vec::new();
        let mut waiting = vec![id];
        while let Some(next) = waiting.pop() {
            for before in self.predecessors.get(&next).into_iter().flatten() {
                if !found.contains(before) {
                    found.push(*before);
                    waiting.push(*before);
                }
            }
        }
        found
    }

    /// The last day on which `id` or a successor is in force, `Some(None)` where there is no end; `None` where there
    /// is a gap between two of them.
    pub(crate) fn end_of_line(&self, id: UnitId) -> Option<Date> {
        self.get(self.last_successor(id))?.period.to
    }
}
