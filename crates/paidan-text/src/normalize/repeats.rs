use super::ideographs::{is_chinese_numeral, is_ideograph};
use crate::alignment::AlignedText;

/// Shortest run that is brought down: two of a kind are words, as in 天天 and 谢谢.
const RUN: usize = 3;

/// Characters whose double is a word of its own: longer runs become that.
const DOUBLES: &str = "等谢天太姥爷奶爸妈哥姐弟妹叔舅婆宝星种源滚看试常往刚渐慢仅偷悄默";

/// Brings runs of three or more of one Chinese character to one, or to two where that is a word: 路路路灯灯灯
/// is 路灯, 等等等等 is 等等. Numerals stand for themselves however often, and 某, 口 and 叉 for what was left
/// out, unless three runs and more of one length follow each other: then every character was repeated.
pub(super) fn collapse(text: &str) -> Option<AlignedText> {
    let runs = runs(text);
    let mut out = AlignedText::with_capacity(text.len());
    let mut done = 0;
    for stutter in runs.chunk_by(|run, next| run.count == next.count && run.end() == next.start) {
        let is_stutter = stutter.len() >= 3 && stutter.iter().any(|run| may_collapse(run.c));
        for run in stutter.iter().filter(|run| is_stutter || may_collapse(run.c)) {
            let kept = if !is_stutter && DOUBLES.contains(run.c) { 2 } else { 1 };
            out.copy(text.get(done..run.start)?, done);
            out.replace(run.start..run.end(), text.get(run.start..run.start + kept * run.c.len_utf8())?);
            done = run.end();
        }
    }
    out.copy(text.get(done..)?, done);
    (out.text() != text).then_some(out)
}

struct Run {
    c: char,
    start: usize,
    count: usize,
}

impl Run {
    fn end(&self) -> usize {
        self.start + self.count * self.c.len_utf8()
    }
}

/// The runs of three or more of one Chinese character.
fn runs(text: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let mut count = 1;
        while chars.next_if(|(_, next)| *next == c).is_some() {
            count += 1;
        }
        if count >= RUN && is_ideograph(c) {
            runs.push(Run { c, start, count });
        }
    }
    runs
}

/// Whether a run of `c` says no more than one or two of it.
pub(super) fn may_collapse(c: char) -> bool {
    is_ideograph(c) && !is_chinese_numeral(c) && !"某口叉".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collapsed(text: &str) -> String {
        collapse(text).map_or_else(|| text.to_owned(), |out| out.text().to_owned())
    }

    #[test]
    fn cases() {
        let cases = [
            ("路路路灯灯灯不不不亮亮亮", "路灯不亮"),
            ("啊啊啊啊啊急急急", "啊急"),
            ("等等等等，谢谢谢谢", "等等，谢谢"),
            ("天天天天", "天天"),
            ("五五五号号号楼楼楼住住住户户户，等等等人人人", "五号楼住户，等等人"),
        ];
        for (text, expected) in cases {
            assert_eq!(collapsed(text), expected);
            assert_eq!(collapsed(expected), expected);
        }
    }

    #[test]
    fn left_alone() {
        for text in [
            "天天救救我",
            "二二二号楼一一一室",
            "一一一二二二三三三",
            "111111 aaa www",
            "某某某",
            "口口口",
            "！！！",
            "",
        ] {
            assert!(collapse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_run_points_to_all_of_itself() {
        let text = "路路路灯";
        let (_, alignment) = collapse(text).unwrap().finish();
        assert_eq!(&text[alignment.source_range(0..3)], "路路路");
        assert_eq!(&text[alignment.source_range(3..6)], "灯");
    }
}
