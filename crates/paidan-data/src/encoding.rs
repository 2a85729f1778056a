//! Text in the encodings that hotlines' files have, read as UTF-8.

mod detect;
mod transcoder;

use std::fmt;

pub(crate) use self::transcoder::Transcoder;

/// The encoding of a text file, as it was found by reading it.
///
/// A byte order mark decides. Without one, a file of ASCII characters with a zero byte each is UTF-16;
/// else the lines of the first 64 KiB from the first character that is not ASCII on vote for UTF-8, GB18030
/// (which holds GBK and GB 2312) or Big5. A file has one encoding: a row in another is a bad row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Encoding {
    /// UTF-8, ASCII included.
    Utf8,
    /// UTF-16, little end first.
    Utf16Le,
    /// UTF-16, big end first.
    Utf16Be,
    /// GB18030, with GBK and GB 2312 in it.
    Gb18030,
    /// Big5 with the Hong Kong supplement.
    Big5,
}

impl Encoding {
    /// The name that `iconv` knows.
    pub fn name(self) -> &'static str {
        self.codec().name()
    }

    fn codec(self) -> &'static encoding_rs::Encoding {
        match self {
            Self::Utf8 => encoding_rs::UTF_8,
            Self::Utf16Le => encoding_rs::UTF_16LE,
            Self::Utf16Be => encoding_rs::UTF_16BE,
            Self::Gb18030 => encoding_rs::GB18030,
            Self::Big5 => encoding_rs::BIG5,
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gb18030 => "GB18030",
            other => other.name(),
        })
    }
}
