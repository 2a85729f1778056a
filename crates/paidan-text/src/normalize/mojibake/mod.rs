//! Text that was decoded with the wrong character set.

mod decode;
mod gbk;
mod latin;

use std::ops::Range;

use decode::Piece;

use super::ideographs::Ideographs;
use crate::alignment::AlignedText;

/// Repairs stretches of UTF-8 that were read as Latin-1, Windows-1252 or GBK and of GBK read as Latin-1, and
/// takes out what decoding leaves where bytes were lost.
///
/// A stretch is repaired only where its bytes decode exactly and spell plausible Chinese; real Chinese text
/// hardly ever does so.
pub(super) fn repair(text: &str) -> Option<AlignedText> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let mut out = AlignedText::with_capacity(text.len());
    let mut done = 0;
    let mut at = 0;
    // Whether a part of the text is GBK read as Latin-1, so that less of it elsewhere is enough.
    let mut is_gbk = false;
    while let Some(&(_, c)) = chars.get(at) {
        // Only at the head of a text may misread text begin with anything else.
        if at > 0 && !may_begin(c) {
            at += 1;
            continue;
        }
        let found = residue(&chars, at)
            .or_else(|| latin::stretch(&chars, at, &mut is_gbk))
            .or_else(|| gbk::stretch(&chars, at));
        let Some(Stretch { len, pieces }) = found.filter(|stretch| stretch.len > 0) else {
            at += 1;
            continue;
        };
        let start = chars.get(at)?.0;
        at += len;
        out.copy(text.get(done..start)?, done);
        done = chars.get(at).map_or(text.len(), |(end, _)| *end);
        for Piece { source, text } in pieces {
            out.replace(source, &text);
        }
    }
    out.copy(text.get(done..)?, done);
    (out.text() != text).then_some(out)
}

/// Whether `c`, or the two before it, may be what [`repair`] looks for; ideographs apart.
pub(super) fn is_suspect(c: char) -> bool {
    matches!(c, '\u{C0}'..='\u{FF}') && !matches!(c, '×' | '÷')
}

fn may_begin(c: char) -> bool {
    is_suspect(c) || matches!(c, '烫' | '屯' | '\u{A1}'..='\u{FF}') || Ideographs::get().is_suspect(c)
}

/// What to put in the place of the next `len` characters.
struct Stretch {
    len: usize,
    pieces: Vec<Piece>,
}

/// What is left of text that cannot be repaired: U+FFFD in UTF-8 read as GBK (锟斤拷), memory that was never
/// written read as GBK (runs of 烫 or 屯), no-break spaces read as GBK (牋).
fn residue(chars: &[(usize, char)], at: usize) -> Option<Stretch> {
    let rest = chars.get(at..)?.iter().map(|(_, c)| *c);
    let gone = |len| Some(Stretch { len, pieces: Vec::new() });
    match rest.clone().next()? {
        '锟' => {
            let whole = rest.clone().zip("锟斤拷".chars().cycle()).take_while(|(c, lost)| c == lost).count();
            gone(if whole >= 3 { whole } else { 0 })
        }
        filler @ ('烫' | '屯') => {
            let run = rest.take_while(|c| *c == filler).count();
            gone(if run >= 4 { run } else { 0 })
        }
        '牋' => {
            let len = rest.take_while(|c| matches!(c, '牋' | '?')).count();
            Some(Stretch {
                len,
                pieces: vec![Piece { source: bytes(chars, at, len)?, text: " ".to_owned() }],
            })
        }
        _ => None,
    }
}

/// The bytes of `len` characters from the one at `at` on.
fn bytes(chars: &[(usize, char)], at: usize, len: usize) -> Option<Range<usize>> {
    let (start, _) = chars.get(at)?;
    let (last, c) = chars.get((at + len).checked_sub(1)?)?;
    Some(*start..last + c.len_utf8())
}

#[cfg(test)]
mod tests {
    use encoding_rs::{GBK, WINDOWS_1252};

    use super::*;

    fn repaired(text: &str) -> String {
        repair(text).map_or_else(|| text.to_owned(), |out| out.text().to_owned())
    }

