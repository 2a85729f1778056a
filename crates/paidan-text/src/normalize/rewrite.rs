use std::ops::Range;

use super::fold::{Fold, fold};
use super::ideographs::{AMBIGUOUS, Ideographs, is_chinese_numeral};
use super::markup::{Markup, Removal};
use super::{entities, escapes, punctuation};
use crate::alignment::AlignedText;

/// Folds characters, decodes entities and escapes, takes out markup, and joins repeated punctuation.
///
/// The text is written from left to right, and after each character the end of what is written is looked
/// at: where a rule matches there, its result takes the place of what matched, and is looked at again. So
/// nothing that is written matches a rule, however deep entities, tags and escapes are nested in one
/// another, and each character is looked at a bounded number of times.
pub(super) fn rewrite(text: &str) -> Option<AlignedText> {
    let mut rewriter = Rewriter { out: AlignedText::with_capacity(text.len()), ..Rewriter::default() };
    let traditional = is_traditional(text);
    let table = Ideographs::get();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        // What no rule touches is copied whole.
        let plain = rest.find(|c| !table.is_plain(c)).unwrap_or(rest.len());
        rewriter.copy(rest.get(..plain).unwrap_or_default(), at);
        at += plain;
        let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else { break };
        let source = at..at + c.len_utf8();
        at = source.end;
        match traditional.then(|| settled(c, rewriter.out.text(), text.get(source.end..))).flatten() {
            Some(simplified) => rewriter.feed(Piece { c: simplified, source, copied: false }),
            None => rewriter.feed(Piece { c, source, copied: true }),
        }
    }
    let out = rewriter.finish();
    (out.text() != text).then_some(out)
}

/// Whether enough characters are traditional for the ambiguous ones to be so too.
fn is_traditional(text: &str) -> bool {
    let table = Ideographs::get();
    text.chars().filter(|c| table.simplified(*c).is_some()).take(4).count() == 4
}

/// The simplified form of an ambiguous character in a traditional text.
fn settled(c: char, before: &str, after: Option<&str>) -> Option<char> {
    let (_, simplified) = AMBIGUOUS.iter().find(|(ambiguous, _)| *ambiguous == c)?;
    let before = before.chars().next_back().unwrap_or(' ');
    let after = after.and_then(|after| after.chars().next()).unwrap_or(' ');
    let kept = match c {
        '著' => "显名原专编论巨译拙遗土昭卓合".contains(before) || "名作者稱称書书述錄录".contains(after),
        '乾' => "坤隆陵縣县".contains(after),
        _ => false,
    };
    (!kept).then_some(*simplified)
}

#[derive(Default)]
struct Rewriter {
    out: AlignedText,
    /// What is still to be written, the last first.
    pending: Vec<Piece>,
    markup: Markup,
    /// `&nbsp` was just read: its semicolon may follow.
    skip_semicolon: bool,
}

struct Piece {
    c: char,
    source: Range<usize>,
    copied: bool,
}

impl Rewriter {
    /// Copies Chinese characters that no rule is about.
    fn copy(&mut self, plain: &str, start: usize) {
        if let Some(first) = plain.chars().next() {
            self.skip_semicolon = false;
            self.settle(Some(first));
            self.out.copy(plain, start);
        }
    }

    fn feed(&mut self, piece: Piece) {
        self.pending.push(piece);
        while let Some(piece) = self.pending.pop() {
            self.step(piece);
        }
    }

    fn step(&mut self, piece: Piece) {
        if std::mem::take(&mut self.skip_semicolon) && matches!(piece.c, ';' | '；') {
            if self.out.text().ends_with(' ') {
                let blank = self.cut(1);
                self.out.replace(blank.start..piece.source.end, " ");
            }
            return;
        }
        if let Some((bytes, joined)) = joined(self.out.text(), piece.c) {
            let start = if bytes == 0 { piece.source.start } else { self.cut(bytes).start };
            return self.pending.push(Piece { c: joined, source: start..piece.source.end, copied: false });
        }
        match fold(piece.c) {
            Fold::Keep => self.write(piece),
            Fold::Drop => {}
            Fold::One(c) => self.pending.push(Piece { c, copied: false, ..piece }),
            Fold::Many(text) => self.pend(&text, &piece.source),
        }
    }

    /// Writes a character that folds to itself, then applies the rules that it completes.
    fn write(&mut self, Piece { c, source, copied }: Piece) {
        self.settle(Some(c));
        if c.is_whitespace() && self.out.text().ends_with(punctuation::is_chinese) {
            return;
        }
        if punctuation::is_chinese(c) {
            self.cut_blanks();
        }
        if c.is_ascii_digit() && punctuation::is_colon_in_number(self.out.text()) {
            let colon = self.cut('：'.len_utf8());
            self.out.replace(colon, ":");
        }
        if let Some((bytes, mark)) = punctuation::absorb(self.out.text(), c) {
            let start = if bytes == 0 { source.start } else { self.cut(bytes).start };
            if mark.starts_with(punctuation::is_chinese) {
                self.cut_blanks();
            }
            self.out.replace(start..source.end, mark);
            if c == '-' {
                self.markup.dash(self.out.text());
            }
            return;
        }
        let mut buffer = [0; 4];
        let written: &str = c.encode_utf8(&mut buffer);
        if copied {
            self.out.copy(written, source.start);
        } else {
            self.out.replace(source, written);
        }
        let text = self.out.text();
        match c {
            '<' => self.markup.opened(text.len() - 1),
            '-' => self.markup.dash(text),
            '>' => {
                if let Some(removal) = self.markup.closed(text) {
                    self.remove(removal);
                }
            }
            ';' | '；' => {
                if let Some((bytes, decoded)) = entities::decode(text) {
                    let source = self.cut(bytes);
                    self.pend(decoded.as_ref(), &source);
                }
            }
            'p' if text.ends_with("&nbsp") => {
                let source = self.cut("&nbsp".len());
                self.blank(source, " ");
                self.skip_semicolon = true;
            }
            '_' | '/' | '"' | '0'..='9' | 'a'..='f' | 'A'..='F' => {
                if let Some((bytes, decoded)) = escapes::decode(text, c) {
                    let source = self.cut(bytes);
                    self.pending.push(Piece { c: decoded, source, copied: false });
                }
            }
            _ => {}
        }
    }

