use std::sync::LazyLock;

use encoding_rs::GBK;

/// The CJK Unified Ideographs block, all that a complaint ordinarily holds.
const FIRST: u32 = 0x4E00;
const LEN: usize = 0x9FFF - 0x4E00 + 1;

/// What the block's characters need, found by their place in it.
pub(super) struct Ideographs {
    /// One bit a character: whether anything but copying may be needed.
    marked: Vec<u64>,
    /// One bit a character: whether it may be part of misread text.
    suspect: Vec<u64>,
    /// The simplified character's code, or 0 where it is the same.
    simplified: Vec<u16>,
}

static IDEOGRAPHS: LazyLock<Ideographs> = LazyLock::new(Ideographs::new);

/// Traditional characters that are ordinary in simplified text too, in 乾坤 and in names.
pub(super) const AMBIGUOUS: [(char, char); 3] = [('乾', '干'), ('昇', '升'), ('著', '着')];

impl Ideographs {
    /// The table; built on the first call.
    pub(super) fn get() -> &'static Self {
        &IDEOGRAPHS
    }

    fn new() -> Self {
        let mut table = {
            let none = vec![0; LEN.div_ceil(64)];
            Self { marked: none.clone(), suspect: none, simplified: vec![0; LEN] }
        };
        // A box in print.
        table.simplify('囗', '口');
        // A doubled no-break space read as GBK.
        table.suspect('牋');
        for at in AMBIGUOUS.iter().filter_map(|(traditional, _)| place(*traditional)) {
            set(&mut table.marked, at);
        }
        let ambiguous = |c: char| AMBIGUOUS.iter().any(|(traditional, _)| *traditional == c);
        for line in include_str!("../../dictionaries/traditional.txt").lines().filter(|l| !l.starts_with('#'))
        {
            let mut pair = line.chars();
            if let (Some(from), Some(to)) = (pair.next().filter(|c| !ambiguous(*c)), pair.next()) {
                table.simplify(from, to);
            }
        }
        // A character of three bytes of UTF-8, read as GBK, begins so.
        for bytes in (0xE2..=0xEF).flat_map(|lead| (0x80..=0xBF).map(move |trail| [lead, trail])) {
            GBK.decode_without_bom_handling(&bytes).0.chars().for_each(|c| table.suspect(c));
        }
        table
    }

    /// Whether `c` is of the block and is copied as it is, whatever stands around it.
    pub(super) fn is_plain(&self, c: char) -> bool {
        place(c).is_some_and(|at| !bit(&self.marked, at))
    }

    /// Whether `c` may be part of text that was decoded with the wrong character set.
    pub(super) fn is_suspect(&self, c: char) -> bool {
        place(c).is_some_and(|at| bit(&self.suspect, at))
    }

    /// The simplified form of a traditional character, unless that depends on its neighbours.
    pub(super) fn simplified(&self, c: char) -> Option<char> {
        let code = *self.simplified.get(place(c)?)?;
        char::from_u32(u32::from(code)).filter(|_| code != 0)
    }

    fn suspect(&mut self, c: char) {
        if let Some(at) = place(c) {
            set(&mut self.suspect, at);
            set(&mut self.marked, at);
        }
    }

    fn simplify(&mut self, from: char, to: char) {
        let Some(at) = place(from) else { return };
        set(&mut self.marked, at);
        if let (Some(entry), Ok(code)) = (self.simplified.get_mut(at), u16::try_from(u32::from(to))) {
            *entry = code;
        }
    }
}

fn bit(bits: &[u64], at: usize) -> bool {
    bits.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
}

fn set(bits: &mut [u64], at: usize) {
    if let Some(word) = bits.get_mut(at / 64) {
        *word |= 1 << (at % 64);
    }
}

fn place(c: char) -> Option<usize> {
    (c as usize).checked_sub(FIRST as usize).filter(|at| *at < LEN)
}

/// Whether `c` is a Chinese character, one beyond the basic block and 〇 included.
pub(super) fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '〇' | '\u{20000}'..='\u{323AF}')
}

/// Whether `c` is a digit or a unit of a number in Chinese: 幺 and 两 too, and the forms used on cheques.
pub(super) fn is_chinese_numeral(c: char) -> bool {
    "〇零一二三四五六七八九十百千万亿两幺壹贰叁肆伍陆柒捌玖拾佰仟".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_closed_and_complete() {
        let table = Ideographs::get();
        assert_eq!(table.simplified('臺'), Some('台'));
        assert_eq!(table.simplified('後'), Some('后'));
        assert_eq!(table.simplified('路'), None);
        assert_eq!(table.simplified('a'), None);
        let mut pairs = 0;
        for c in '\u{4E00}'..='\u{9FFF}' {
            if let Some(simple) = table.simplified(c) {
                pairs += 1;
                assert!(!table.is_plain(c), "{c}");
                assert_eq!(table.simplified(simple), None, "{c} {simple}");
            }
        }
        assert!(pairs > 2800, "{pairs}");
        let common = "我家门前的路灯不亮已经三天了请尽快派人维修谢谢领导小区物业乱收费";
        assert!(common.chars().all(|c| table.is_plain(c)));
    }
}
