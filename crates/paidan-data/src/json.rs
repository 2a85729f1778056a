//! JSON objects in an array or over many lines, one after another.

use std::io::{self, Read};
use std::sync::Arc;

use crate::jsonl::{ColumnUnion, parse_object};
use crate::record::Row;
use crate::row_error::Fault;
use crate::window::Window;

/// The rows of one JSON source, an object at a time.
pub(crate) struct JsonRows<R> {
    window: Window<R>,
    limit: usize,
    /// The columns of the row before, shared by rows that have the same.
    columns: Arc<[String]>,
    ended: bool,
}

/// What comes next, as offsets in the window.
enum Next {
    Object {
        start: usize,
        end: usize,
    },
    /// Not closed up to the end of the input.
    Unclosed {
        start: usize,
    },
    /// Longer than the limit.
    TooLarge {
        start: usize,
    },
    /// Neither an object nor what stands between objects.
    Stray {
        start: usize,
    },
    End,
}

impl<R: Read> JsonRows<R> {
    pub(crate) fn new(window: Window<R>, limit: usize) -> Self {
        Self { window, limit, columns: Arc::from([]), ended: false }
    }

    /// The columns of the first objects, consuming nothing; `None` where there is none.
    pub(crate) fn first_columns(&mut self) -> io::Result<Option<Vec<String>>> {
        let mut union = ColumnUnion::default();
        let mut from = 0;
        while union.wants_more(from)
            && let Next::Object { start, end } = self.next(from)?
        {
            let object = self.window.rest().get(start..end).unwrap_or_default();
            if let Ok(row) = parse_object(object, 0, &self.columns) {
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
        let next = self.next(0)?;
        let (Next::Object { start, .. }
        | Next::Unclosed { start }
        | Next::TooLarge { start }
        | Next::Stray { start }) = next
        else {
            self.ended = true;
            self.window.consume(self.window.rest().len());
            return Ok(None);
        };
        self.window.consume(start);
        let line = self.window.line();
        Ok(Some(match next {
            Next::Object { start, end } => {
                let length = end - start;
                let object = self.window.rest().get(..length).unwrap_or_default();
                let row = parse_object(object, line, &self.columns);
                self.window.consume(length);
                if let Ok(row) = &row {
                    self.columns = Arc::clone(&row.columns);
                }
                row
            }
            Next::TooLarge { .. } => {
                self.ended = true;
                Err(Fault::too_large(line, self.limit, ", and so is the rest of the file"))
            }
            Next::Stray { .. } => {
                self.skip_to_object()?;
                Err(Fault::new(
                    line,
                    "not_an_object",
                    "expected a JSON object, found something else; it is skipped",
                ))
            }
            Next::Unclosed { .. } | Next::End => {
                self.ended = true;
                self.window.consume(self.window.rest().len());
                let message =
                    "expected a JSON object, found one that is not closed up to the end of the file";
                Err(Fault::new(line, "invalid_json", message))
            }
        }))
    }

    /// Looks for what comes next from offset `from` on.
    fn next(&mut self, from: usize) -> io::Result<Next> {
        let mut start = from;
        loop {
            match self.window.byte(start)? {
                None => return Ok(Next::End),
                Some(b' ' | b'\t' | b'\r' | b'\n' | b',' | b'[' | b']') => start += 1,
                Some(b'{') => break,
                Some(_) => return Ok(Next::Stray { start }),
            }
        }
        let (mut depth, mut quoted, mut escaped) = (0_u64, false, false);
        let mut at = start;
        loop {
            for byte in self.window.rest().get(at..).unwrap_or_default() {
                at += 1;
                match byte {
                    _ if escaped => escaped = false,
                    b'\\' if quoted => escaped = true,
                    b'"' => quoted = !quoted,
                    b'{' if !quoted => depth += 1,
                    b'}' if !quoted => {
                        depth -= 1;
                        if depth == 0 {
                            return Ok(Next::Object { start, end: at });
                        }
                    }
                    _ => {}
                }
            }
            if at - start > self.limit {
                return Ok(Next::TooLarge { start });
            }
            if !self.window.fill()? {
                return Ok(Next::Unclosed { start });
            }
        }
    }

    fn skip_to_object(&mut self) -> io::Result<()> {
        loop {
            if let Some(at) = self.window.rest().iter().position(|byte| *byte == b'{') {
                self.window.consume(at);
                return Ok(());
            }
            self.window.consume(self.window.rest().len());
            if !self.window.fill()? {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<String> {
        let mut rows = JsonRows::new(Window::new(text.as_bytes()).unwrap(), 1000);
        let shown = |row: Result<Row, Fault>| match row {
            Ok(row) => {
                let values: Vec<_> = row.values.iter().map(|value| value.as_deref().unwrap_or("∅")).collect();
                format!("{}={}", row.line, values.join("|"))
            }
            Err(fault) => format!("{}!{}", fault.line, fault.code),
        };
        std::iter::from_fn(|| rows.next_row()).map(shown).collect()
    }

    #[test]
    fn arrays_and_objects_over_many_lines_are_rows() {
        let array = "[\n  {\"id\": 1, \"text\": \"括号 } ] \\\" 在内\"},\n  {\n    \"id\": 2,\n    \"text\": null, \"o\": {\"a\": [{}]}\n  }\n]\n";
        assert_eq!(rows(array), ["2=1|括号 } ] \" 在内", "3=2|∅|{\"a\":[{}]}"]);
        assert_eq!(rows("{\n\"a\": 1\n}\n{\n\"a\": 2\n}"), ["1=1", "4=2"]);
        assert_eq!(rows("[{\"a\":1},{\"a\":2}]"), ["1=1", "1=2"]);
        assert_eq!(rows("[]"), [""; 0]);
    }

    #[test]
    fn bad_objects_are_bad_rows() {
        assert_eq!(rows("[{\"a\": 1},\n{\"a\" 2},\n{\"a\": 3}]"), ["1=1", "2!invalid_json", "3=3"]);
        assert_eq!(rows("[{\"a\": 1},\n7, \"x\",\n{\"a\": 3}]"), ["1=1", "2!not_an_object", "3=3"]);
        assert_eq!(rows("[{\"a\": 1},\n{\"a\": \"2\n"), ["1=1", "2!invalid_json"]);
        assert_eq!(
            rows(&format!("[{{\"a\": 1}},\n{{\"a\": \"{}", "长".repeat(900))),
            ["1=1", "2!field_too_large"]
        );
    }

    #[test]
    fn columns_are_those_of_all_first_objects() {
        let text = "[{\"id\": 1}, {\"id\": 2, \"text\": \"好\"}]";
        let mut rows = JsonRows::new(Window::new(text.as_bytes()).unwrap(), 1000);
        assert_eq!(rows.first_columns().unwrap(), Some(vec!["id".to_owned(), "text".to_owned()]));
        assert_eq!(rows.window().consumed(), 0);
    }
}
