use std::collections::HashMap;

use super::broken::Broken;
use super::package::Package;
use super::xml::{Xml, attribute};

/// Unpacked, bytes: the parts that describe the workbook are small.
const MAX_PART: u64 = 64 << 20;
/// More sheets than any workbook has.
const MAX_SHEETS: usize = 10_000;

/// What a workbook says of itself.
pub(super) struct Workbook {
    /// In the order of their tabs, charts left out.
    pub(super) sheets: Vec<Sheet>,
    /// Whether days count from 1904 instead of 1900.
    pub(super) from_1904: bool,
    pub(super) shared_strings: Option<String>,
    pub(super) styles: Option<String>,
}

/// One table of a workbook.
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) hidden: bool,
    /// Name of its part in the package.
    pub(super) part: String,
}

/// A part that another refers to.
struct Relation {
    kind: String,
    part: String,
}

impl Workbook {
    /// `None` where the package holds no workbook, but a document of another kind.
    pub(super) fn read(package: &mut Package) -> Result<Option<Self>, Broken> {
        let start = relations(package, "_rels/.rels", "")?;
        let named = start.into_values().find(|relation| relation.kind == "officeDocument");
        let part = named.map_or_else(|| "xl/workbook.xml".to_owned(), |relation| relation.part);
        if !part.ends_with(".xml") || !package.has(&part) {
            return Ok(None);
        }
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", &part));
        let relations = relations(package, &format!("{folder}/_rels/{file}.rels"), folder)?;
        let of_kind = |kind: &str| {
            relations.values().find(|relation| relation.kind == kind).map(|relation| relation.part.clone())
        };
        let mut workbook = Self {
            sheets: Vec::new(),
            from_1904: false,
            shared_strings: of_kind("sharedStrings"),
            styles: of_kind("styles"),
        };
        let mut is_workbook = false;
        let Some(input) = package.part(&part, MAX_PART)? else { return Ok(None) };
        Xml::new(input).for_each_start(|element| {
            match element.local_name().as_ref() {
                "workbook" => is_workbook = true,
                "workbookPr" => {
                    if let Some(value) = attribute(element, "date1904")? {
                        workbook.from_1904 = matches!(value.as_str(), "1" | "true");
                    }
                }
                "sheet" if workbook.sheets.len() < MAX_SHEETS => {
                    let id = attribute(element, "id")?.unwrap_or_default();
                    let Some(relation) = relations.get(&id) else { return Ok(()) };
                    if relation.kind == "worksheet" {
                        workbook.sheets.push(Sheet {
                            name: attribute(element, "name")?.unwrap_or_default(),
                            hidden: attribute(element, "state")?.is_some_and(|state| state != "visible"),
                            part: relation.part.clone(),
                        });
                    }
                }
                _ => {}
            }
            Ok(())
        })?;
        Ok(is_workbook.then_some(workbook))
    }
}

/// The relations in `part`, by their id; names of parts are relative to `folder`.
fn relations(package: &mut Package, part: &str, folder: &str) -> Result<HashMap<String, Relation>, Broken> {
    let mut relations = HashMap::new();
    let Some(input) = package.part(part, MAX_PART)? else { return Ok(relations) };
    Xml::new(input).for_each_start(|element| {
        if element.local_name().as_ref() == "Relationship"
            && let Some(id) = attribute(element, "Id")?
            && let Some(target) = attribute(element, "Target")?
        {
            let kind = attribute(element, "Type")?.unwrap_or_default();
            let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
            relations.insert(id, Relation { kind, part: resolved(folder, &target) });
        }
        Ok(())
    })?;
    Ok(relations)
}

/// The part that `target` names: from the root of the package, or from `folder`.
fn resolved(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => _ = parts.pop(),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_relative_or_absolute() {
        assert_eq!(resolved("xl", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolved("xl", "/xl/worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolved("xl/sub", "..\\styles.xml"), "xl/styles.xml");
        assert_eq!(resolved("", "../../xl/workbook.xml"), "xl/workbook.xml");
    }
}
