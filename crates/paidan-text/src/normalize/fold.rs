use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{decompose_compatible, is_combining_mark};

use super::ideographs::Ideographs;
use super::{digits, emoji, enclosed};

/// What becomes of a character wherever it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fold {
    Keep,
    Drop,
    One(char),
    Many(String),
}

/// Folds spelling variants of single characters: NFKC (UAX #15) where it is safe, letters freed of accents,
/// other scripts' digits, traditional characters, dashes, quotes and dots; drops what cannot be seen and
/// what says nothing.
///
/// Every character of the result folds to itself.
pub(super) fn fold(c: char) -> Fold {
    match known(c) {
        Some(fold) => fold,
        None => compatible(c),
    }
}

fn known(c: char) -> Option<Fold> {
    let one = |d| Some(if d == c { Fold::Keep } else { Fold::One(d) });
    match c {
        '\t' | '\n' | '\u{B}' | '\u{C}' | '\r' | ' '..='~' => Some(Fold::Keep),
        '\u{4E00}'..='\u{9FFF}' => Ideographs::get().simplified(c).map_or(Some(Fold::Keep), one),
        '，' | '。' | '、' | '！' | '？' | '：' | '；' | '（' | '）' | '“' | '”' | '‘' | '’' | '—' | '…' => {
            Some(Fold::Keep)
        }
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).and_then(one),
        _ if digits::value(c).is_some() => digits::value(c).and_then(|value| one(char::from(b'0' + value))),
        _ if is_invisible(c) => Some(Fold::Drop),
        _ if c.is_whitespace() => Some(Fold::Keep),
        // Blank pattern of Braille and fillers of Hangul.
        '\u{2800}' | '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}' => one(' '),
        _ if emoji::is_telephone(c) => Some(Fold::Many("电话".to_owned())),
        _ if emoji::is_emoji(c) => Some(Fold::Drop),
        _ => enclosed::canonical(c).and_then(one).or_else(|| sign(c).and_then(one)).or_else(|| kept(c)),
    }
}

/// Signs that differ in print only, or that NFKC would turn into something else.
fn sign(c: char) -> Option<char> {
    Some(match c {
        '‐'..='–' | '−' | '﹣' | '⁃' => '-',
        '―' | '─' | '━' | '︱' | '︲' => '—',
        '‥' | '⋯' | '︙' => '…',
        '„' | '‟' | '〝' | '〞' | '〟' => '"',
        '‚' | '‛' | '´' | 'ˊ' | 'ˋ' => '\'',
        '「' | '﹁' | '｢' => '“',
        '」' | '﹂' | '｣' => '”',
        '『' | '﹃' => '‘',
        '』' | '﹄' => '’',
        '‧' | '•' | '∙' | '⋅' | '・' | '･' | '·' | '᛫' => '·',
        '﹑' | '､' | '︑' => '、',
        '｡' | '︒' => '。',
        '﹐' | '︐' => '，',
        '﹔' | '︔' => '；',
        '﹕' | '︓' | '︰' => '：',
        '﹖' | '︖' => '？',
        '﹗' | '︕' => '！',
        '﹙' | '︵' => '（',
        '﹚' | '︶' => '）',
        '◯' | '⭕' => '○',
        '∶' => ':',
        '∼' | '〜' | '〰' => '~',
        '⁄' | '∕' => '/',
        '∣' | '￨' => '|',
        '℅' => '%',
        '˚' | 'º' => '°',
        'ª' | 'ɑ' => 'a',
        'ı' | 'ɪ' => 'i',
        'ɡ' => 'g',
        'ø' => 'o',
        'Ø' => 'O',
        'đ' | 'ð' => 'd',
        'Đ' | 'Ð' => 'D',
        'ł' => 'l',
        'Ł' => 'L',
        '￥' => '¥',
        // Radicals that stand for characters in text taken from PDF: EquivalentUnifiedIdeograph.txt of the
        // Unicode character database, simplified forms.
        '⺒' => '巳',
        '⺓' => '幺',
        '⺝' => '月',
        '⺟' => '母',
        '⺠' => '民',
        '⺩' => '王',
        '⺶' => '羊',
        '⺼' => '肉',
        '⻁' => '虎',
        '⻄' => '西',
        '⻅' => '见',
        '⻆' | '⻇' => '角',
        '⻉' => '贝',
        '⻋' => '车',
        '⻑' | '⻒' | '⻓' => '长',
        '⻔' => '门',
        '⻗' => '雨',
        '⻘' => '青',
        '⻙' => '韦',
        '⻚' => '页',
        '⻛' => '风',
        '⻜' => '飞',
        '⻝' | '⻞' | '⻟' => '食',
        '⻡' => '首',
        '⻢' => '马',
        '⻣' => '骨',
        '⻤' => '鬼',
        '⻥' => '鱼',
        '⻦' => '鸟',
        '⻧' => '卤',
        '⻨' => '麦',
        '⻩' => '黄',
        '⻪' => '黾',
        '⻫' | '⻬' => '齐',
        '⻭' | '⻮' => '齿',
        '⻯' | '⻰' => '龙',
        '⻲' | '⻳' => '龟',
        _ => return None,
    })
}

/// Signs that carry a meaning which NFKC would lose or glue to a number: 3½, 5㎡, 20℃.
fn kept(c: char) -> Option<Fold> {
    let letters = |text: &str| Some(Fold::Many(text.to_owned()));
    match c {
        '¼'..='¾' | '⅐'..='⅟' | '↉' | '℃' | '℉' | '™' | '℠' | '″' | '‴' | '⁗' => {
            Some(Fold::Keep)
        }
        '㎟'..='㎦' | '㎨' | '㎮' | '㎯' => Some(Fold::Keep),
        // Letters and half-width letters of Hangul: NFKC of a single one takes syllables apart.
        '\u{3131}'..='\u{318E}' | '\u{FFA1}'..='\u{FFDC}' => Some(Fold::Keep),
        'ß' => letters("ss"),
        'æ' => letters("ae"),
        'Æ' => letters("AE"),
        'œ' => letters("oe"),
        'Œ' => letters("OE"),
        'þ' => letters("th"),
        'Þ' => letters("Th"),
        _ => None,
    }
}

