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
    /// An Excel workbook.
    Xlsx,
}

impl Format {
    /// What the file's ending says: `.csv`, `.tsv` and `.txt` are CSV, `.jsonl`, `.ndjson` and `.json`
    /// are JSON Lines, `.xlsx` and `.xlsm` are workbooks; `None` for any other ending, where the beginning of
    /// the file decides. A workbook is told by its beginning whatever its ending.
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
            (b"PAR1", "a Parquet file", "export it as CSV"),
            (b"\x1F\x8B", "a gzip file", "unpack it with `gunzip`, or `gunzip -c FILE |` and `-`"),
        ] {
            if head.starts_with(signature) {
                return Err(Error::unsupported(file, found, remedy));
            }
        }
        Ok(head.starts_with(b"PK\x03\x04").then_some(Self::Xlsx))
    }

    /// What the first character that is not blank says: `{` begins JSON Lines, anything else CSV.
    pub(crate) fn of_text<R: Read>(window: &mut Window<R>) -> io::Result<Self> {
        Ok(if first_bytes(window, 1)?.starts_with(b"{") { Self::Jsonl } else { Self::Csv })
    }
}

/// Refuses text that is recognisably neither CSV nor JSON Lines, and what holds nothing.
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
    refuse_json_documents(window, file)
}

/// Refuses one JSON array and one object over many lines, which would be a bad row for each line.
fn refuse_json_documents<R: Read>(window: &mut Window<R>, file: &str) -> Result<(), Error> {
    let io = |error| Error::io(file, error);
    let head = [window.byte(0).map_err(io)?, next_solid_byte(window, 1).map_err(io)?];
    match head {
        [Some(b'['), Some(b'{')] => {
            Err(Error::unsupported(file, "one JSON array", "convert it with `jq -c '.[]'`"))
        }
        [Some(b'{'), _] if first_line_is(window, b"{").map_err(io)? => {
            Err(Error::unsupported(file, "JSON over many lines", "convert it with `jq -c .`"))
        }
        _ => Ok(()),
    }
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
        Ok(Format::of_text(&mut window).unwrap())
    }

    #[test]
    fn the_first_solid_byte_decides() {
        assert_eq!(look(b"\xEF\xBB\xBF\n {\"text\": \"\"}"), Ok(Format::Jsonl));
        assert_eq!(look(b"\r\n\"{id}\",text"), Ok(Format::Csv));
        assert_eq!(look(b"a"), Ok(Format::Csv));
        assert_eq!(look(b"[id],text"), Ok(Format::Csv));
        assert_eq!(look(b"<id>,text"), Ok(Format::Csv));
        assert_eq!(look(b"{}"), Ok(Format::Jsonl));
        assert_eq!(look(b"PK\x03\x04.."), Ok(Format::Xlsx));
    }

    #[test]
    fn other_formats_are_named() {
        for bytes in [
            b"\xD0\xCF\x11\xE0..".as_slice(),
            b"PAR1....",
            b"\x1F\x8B\x08",
            b"[\n  {\"a\": 1}]",
            b"{\n\"a\": 1}",
            b"\r\n<HTML><body>",
            b"<?xml version=\"1.0\"?>",
        ] {
            assert_eq!(look(bytes), Err(ErrorKind::Unsupported), "{bytes:?}");
        }
        assert_eq!(look(b"\xEF\xBB\xBF \r\n\n"), Err(ErrorKind::Empty));
    }
}
