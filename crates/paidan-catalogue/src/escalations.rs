//! Emergencies: the words that paidan knows itself, and those of `escalations.toml`.

use std::ops::Range;

use paidan_text::{EmergencyFinder, EmergencyLevel};

use crate::read::{Folder, Section, Text};
use crate::rules::{HitSet, UnitRef, WordCondition, read_unit_refs};
use crate::units::Units;
use crate::words::{Field, Fields, Hit, WordTableBuilder};

/// `escalations.toml`, and the built-in words.
pub(crate) struct Escalations {
    entries: Vec<Entry>,
    built_in: Option<EmergencyFinder>,
}

/// One `[[escalation]]`.
#[derive(Debug)]
struct Entry {
    kind: String,
    name: Option<String>,
    words: WordCondition,
    not_negated: bool,
    not_past: bool,
    call: Vec<String>,
    units: Vec<UnitRef>,
    urgency: String,
    basis: Option<String>,
}

/// An emergency in a ticket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Emergency {
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) call: Vec<String>,
    pub(crate) units: Vec<UnitRef>,
    pub(crate) urgency: String,
    pub(crate) basis: Option<String>,
    /// Where it is said, bytes of the folded fields.
    pub(crate) spans: Vec<(Field, Range<usize>)>,
}

/// Urgency of a ticket with an emergency, and with something that must not wait, where nothing else is said.
pub(crate) const GRAVEST: &str = "特急";
const GRAVE: &str = "紧急";

impl Escalations {
    /// Reads `escalations.toml`.
    pub(crate) fn read(folder: &mut Folder<'_>, units: &Units, words: &mut WordTableBuilder) -> Self {
        let findings = folder.findings;
        let built_in = EmergencyFinder::standard().map_err(|error| log::error!("{error}")).ok();
        let Some(document) = folder.document("escalations.toml") else {
            return Self { entries: Vec::new(), built_in };
        };
        let entries = document
            .read(findings, |root| root.sections("escalation", |section| read_entry(section, units, words)));
        Self { entries: entries.unwrap_or_default().into_iter().flatten().collect(), built_in }
    }

    /// The emergencies in a ticket, each kind once; and whether something else must not wait.
    pub(crate) fn find(&self, fields: &Fields<'_>, hits: &[Hit]) -> (Vec<Emergency>, Option<&'static str>) {
        let mut found: Vec<Emergency> = Vec::new();
        let mut urgency = None;
        if let Some(finder) = &self.built_in {
            for (field, text) in fields.each() {
                for cue in finder.find(text).into_iter().filter(|cue| cue.is_live()) {
                    if cue.kind.level < EmergencyLevel::Emergency {
                        urgency = Some(GRAVE);
                        continue;
                    }
                    add(&mut found, &cue.kind.code, |emergency| {
                        emergency.name.clone_from(&cue.kind.name);
                        add_each(&mut emergency.call, &cue.kind.call);
                        emergency.spans.push((field, cue.range.clone()));
                    });
                }
            }
        }
        let hits = HitSet::new(hits, None);
        for entry in self.entries.iter().filter(|entry| !entry.words.is_empty()) {
            let Some(said) = entry.words.found(&hits, fields) else { continue };
            let live: Vec<Hit> =
                said.into_iter().filter(|hit| !self.is_taken_back(entry, fields, hit)).collect();
            if !live.is_empty() {
                let spans = live.into_iter().map(|hit| (hit.field, hit.range));
                add(&mut found, &entry.kind, |emergency| emergency.spans.extend(spans));
            }
        }
        for emergency in &mut found {
            self.complete(emergency);
        }
        (found, urgency)
    }

    /// Adds what the catalogue says of the kind.
    pub(crate) fn complete(&self, emergency: &mut Emergency) {
        for entry in self.entries.iter().filter(|entry| entry.kind == emergency.kind) {
            if let Some(name) = &entry.name {
                emergency.name.clone_from(name);
            }
            add_each(&mut emergency.call, &entry.call);
            add_each(&mut emergency.units, &entry.units);
            emergency.urgency.clone_from(&entry.urgency);
            emergency.basis = emergency.basis.take().or_else(|| entry.basis.clone());
        }
        if emergency.name.is_empty() {
            emergency.name.clone_from(&emergency.kind);
        }
    }

    /// All units that are told of emergencies.
    pub(crate) fn units(&self) -> impl Iterator<Item = &UnitRef> {
        self.entries.iter().flat_map(|entry| &entry.units)
    }

    fn is_taken_back(&self, entry: &Entry, fields: &Fields<'_>, hit: &Hit) -> bool {
        let Some(finder) = &self.built_in else { return false };
        let by = finder.suppressed(fields.folded(hit.field), &hit.range);
        by.is_some_and(|by| if by.code == "negated" { entry.not_negated } else { entry.not_past })
    }
}

impl Emergency {
    /// An emergency that a rule speaks of.
    pub(crate) fn of_rule(kind: &str, call: &[String]) -> Self {
        Self { kind: kind.to_owned(), call: call.to_vec(), urgency: GRAVEST.to_owned(), ..Self::default() }
    }
}

/// Changes the emergency of `kind`, which is added if it is not there yet.
pub(crate) fn add(found: &mut Vec<Emergency>, kind: &str, change: impl FnOnce(&mut Emergency)) {
    if !found.iter().any(|emergency| emergency.kind == kind) {
        found.push(Emergency::of_rule(kind, &[]));
    }
    if let Some(emergency) = found.iter_mut().find(|emergency| emergency.kind == kind) {
        change(emergency);
    }
}

pub(crate) fn add_each<T: Clone + PartialEq>(to: &mut Vec<T>, from: &[T]) {
    for entry in from {
        if !to.contains(entry) {
            to.push(entry.clone());
        }
    }
}

fn read_entry(section: &Section<'_>, units: &Units, words: &mut WordTableBuilder) -> Option<Entry> {
    let kind = section.required("kind");
    let text = |key: &'static str| section.string(key).map(|text: Text| text.value);
    let entry = Entry {
        kind: String::new(),
        name: text("name"),
        not_negated: section.boolean("not_negated").unwrap_or(true),
        not_past: section.boolean("not_past").unwrap_or(true),
        // What takes a word back is asked of the built-in finder, see `is_taken_back`.
        words: WordCondition::read_plain(section, words),
        call: section.strings("call").into_iter().map(|text| text.value).collect(),
        units: read_unit_refs(section, "units", units).into_iter().map(|(unit, _)| unit).collect(),
        urgency: text("urgency").unwrap_or_else(|| GRAVEST.to_owned()),
        basis: text("basis"),
    };
    Some(Entry { kind: kind?.value, ..entry })
}
