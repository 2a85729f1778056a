//! Addresses, from the estate or village down to the door.
//!
//! # What is found
//!
//! Province, city, district, county, town, street office, road and the number of a house on it stay, since
//! dispatch needs them. What is found begins with the name of the estate or village that stands directly
//! before the numbers, and ends with the door:
//!
//! - 云澜市澄江区柳荫街道柳荫路12号`翠湖花园3栋2单元501室`;
//! - without an estate, it begins with the number of the house: 柳荫路`12号501室`, 柳荫路`12号附3号`,
//!   柳荫路`12弄5号301室`;
//! - in a village: 云溪镇`石桥村三组12号`;
//! - numbers alone, where they can hardly be anything else: `3栋2单元501`, `A栋1203`, `7-1-902`, `9#2-602`.
//!
//! # What is a door
//!
//! | | |
//! | --- | --- |
//! | a room behind a unit or a building, or on an estate | `3栋2单元501`, `5栋4楼401`, `翠湖公寓2008房` |
//! | a room of a numbered house on a road or an estate | `12号501室`, `榕荫花园10号202室` |
//! | numbers with separators, by their form or by the name before them | `7-1-902`, `翠湖花园3-502` |
//! | a house of a village, a villa, a house by its row | `石桥村12号`, `南岸别墅20号`, `平房3排5号` |
//! | an annexed number | `12号附3号` |
//! | a side with two of building, unit and floor | `2单元3楼西户` |
//! | after words of home, such as 家住 and 住址, also | `翠湖花园12号`, `石桥村三组`, `3栋2单元5楼`, `翠湖花园1203` |
//!
//! An estate, a village, a road with its number, a building, a unit or a floor alone is none: many people live
//! there. Nor is a room alone (楼上304房), since nothing says where it is. Rooms of offices, hospitals, schools,
//! shops and hotels stay unless the text speaks of a 单元 or of those who live there (业主, 住户); so do dates,
//! ranges (1-3栋), amounts and scores.
//!
//! # Where the name begins
//!
//! To the left of the numbers a name ends at the next road, district, town or house number, at a sign, at a
//! word that is in no name (住, 是, 反映), or four characters before its last word (小区, 花园) where none of
//! these stands. A name without such a last word, such as 碧水云天, counts behind a road, a district, a sign or
//! a word of place.

mod boundary;
mod chain;
mod door;
mod head;
mod number;
mod part;
mod room;
mod separator;
mod tail;
#[cfg(test)]
mod tests;
mod words;

use std::ops::Range;

use self::door::{Surroundings, is_door};
use self::head::{Place, head};
use self::number::number_start;
use self::part::{Part, is_direction};
use self::tail::{Tail, tail_at};
use super::{Cue, MaskInput, MaskRule, PiiKind};

/// See the module's documentation.
pub(super) struct Address;

/// Every numeral before every unit, and every end of a name before every digit.
macro_rules! cues {
    (plain: $($plain:literal)*; units: $($unit:literal)*; ends: $($end:literal)*) => {
        &[
            $($plain,)*
            $(
                concat!("0", $unit), concat!("1", $unit), concat!("2", $unit), concat!("3", $unit),
                concat!("4", $unit), concat!("5", $unit), concat!("6", $unit), concat!("7", $unit),
                concat!("8", $unit), concat!("9", $unit), concat!("零", $unit), concat!("〇", $unit),
                concat!("一", $unit), concat!("二", $unit), concat!("两", $unit), concat!("三", $unit),
                concat!("四", $unit), concat!("五", $unit), concat!("六", $unit), concat!("七", $unit),
                concat!("八", $unit), concat!("九", $unit), concat!("十", $unit), concat!("幺", $unit),
            )*
            $(
                concat!($end, "0"), concat!($end, "1"), concat!($end, "2"), concat!($end, "3"),
                concat!($end, "4"), concat!($end, "5"), concat!($end, "6"), concat!($end, "7"),
                concat!($end, "8"), concat!($end, "9"),
            )*
        ]
    };
}

