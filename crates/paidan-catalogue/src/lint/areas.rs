//! Ambiguous names of areas, and areas for which nobody is responsible.

use crate::areas::AreaId;
use crate::catalogue::Catalogue;
use crate::finding::Findings;
use crate::level::Level;

pub(super) fn look(catalogue: &Catalogue, findings: &Findings) {
    let areas = &catalogue.areas;
    for (name, ids) in catalogue.places.ambiguous(areas) {
        let codes: Vec<&str> = ids.iter().map(|id| areas.code(*id)).collect();
        let message = format!(
            "`{name}` means {}: a ticket that names nothing else goes to a person; give house numbers, or remove it \
             where it is wrong",
            codes.join(", ")
        );
        if let Some(area) = ids.last().and_then(|id| areas.get(*id)) {
            findings.warning("ambiguous_alias", &area.place, message);
        }
    }
    for id in areas.ids().filter(|id| areas.level(*id) == Some(Level::District)) {
        tell_gaps(catalogue, id, findings);
    }
}

/// Functions that some district has and this one neither has itself nor above it.
fn tell_gaps(catalogue: &Catalogue, district: AreaId, findings: &Findings) {
    let (areas, units) = (&catalogue.areas, &catalogue.units);
    let mut missing: Vec<&str> = Vec::new();
    for (function, ids) in &units.by_function {
        let is_there = ids.iter().filter_map(|id| units.get(*id)).any(|unit| {
            unit.area.is_none_or(|area| areas.is_within(district, area) || areas.is_within(area, district))
        });
        if !is_there {
            missing.push(function);
        }
    }
    missing.sort_unstable();
    let Some(area) = areas.get(district).filter(|_| !missing.is_empty()) else { return };
    let message = format!(
        "`{}` has no unit, nor has an area above it, for {}; add the units, or one for the whole city",
        area.code,
        missing.join(", ")
    );
    findings.warning("gap", &area.place, message);
}
