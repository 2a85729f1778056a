use quick_xml::events::Event;

use super::broken::Broken;
use super::package::Part;
use super::text::TextReader;
use super::xml::Xml;
use crate::rows::MAX_RECORD;

/// Unpacked, bytes.
pub(super) const MAX_PART: u64 = 4 << 30;
/// Memory that the texts may take, bytes.
pub(super) const MAX_MEMORY: usize = 1 << 30;

/// The texts that cells point to, end to end.
#[derive(Default)]
pub(super) struct SharedStrings {
    text: String,
    /// Where each text ends.
    ends: Vec<u32>,
}

impl SharedStrings {
    /// Reads the whole part, as cells may point to any text; at most `memory` bytes, or 4 GiB.
    pub(super) fn read(mut input: Part, memory: usize) -> Result<Self, Broken> {
        input.renew(MAX_RECORD as u64);
        let mut xml = Xml::new(input);
        let mut strings = Self::default();
        let mut reader = TextReader::default();
        loop {
            let event = xml.next()?;
            match &event {
                Event::Start(element) if element.local_name().as_ref() == "si" => reader.clear(),
                Event::End(element) if element.local_name().as_ref() == "si" => {
                    strings.push(&reader.text(), memory)?;
                    xml.input_mut().renew(MAX_RECORD as u64);
                }
                Event::Eof => return Ok(strings),
                event => reader.take(event)?,
            }
        }
    }

    fn push(&mut self, text: &str, memory: usize) -> Result<(), Broken> {
        let taken = self.text.len() + text.len() + self.ends.len() * size_of::<u32>();
        match u32::try_from(self.text.len() + text.len()) {
            Ok(end) if taken <= memory => {
                self.text.push_str(text);
                self.ends.push(end);
                Ok(())
            }
            _ => Err(Broken::TooLarge(format!("its texts take more than {} MiB", memory >> 20))),
        }
    }

    /// The text with this number, from 0.
    pub(super) fn get(&self, number: usize) -> Option<&str> {
        let end = *self.ends.get(number)? as usize;
        let start = match number.checked_sub(1) {
            Some(before) => *self.ends.get(before)? as usize,
            None => 0,
        };
        self.text.get(start..end)
    }
}

#[cfg(test)]
mod tests {
    use super::super::package::tests::package;
    use super::*;

    #[test]
    fn memory_is_bounded() {
        let items = "<si><t>路灯</t></si>".repeat(1000);
        let mut package = package(&[("s.xml", format!("<sst>{items}</sst>").as_bytes())]);
        let mut read = |memory| SharedStrings::read(package.part("s.xml", 1 << 20).unwrap().unwrap(), memory);
        let strings = read(10_000).unwrap();
        assert_eq!((strings.get(999), strings.get(1000)), (Some("路灯"), None));
        assert!(matches!(read(9_900), Err(Broken::TooLarge(_))));
    }
}
