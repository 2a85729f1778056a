use jiff::civil::Weekday;

use super::{Calendar, Deadlines, Entry};
use crate::moment::parse_time;
use crate::period::parse_date;
use crate::read::{Column, Folder, Section};
use crate::rules::read_allowance;

const HOLIDAYS: [Column; 3] = [Column::required("date"), Column::required("kind"), Column::optional("name")];

impl Deadlines {
    /// Reads `deadlines.toml` and the table of holidays that it names.
    pub(crate) fn read(folder: &mut Folder<'_>) -> Self {
        let findings = folder.findings;
        let Some(document) = folder.document("deadlines.toml") else { return Self::default() };
        let mut calendar = Calendar::default();
        let mut holidays = None;
        let entries = document.read(findings, |root| {
            holidays = root.string("holidays");
            let weekend = root.strings("weekend");
            if !weekend.is_empty() {
                calendar.weekend = weekend.iter().filter_map(|day| weekday(&day.value)).collect();
                if calendar.weekend.len() != weekend.len() {
                    root.expected("weekend", "bad_value", "days such as `[\"sat\", \"sun\"]`");
                }
            }
            if let Some(ends) = root.string("day_ends") {
                match (ends.value.as_str(), parse_time(&ends.value)) {
                    ("24:00", _) => {}
                    (_, Some(time)) => calendar.day_ends = time,
                    (_, None) => root.expected("day_ends", "bad_time", "a time such as `17:30`"),
                }
            }
            root.sections("deadline", read_entry)
        });
        let entries: Vec<Entry> = entries.unwrap_or_default().into_iter().flatten().collect();
        for (at, entry) in entries.iter().enumerate() {
            let same =
                |other: &&Entry| (&other.ticket_type, &other.urgency) == (&entry.ticket_type, &entry.urgency);
            if let Some(first) = entries.iter().take(at).find(same) {
                let message = format!(
                    "expected one deadline for a type and urgency, found the one of line {} again; remove one",
                    first.place.line
                );
                findings.error("duplicate_deadline", &entry.place, message);
            }
        }
        if let Some(name) = holidays {
            let is_inside = !name.value.contains(['/', '\\']) && name.value != "..";
            if !is_inside || !folder.exists(&name.value) {
                let message = format!(
                    "key `holidays`: expected a file in the catalogue's folder, found `{}`",
                    name.value
                );
                findings.error("missing_file", &name.place, message);
            } else {
                read_holidays(folder, &name.value, &mut calendar);
            }
        }
        Self { entries, calendar }
    }
}

fn read_entry(section: &Section<'_>) -> Option<Entry> {
    let ticket_type = section.string("type").map(|text| text.value);
    let urgency = section.string("urgency").map(|text| text.value);
    let basis = section.string("basis").map(|text| text.value);
    let allowance = read_allowance(section, "[[deadline]]")?;
    Some(Entry { ticket_type, urgency, allowance, basis, place: section.place() })
}

fn read_holidays(folder: &mut Folder<'_>, name: &str, calendar: &mut Calendar) {
    let findings = folder.findings;
    let Some(table) = folder.table_file(name, &HOLIDAYS) else { return };
    for row in &table.rows {
        let (Some(date), Some(kind)) = (row.required("date", findings), row.required("kind", findings))
        else {
            continue;
        };
        let day = parse_date(date.value);
        if day.is_none() {
            date.expected("bad_date", "a date such as `2026-10-01`", findings);
        }
        let is_working = match kind.value {
            "holiday" | "休" | "放假" | "节假日" => Some(false),
            "workday" | "班" | "上班" | "调休上班" => Some(true),
            _ => None,
        };
        if is_working.is_none() {
            kind.expected("bad_value", "`holiday` or `workday`", findings);
        }
        let (Some(day), Some(is_working)) = (day, is_working) else { continue };
        calendar.years.insert(day.year());
        if calendar.named.insert(day, is_working).is_some_and(|before| before != is_working) {
            date.expected("duplicate_day", "each day once, as `holiday` or as `workday`", findings);
        }
    }
}

fn weekday(name: &str) -> Option<Weekday> {
    Some(match name {
        "mon" | "周一" => Weekday::Monday,
        "tue" | "周二" => Weekday::Tuesday,
        "wed" | "周三" => Weekday::Wednesday,
        "thu" | "周四" => Weekday::Thursday,
        "fri" | "周五" => Weekday::Friday,
        "sat" | "周六" => Weekday::Saturday,
        "sun" | "周日" => Weekday::Sunday,
        _ => return None,
    })
}
