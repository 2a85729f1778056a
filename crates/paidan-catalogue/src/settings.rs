use jiff::tz::TimeZone;

use crate::moment::parse_zone;
use crate::read::Folder;
use crate::rules::{UnitRef, read_unit_refs};
use crate::units::Units;

/// `settings.toml`.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) name: Option<String>,
    pub(crate) zone: TimeZone,
    pub(crate) least_probability: f32,
    pub(crate) least_lead: f32,
    pub(crate) supervision: Option<UnitRef>,
    /// Whether the highest unit gets a ticket whose area is needed and not known.
    pub(crate) highest_without_area: bool,
    pub(crate) default_urgency: String,
    pub(crate) returns_to_person: usize,
    pub(crate) not_places: Vec<String>,
}

impl Settings {
    pub(crate) fn read(folder: &mut Folder<'_>, units: &Units) -> Self {
        let mut settings = Self {
            name: None,
            zone: parse_zone("Asia/Shanghai").unwrap_or(TimeZone::UTC),
            least_probability: 0.8,
            least_lead: 0.2,
            supervision: None,
            highest_without_area: false,
            default_urgency: "一般".to_owned(),
            returns_to_person: 2,
            not_places: Vec::new(),
        };
        let findings = folder.findings;
        let Some(document) = folder.document("settings.toml") else { return settings };
        document.read(findings, |root| {
            settings.name = root.string("name").map(|text| text.value);
            if let Some(zone) = root.string("time_zone") {
                match parse_zone(&zone.value) {
                    Some(zone) => settings.zone = zone,
                    None => root.expected(
                        "time_zone",
                        "bad_zone",
                        "a time zone such as `Asia/Shanghai` or `+08:00`",
                    ),
                }
            }
            settings.least_probability =
                root.share("least_probability").unwrap_or(settings.least_probability);
            settings.least_lead = root.share("least_lead").unwrap_or(settings.least_lead);
            settings.supervision = read_unit_refs(root, "supervision", units).pop().map(|(unit, _)| unit);
            settings.highest_without_area =
                match root.string("without_area").map(|text| text.value).as_deref() {
                    None | Some("review") => false,
                    Some("highest") => true,
                    Some(_) => {
                        root.expected("without_area", "bad_value", "`review` or `highest`");
                        false
                    }
                };
            if let Some(urgency) = root.string("default_urgency") {
                settings.default_urgency = urgency.value;
            }
            settings.returns_to_person = root.integer("returns_to_person", 1, 9).unwrap_or(2) as usize;
            settings.not_places = root.strings("not_places").into_iter().map(|text| text.value).collect();
        });
        settings
    }
}
