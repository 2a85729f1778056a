//! CSV: a header line, then rows with as many fields as the header has.

mod delimiter;
mod scanner;

use std::io::{self, Read};
use std::sync::Arc;

use self::scanner::{Fields, Scan, Scanner};
use crate::error::Error;
use crate::header::{clean_name, first_duplicate};
use crate::names::shown_column;
use crate::record::Row;
use crate::row_error::Fault;
use crate::window::Window;

/// The rows of one CSV source.
pub(crate) struct CsvRows<R> {
    scanner: Scanner<R>,
    columns: Arc<[String]>,
    ended: bool,
}

impl<R: Read> CsvRows<R> {
    /// Reads the header. `tabs` says that the file's name promises tabs.
    pub(crate) fn open(mut window: Window<R>, tabs: bool, limit: usize, file: &str) -> Result<Self, Error> {
        let io = |error| Error::io(file, error);
        let delimiter = delimiter::sniff(&mut window, tabs, limit).map_err(io)?;
        let mut scanner = Scanner::new(window, delimiter, limit);
        let columns = match scanner.next_record().map_err(io)? {
            None => return Err(Error::empty(file)),
            Some(Scan::Record { .. }) => column_names(scanner.fields(), file)?,
            Some(Scan::Unclosed { opened, .. }) => return Err(Error::unclosed_header(file, opened)),
            Some(Scan::TooLarge { .. }) => return Err(Error::long_header(file, limit)),
        };
        Ok(Self { scanner, columns: columns.into(), ended: false })
    }

    pub(crate) fn columns(&self) -> &[String] {
        &self.columns
    }

    pub(crate) fn window(&self) -> &Window<R> {
        self.scanner.window()
    }

    pub(crate) fn next_row(&mut self) -> Option<Result<Row, Fault>> {
        if self.ended {
            return None;
        }
        match self.scanner.next_record() {
            Ok(scan) => scan.map(|scan| self.row(scan)),
            Err(error) => Some(Err(self.stop(error))),
        }
    }

    fn row(&mut self, scan: Scan) -> Result<Row, Fault> {
        match scan {
            Scan::Record { first, last } => self.values(first, last),
            Scan::Unclosed { first, opened, field, closed } => {
                let close = match closed {
                    Some(line) => format!("text follows the next quote, in line {line}"),
                    None => "no quote follows up to the end of the file".to_owned(),
                };
                let message = format!(
                    "quote opened in line {opened}, field {field}, is not closed: {close}; close it, or double \
                     the quotes inside the field; reading goes on in line {}",
                    first + 1
                );
                Err(Fault::new(first, "unclosed_quote", message))
            }
            Scan::TooLarge { first, quoted } => {
                let hint = if quoted { " (a closing quote may be missing)" } else { "" };
                Err(Fault::too_large(first, self.scanner.limit(), hint))
            }
        }
    }

    fn values(&self, first: u64, last: u64) -> Result<Row, Fault> {
        let fields = self.scanner.fields();
        let (expected, found) = (self.columns.len(), fields.len());
        if found != expected {
            let lines = if last > first { format!(" in lines {first} to {last}") } else { String::new() };
            let message = format!(
                "expected {expected} fields as in the header, found {found}{lines}; quote fields that hold the \
                 delimiter or a quote"
            );
            return Err(Fault::new(first, "ragged_row", message));
        }
        let mut values = Vec::with_capacity(found);
        for (number, (column, bytes)) in self.columns.iter().zip(fields.iter()).enumerate() {
            let Ok(text) = std::str::from_utf8(bytes) else {
                let place = format!("field {} ({})", number + 1, shown_column(column));
                return Err(Fault::wrong_encoding(first, &place));
            };
            values.push(Some(text.to_owned()));
        }
        Ok(Row { line: first, columns: Arc::clone(&self.columns), values })
    }

    fn stop(&mut self, error: io::Error) -> Fault {
        self.ended = true;
        Fault::io(self.scanner.line(), error)
    }
}

