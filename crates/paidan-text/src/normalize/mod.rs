//! Spelling variants that carry no meaning are brought to one form; one stage a file.

mod blanks;
mod digits;
mod emoji;
mod enclosed;
mod entities;
mod escapes;
mod fold;
mod ideographs;
mod look_alikes;
mod markup;
mod mojibake;
mod punctuation;
mod repeats;
mod rewrite;
mod scan;

use std::borrow::Cow;

use scan::Needs;

use crate::alignment::{AlignedText, Alignment};

/// Brings spelling variants that carry no meaning to one form.
///
/// In this order, each only where it is needed:
///
/// 1. stretches that were decoded with the wrong character set are repaired, 锟斤拷 and its like taken out;
/// 2. compatibility forms become ordinary ones (NFKC where it is safe: ㎡, ℃, ½ and ① stay), digits of
///    other scripts ASCII, accented letters plain, traditional characters simplified; full-width letters,
///    digits and signs become ASCII, except the punctuation `，！？：；（）`, which is the ordinary form in
///    Chinese text; control characters, zero-width and bidirectional marks, stacked accents and emoji are
///    left out, ☎ is 电话; HTML entities and escapes are decoded, tags and comments taken out; repeated
///    punctuation stands once, and no blank stands beside Chinese punctuation;
/// 3. runs of blanks, tabs and line breaks become one space, none at either end; the line break of a wrapped
///    line goes;
/// 4. runs of three or more of one character become one, or two where that is a word; characters set
///    apart by spaces are closed up;
/// 5. Cyrillic and Greek letters that look Latin, and letters in the place of a number's digits, become what
///    they look like.
///
/// Normalising twice changes nothing, and masks such as `⟦phone⟧` stay as they are.
#[derive(Clone, Copy, Debug, Default)]
pub struct Normalizer;

/// A repair may make new text of which a part can be repaired again; beyond this many rounds it is noise.
const MAX_ROUNDS: usize = 8;

impl Normalizer {
    /// The normalised text and its alignment to `text`.
    pub fn normalize(&self, text: &str) -> (String, Alignment) {
        let mut derived = Derived::new(text);
        for round in 0..MAX_ROUNDS {
            let repaired = derived.needs.repair && derived.apply(mojibake::repair);
            if round > 0 && !repaired {
                break;
            }
            derived.settle();
        }
        let alignment = derived.alignment.unwrap_or_else(|| Alignment::identity(text.len()));
        (derived.text.into_owned(), alignment)
    }
}

/// A text on its way through the stages.
struct Derived<'t> {
    text: Cow<'t, str>,
    /// To the original; `None` where nothing was changed yet.
    alignment: Option<Alignment>,
    needs: Needs,
}

impl<'t> Derived<'t> {
    fn new(text: &'t str) -> Self {
        Self { text: Cow::Borrowed(text), alignment: None, needs: Needs::of(text) }
    }

    /// All stages after the repair, in an order in which none has anything left to do after the last.
    fn settle(&mut self) {
        if self.needs.rewrite {
            self.apply(rewrite::rewrite);
        }
        if self.needs.blanks {
            self.apply(blanks::collapse);
        }
        if self.needs.repeats {
            self.apply(repeats::collapse);
        }
        if self.needs.close_up && self.apply(blanks::close_up) && self.needs.repeats {
            self.apply(repeats::collapse);
        }
        if self.needs.look_alikes {
            self.apply(look_alikes::letters);
            self.apply(look_alikes::digits);
        }
    }

