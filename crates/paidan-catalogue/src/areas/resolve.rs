use super::{AreaId, Areas, Mention};

/// Where a matter may lie.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Places {
    /// The possible areas, in order; several where the ticket leaves it open, none where it names none.
    pub(crate) areas: Vec<AreaId>,
}

/// Where the matter lies by the mentions of the address field and of the text: the address wins, the text is asked
/// where it leaves something open.
pub(crate) fn resolve_fields(areas: &Areas, address: &[Mention], text: &[Mention]) -> Places {
    let by_address = resolve(areas, address);
    let found = match by_address.as_slice() {
        [] => resolve(areas, text),
        [only] => {
            let within: Vec<Mention> =
                text.iter().filter_map(|mention| related(areas, mention, *only)).collect();
            let deeper = resolve(areas, &within);
            let is_deeper = !deeper.is_empty() && deeper.iter().all(|area| areas.is_within(*area, *only));
            if is_deeper { deeper } else { by_address }
        }
        several => {
            let by_text: Vec<AreaId> = resolve(areas, text);
            let agreed = several.iter().filter(|a| by_text.iter().any(|b| areas.is_related(**a, *b)));
            let agreed: Vec<AreaId> = agreed.copied().collect();
            if agreed.is_empty() { by_address } else { agreed }
        }
    };
    Places { areas: found }
}

/// The mention with only those owners that lie in or around `area`; `None` where there are none.
fn related(areas: &Areas, mention: &Mention, area: AreaId) -> Option<Mention> {
    let mut mention = mention.clone();
    mention.owners.retain(|owner| areas.is_related(owner.area, area));
    (!mention.owners.is_empty()).then_some(mention)
}

/// The possible areas by the mentions of one field.
fn resolve(areas: &Areas, mentions: &[Mention]) -> Vec<AreaId> {
    let means = |mention: &Mention| {
        let mut ids: Vec<AreaId> = mention.owners.iter().map(|owner| owner.area).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    };
    // What is said aside counts only where nothing else is said.
    let said: Vec<Vec<AreaId>> = mentions.iter().filter(|mention| !mention.is_aside).map(means).collect();
    let said = if said.is_empty() { mentions.iter().map(means).collect() } else { said };
    let mut candidates: Vec<AreaId> = said.iter().flatten().copied().collect();
    candidates.sort_unstable();
    candidates.dedup();
    let agrees = |candidate: &AreaId| {
        said.iter().all(|mention| mention.iter().any(|area| areas.is_within(*candidate, *area)))
    };
    let agreed: Vec<AreaId> = candidates.iter().copied().filter(agrees).collect();
    if !agreed.is_empty() {
        return deepest(areas, &agreed);
    }
    deepest(areas, &settled(areas, &said))
}

/// All that the mentions may mean, where an ambiguous one is settled by one that is not.
fn settled(areas: &Areas, said: &[Vec<AreaId>]) -> Vec<AreaId> {
    let clear: Vec<AreaId> = said.iter().filter(|ids| ids.len() == 1).flatten().copied().collect();
    let mut possible = Vec::new();
    for ids in said {
        let near = |id: &AreaId| clear.iter().any(|other| areas.is_related(*id, *other));
        let same_district = |id: &AreaId| {
            let district = areas.district(*id);
            district.is_some() && clear.iter().any(|other| areas.district(*other) == district)
        };
        let related: Vec<AreaId> =
            ids.iter().copied().filter(|id| near(id) && areas.is_below_city(*id)).collect();
        let beside: Vec<AreaId> = ids.iter().copied().filter(same_district).collect();
        possible.extend(match (related.is_empty(), beside.is_empty()) {
            _ if ids.len() == 1 => ids.clone(),
            (_, false) => beside,
            (false, true) => related,
            (true, true) => ids.clone(),
        });
    }
    possible.sort_unstable();
    possible.dedup();
    possible
}

/// Without those in which another lies.
fn deepest(areas: &Areas, ids: &[AreaId]) -> Vec<AreaId> {
    let holds_other = |id: &AreaId| ids.iter().any(|other| other != id && areas.is_within(*other, *id));
    ids.iter().copied().filter(|id| !holds_other(id)).collect()
}
