//! JSON Lines: one JSON object a line, blank lines between them allowed.

mod object;

use std::collections::HashSet;
use std::io::{self, Read};
use std::sync::Arc;

use crate::record::Row;
use crate::row_error::Fault;
use crate::window::Window;

pub(crate) use self::object::parse as parse_object;

/// Objects and bytes that are looked at to know the columns: the first object may lack some.
const LOOK_OBJECTS: usize = 1000;
const LOOK_BYTES: usize = 1 << 20;

/// The columns of several objects, in the order in which they are first met.
#[derive(Default)]
pub(crate) struct ColumnUnion {
    objects: usize,
    columns: Vec<String>,
    seen: HashSet<String>,
}

impl ColumnUnion {
    /// Whether to look further than `bytes`.
    pub(crate) fn wants_more(&self, bytes: usize) -> bool {
        self.objects < LOOK_OBJECTS && (bytes < LOOK_BYTES || self.objects == 0)
    }

    pub(crate) fn add(&mut self, columns: &[String]) {
        self.objects += 1;
        for column in columns {
            if self.seen.insert(column.clone()) {
                self.columns.push(column.clone());
            }
        }
    }

    /// `None` where no object was seen.
    pub(crate) fn finish(self) -> Option<Vec<String>> {
        (self.objects > 0).then_some(self.columns)
    }
}

/// The rows of one JSON Lines source.
pub(crate) struct JsonlRows<R> {
    window: Window<R>,
    limit: usize,
    /// The columns of the row before, shared by rows that have the same.
    columns: Arc<[String]>,
    ended: bool,
}

impl<R: Read> JsonlRows<R> {
    pub(crate) fn new(window: Window<R>, limit: usize) -> Self {
        Self { window, limit, columns: Arc::from([]), ended: false }
    }

    /// The columns of the first lines that are objects, consuming nothing; `None` where there is none.
    pub(crate) fn first_columns(&mut self) -> io::Result<Option<Vec<String>>> {
        let mut union = ColumnUnion::default();
        let mut from = 0;
        while union.wants_more(from)
            && let Some(end) = self.window.line_end(from, self.limit)?
            && end > from
        {
            let line = self.window.rest().get(from..end).unwrap_or_default();
            if let Ok(row) = object::parse(line, 0, &self.columns) {
                union.add(&row.columns);
            }
            from = end;
        }
        Ok(union.finish())
    }

    pub(crate) fn window(&self) -> &Window<R> {
        &self.window
    }

    pub(crate) fn next_row(&mut self) -> Option<Result<Row, Fault>> {
        if self.ended {
            return None;
        }
        self.read_row().unwrap_or_else(|error| {
            self.ended = true;
            Some(Err(Fault::io(self.window.line(), error)))
        })
    }

    fn read_row(&mut self) -> io::Result<Option<Result<Row, Fault>>> {
        loop {
            let number = self.window.line();
            let Some(end) = self.window.line_end(0, self.limit)? else {
                self.window.skip_line()?;
                return Ok(Some(Err(Fault::too_large(number, self.limit, ""))));
            };
            if end == 0 {
                return Ok(None);
            }
            let line = self.window.rest().get(..end).unwrap_or_default();
            if line.trim_ascii().is_empty() {
                self.window.consume(end);
                continue;
            }
            let row = object::parse(line, number, &self.columns);
            self.window.consume(end);
            if let Ok(row) = &row {
                self.columns = Arc::clone(&row.columns);
            }
            return Ok(Some(row));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_above_the_limit_is_skipped() {
        let text = format!("{{\"a\": 1}}\n{{\"a\": \"{}\"}}\n\n{{\"a\": 3}}", "长".repeat(200));
        let mut rows = JsonlRows::new(Window::new(text.as_bytes()).unwrap(), 100);
        assert_eq!(rows.first_columns().unwrap(), Some(vec!["a".to_owned()]));
        let shown: Vec<_> = std::iter::from_fn(|| rows.next_row())
            .map(|row| row.map(|row| (row.line, row.values)).map_err(|fault| (fault.line, fault.code)))
            .collect();
        let expected = [
            Ok((1, vec![Some("1".to_owned())])),
            Err((2, "field_too_large")),
            Ok((4, vec![Some("3".to_owned())])),
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn the_first_object_may_stand_below_bad_lines() {
        let mut rows =
            JsonlRows::new(Window::new("oops\n[1]\n\n{\"b\":1,\"a\":2}\n".as_bytes()).unwrap(), 1000);
        assert_eq!(rows.first_columns().unwrap(), Some(vec!["b".to_owned(), "a".to_owned()]));
        assert_eq!(rows.window().consumed(), 0);
        let mut none = JsonlRows::new(Window::new("oops\n".as_bytes()).unwrap(), 1000);
        assert_eq!(none.first_columns().unwrap(), None);
    }
}
