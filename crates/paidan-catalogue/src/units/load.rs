use super::{Unit, UnitId, Units};
use crate::areas::{AreaId, Areas};
use crate::cycle::on_cycles;
use crate::finding::Findings;
use crate::level::Level;
use crate::read::{Column, Folder, Table, TableRow, list};

const COLUMNS: [Column; 10] = [
    Column::required("code"),
    Column::required("name"),
    Column::optional("function"),
    Column::optional("area"),
    Column::required("level"),
    Column::optional("parent"),
    Column::optional("aliases"),
    Column::optional("valid_from"),
    Column::optional("valid_to"),
    Column::optional("successor"),
];

impl Units {
    /// Reads `units.csv`.
    pub(crate) fn read(folder: &mut Folder<'_>, areas: &Areas) -> Self {
        let findings = folder.findings;
        let mut units = Self::default();
        let Some(table) = folder.table("units", &COLUMNS) else { return units };
        if table.rows.is_empty() {
            findings.error_in("no_units", &table.file, "expected at least one unit, found none; add one");
        }
        let rows = units.read_rows(&table, areas, findings);
        units.link(&rows, findings);
        units.index();
        units
    }

    /// Returns the rows of the units, in their order, for the units that may stand below.
    fn read_rows<'t>(&mut self, table: &'t Table, areas: &Areas, findings: &Findings) -> Vec<&'t TableRow> {
        let mut rows = Vec::new();
        for row in &table.rows {
            let (code, name) = (row.code("code", findings), row.required("name", findings));
            let level = row.required("level", findings).and_then(|cell| {
                let level = Level::parse(cell.value);
                if level.is_none() {
                    cell.expected("bad_level", &format!("{} or `enterprise`", Level::EXPECTED), findings);
                }
                level
            });
            let area = unit_area(row, areas, findings);
            let period = row.period(findings);
            let (Some(code), Some(name), Some(level)) = (code, name, level) else { continue };
            if let Some(first) = self.by_code.get(code).and_then(|first| self.get(*first)) {
                let message = format!(
                    "column `code`: expected a code of its own, found `{code}` as in line {}; change one of them",
                    first.place.line
                );
                findings.error("duplicate_code", &row.place, message);
                continue;
            }
            self.by_code.insert(code.to_owned(), UnitId(self.list.len() as u32));
            self.list.push(Unit {
                code: code.to_owned(),
                name: name.value.to_owned(),
                functions: list(row.get("function")).map(str::to_owned).collect(),
                area,
                level,
                parent: None,
                aliases: list(row.get("aliases")).map(str::to_owned).collect(),
                period,
                successor: None,
                place: row.place.clone(),
            });
            rows.push(row);
        }
        rows
    }

    fn link(&mut self, rows: &[&TableRow], findings: &Findings) {
        let named = |row: &TableRow, column: &'static str| {
            let cell = row.cell(column)?;
            let found = self.by_code.get(cell.value).copied();
            if found.is_none() {
                cell.expected("unknown_unit", "the code of a unit of this table", findings);
            }
            found
        };
        let links: Vec<_> = rows.iter().map(|row| (named(row, "parent"), named(row, "successor"))).collect();
        let cycles = |links: Vec<Option<UnitId>>| {
            on_cycles(&links.iter().map(|link| link.map(|id| id.0 as usize)).collect::<Vec<_>>())
        };
        let above_itself = cycles(links.iter().map(|(parent, _)| *parent).collect());
        let after_itself = cycles(links.iter().map(|(_, successor)| *successor).collect());
        for (at, (unit, (parent, successor))) in self.list.iter_mut().zip(links).enumerate() {
            if above_itself.contains(&at) {
                let message = format!(
                    "column `parent`: expected units without a cycle, found `{}` above itself",
                    unit.code
                );
                findings.error("unit_cycle", &unit.place, message);
            } else {
                unit.parent = parent;
            }
            if after_itself.contains(&at) {
                let message = format!(
                    "column `successor`: expected successors without a cycle, found `{}` after itself",
                    unit.code
                );
                findings.error("successor_cycle", &unit.place, message);
            } else {
                unit.successor = successor;
            }
            if unit.successor.is_some() && unit.period.to.is_none() {
                let message =
                    "column `valid_to`: expected the last day before the successor, found an empty cell";
                findings.error("successor_without_end", &unit.place, message);
            }
        }
    }

    fn index(&mut self) {
        for id in self.ids() {
            let Some(unit) = self.list.get(id.0 as usize) else { continue };
            for name in std::iter::once(&unit.name).chain(&unit.aliases) {
                let ids = self.by_name.entry(name.clone()).or_default();
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
            for function in &unit.functions {
                self.by_function.entry(function.clone()).or_default().push(id);
            }
            if let Some(successor) = unit.successor {
                self.predecessors.entry(successor).or_default().push(id);
            }
        }
    }
}

fn unit_area(row: &TableRow, areas: &Areas, findings: &Findings) -> Option<AreaId> {
    let cell = row.cell("area")?;
    match areas.find(cell.value) {
        Ok(area) => return Some(area),
        // Without areas it has been told that they cannot be read.
        Err(_) if areas.list.is_empty() => {}
        Err(0) => cell.expected("unknown_area", "the code of an area of `areas.csv`", findings),
        Err(several) => {
            let expected = format!("the code of an area, because {several} areas have this name");
            cell.expected("unclear_area", &expected, findings);
        }
    }
    None
}
