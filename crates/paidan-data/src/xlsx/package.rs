use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Take};

use flate2::Crc;
use flate2::bufread::DeflateDecoder;
use zip::{CompressionMethod, ZipArchive};

use super::broken::{Broken, OverLimit};

/// More parts than any program writes.
const MAX_PARTS: usize = 100_000;

/// The zip file that a workbook is. Names of parts are only looked up, never used as paths.
pub(super) struct Package {
    archive: ZipArchive<BufReader<File>>,
    file: File,
    /// Number of each part, by its name in lower case with `/`.
    parts: HashMap<String, usize>,
}

impl Package {
    pub(super) fn open(file: File) -> Result<Self, Broken> {
        let archive = ZipArchive::new(BufReader::new(file.try_clone()?)).map_err(broken)?;
        if archive.len() > MAX_PARTS {
            return Err(Broken::TooLarge(format!(
                "it has {} parts, at most {MAX_PARTS} are read",
                archive.len()
            )));
        }
        let names = (0..archive.len()).map(|number| {
            let name = archive.name_for_index(number).and_then(Result::ok).unwrap_or_default();
            (part_key(&name), number)
        });
        let parts = names.collect();
        Ok(Self { archive, file, parts })
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.parts.contains_key(&part_key(name))
    }

    /// Begins to read a part, which may hold at most `limit` bytes; `None` where there is no such part.
    ///
    /// Only the part opened last can be read on: all share one place in the file.
    pub(super) fn part(&mut self, name: &str, limit: u64) -> Result<Option<Part>, Broken> {
        let Some(number) = self.parts.get(&part_key(name)) else { return Ok(None) };
        let entry = self.archive.by_index_raw(*number).map_err(broken)?;
        if entry.encrypted() {
            return Err(Broken::damaged("its parts are encrypted"));
        }
        let start = entry.data_start().ok_or_else(|| Broken::damaged("a part of it has no beginning"))?;
        let (method, length, crc) = (entry.compression(), entry.compressed_size(), entry.crc32());
        drop(entry);
        let mut file = self.file.try_clone()?;
        file.seek(SeekFrom::Start(start))?;
        let input = BufReader::with_capacity(64 << 10, file).take(length);
        let data = match method {
            CompressionMethod::Stored => Data::Stored(input),
            CompressionMethod::Deflated => Data::Deflated(DeflateDecoder::new(input)),
            other => return Err(Broken::damaged(format!("its parts are compressed with {other}"))),
        };
        Ok(Some(Part { data, length, crc, checked: Crc::new(), limit, left: u64::MAX }))
    }
}

fn part_key(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_lowercase()
}

fn broken(error: zip::result::ZipError) -> Broken {
    match error {
        zip::result::ZipError::Io(error) => error.into(),
        _ => Broken::damaged("it is no complete zip file"),
    }
}

/// One part, unpacked while it is read; more than its limit, or a wrong checksum, is an error.
pub(super) struct Part {
    data: Data,
    /// Compressed, bytes.
    length: u64,
    crc: u32,
    checked: Crc,
    /// Unpacked, bytes.
    limit: u64,
    /// Bytes that may be read before [`renew`](Self::renew).
    left: u64,
}

enum Data {
    Stored(Take<BufReader<File>>),
    Deflated(DeflateDecoder<Take<BufReader<File>>>),
}

impl Part {
    /// Allows `bytes` more from here on, within the limit of the part.
    pub(super) fn renew(&mut self, bytes: u64) {
        self.left = bytes;
    }

    /// How much of the part was read, from 0 to 1.
    pub(super) fn progress(&self) -> f64 {
        let left = match &self.data {
            Data::Stored(input) => input.limit(),
            Data::Deflated(decoder) => decoder.get_ref().limit(),
        };
        1.0 - left as f64 / self.length.max(1) as f64
    }

    fn unpacked(&self) -> u64 {
        match &self.data {
            Data::Stored(input) => self.length - input.limit(),
            Data::Deflated(decoder) => decoder.total_out(),
        }
    }
}

impl Read for Part {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = match &mut self.data {
            Data::Stored(input) => input.read(buffer)?,
            Data::Deflated(decoder) => decoder.read(buffer)?,
        };
        self.checked.update(buffer.get(..read).unwrap_or_default());
        if read == 0 && !buffer.is_empty() && self.checked.sum() != self.crc {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "checksum"));
        }
        let over = |message| Err(io::Error::other(OverLimit(message)));
        if self.unpacked() > self.limit {
            return over(format!("a part of it unpacks to more than {} MiB", self.limit >> 20));
        }
        self.left = match self.left.checked_sub(read as u64) {
            Some(left) => left,
            None => return over("a row or a text of it is too long".to_owned()),
        };
        Ok(read)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Write as _;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    pub(in super::super) fn package(parts: &[(&str, &[u8])]) -> Package {
        let mut zip = ZipWriter::new(tempfile::tempfile().unwrap());
        for (name, content) in parts {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(content).unwrap();
        }
        Package::open(zip.finish().unwrap()).unwrap()
    }

    fn broken(error: io::Error) -> Broken {
        error.into()
    }

    #[test]
    fn a_part_unpacks_to_its_limit_and_no_further() {
        let content = vec![b' '; 3 << 20];
        let mut package = package(&[("a/b.xml", &content)]);
        let mut part = package.part("\\A\\B.xml", 3 << 20).unwrap().unwrap();
        assert_eq!(part.read_to_end(&mut Vec::new()).unwrap(), content.len());
        assert!((part.progress() - 1.0).abs() < 1e-9);
        let mut part = package.part("a/b.xml", (3 << 20) - 1).unwrap().unwrap();
        let error = part.read_to_end(&mut Vec::new()).unwrap_err();
        assert!(matches!(broken(error), Broken::TooLarge(_)));
        let mut part = package.part("a/b.xml", u64::MAX).unwrap().unwrap();
        part.renew(1 << 20);
        assert!(matches!(broken(part.read_to_end(&mut Vec::new()).unwrap_err()), Broken::TooLarge(_)));
        assert!(package.part("a/c.xml", 1).unwrap().is_none());
    }
}
