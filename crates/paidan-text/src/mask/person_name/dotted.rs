use std::ops::Range;

use super::Cue;
use super::cues;
use super::evidence::{Evidence, HAN, is_ideograph};

/// Characters that names of Uyghurs, Kazakhs, Tibetans, Mongols and foreigners are written with. Estates and
/// brands have dots too (翠湖·天地), but hardly two parts of nothing but these.
const TRANSCRIPTION: &str = "\
    阿艾爱安奥巴白拜班邦包保鲍贝比彼毕波伯勃博布才策茨措达代戴丹德登迪蒂丁东杜顿多额厄恩尔法凡菲费芬丰冯佛\
    夫弗福富噶盖甘冈戈哥格根贡古姑顾瓜哈海罕汉汗豪赫黑亨侯胡华霍吉加嘉贾坚江杰金津军喀卡康柯科克肯孔库夸\
    昆拉腊莱兰朗劳勒雷黎李里理丽利莉力连列林琳隆卢鲁露伦罗洛吕马玛麦迈曼芒毛梅美门蒙米密敏明摩莫默姆木穆\
    纳娜乃南尼妮涅宁努诺欧帕派潘旁培佩皮平珀普奇齐恰强钦青琼热仁荣茹若撒萨塞赛桑森沙莎山尚舍申沈圣施史斯\
    丝思松苏孙索塔泰坦汤唐陶特提田廷亭图吐托瓦旺万威韦维卫魏温文翁沃乌吾武西希悉锡夏香肖谢辛欣兴休许雪逊\
    牙雅亚约翰延扬央杨耶叶伊依衣亦易音印英永尤逾玉云扎宰泽曾增詹张珍芝智忠州朱珠准卓兹孜子宗佐买合甫铁晋益土\
    娃嘎堆次曲旦";

/// Characters at most in one part.
const LONGEST: usize = 7;
/// The least weight of a cue after which any characters make a name.
const SURE_CUE: i32 = 7;
/// Characters at most in a part after such a cue, of characters that are not for transcription.
const LONGEST_OTHER: usize = 4;

/// Appends names with a middle dot: two or more parts.
pub(super) fn find(evidence: &Evidence<'_>, dots: &[Cue], names: &mut Vec<Range<usize>>) {
    let text = evidence.text();
    let mut done = 0;
    for dot in dots.iter().filter(|cue| cues::is_dot(cue)) {
        // A dot inside the name before, or a cue that overlaps with it, is passed over.
        let before = text.get(done..dot.range.start).unwrap_or_default();
        let Some((start, sure)) = first_part(evidence, before, dot.range.start) else { continue };
        let mut end = dot.range.start;
        while let Some(part) = next_part(text.get(end..).unwrap_or_default(), sure) {
            end += part;
        }
        if end > dot.range.end {
            names.push(start..end);
            done = end;
        }
    }
}

/// Whether `c` parts the parts of a name.
pub(super) fn is_dot(c: char) -> bool {
    matches!(c, '·' | '•' | '・' | '‧')
}

pub(super) fn is_transcription(c: &char) -> bool {
    TRANSCRIPTION.contains(*c)
}

/// Where the part that ends at byte `at` begins, and whether a cue before it leaves no doubt. `before` is the
/// text up to there that belongs to no other name.
fn first_part(evidence: &Evidence<'_>, before: &str, at: usize) -> Option<(usize, bool)> {
    let part = || before.chars().rev().take(LONGEST);
    let transcribed = part().take_while(is_transcription).count();
    let han = part().take_while(|c| is_ideograph(*c)).count();
    let starts = (1..=han).map(|chars| (chars, at - chars * HAN));
    let cue = starts.filter_map(|(chars, start)| Some((chars, start, evidence.cue_before(start)?))).next();
    match cue {
        Some((_, start, weight)) if weight >= SURE_CUE => Some((start, true)),
        Some((chars, start, _)) if (2..=transcribed).contains(&chars) => Some((start, false)),
        _ => (transcribed >= 2).then_some((at - transcribed * HAN, false)),
    }
}

/// Bytes of a dot and the part after it, with which `text` begins; after a sure cue the part may be of any
/// characters.
fn next_part(text: &str, sure: bool) -> Option<usize> {
    let rest = text.trim_start_matches(is_dot);
    let dots = text.len() - rest.len();
    let han = rest.chars().take_while(|c| is_ideograph(*c)).count();
    let chars = match transcribed(rest) {
        0 | 1 if sure && han <= LONGEST_OTHER => han,
        chars => chars,
    };
    (dots > 0 && (chars >= 2 || sure && chars == 1)).then_some(dots + chars * HAN)
}

/// Characters of the longest transcription, of at most [`LONGEST`], that `text` begins with.
fn transcribed(text: &str) -> usize {
    // Common Uyghur parts with characters that are particles elsewhere: 阿不都热合曼, 阿不力孜.
    let opening = ["阿不都", "阿布都", "阿不"].iter().find(|opening| text.starts_with(**opening));
    let opening = opening.map_or(0, |opening| opening.chars().count());
    let rest = text.chars().skip(opening).take_while(is_transcription);
    opening + rest.take(LONGEST - opening).count()
}