    /// Runs one stage; `false` where it changes nothing.
    fn apply(&mut self, stage: impl FnOnce(&str) -> Option<AlignedText>) -> bool {
        let Some(changed) = stage(&self.text) else { return false };
        let (text, alignment) = changed.finish();
        self.needs = Needs::of(&text);
        self.text = Cow::Owned(text);
        self.alignment = Some(match &self.alignment {
            Some(earlier) => alignment.after(earlier),
            None => alignment,
        });
        true
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
    fn stages_work_together() {
        let cases = [
            ("<p style=\"color:red\">路&nbsp;灯&nbsp;不&nbsp;亮</p>！！！", "路灯不亮！"),
            ("路😡灯不亮👩‍🔧，电话1️⃣3️⃣8️⃣0000١٢٣٤", "路灯不亮，电话13800001234"),
            ("路<b>灯</b>不<br/>亮&lt;br&gt;", "路灯不 亮"),
            ("臺灣路路路燈燈燈不不不亮", "台湾路灯不亮"),
            ("&#36335;\\u706f\\n不亮_x000D_\n", "路灯不亮"),
            ("路&amp;nbsp;灯<!-- <p>注</p> -->不亮<script>if(a<b){x()}</script>。", "路 灯不亮。"),
            ("138&nbsp;ОOОO&nbsp;1234", "138 0000 1234"),
            ("温度<5度，a<b且c>d，3<5>2，A&B", "温度<5度，a<b且c>d，3<5>2，A&B"),
            ("⟦phone⟧⟦id_card⟧ ⟦wechat_or_qq⟧", "⟦phone⟧⟦id_card⟧ ⟦wechat_or_qq⟧"),
            ("路灯不亮<p style=\"margin", "路灯不亮"),
            ("等 \t... 再说", "等……再说"),
            ("时间8：30，路 灯 不 亮 ， 没 用", "时间8:30，路灯不亮，没用"),
            ("第一段_x000D_\n第二段", "第一段第二段"),
        ];
        for (text, expected) in cases {
            assert_eq!(normalized(text), expected, "{text:?}");
            assert_eq!(normalized(expected), expected);
        }
    }

    #[test]
    fn spans_point_into_the_original() {
        let original = "电话　１３８\u{200b}０号";
        let (text, alignment) = Normalizer.normalize(original);
        assert_eq!(text, "电话 1380号");
        let at = text.find("1380").unwrap();
        assert_eq!(&original[alignment.source_range(at..at + 4)], "１３８\u{200b}０");

        let original = "<p>路&amp;nbsp;燈\n不亮</p>，電話138O0OO1234";
        let (text, alignment) = Normalizer.normalize(original);
        assert_eq!(text, "路 灯不亮，电话13800001234");
        let of = |part: &str| {
            let at = text.find(part).unwrap();
            &original[alignment.source_range(at..at + part.len())]
        };
        assert_eq!(of("路 灯"), "路&amp;nbsp;燈");
        assert_eq!(of("灯不亮"), "燈\n不亮");
        assert_eq!(of("13800001234"), "138O0OO1234");
        assert_eq!(of("，"), "，");
    }

    /// What the stages look for, whole and in parts, to be put together in any order.
    fn fragments() -> impl Strategy<Value = String> {
        // Parted by bars; a line goes on after the backslash.
        let parts = "路¦灯¦不亮¦啊¦三¦燈¦後¦臺¦著¦乾¦等¦囗¦锟斤拷¦锟¦烫¦牋¦涓¦鏂¦囧¦ ¦\n¦\r\n¦　¦\t¦\u{A0}¦。¦！¦\
            ？¦!¦…¦.¦——¦-¦~¦,¦，¦<¦>¦<b¦</b>¦<p ¦<br/>¦<!--¦-->¦--¦<script>¦</script>¦style=\"¦\"¦'¦/¦=¦\
            &¦&amp;¦amp;¦&lt;¦lt;¦&gt;¦&#60;¦&#¦#x3C;¦nbsp;¦&nbsp¦;¦&#59¦＆¦；¦&#1072;¦\\¦\\n¦\\u¦4e2d¦\
            003c¦n¦u¦_x¦_x000D_¦000D_¦_¦\\\"¦ud83d¦0¦1¦38¦１¦٣¦①¦❷¦⑴¦O¦o¦l¦I¦|¦○¦〇¦²¦m¦°¦C¦С¦138¦0000¦\
            а¦В¦ο¦a¦b¦é¦ã¦Â¦·¦ä¸¦\u{AD}¦è·¯¦ç¦æ¦\u{81}¦\u{200B}¦\u{FE0F}¦\u{20E3}¦\u{301}¦😡¦👩‍🔧¦☎¦\
            🇨🇳¦⟦phone⟧¦㎡¦ﬁ¦½¦\u{FFFD}¦\u{E000}¦ª¦¨¦⭕¦℅¦·µ¦Æ²»¦ÁÁ";
        prop::collection::vec(prop::sample::select(parts.split('¦').collect::<Vec<_>>()), 0..14)
            .prop_map(|parts| parts.concat())
    }

    type Stage = fn(&str) -> Option<AlignedText>;

    /// A stage that is left out has nothing to do.
    fn check_needs(text: &str) -> Result<(), TestCaseError> {
        let needs = Needs::of(text);
        let stages: [(bool, Stage); 7] = [
            (needs.repair, mojibake::repair),
            (needs.rewrite, rewrite::rewrite),
            (needs.blanks, blanks::collapse),
            (needs.repeats, repeats::collapse),
            (needs.close_up, blanks::close_up),
            (needs.look_alikes, look_alikes::letters),
            (needs.look_alikes, look_alikes::digits),
        ];
        for (place, (needed, stage)) in stages.into_iter().enumerate() {
            prop_assert!(needed || stage(text).is_none(), "stage {place} was left out of {text:?}");
        }
        Ok(())
    }

    fn check(text: &str) -> Result<(), TestCaseError> {
        check_needs(text)?;
        let (once, alignment) = Normalizer.normalize(text);
        prop_assert_eq!(normalized(&once), once.clone(), "{:?}", text);
        let mut reached = 0;
        for (at, c) in once.char_indices() {
            let source = alignment.source_range(at..at + c.len_utf8());
            prop_assert!(text.get(source.clone()).is_some(), "{source:?} {text:?}");
            prop_assert!(!source.is_empty(), "{text:?} {once:?} {at}");
            prop_assert!(source.start >= reached, "{text:?} {once:?} {at}");
            reached = source.start;
        }
        prop_assert!(alignment.source_range(0..once.len()).end <= text.len());
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn is_idempotent_and_aligned(text in fragments()) {
            check(&text)?;
        }

        #[test]
        fn is_idempotent_and_aligned_on_any_characters(text in "\\PC{0,40}|[ -~　-〟一-龥！-～À-ÿ\u{80}-\u{bf}\u{200b}-\u{200f}\u{0}-\u{1f}😀-😏]{0,60}") {
            check(&text)?;
        }

        #[test]
        fn misread_text_is_stable(text in "[一-龥，。a-z0-9]{0,20}", cut in 0..4usize, gbk: bool) {
            let bytes = text.as_bytes().get(cut..).unwrap_or_default();
            let encoding = if gbk { encoding_rs::GBK } else { encoding_rs::WINDOWS_1252 };
            check(&encoding.decode_without_bom_handling(bytes).0)?;
        }
    }
}