    const CLEAN: [&str; 6] = [
        "路灯不亮，已经三天了。",
        "中文",
        "小区物业乱收停车费！请有关部门调查处理",
        "垃圾",
        "楼上12栋漏水，电话13800001234",
        "“噪音”扰民……",
    ];

    fn latin1(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| char::from(*byte)).collect()
    }

    #[test]
    fn whole_texts() {
        for clean in CLEAN {
            assert_eq!(repaired(&latin1(clean.as_bytes())), clean);
            let (windows, _) = WINDOWS_1252.decode_without_bom_handling(clean.as_bytes());
            assert_eq!(repaired(&windows), clean);
        }
        for clean in ["路灯不亮，已经三天了。", "小区物业乱收停车费", "楼上12栋漏水"]
        {
            assert_eq!(repaired(&latin1(&GBK.encode(clean).0)), clean);
        }
        // Read as GBK, only what is an even number of bytes in each stretch is whole.
        for clean in ["路灯不亮", "中文", "小区物业乱收停车费请有关部门调查处理", "垃圾", "公交车a不停站b"]
        {
            let (read, _) = GBK.decode_without_bom_handling(clean.as_bytes());
            assert_eq!(repaired(&read), clean, "{read}");
        }
    }

    #[test]
    fn stretches_within_a_text() {
        let head = latin1("路灯".as_bytes());
        assert_eq!(repaired(&format!("{head}不亮")), "路灯不亮");
        assert_eq!(repaired(&format!("我家“{head}”不亮")), "我家“路灯”不亮");
        // Cut off in the middle of a character, at either end.
        assert_eq!(repaired(&latin1(&"路灯不亮".as_bytes()[2..])), "灯不亮");
        assert_eq!(repaired(&latin1(&"路灯不亮".as_bytes()[..11])), "路灯不");
        assert_eq!(repaired(&format!("路灯不亮{}", latin1(&"请".as_bytes()[..2]))), "路灯不亮");
        assert_eq!(repaired(&format!("{}路灯", latin1("\u{FEFF}".as_bytes()))), "\u{FEFF}路灯");
        let (cut, _) = GBK.decode_without_bom_handling("路灯不".as_bytes());
        assert_eq!(repaired(&cut), "路灯");
        assert_eq!(repaired(&cut.replace('\u{FFFD}', "?请处理")), "路灯请处理");
        assert_eq!(repaired("50Â°以上，王Â·李"), "50°以上，王·李");
    }

    #[test]
    fn what_cannot_be_repaired() {
        assert_eq!(repaired("锟斤拷锟斤拷路灯不亮锟斤拷锟"), "路灯不亮");
        assert_eq!(repaired("路灯不亮烫烫烫烫烫烫"), "路灯不亮");
        assert_eq!(repaired("屯屯屯屯屯路灯"), "路灯");
        assert_eq!(repaired("牋牋牋路灯牋?不亮"), " 路灯 不亮");
    }

    #[test]
    fn left_alone() {
        for text in [
            "张锟，1斤拷贝",
            "水烫烫的，屯屯",
            "café naïve über Ångström",
            "30°C ± 5",
            "涵洞积水，淮河渔船，浏阳河",
            "“”‘’——……·×÷",
            "手机138××××1234",
            "滨濂村北路",
            "玻璃幕墙",
            "泾渭分明",
            "湖滨浏览",
            "Ã",
            "ä",
            "São Paulo",
            "Âge",
            "",
            "涓涓细流",
        ] {
            assert_eq!(repaired(text), text);
        }
    }

    #[test]
    fn pieces_point_to_what_was_misread() {
        let text = format!("好{}", latin1("路灯".as_bytes()));
        let (new, alignment) = repair(&text).unwrap().finish();
        assert_eq!(new, "好路灯");
        assert_eq!(&text[alignment.source_range(3..6)], latin1("路".as_bytes()));
        let text = GBK.decode_without_bom_handling("路灯不亮".as_bytes()).0;
        let (_, alignment) = repair(&text).unwrap().finish();
        assert_eq!(text[alignment.source_range(0..3)].chars().count(), 3);
    }
}
