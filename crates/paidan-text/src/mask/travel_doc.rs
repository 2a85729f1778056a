use std::ops::Range;

use super::code::{Code, Style, codes_at, is_quantity};
use super::label::{Start, find_after};
use super::{Cue, MaskInput, MaskRule, PiiKind};

/// Numbers of passports and of permits for travel between the mainland, Hong Kong, Macao and Taiwan, after
/// their word, or near it where the number has a shape of its own.
pub(super) struct TravelDoc;

const CUES: [&str; 27] = [
    "护照",
    "passport",
    "旅行证",
    "海员证",
    "通行证",
    "港澳证",
    "回乡证",
    "返乡证",
    "回乡卡",
    "台胞证",
    "台湾同胞证",
    "台通证",
    "入台证",
    "大通证",
    "证件",
    "身份证明",
    // These only say that such a number may be near.
    "出入境",
    "签注",
    "签证",
    "出境",
    "入境",
    "过关",
    "通关",
    "口岸",
    "港澳",
    "台湾",
    "往来",
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Document {
    Passport,
    /// 往来港澳通行证, 往来台湾通行证, 港澳居民来往内地通行证.
    Permit,
    /// 台湾居民来往大陆通行证.
    Taiwan,
    /// Not said which.
    Any,
    /// Only a context.
    Context,
}

/// How far a number of known shape may stand behind such a word or before it, in characters.
const NEAR_AFTER: usize = 60;
const NEAR_BEFORE: usize = 20;
/// How far behind the name of a document the field of its number may begin, in bytes.
const SAME_FORM: usize = 60;
/// What makes a pass one for a place or a vehicle.
const OTHER_PASSES: [&str; 16] = [
    "车辆", "货车", "车", "临时", "小区", "施工", "校园", "园区", "电子", "健康", "疫情", "防疫", "入城",
    "进城", "工地", "渣土",
];
/// What makes a code the number of something else.
const OTHER_NUMBERS: [&str; 30] = [
    "社保卡",
    "社保卡号",
    "社保号",
    "社会保障卡",
    "社会保障号",
    "医保卡",
    "医保卡号",
    "医保号",
    "受理号",
    "受理编号",
    "业务编号",
    "业务号",
    "流水号",
    "回执号",
    "回执编号",
    "回执",
    "单号",
    "订单",
    "航班",
    "航班号",
    "车次",
    "型号",
    "合同号",
    "合同编号",
    "案号",
    "文号",
    "座位号",
    "序列号",
    "编号",
    "批号",
];

impl MaskRule for TravelDoc {
    fn kind(&self) -> PiiKind {
        PiiKind::TravelDoc
    }

    fn cues(&self) -> &[&'static str] {
        &CUES
    }

    fn find(&self, input: &MaskInput<'_>, cues: &[Cue], found: &mut Vec<Range<usize>>) {
        if cues.is_empty() {
            return;
        }
        let text = input.text();
        let mut near = Vec::new();
        // The last document that was named, and where: forms give its number in another field.
        let mut named = (Document::Any, 0);
        for cue in cues {
            let Some(mut document) = document(cue.index, input.before(cue.range.start)) else { continue };
            match document {
                Document::Any if cue.range.start.saturating_sub(named.1) <= SAME_FORM => document = named.0,
                Document::Any | Document::Context => {}
                _ => named = (document, cue.range.end),
            }
            if document != Document::Any {
                near.push(reach(text, cue.range.clone()));
            }
            if document == Document::Context {
                continue;
            }
            let accept = |code: &Code, start: Start| is_document(text, code, start, document);
            let first = found.len();
            find_after(text, cue.range.end, Style::Number, &accept, found);
            for range in found.iter_mut().skip(first) {
                range.end += issue_len(input.after(range.end));
            }
        }
        for run in input.latin_runs() {
            let at = near.partition_point(|reach| reach.end < run.end);
            // The reaches are of almost equal length, so that only the first few can hold the run.
            let is_near = near.iter().skip(at).take(4).any(|reach| reach.start <= run.start);
            if is_near && let Some(range) = shaped_at(input, run.start) {
                found.push(range);
            }
        }
    }
}

/// What the word announces; `None` where it means a pass of another kind.
fn document(index: usize, before: &str) -> Option<Document> {
    Some(match index {
        0..=3 => Document::Passport,
        4 if OTHER_PASSES.iter().any(|word| before.ends_with(word)) => return None,
        4 if before.ends_with("大陆") => Document::Taiwan,
        4..=8 => Document::Permit,
        9..=13 => Document::Taiwan,
        14 | 15 => Document::Any,
        _ => Document::Context,
    })
}

/// The stretch around a word in which a number of known shape is one of a document.
fn reach(text: &str, word: Range<usize>) -> Range<usize> {
    let before = text.get(..word.start).unwrap_or_default();
    let start = before.char_indices().rev().nth(NEAR_BEFORE - 1).map_or(0, |(at, _)| at);
    let after = text.get(word.end..).unwrap_or_default();
    let end = after.char_indices().nth(NEAR_AFTER).map_or(text.len(), |(at, _)| word.end + at);
    start..end
}

/// A number of known shape at byte `at`, unless something says that it is another number.
fn shaped_at(input: &MaskInput<'_>, at: usize) -> Option<Range<usize>> {
    let code = codes_at(input.text(), at, Style::Number).into_iter().find(|code| {
        let text = code.text.to_ascii_uppercase();
        (is_passport(&text) || is_permit(&text)) && ends_here(input.after(code.range.end))
    })?;
    let before = input.before(at).trim_end_matches([' ', ':', '：', '是', '为', '“', '"', '（', '(', '码']);
    let other = OTHER_NUMBERS.iter().any(|word| before.ends_with(word));
    (!other).then(|| code.range.start..code.range.end + issue_len(input.after(code.range.end)))
}

fn is_document(text: &str, code: &Code, start: Start, document: Document) -> bool {
    let after = text.get(code.range.end..).unwrap_or_default();
    if !ends_here(after) || code.is_masked_by_hand(text) || code.is_mobile() {
        return false;
    }
    let upper = code.text.to_ascii_uppercase();
    let len = upper.len();
    let said = start.explicit || !start.filled;
    let plain = said && !(len <= 8 && is_quantity(after)) && !is_date_run(&upper);
    match document {
        Document::Passport if is_passport(&upper) => true,
        Document::Passport => {
            // Foreign ones: letters and digits of many patterns, ICAO 9303 allows nine characters.
            let least = if code.is_number() { 7 } else { 6 };
            plain && (least..=9).contains(&len) && code.digits() >= if len == 9 { 4 } else { 5 }
        }
        Document::Permit => is_permit(&upper),
        Document::Taiwan => {
            let digits = upper.trim_start_matches(|c: char| c.is_ascii_alphabetic());
            let digits = digits.strip_suffix(|c: char| c.is_ascii_alphabetic()).unwrap_or(digits);
            let shape = (8..=10).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
            plain && shape && len <= 12 && len - digits.len() <= 2
        }
        Document::Any => is_passport(&upper) || is_permit(&upper),
        Document::Context => false,
    }
}

/// Eight digits that read as a date.
fn is_date_run(text: &str) -> bool {
    let part = |range: Range<usize>| text.get(range).and_then(|part| part.parse::<u32>().ok()).unwrap_or(0);
    text.len() == 8
        && matches!(part(0..4), 1900..=2099)
        && matches!(part(4..6), 1..=12)
        && matches!(part(6..8), 1..=31)
}

fn ends_here(after: &str) -> bool {
    let mut chars = after.chars();
    match chars.next() {
        Some('-' | '.' | '/') => !chars.next().is_some_and(|c| c.is_ascii_alphanumeric()),
        Some(c) => !c.is_ascii_alphanumeric() && !matches!(c, '@' | '_' | '*'),
        None => true,
    }
}

/// `prefix` followed by `digits` digits and nothing else.
fn is_shape(text: &str, prefix: usize, digits: usize) -> bool {
    text.len() == prefix + digits
        && text.bytes().take(prefix).all(|byte| byte.is_ascii_uppercase())
        && text.bytes().skip(prefix).all(|byte| byte.is_ascii_digit())
}

/// Passports of China and of its special administrative regions, upper case.
fn is_passport(text: &str) -> bool {
    let first = text.bytes().next().unwrap_or_default();
    let pair = text.get(..2).unwrap_or_default();
    (is_shape(text, 1, 8) && b"EGDSPKH".contains(&first))
        || (is_shape(text, 2, 7)
            && (first == b'E' || matches!(pair, "DE" | "SE" | "PE" | "KJ" | "HJ" | "MA" | "MB")))
}

/// Permits, upper case: for Hong Kong and Macao C (W until 2014), for Taiwan L (T until 2016), for residents of
/// Hong Kong H and of Macao M, the latter two with or without the number of their issue.
fn is_permit(text: &str) -> bool {
    let first = text.bytes().next().unwrap_or_default();
    (is_shape(text, 1, 8) && b"CWLTHM".contains(&first))
        || (is_shape(text, 2, 7) && matches!(first, b'C' | b'L'))
        || (is_shape(text, 1, 10) && matches!(first, b'H' | b'M'))
}

/// The length of the number of issue that may follow in brackets: `(B)`, `（01）`, ` 01(B)`.
fn issue_len(after: &str) -> usize {
    let bare = after.trim_start_matches([' ', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    let apart = after.len() - bare.len();
    let inside = bare.strip_prefix(['(', '（']).unwrap_or_default();
    let len = inside.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let closing = inside.get(len..).and_then(|rest| rest.chars().next()).filter(|c| matches!(c, ')' | '）'));
    match closing {
        Some(closing) if matches!(len, 1 | 2) && apart <= 3 => {
            after.len() - inside.len() + len + closing.len_utf8()
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::check_cases;

    #[test]
    fn found() {
        check_cases(
            TravelDoc,
            &[
                "护照号：{E12345678}",
                "护照{EA1234567}丢失",
                "护照号码为{G12345678}",
                "因私护照 {EH1234567}，请核实",
                "外交护照{DE1234567}",
                "公务护照号{SE1234567}",
                "护照号 {PE1234567}",
                "持美国护照{512345678}入境",
                "日本护照号{TR1234567}",
                "韩国人，护照{M12345678}",
                "德国护照{C01X00T47}",
                "港澳通行证{C12345678}过期",
                "往来港澳通行证号码：{CA1234567}",
                "通行证号{W12345678}",
                "港澳通行证（{C12345678}）",
                "回乡证{H12345678}",
                "回乡证号：{M1234567801}",
                "港澳居民来往内地通行证{H12345678(01)}",
                "台胞证{12345678}",
                "台胞证号：{1234567801(B)}",
                "台胞证号是{1234567801（B）}",
                "台湾居民来往大陆通行证 {12345678}",
                "往来台湾通行证{L12345678}",
                "大通证{T12345678}",
                "证件号：{E12345678}",
                "证件号码 {H12345678}",
                "证件类型：护照，证件号码：{E12345678}",
                "我是香港人，持回乡证在本市买房，号码{H12345678}",
                "护照丢了想补办，{E12345678}",
                "办理签注，证件是{C12345678}",
                "护照号是{E 1234 5678}",
                "护照号是{E幺二三四五六七八}",
                "护照：{e12345678}",
                "出入境窗口说{C12345678}不能自助签注",
                "护照号（首页）：{E12345678}",
                "护照号分别是{E12345678}和{E12345679}",
                "{E12345678}护照本人",
                "香港护照{K12345678}",
                "我持有新加坡护照{K1234567A}，想办居住证",
                "澳大利亚护照号码{PA1234567}",
                "法国护照{12AB34567}",
                "法国护照{12AB34567}和居留许可",
                "护照（{E12312312}）丢在出租车上",
                "护照号{E1231 2312}",
                "出国务工，公司扣押我护照（护照号{EB7654321}）",
                "往来港澳通行证{C23456789}签注未到账",
                "通行证号码{CD1234567}",
                "回乡证{H12312312}、{M12312312}",
                "香港居民{H12312312}，回乡证无法注册APP",
                "台胞证{00112233}无法绑定健康码",
                "台胞证号：{00112233 01(B)}",
                "台胞，证件号码{L12345678}",
                "证件号码：{W12345678}",
                "持{E12345678}号护照",
                "本人护照{E9876 5432}被旅行社扣押",
                "孩子护照{EK7654321}的照片有误",
                "外籍教师，护照号为{GB1234567}",
                "越南籍配偶，护照：{C1234567}",
                "持护照 {N12345678} 入住酒店被拒",
                "港澳通行证的号码是{C12312312}，钱扣了签注没下来",
                "通行证（{CB7654321}）",
                "本人香港居民，回乡证{H0987654300}，无法办理社保",
                "用回乡证{M12398745}买不了票",
                "台胞证（{09876543}）",
                "台胞证号码是{零一二三四五六七}",
                "来往大陆通行证 {09876543}",
            ],
        );
    }

    #[test]
    fn left_alone() {
        check_cases(
            TravelDoc,
            &[
                "护照办理需要2023年新照片",
                "护照费用120元",
                "护照办理受理号A12345678",
                "护照20230315领取",
                "车辆通行证C12345678",
                "货车通行证编号：C12345678",
                "小区临时通行证H12345678",
                "电子通行证 C12345678",
                "回乡证照片不合格",
                "台胞证怎么办",
                "台胞证过期3个月",
                "证件号12345678",
                "证件编号20230315",
                "型号E12345678的热水器",
                "出入境业务编号E12345678",
                "签证航班C12345678",
                "房产证件1234567",
                "港澳通行证120元",
                "护照业务12367",
                "入境后拨打12345",
                "设备E12345678坏了",
                "通行证2023年到期",
                "护照电话13800001234",
                "证件照100张",
                "过关用了12345678毫秒",
                "台胞证13800001234",
                "台胞证，社保卡T00412345",
                "港澳通行证C开头那种",
                "护照照片要求33mm×48mm",
                "办护照预约号A20230501",
                "护照工本费120",
                "公司证件编号A1234567",
                "工作通行证编号2023001234",
                "疫情通行证H20200001",
                "证件类型：身份证 证件号码：",
                "回乡证换证3次",
                "护照办了3次没成",
                "出入境大厅取号A001",
                "港澳签注8天",
                "通行证丢失找12367",
                "边境通行证办理",
                "护照要求1寸照片12张",
                "入园通行证A12345678",
            ],
        );
    }
}
