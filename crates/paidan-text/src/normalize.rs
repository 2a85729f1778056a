use crate::alignment::{AlignedText, Alignment};

/// Brings spelling variants that carry no meaning to one form.
///
/// - runs of blanks, tabs and line breaks, U+3000 included, become one space; none at either end;
/// - full-width letters, digits and signs become ASCII, except the punctuation `，！？：；（）`, which is
///   the ordinary form in Chinese text;
/// - control characters, zero-width and bidirectional marks and variation selectors are left out.
///
/// Normalising twice changes nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Normalizer;

enum Class {
    Keep,
    Blank,
    Invisible,
    Wide(char),
}

impl Normalizer {
    /// The normalised text and its alignment to `text`.
    pub fn normalize(&self, text: &str) -> (String, Alignment) {
        let mut out = AlignedText::with_capacity(text.len());
        // Bytes of `text` from here up to the current character are to be copied unchanged.
        let mut copy_from = 0;
        let mut pending_blank: Option<std::ops::Range<usize>> = None;
        for (at, c) in text.char_indices() {
            let class = classify(c);
            let end = at + c.len_utf8();
            if !matches!(class, Class::Keep) {
                out.copy(text.get(copy_from..at).unwrap_or_default(), copy_from);
                copy_from = end;
            }
            match class {
                Class::Invisible => {}
                Class::Blank => match &mut pending_blank {
                    Some(range) => range.end = end,
                    None => pending_blank = Some(at..end),
                },
                Class::Keep | Class::Wide(_) => {
                    if let Some(range) = pending_blank.take() {
                        write_blank(&mut out, text, range);
                    }
                    if let Class::Wide(ascii) = class {
                        out.replace(at..end, ascii.encode_utf8(&mut [0; 4]));
                    }
                }
            }
        }
        out.copy(text.get(copy_from..).unwrap_or_default(), copy_from);
        out.finish()
    }
}

fn write_blank(out: &mut AlignedText, text: &str, range: std::ops::Range<usize>) {
    if out.text().is_empty() {
        return;
    }
    if text.get(range.clone()) == Some(" ") {
        out.copy(" ", range.start);
    } else {
        out.replace(range, " ");
    }
}

fn classify(c: char) -> Class {
    match c {
        // The two blocks that make up nearly all of a complaint come first.
        '\u{4E00}'..='\u{9FFF}' | '!'..='~' => Class::Keep,
        '，' | '！' | '？' | '：' | '；' | '（' | '）' => Class::Keep,
        '\u{FF01}'..='\u{FF5E}' => match char::from_u32(c as u32 - 0xFEE0) {
            Some(ascii) => Class::Wide(ascii),
            None => Class::Keep,
        },
        '\u{FFE5}' => Class::Wide('¥'),
        // Soft hyphen, zero-width and bidirectional marks, word joiner, variation selectors, BOM.
        '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' => {
            Class::Invisible
        }
        '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E0FFF}' => {
            Class::Invisible
        }
        _ if c.is_whitespace() => Class::Blank,
        _ if c.is_control() => Class::Invisible,
        _ => Class::Keep,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn normalized(text: &str) -> String {
        Normalizer.normalize(text).0
    }

    #[test]
    fn folds_width_and_blanks() {
        assert_eq!(normalized("　路灯\r\n\t不亮　"), "路灯 不亮");
        assert_eq!(normalized("车牌ＡＢ１２３，在Ｂ座！"), "车牌AB123，在B座！");
        assert_eq!(normalized("138\u{200b}0000\u{0}1234\u{feff}"), "13800001234");
        assert_eq!(normalized(" \u{3000} "), "");
        assert_eq!(normalized("路灯不亮"), "路灯不亮");
    }

    #[test]
    fn spans_point_into_the_original() {
        let original = "电话　１３８\u{200b}０号";
        let (text, alignment) = Normalizer.normalize(original);
        assert_eq!(text, "电话 1380号");
        let at = text.find("1380").unwrap();
        assert_eq!(&original[alignment.source_range(at..at + 4)], "１３８\u{200b}０");
    }

    proptest! {
        #[test]
        fn is_idempotent_and_aligned(text in "[ -~　-〟一-龥！-～\u{200b}-\u{200f}\u{feff}\u{0}-\u{1f}😀-😏\u{fe0f}]{0,60}") {
            let (once, alignment) = Normalizer.normalize(&text);
            prop_assert_eq!(normalized(&once), once.clone());
            for (at, c) in once.char_indices() {
                let source = alignment.source_range(at..at + c.len_utf8());
                prop_assert!(text.get(source.clone()).is_some(), "{source:?}");
                prop_assert!(!source.is_empty());
            }
        }
    }
}
