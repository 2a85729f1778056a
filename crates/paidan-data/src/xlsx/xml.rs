use std::io::{BufReader, Read};

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::broken::Broken;

/// Deeper nesting than any workbook has.
const MAX_DEPTH: usize = 64;

/// The elements and texts of one part, one after another.
///
/// Entities other than those of XML itself are refused together with the document type that would declare
/// them, so that none grows.
pub(super) struct Xml<R> {
    reader: Reader<BufReader<R>>,
    buffer: Vec<u8>,
    depth: usize,
}

impl<R: Read> Xml<R> {
    pub(super) fn new(input: R) -> Self {
        let mut reader = Reader::from_reader(BufReader::with_capacity(64 << 10, input));
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buffer: Vec::new(), depth: 0 }
    }

    /// What the part is read from.
    pub(super) fn input(&self) -> &R {
        self.reader.get_ref().get_ref()
    }

    pub(super) fn input_mut(&mut self) -> &mut R {
        self.reader.get_mut().get_mut()
    }

    /// The next event; [`Event::Eof`] at the end. Empty elements give a beginning and an end.
    pub(super) fn next(&mut self) -> Result<Event<'_>, Broken> {
        self.buffer.clear();
        let event = self.reader.read_event_into(&mut self.buffer)?;
        match &event {
            Event::Start(_) => self.depth += 1,
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            Event::DocType(_) => return Err(Broken::damaged("its XML declares a document type")),
            Event::Eof if self.depth > 0 => return Err(Broken::damaged("its XML is broken or cut off")),
            _ => {}
        }
        if self.depth > MAX_DEPTH {
            return Err(Broken::damaged("its XML is nested too deep"));
        }
        Ok(event)
    }

    /// Calls `each` with every element that begins, to the end of the part.
    pub(super) fn for_each_start(
        mut self,
        mut each: impl FnMut(&BytesStart<'_>) -> Result<(), Broken>,
    ) -> Result<(), Broken> {
        loop {
            match self.next()? {
                Event::Start(element) => each(&element)?,
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }
}

/// Adds the characters of a text event to `text`; other events add nothing.
pub(super) fn push_text(event: &Event<'_>, text: &mut String) -> Result<(), Broken> {
    match event {
        Event::Text(part) => text.push_str(&part.xml10_content()),
        Event::CData(part) => text.push_str(&part.xml10_content()),
        Event::GeneralRef(reference) => {
            let c = match &**reference {
                "lt" => '<',
                "gt" => '>',
                "amp" => '&',
                "apos" => '\'',
                "quot" => '"',
                _ => match reference.resolve_char_ref() {
                    Ok(Some(c)) => c,
                    _ => return Err(Broken::damaged("its XML has an entity that stands for no character")),
                },
            };
            text.push(c);
        }
        _ => {}
    }
    Ok(())
}

/// The value of the attribute with this name, without or with any prefix.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Result<Option<String>, Broken> {
    for attribute in element.attributes() {
        let attribute = attribute?;
        if attribute.key.local_name().as_ref() == name {
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|_| Broken::damaged("its XML is broken or cut off"))?;
            return Ok(Some(value.into_owned()));
        }
    }
    Ok(None)
}
