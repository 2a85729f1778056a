use super::chain::{Chain, chain_at, list_at};
use super::number::{Number, number_at};
use super::part::{Found, Part, annex, building_word, numbered, side};
use super::room::{more_rooms, room_end};
use super::separator::{Joint, joint};

/// The part of an address from its first number to the door.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tail {
    pub(super) end: usize,
    /// One bit a [`Part`].
    parts: u16,
    last: Option<Part>,
    /// The number of the last part.
    pub(super) number: Number,
    /// Whether the last part has its word: 501室, not 501.
    pub(super) named: bool,
    /// The numbers, where the tail is nothing else.
    pub(super) chain: Option<Chain>,
}

impl Tail {
    pub(super) fn has(&self, part: Part) -> bool {
        self.parts & bit(part) != 0
    }

    fn add(&mut self, found: Found) {
        self.parts |= bit(found.part);
        self.last = Some(found.part);
        self.number = found.number;
        self.named = found.named;
        self.end = found.end;
    }
}

fn bit(part: Part) -> u16 {
    1 << part as u16
}

/// Reads parts from byte `start` on, each smaller than the one before.
pub(super) fn tail_at(text: &str, start: usize) -> Option<Tail> {
    let none = Number { end: start, digits: 0, letters: 0, value: 0 };
    let mut tail = Tail { end: start, parts: 0, last: None, number: none, named: false, chain: None };
    let (found, chain) = first(text, start)?;
    tail.add(found);
    tail.chain = chain;
    while tail.last < Some(Part::Room) && tail.chain.is_none() {
        let Some(found) = next(text, &tail) else { break };
        tail.add(found);
    }
    if tail.last == Some(Part::Room) {
        tail.end = more_rooms(text, tail.end);
    }
    Some(tail)
}

/// The first part, and the chain of numbers that it is.
fn first(text: &str, start: usize) -> Option<(Found, Option<Chain>)> {
    let Some(number) = number_at(text, start) else { return Some((side(text, start, None)?, None)) };
    if let Some(chain) = chain_at(text, start, false).or_else(|| list_at(text, start)) {
        let number = chain.last;
        // 11-3#1单元204室: a building with a number in two parts.
        if let Some((part, end)) = building_word(text, number.end) {
            return Some((Found { part, number, end, named: true }, None));
        }
        let end = room_end(text, number)?;
        let room = Found { part: Part::Room, number, end, named: end > number.end };
        return Some((room, Some(chain)));
    }
    let room = || bare(text, number).filter(|room| !counts_households(text, room));
    Some((numbered(text, number, None).or_else(room)?, None))
}

/// A room without its word.
fn bare(text: &str, number: Number) -> Option<Found> {
    let end = room_end(text, number).filter(|_| number.is_room())?;
    Some(Found { part: Part::Room, number, end, named: end > number.end })
}

/// 15C, which begins at byte `at`: a flat on a floor.
fn flat(text: &str, at: usize, number: Number) -> Option<Found> {
    let ends_in_letter = text.get(at..number.end)?.ends_with(|c: char| c.is_ascii_alphabetic());
    let end = room_end(text, number).filter(|_| number.is_flat() && ends_in_letter)?;
    Some(Found { part: Part::Room, number, end, named: true })
}

/// The part after what `tail` holds so far.
fn next(text: &str, tail: &Tail) -> Option<Found> {
    let (at, joint) = joint(text, tail.end);
    if tail.last == Some(Part::House)
        && let Some(annex) = annex(text, at)
    {
        return (joint == Joint::None).then_some(annex);
    }
    if let Some(side) = side(text, at, tail.last) {
        return Some(side);
    }
    let number = number_at(text, at)?;
    if joint != Joint::Loose
        && let Some(chain) = chain_at(text, at, false)
    {
        return chain_after(text, &chain, tail.last?);
    }
    if let Some(found) = numbered(text, number, tail.last) {
        // 36楼1单元: what looked like a floor was the building.
        let is_larger = Some(found.part) > tail.last
            || (found.part == Part::Unit && tail.last == Some(Part::Floor) && !tail.has(Part::Building));
        // 第22号，14栋201 is a list.
        let is_list = joint == Joint::Loose && tail.last <= Some(Part::House);
        return (is_larger && !is_list).then_some(found);
    }
    let may_be_bare = match joint {
        Joint::Loose => tail.has(Part::Unit),
        _ => tail.last >= Some(Part::House) && tail.last != Some(Part::Row),
    };
    if let Some(flat) =
        flat(text, at, number).filter(|_| joint != Joint::Loose && tail.last >= Some(Part::Building))
    {
        return Some(flat);
    }
    let found = bare(text, number).filter(|_| may_be_bare)?;
    (tail.has(Part::Unit) || !counts_households(text, &found)).then_some(found)
}

/// 5号楼160户 is a number of households, 2单元402户 one of them.
fn counts_households(text: &str, room: &Found) -> bool {
    text.get(..room.end).is_some_and(|text| text.ends_with('户'))
}

/// 2-501 after a building, 1-1 after a unit.
fn chain_after(text: &str, chain: &Chain, last: Part) -> Option<Found> {
    let number = chain.last;
    let end = room_end(text, number).filter(|_| chain.numbers <= 3)?;
    let resident = || {
        let after = text.get(end..).unwrap_or_default();
        end > number.end
            || ["住户", "业主", "居民", "的住户", "的业主", "的居民"]
                .iter()
                .any(|word| after.starts_with(word))
    };
    let is_room = match last {
        // 25号7-2住户: unit and room.
        Part::House | Part::Building => number.is_room() || (number.digits <= 2 && resident()),
        Part::Row => number.is_room(),
        Part::Unit | Part::Floor => true,
        _ => false,
    };
    is_room.then_some(Found { part: Part::Room, number, end, named: true })
}