/// Units that follow letters too, or a blank; a cue of another kind begins with a numeral or ends with one.
const PLAIN: usize = 5;
const CUES: &[&str] = cues!(
    plain: "栋" "幢" "座" "单元" "号楼";
    units: "号" "室" "房" "组" "队" "排" "弄" "楼" "层" "#" "-" "—" "–" "杠";
    ends: "园" "苑" "寓" "府" "城" "庭" "居" "院" "舍" "厦" "村" "湾" "里" "庄" "邸" "墅" "阁" "轩"
);

impl MaskRule for Address {
    fn kind(&self) -> PiiKind {
        PiiKind::Address
    }

    fn cues(&self) -> &[&'static str] {
        CUES
    }

    fn find(&self, input: &MaskInput<'_>, cues: &[Cue], found: &mut Vec<Range<usize>>) {
        let mut done = 0;
        let mut tried = None;
        for cue in cues {
            let Some(start) = tail_start(input, cue) else { continue };
            if start < done || tried == Some(start) {
                continue;
            }
            tried = Some(start);
            let Some(tail) = numbers_at(input, start) else { continue };
            // What is no door as a whole is none in part.
            done = tail.end;
            let Some(start) = address_start(input, start, &tail) else { continue };
            let range = start..tail.end;
            match found.last_mut() {
                // 石桥村144号翠湖公寓602房.
                Some(last) if last.end >= range.start => last.end = range.end,
                _ => found.push(range),
            }
        }
    }
}

/// Where the number begins that a cue stands at.
fn tail_start(input: &MaskInput<'_>, cue: &Cue) -> Option<usize> {
    let word = CUES.get(cue.index)?;
    let text = input.text();
    if cue.index < PLAIN {
        let end = cue.range.start - usize::from(input.before(cue.range.start).ends_with(' '));
        // 西单元601.
        let side =
            || Some(end - input.before(end).chars().next_back().filter(|&c| is_direction(c))?.len_utf8());
        number_start(text, end).or_else(side)
    } else if word.ends_with(|c: char| c.is_ascii_digit()) {
        Some(cue.range.end - 1)
    } else {
        number_start(text, cue.range.start + word.chars().next().map_or(0, char::len_utf8))
    }
}

/// The numbers of an address from byte `start` on.
fn numbers_at(input: &MaskInput<'_>, start: usize) -> Option<Tail> {
    if continues_a_number(input.before(start)) { None } else { tail_at(input.text(), start) }
}

/// Where the address begins whose numbers are `tail`, from byte `start` on; `None` where they are no door.
fn address_start(input: &MaskInput<'_>, start: usize, tail: &Tail) -> Option<usize> {
    // Most numbers end here: they name nothing below a building or a unit.
    const SMALL: [Part; 6] = [Part::Room, Part::Side, Part::Annex, Part::House, Part::Group, Part::Floor];
    if !SMALL.iter().any(|&part| tail.has(part)) {
        return None;
    }
    let head = head(input.text(), start);
    let surroundings = Surroundings {
        head,
        before: input.before(start),
        numbers: input.text().get(start..tail.end)?,
        after: input.after(tail.end),
    };
    if !is_door(tail, &surroundings) {
        return None;
    }
    let is_name = match head.place {
        Place::Estate | Place::Village | Place::Named | Place::Likely => true,
        // 海棠广场6栋603业主.
        Place::Public => surroundings.has_residents(),
        Place::Road | Place::Nothing => false,
    };
    Some(if is_name { head.start.min(start) } else { start })
}

/// Whether a number at the end of `before` goes on behind it: 1.5, 2-3.
fn continues_a_number(before: &str) -> bool {
    let mut chars = before.chars().rev();
    let sign = chars.next().is_some_and(|c| matches!(c, '.' | '-' | '—' | '–' | '~' | '/' | '#' | ':'));
    sign && chars.next().is_some_and(|c| c.is_ascii_alphanumeric())
}