/// NFKC; Latin, Greek and Cyrillic letters lose their accents besides, so that pinyin is the same with tone
/// marks and without.
fn compatible(c: char) -> Fold {
    let text: String = if is_accented_script(c) {
        let mut text = String::new();
        decompose_compatible(c, |part| text.extend(Some(part).filter(|part| !is_combining_mark(*part))));
        text
    } else {
        c.nfkc().collect()
    };
    // Spacing accents would become a blank and a mark.
    if text.starts_with(' ') || text.is_empty() || text.chars().eq([c]) {
        return Fold::Keep;
    }
    let mut folded = String::new();
    for part in text.chars() {
        match fold(part) {
            Fold::Drop => {}
            Fold::One(part) => folded.push(part),
            Fold::Many(parts) => folded.push_str(&parts),
            Fold::Keep => folded.push(part),
        }
    }
    let mut chars = folded.chars();
    match (chars.next(), chars.next()) {
        (None, _) => Fold::Drop,
        (Some(only), None) => Fold::One(only),
        _ => Fold::Many(folded),
    }
}

fn is_accented_script(c: char) -> bool {
    matches!(c, '\u{C0}'..='\u{24F}' | '\u{370}'..='\u{52F}' | '\u{1E00}'..='\u{1FFF}')
}

/// Control characters, marks that only steer how text is shown, general combining marks (stacked on
/// characters to hide them), private use, characters that were lost (U+FFFD) and those that never are any.
fn is_invisible(c: char) -> bool {
    match c {
        '\u{85}' => false,
        '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}' => true,
        // Soft hyphen, zero-width and bidirectional marks, word joiner, byte order mark.
        '\u{AD}' | '\u{61C}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' => true,
        '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' => true,
        // Variation selectors, tags, annotation, object replacement, replacement character.
        '\u{FE00}'..='\u{FE0F}' | '\u{E0000}'..='\u{E0FFF}' | '\u{FFF0}'..='\u{FFFF}' => true,
        // General combining marks and those of CJK text and kana.
        '\u{300}'..='\u{36F}' | '\u{483}'..='\u{489}' | '\u{1AB0}'..='\u{1AFF}' => true,
        '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}' | '\u{302A}'..='\u{302F}' => true,
        '\u{3099}' | '\u{309A}' | '\u{FE20}'..='\u{FE2F}' | '\u{17B4}' | '\u{17B5}' => true,
        '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}' | '\u{FDD0}'..='\u{FDEF}' => true,
        _ => c as u32 & 0xFFFE == 0xFFFE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        let mut out = String::new();
        for c in text.chars() {
            match fold(c) {
                Fold::Keep => out.push(c),
                Fold::Drop => {}
                Fold::One(d) => out.push(d),
                Fold::Many(parts) => out += &parts,
            }
        }
        out
    }

    #[test]
    fn cases() {
        let cases = [
            ("ＡＢ１２３，＃＄～", "AB123，#$~"),
            ("𝟏𝟑𝟖𝟘、١٣٨، १३८", "1380、138، 138"),
            ("x²，H₂O，5ⁿ", "x2，H2O，5n"),
            ("ﬁre ﬀ Ⅲ期 №5 ㎏ ㎞", "fire ff III期 No5 kg km"),
            ("ｶﾗｵｹ ガ", "カラオケ ガ"),
            ("樂⾞⻢⺠囗", "乐车马民口"),
            ("🄰座Ⓑ座 ㈠ ㋿", "A座B座 (一) 令和"),
            ("lù dēng lǜ café naïve Ångström straße", "lu deng lu cafe naive Angstrom strasse"),
            ("路\u{301}灯\u{338}\u{20DD}不亮\u{302A}", "路灯不亮"),
            ("1\u{FE0F}\u{20E3}3\u{FE0F}\u{20E3}", "13"),
            ("路\u{200D}灯\u{202E}\u{E0041}\u{FFFD}\u{E123}\u{1}", "路灯"),
            ("–‒−﹣ ―─ ‧•・･ ｡､﹑﹐", "---- —— ···· 。、、，"),
            ("「甲」『乙』 „丙‟ 〝丁〞", "“甲”‘乙’ \"丙\" \"丁\""),
            ("☎8880、📞", "电话8880、电话"),
            ("50℅ 1∶2 ｢", "50% 1:2 “"),
            ("還沒有開後臺，裏麼麵", "还没有开后台，里么面"),
        ];
        for (text, expected) in cases {
            assert_eq!(folded(text), expected, "{text:?}");
        }
    }

    #[test]
    fn left_alone() {
        let text = "路灯不亮，！？：；（）“”‘’——……《》【】〔〕·、。 3½ 5㎡ 20℃ ×÷±≥°′″※→①⑳〇○α射线 π Ω 乾坤 著名 ⟦phone⟧ ñ"
            .replace('ñ', "n");
        assert_eq!(folded(&text), text);
    }

    #[test]
    fn every_result_folds_to_itself() {
        for c in '\0'..=char::MAX {
            let once = folded(c.encode_utf8(&mut [0; 4]));
            assert_eq!(folded(&once), once, "U+{:04X}", c as u32);
            if c.is_ascii_graphic() {
                assert_eq!(once.chars().next(), Some(c));
            }
        }
    }
}
