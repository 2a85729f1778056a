use std::fmt;
use std::path::Path;

use crate::areas::{Areas, PlaceFinder};
use crate::deadlines::Deadlines;
use crate::decision::Party;
use crate::error::Error;
use crate::escalations::Escalations;
use crate::finding::{Finding, Findings};
use crate::moment::Moment;
use crate::period::parse_date;
use crate::read::Folder;
use crate::rules::RuleBook;
use crate::settings::Settings;
use crate::units::{UnitFinder, Units};
use crate::words::{WordTable, WordTableBuilder};

/// A dispatch catalogue, ready to decide: an immutable snapshot of its folder.
pub struct Catalogue {
    pub(crate) areas: Areas,
    pub(crate) units: Units,
    pub(crate) rules: RuleBook,
    pub(crate) deadlines: Deadlines,
    pub(crate) escalations: Escalations,
    pub(crate) settings: Settings,
    pub(crate) words: WordTable,
    pub(crate) places: PlaceFinder,
    pub(crate) unit_names: UnitFinder,
    hash: String,
}

impl Catalogue {
    /// Reads the catalogue in `folder`.
    ///
    /// # Errors
    ///
    /// A file is missing or cannot be read, or something in one is wrong: all of it is told.
    pub fn load(folder: impl AsRef<Path>) -> Result<Self, Error> {
        let (catalogue, findings) = Self::read(folder.as_ref());
        match findings.has_errors() {
            true => Err(Error::new(findings.into_sorted())),
            false => Ok(catalogue),
        }
    }

    /// Reads as much as can be read, and everything that is wrong with it.
    pub(crate) fn read(path: &Path) -> (Self, Findings) {
        let findings = Findings::default();
        let mut folder = Folder::new(path, &findings);
        let mut words = WordTableBuilder::default();
        let areas = Areas::read(&mut folder);
        let units = Units::read(&mut folder, &areas);
        let mut rules = RuleBook::read(&mut folder, &areas, &units, &mut words);
        let deadlines = Deadlines::read(&mut folder);
        let escalations = Escalations::read(&mut folder, &units, &mut words);
        let settings = Settings::read(&mut folder, &units);
        let words = words.build();
        rules.index(&words);
        let places = PlaceFinder::new(&areas, &settings.not_places, &findings);
        let unit_names = UnitFinder::new(&units, &areas);
        let hash = folder.hash();
        let catalogue =
            Self { areas, units, rules, deadlines, escalations, settings, words, places, unit_names, hash };
        (catalogue, findings)
    }

    /// All that is wrong with the catalogue in `folder`, or worth a look, by file and line; what has expired by `day`
    /// (`2026-03-02`), where one is given.
    pub fn lint(folder: impl AsRef<Path>, day: Option<&str>) -> Vec<Finding> {
        let (catalogue, findings) = Self::read(folder.as_ref());
        if !findings.has_errors() {
            crate::lint::look(&catalogue, day.and_then(parse_date), &findings);
        }
        findings.into_sorted()
    }

    /// SHA-256 of the content, in hexadecimal: the same for the same content in any encoding, as CSV or workbook.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// What the catalogue calls itself.
    pub fn name(&self) -> Option<&str> {
        self.settings.name.as_deref()
    }

    /// The unit that a code, name or alias means on a day (`2026-03-02`, or a time on it), today's line of successors
    /// where none is given; `None` where it means none or several.
    pub fn unit(&self, name: &str, day: Option<&str>) -> Option<Party> {
        let day = day.and_then(|text| Moment::parse(text, &self.settings.zone)).map(|moment| moment.day);
        let unit = self.units.get(self.units.on_day(self.units.find(name).ok()?, day)?)?;
        Some(Party { code: unit.code.clone(), name: unit.name.clone() })
    }
}

impl fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Catalogue")
            .field("areas", &self.areas.list.len())
            .field("units", &self.units.list.len())
            .field("rules", &self.rules.rules.len())
            .field("hash", &self.hash)
            .finish_non_exhaustive()
    }
}
