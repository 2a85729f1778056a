use std::{fmt, io};

/// Why a workbook cannot be read, or read on.
#[derive(Debug)]
pub(crate) enum Broken {
    /// The operating system could not read on.
    Io(io::Error),
    /// Not what Excel or a program like it writes; what was found, in words.
    Damaged(String),
    /// Larger than is read; what is, in words.
    TooLarge(String),
}

/// A limit that was met while a part was read; travels inside an [`io::Error`].
#[derive(Debug)]
pub(super) struct OverLimit(pub(super) String);

impl fmt::Display for OverLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for OverLimit {}

impl Broken {
    pub(super) fn damaged(found: impl Into<String>) -> Self {
        Self::Damaged(found.into())
    }
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        if let Some(limit) = error.get_ref().and_then(|inner| inner.downcast_ref::<OverLimit>()) {
            return Self::TooLarge(limit.0.clone());
        }
        match error.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof => {
                Self::damaged("its compressed data is broken or cut off")
            }
            _ => Self::Io(error),
        }
    }
}

impl From<quick_xml::Error> for Broken {
    /// Says nothing of the text: the parser's own words may quote it.
    fn from(error: quick_xml::Error) -> Self {
        match error {
            quick_xml::Error::Io(error) => match error.get_ref() {
                Some(inner) if inner.is::<OverLimit>() => Self::TooLarge(inner.to_string()),
                _ => io::Error::from(error.kind()).into(),
            },
            quick_xml::Error::Encoding(_) => Self::damaged("its XML is not UTF-8"),
            _ => Self::damaged("its XML is broken or cut off"),
        }
    }
}

impl From<quick_xml::events::attributes::AttrError> for Broken {
    fn from(_: quick_xml::events::attributes::AttrError) -> Self {
        Self::damaged("its XML is broken or cut off")
    }
}