/// The header's names. Several may be empty: spreadsheets write delimiters after the last column.
fn column_names(fields: &Fields, file: &str) -> Result<Vec<String>, Error> {
    let name = |bytes| std::str::from_utf8(bytes).map(clean_name).map_err(|_| Error::unknown_encoding(file));
    let names: Vec<String> = fields.iter().map(name).collect::<Result<_, _>>()?;
    match first_duplicate(&names) {
        Some((first, second)) => {
            let places = [first, second].map(|place| format!("field {}", place + 1));
            Err(Error::duplicate_column(names.get(first).map_or("", String::as_str), file, &places))
        }
        None => Ok(names),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn open(text: &[u8]) -> Result<CsvRows<&[u8]>, Error> {
        CsvRows::open(Window::new(text).unwrap(), false, 1 << 20, "t.csv")
    }

    /// Each row as `LINE=field|field` or `LINE!code`.
    fn shown<R: Read>(mut rows: CsvRows<R>) -> Vec<String> {
        std::iter::from_fn(|| rows.next_row())
            .map(|row| match row {
                Ok(row) => {
                    let values: Vec<_> =
                        row.values.iter().map(|value| value.as_deref().unwrap_or("∅")).collect();
                    format!("{}={}", row.line, values.join("|"))
                }
                Err(fault) => format!("{}!{}", fault.line, fault.code),
            })
            .collect()
    }

    fn rows(text: &str) -> Vec<String> {
        shown(open(text.as_bytes()).unwrap())
    }

    #[test]
    fn an_unclosed_quote_loses_its_own_row_only() {
        let text = "id,text\n1,路灯不亮\n2,\"没有收尾\n3,好\n4,也好\n";
        assert_eq!(rows(text), ["2=1|路灯不亮", "3!unclosed_quote", "4=3|好", "5=4|也好"]);
    }

    #[test]
    fn a_quote_closed_by_a_later_field_is_found() {
        let text = "id,text\n1,\"没有收尾\n2,好\n3,\"占道，经营\"\n4,\"末行\"\n";
        assert_eq!(rows(text), ["2!unclosed_quote", "3=2|好", "4=3|占道，经营", "5=4|末行"]);
        let mut rows = open(text.as_bytes()).unwrap();
        let fault = rows.next_row().unwrap().err().unwrap();
        assert_eq!(
            fault.message,
            "quote opened in line 2, field 2, is not closed: text follows the next quote, in line 4; close it, \
             or double the quotes inside the field; reading goes on in line 3"
        );
    }

    #[test]
    fn a_stray_quote_within_a_line_is_text() {
        assert_eq!(rows("id,text\n1,说\"好\"了\n2,\"说\"好的\n"), ["2=1|说\"好\"了", "3=2|说好的"]);
    }

    #[test]
    fn an_input_error_ends_the_rows() {
        struct Broken(&'static [u8]);
        impl Read for Broken {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                if self.0.is_empty() { Err(io::ErrorKind::TimedOut.into()) } else { self.0.read(buffer) }
            }
        }
        let window = Window::new(Broken(b"id,text\n1,a\n2,b")).unwrap();
        let rows = CsvRows::open(window, false, 1 << 20, "t.csv").unwrap();
        assert_eq!(shown(rows), ["2=1|a", "3!io"]);
    }

    #[test]
    fn a_record_above_the_limit_is_skipped() {
        let long = "长".repeat(20);
        let quoted = format!("id,text\n1,{long}\n2,\"{long}\n{long}\"\n3,短\n");
        let rows = CsvRows::open(Window::new(quoted.as_bytes()).unwrap(), false, 50, "t.csv").unwrap();
        assert_eq!(shown(rows), ["2!field_too_large", "3!field_too_large", "4!field_too_large", "5=3|短"]);
    }

    #[test]
    fn bad_headers() {
        let kind = |text: &[u8]| open(text).err().map(|error| error.kind());
        assert_eq!(kind(b"id,text, id \n"), Some(ErrorKind::DuplicateColumn));
        assert_eq!(kind(b"id,\xD6\xD0\xCE\xC4\n1,2\n"), Some(ErrorKind::UnknownEncoding));
        assert_eq!(kind(b"id,\"text\n1,2\n"), Some(ErrorKind::BadHeader));
        assert_eq!(kind(b"id,,\n"), None);
    }
}