    fn finish(mut self) -> AlignedText {
        self.settle(None);
        while let Some(start) = self.markup.cut_off(self.out.text()) {
            self.out.cut(start);
            self.markup.shorten(start);
        }
        self.out
    }

    /// Decodes an escaped line break that `next` follows.
    fn settle(&mut self, next: Option<char>) {
        if let Some((bytes, control)) = escapes::settle(self.out.text(), next) {
            let escape = self.cut(bytes);
            self.blank(escape, control);
        }
    }

    /// Writes a blank that is not read again.
    fn blank(&mut self, source: Range<usize>, blank: &str) {
        if !self.out.text().ends_with(punctuation::is_chinese) {
            self.out.replace(source, blank);
        }
    }

    fn remove(&mut self, removal: Removal) {
        let source = self.out.cut(removal.start);
        self.markup.shorten(removal.start);
        if removal.blank {
            self.pend(" ", &source);
        }
    }

    /// Takes back the last `bytes`.
    fn cut(&mut self, bytes: usize) -> Range<usize> {
        let start = self.out.text().len().saturating_sub(bytes);
        let source = self.out.cut(start);
        self.markup.shorten(start);
        source
    }

    fn cut_blanks(&mut self) {
        let text = self.out.text();
        self.cut(text.len() - text.trim_end().len());
    }

    fn pend(&mut self, text: &str, source: &Range<usize>) {
        let pieces = text.chars().rev().map(|c| Piece { c, source: source.clone(), copied: false });
        self.pending.extend(pieces);
    }
}

/// The character that `c` makes together with the end of `before`, and how many bytes of that it takes:
/// m² is ㎡, °C is ℃, and circles among digits are zeros.
fn joined(before: &str, c: char) -> Option<(usize, char)> {
    let unit = |sign| {
        let rest = before.strip_suffix('m')?;
        (!rest.ends_with(|c: char| c.is_ascii_alphabetic())).then_some((1, sign))
    };
    let degree = |sign| before.ends_with('°').then_some(('°'.len_utf8(), sign));
    match c {
        '²' => unit('㎡'),
        '³' => unit('㎥'),
        // Cyrillic and Greek letters look the same.
        'C' | 'С' | 'Ϲ' => degree('℃'),
        'F' | 'Ϝ' => degree('℉'),
        '〇' | '○' => {
            let last = before.chars().next_back()?;
            if last.is_ascii_digit() {
                Some((0, '0'))
            } else {
                (c != '〇' && is_chinese_numeral(last)).then_some((0, '〇'))
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(text: &str) -> String {
        rewrite(text).map_or_else(|| text.to_owned(), |out| out.text().to_owned())
    }

    #[test]
    fn cases() {
        let cases = [
            ("房子１２０m²，阳台５m³，38°C、38˚С", "房子120㎡，阳台5㎥，38℃、38℃"),
            ("138〇○◯⭕1234，2○1○年", "13800001234，2010年"),
            ("二○二○年、二〇二〇年", "二〇二〇年、二〇二〇年"),
            ("○路灯 ○井盖", "○路灯 ○井盖"),
            ("&lt;p&gt;路灯&lt;/p&gt;不亮", " 路灯 不亮"),
            ("&amp;amp;lt;b&amp;gt;路灯&#60;/b&#62;", "路灯"),
            ("＆ｎｂｓｐ；路灯&nbsp&nbsp;不亮&nb\u{200B}sp;", " 路灯  不亮 "),
            ("\\u003cb\\u003e路\\u706f", "路灯"),
            ("&#&#53;9;", ";"),
            ("他手拿著東西，請開發商還給業主，著名品牌", "他手拿着东西，请开发商还给业主，著名品牌"),
            ("乾坤小区，明昇路，土著", "乾坤小区，明昇路，土著"),
        ];
        for (text, expected) in cases {
            assert_eq!(rewritten(text), expected, "{text:?}");
        }
    }

    #[test]
    fn nesting_costs_no_stack_and_no_time() {
        let deep = "&amp;".to_owned() + &"amp;".repeat(200_000) + "lt;";
        assert_eq!(rewritten(&deep), "<");
        let chain = "&#59".repeat(200_000) + ";";
        assert_eq!(rewritten(&chain), ";");
        for hostile in ["<", ">", "<p a=\">", "<!--", "-->", "&", "\\u", "_x", "<script>", "\\n", "<p a='"] {
            rewrite(&hostile.repeat(100_000));
        }
    }

    #[test]
    fn what_is_replaced_points_to_all_that_it_stands_for() {
        let text = "路<b>灯&amp;nbsp;</b>8！！！１\\u4eae";
        let out = rewrite(text).unwrap();
        let (new, alignment) = out.finish();
        assert_eq!(new, "路灯 8！1亮");
        let pieces: Vec<&str> =
            new.char_indices().map(|(at, c)| &text[alignment.source_range(at..at + c.len_utf8())]).collect();
        assert_eq!(pieces, ["路", "灯", "&amp;nbsp;", "8", "！！！", "１", "\\u4eae"]);
    }
}
