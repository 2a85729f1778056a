//! Lines of a terminal in which Chinese characters take two columns.

use console::measure_text_width;

/// Rows of cells, padded so that columns stand under each other; numbers go to the right.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = impl Into<String>>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    pub(crate) fn render(&self) -> String {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or_default();
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| measure_text_width(cell)).max().unwrap_or_default()
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let mut text = String::new();
        for row in &self.rows {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                let blanks = " ".repeat(width - measure_text_width(cell));
                let is_number = cell.chars().next().is_some_and(|c| c.is_ascii_digit())
                    && cell.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '%'));
                line += &if is_number { format!("{blanks}{cell}  ") } else { format!("{cell}{blanks}  ") };
            }
            text += line.trim_end();
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_each_other() {
        let mut table = Table::default();
        table.row(["任务", "准确率"]);
        table.row(["type", "0.9"]);
        assert_eq!(table.render(), "任务  准确率\ntype     0.9\n");
    }
}
