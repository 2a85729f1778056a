use crate::finding::Place;
use crate::level::Level;
use crate::read::{Section, Text};
use crate::units::{UnitId, Units};

/// A unit as a rule names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum UnitRef {
    Unit(UnitId),
    Function { function: String, level: Option<Level> },
}

const EXPECTED: &str = "a unit, or `{ function = \"…\" }`";

/// The units of `key`: one or a list, each a code, a name, or a function.
pub(crate) fn read_unit_refs(
    section: &Section<'_>,
    key: &'static str,
    units: &Units,
) -> Vec<(UnitRef, Place)> {
    section.mixed(
        key,
        EXPECTED,
        |name| Some((UnitRef::Unit(named(&name, section, units)?), name.place)),
        |table| {
            let function = table.required("function")?;
            let level = table.string("level").and_then(|text| {
                let level = Level::parse(&text.value);
                if level.is_none() {
                    let expected = format!("{} or `enterprise`", Level::EXPECTED);
                    table.expected("level", "bad_level", &expected);
                }
                level
            });
            if !units.by_function.contains_key(&function.value) && !units.list.is_empty() {
                table.expected("function", "unknown_function", "a function that a unit of `units.csv` has");
            }
            Some((UnitRef::Function { function: function.value, level }, table.place()))
        },
    )
}

fn named(name: &Text, section: &Section<'_>, units: &Units) -> Option<UnitId> {
    let expected = match units.find(&name.value) {
        Ok(unit) => return Some(unit),
        // Without units it has been told that they cannot be read.
        Err(_) if units.list.is_empty() => return None,
        Err(0) => "the code or name of a unit of `units.csv`".to_owned(),
        Err(several) => format!("the code of a unit, because {several} units have this name"),
    };
    let message = format!("expected {expected}, found `{}`", name.value);
    section.findings.error("unknown_unit", &name.place, message);
    None
}

/// The units of `key`, without functions.
pub(crate) fn read_units(section: &Section<'_>, key: &'static str, units: &Units) -> Vec<UnitId> {
    section.strings(key).iter().filter_map(|name| named(name, section, units)).collect()
}
