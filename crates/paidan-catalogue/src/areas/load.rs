use super::{Area, AreaId, Areas};
use crate::cycle::on_cycles;
use crate::finding::Findings;
use crate::level::Level;
use crate::read::{Column, Folder, Table, TableRow, list};

const COLUMNS: [Column; 6] = [
    Column::required("code"),
    Column::required("name"),
    Column::required("level"),
    Column::required("parent"),
    Column::optional("aliases"),
    Column::optional("landmarks"),
];

impl Areas {
    /// Reads `areas.csv`.
    pub(crate) fn read(folder: &mut Folder<'_>) -> Self {
        let findings = folder.findings;
        let mut areas = Self::default();
        let Some(table) = folder.table("areas", &COLUMNS) else { return areas };
        if table.rows.is_empty() {
            findings.error_in(
                "no_areas",
                &table.file,
                "expected at least one area, found none; add the city",
            );
        }
        let parents = areas.read_rows(&table, findings);
        areas.set_parents(&parents, findings);
        for id in areas.ids() {
            let Some(area) = areas.list.get(id.0 as usize) else { continue };
            for name in std::iter::once(&area.name).chain(&area.aliases) {
                let ids = areas.by_name.entry(name.clone()).or_default();
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
        }
        areas
    }

    /// Returns the rows of the areas, in their order, for the parents that may stand below.
    fn read_rows<'t>(&mut self, table: &'t Table, findings: &Findings) -> Vec<&'t TableRow> {
        let mut rows = Vec::new();
        for row in &table.rows {
            let (code, name) = (row.code("code", findings), row.required("name", findings));
            let level = row.required("level", findings).and_then(|cell| {
                let level = Level::parse(cell.value).filter(|level| *level != Level::Enterprise);
                if level.is_none() {
                    cell.expected("bad_level", Level::EXPECTED, findings);
                }
                level
            });
            let (Some(code), Some(name), Some(level)) = (code, name, level) else { continue };
            let id = AreaId(self.list.len() as u32);
            if let Some(first) = self.by_code.get(code).and_then(|first| self.get(*first)) {
                let message = format!(
                    "column `code`: expected a code of its own, found `{code}` as in line {}; change one of them",
                    first.place.line
                );
                findings.error("duplicate_code", &row.place, message);
                continue;
            }
            self.by_code.insert(code.to_owned(), id);
            self.list.push(Area {
                code: code.to_owned(),
                name: name.value.to_owned(),
                level,
                parent: None,
                aliases: list(row.get("aliases")).map(str::to_owned).collect(),
                landmarks: list(row.get("landmarks")).map(str::to_owned).collect(),
                place: row.place.clone(),
            });
            rows.push(row);
        }
        rows
    }

    fn set_parents(&mut self, rows: &[&TableRow], findings: &Findings) {
        let mut roots = 0;
        for (at, row) in rows.iter().enumerate() {
            let Some(cell) = row.cell("parent") else {
                roots += 1;
                if roots > 1 {
                    let message = "column `parent`: expected the area that it lies in, found an empty cell; only one \
                                   area, the highest, has none";
                    findings.error("no_parent", &row.place, message);
                }
                continue;
            };
            match self.by_code.get(cell.value).copied() {
                Some(parent) => {
                    if let Some(area) = self.list.get_mut(at) {
                        area.parent = Some(parent);
                    }
                }
                None => cell.expected("unknown_area", "the code of an area of this table", findings),
            }
        }
        let parents: Vec<Option<usize>> =
            self.list.iter().map(|area| area.parent.map(|parent| parent.0 as usize)).collect();
        for at in on_cycles(&parents) {
            let Some(area) = self.list.get_mut(at) else { continue };
            area.parent = None;
            let message = format!(
                "column `parent`: expected areas without a cycle, found `{}` above itself",
                area.code
            );
            findings.error("area_cycle", &area.place, message);
        }
        for area in &self.list {
            let Some(parent) = area.parent.and_then(|parent| self.get(parent)) else { continue };
            if parent.level >= area.level {
                let message = format!(
                    "column `parent`: expected an area of a level above {}, found `{}`, which is a {}",
                    area.level, parent.code, parent.level
                );
                findings.error("level_order", &area.place, message);
            }
        }
    }
}
