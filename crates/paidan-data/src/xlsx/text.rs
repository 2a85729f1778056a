use std::borrow::Cow;

use quick_xml::events::Event;

use super::broken::Broken;
use super::xml::push_text;

/// Puts together the text of a shared or inline string: of all its runs, without the signs of pronunciation.
#[derive(Default)]
pub(super) struct TextReader {
    written: String,
    in_text: bool,
    in_phonetic: bool,
}

impl TextReader {
    pub(super) fn clear(&mut self) {
        *self = Self { written: std::mem::take(&mut self.written), ..Self::default() };
        self.written.clear();
    }

    /// Takes the next event inside the string.
    pub(super) fn take(&mut self, event: &Event<'_>) -> Result<(), Broken> {
        match event {
            Event::Start(element) => match element.local_name().as_ref() {
                "t" => self.in_text = !self.in_phonetic,
                "rPh" => self.in_phonetic = true,
                _ => {}
            },
            Event::End(element) => match element.local_name().as_ref() {
                "t" => self.in_text = false,
                "rPh" => self.in_phonetic = false,
                _ => {}
            },
            event if self.in_text => push_text(event, &mut self.written)?,
            _ => {}
        }
        Ok(())
    }

    pub(super) fn text(&self) -> Cow<'_, str> {
        unescaped(&self.written)
    }
}

/// Characters that XML cannot hold are written `_x000D_`; ECMA-376 part 1, 22.9.2.19.
pub(super) fn unescaped(written: &str) -> Cow<'_, str> {
    if !written.contains("_x") {
        return Cow::Borrowed(written);
    }
    let mut text = String::with_capacity(written.len());
    let mut rest = written;
    while let Some((before, after)) = rest.split_once("_x") {
        text.push_str(before);
        match escaped(after) {
            Some(c) => {
                text.push(c);
                rest = after.get(5..).unwrap_or_default();
            }
            None => {
                text.push_str("_x");
                rest = after;
            }
        }
    }
    text.push_str(rest);
    Cow::Owned(text)
}

/// The character of `000D_…`.
fn escaped(after: &str) -> Option<char> {
    let digits = after.get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    after.get(4..5).filter(|end| *end == "_")?;
    char::from_u32(u32::from_str_radix(digits, 16).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_stand_for_characters() {
        assert_eq!(unescaped("上_x000D_\n下"), "上\r\n下");
        assert_eq!(unescaped("_x005F_x000D_"), "_x000D_");
        assert_eq!(unescaped("a_x00_x000a_好_x_xD83D_"), "a_x00\n好_x_xD83D_");
        assert_eq!(unescaped("_x中文中文中_"), "_x中文中文中_");
        assert_eq!(unescaped("没有"), "没有");
    }
}
