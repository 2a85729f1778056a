use std::ffi::OsStr;
use std::io::{self, Read};
use std::path::Path;

use crate::error::Error;
use crate::window::Window;

/// How a source is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// A header line and rows; fields parted by comma, semicolon or tab, as the header has it.
    Csv,
    /// JSON Lines: one JSON object a line.
    Jsonl,
    /// JSON objects in an array, or over many lines.
    Json,
    /// An Excel workbook.
    Xlsx,
    /// Parquet.
    Parquet,
}

impl Format {
    /// What the file's ending says: `.csv`, `.tsv` and `.txt` are CSV, `.jsonl`, `.ndjson` and `.json`
    /// are JSON Lines (or JSON, where the beginning says so), `.xlsx` and `.xlsm` are workbooks, `.parquet` is Parquet; `None` for any other ending,
    /// where the beginning of the file decides. Workbooks and Parquet are told by it whatever the ending.
    ///
    /// ```
    /// use paidan_data::Format;
    ///
    /// assert_eq!(Format::from_path("五月.CSV"), Some(Format::Csv));
    /// assert_eq!(Format::from_path("五月"), None);
    /// ```
    pub fn from_path(path: impl AsRef<Path>) -> Option<Self> {
        let ending = path.as_ref().extension().and_then(OsStr::to_str)?.to_ascii_lowercase();
        match ending.as_str() {
            "csv" | "tsv" | "txt" => Some(Self::Csv),
            "jsonl" | "ndjson" | "json" => Some(Self::Jsonl),
            "xlsx" | "xlsm" => Some(Self::Xlsx),
            "parquet" => Some(Self::Parquet),
            _ => None,
        }
    }

    /// The format of files that are no text, by their first bytes; `None` for text.
    ///
    /// # Errors
    /// When the bytes begin a file that is not read.
    pub(crate) fn of_binary(head: &[u8], file: &str) -> Result<Option<Self>, Error> {
        for (signature, found, remedy) in [
            (
                b"\xD0\xCF\x11\xE0".as_slice(),
                "an old or password-protected workbook",
                "save it as .xlsx without a password",
            ),
            (b"PARE", "an encrypted Parquet file", "write it without encryption"),
            (b"\x1F\x8B", "a gzip file", "unpack it with `gunzip`, or `gunzip -c FILE |` and `-`"),
        ] {
            if head.starts_with(signature) {
                return Err(Error::unsupported(file, found, remedy));
            }
        }
        Ok(match head {
            b"PK\x03\x04" => Some(Self::Xlsx),
            b"PAR1" => Some(Self::Parquet),
            _ => None,
        })
    }

    /// What the first characters that are not blank say: `[{` and `{` alone in a line begin JSON, `{` begins
    /// JSON Lines where the ending does not say otherwise, anything else CSV.
    pub(crate) fn of_text<R: Read>(window: &mut Window<R>, ending: Option<Self>) -> io::Result<Self> {
        Ok(match ending {
            _ if is_json_document(window)? => Self::Json,
            Some(format) => format,
            None if first_bytes(window, 1)?.starts_with(b"{") => Self::Jsonl,
            None => Self::Csv,
        })
    }
}

/// Refuses text that is recognisably neither CSV nor JSON, and what holds nothing.
///
/// Consumes blanks at the beginning; they stand in front of a header or an object, where they mean nothing.
pub(crate) fn refuse_other_text<R: Read>(window: &mut Window<R>, file: &str) -> Result<(), Error> {
    let io = |error| Error::io(file, error);
    while let Some(byte) = window.byte(0).map_err(io)? {
        if !matches!(byte, b' ' | b'\r' | b'\n') {
            break;
        }
        window.consume(1);
    }
    let head = first_bytes(window, 9).map_err(io)?.to_ascii_lowercase();
    if head.is_empty() {
        return Err(Error::empty(file));
    }
    // Hotline systems export HTML tables and call them .xls.
    let pages = [b"<html".as_slice(), b"<!doctype", b"<table", b"<meta", b"<head", b"<style", b"<?xml"];
    if pages.iter().any(|page| head.starts_with(page)) {
        return Err(Error::unsupported(
            file,
            "an HTML or XML page",
            "open it in a spreadsheet program and save it as .xlsx",
        ));
    }
    Ok(())
}

/// Whether this is a JSON array of objects, or objects over many lines.
fn is_json_document<R: Read>(window: &mut Window<R>) -> io::Result<bool> {
    Ok(match [window.byte(0)?, next_solid_byte(window, 1)?] {
        [Some(b'['), Some(b'{')] => true,
        [Some(b'{'), _] => first_line_is(window, b"{")?,
        _ => false,
    })
}

fn next_solid_byte<R: Read>(window: &mut Window<R>, from: usize) -> io::Result<Option<u8>> {
    // A few bytes tell; more blanks than that are no document that a program wrote.
    for at in from..from + 64 {
        match window.byte(at)? {
            Some(byte) if byte.is_ascii_whitespace() => {}
            other => return Ok(other),
        }
    }
    Ok(None)
}

fn first_line_is<R: Read>(window: &mut Window<R>, line: &[u8]) -> io::Result<bool> {
    let end = window.line_end(0, line.len() + 2)?;
    Ok(end.is_some_and(|end| window.rest().get(..end).unwrap_or_default().trim_ascii() == line))
}

fn first_bytes<R: Read>(window: &mut Window<R>, count: usize) -> io::Result<Vec<u8>> {
    window.byte(count.saturating_sub(1))?;
    Ok(window.rest().iter().take(count).copied().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn look(bytes: &[u8]) -> Result<Format, ErrorKind> {
        let kind = |error: Error| error.kind();
        if let Some(format) = Format::of_binary(bytes, "given").map_err(kind)? {
            return Ok(format);
        }
        let mut window = Window::new(bytes).unwrap();
        refuse_other_text(&mut window, "given").map_err(kind)?;
        Ok(Format::of_text(&mut window, None).unwrap())
    }

    #[test]
    fn the_first_solid_byte_decides() {
        assert_eq!(look(b"\xEF\xBB\xBF\n {\"text\": \"\"}"), Ok(Format::Jsonl));
        assert_eq!(look(b"\r\n\"{id}\",text"), Ok(Format::Csv));
        assert_eq!(look(b"a"), Ok(Format::Csv));
        assert_eq!(look(b"[id],text"), Ok(Format::Csv));
        assert_eq!(look(b"<id>,text"), Ok(Format::Csv));
        assert_eq!(look(b"{}"), Ok(Format::Jsonl));
        assert_eq!(look(b"[\n  {\"a\": 1}]"), Ok(Format::Json));
        assert_eq!(look(b"{\n\"a\": 1}"), Ok(Format::Json));
        assert_eq!(look(b"PK\x03\x04"), Ok(Format::Xlsx));
        assert_eq!(look(b"PAR1"), Ok(Format::Parquet));
    }

    #[test]
    fn other_formats_are_named() {
        for bytes in [
            b"\xD0\xCF\x11\xE0..".as_slice(),
            b"PARE",
            b"\x1F\x8B\x08",
            b"\r\n<HTML><body>",
            b"<?xml version=\"1.0\"?>",
        ] {
            assert_eq!(look(bytes), Err(ErrorKind::Unsupported), "{bytes:?}");
        }
        assert_eq!(look(b"\xEF\xBB\xBF \r\n\n"), Err(ErrorKind::Empty));
    }
}
