use std::ops::Range;

use super::account_no::is_date;
use super::code::{Code, Style, is_quantity};
use super::label::{Start, code_before, find_after, find_spoken};
use super::{Cue, MaskInput, MaskRule, PiiKind};

/// Numbers of social and medical insurance after their word: 社保号, 医保卡号, 个人编号.
///
/// Many are the resident identity number itself: there the identity rule, which comes first, has it.
pub(super) struct SocialSecurityNo;

/// The first name a card or an account, which needs something that says a number follows.
const CARDS: usize = 15;
const CUES: [&str; 47] = [
    "社保卡",
    "社会保障卡",
    "社会保险卡",
    "医保卡",
    "医疗卡",
    "医疗保险卡",
    "医疗保障卡",
    "养老保险手册",
    "社保手册",
    "社保个人",
    "农合卡",
    "合作医疗卡",
    "居民健康卡",
    "医保个人",
    "医保本",
    "社保号",
    "社保 号",
    "社保编号",
    "社保账号",
    "社保帐号",
    "社保编码",
    "社保码",
    "社保证号",
    "保障号",
    "保障编号",
    "保险号",
    "保险编号",
    "保险账号",
    "医保号",
    "医保 号",
    "医保编号",
    "医保账号",
    "医保帐号",
    "医保证号",
    "医保编码",
    "医保码",
    "个人编号",
    "参保号",
    "参保编号",
    "参保人编号",
    "人员编号",
    "合作医疗证号",
    "农合证号",
    "农合号",
    "养老账号",
    "社保序号",
    "社保电脑号",
];
const PERSONAL: [&str; 2] = ["个人编号", "人员编号"];

impl MaskRule for SocialSecurityNo {
    fn kind(&self) -> PiiKind {
        PiiKind::SocialSecurityNo
    }

    fn cues(&self) -> &[&'static str] {
        &CUES
    }

    fn find(&self, input: &MaskInput<'_>, cues: &[Cue], found: &mut Vec<Range<usize>>) {
        let text = input.text();
        for cue in cues {
            if CUES.get(cue.index).is_some_and(|word| PERSONAL.contains(word))
                && belongs_elsewhere(input.before(cue.range.start), cue.index)
            {
                continue;
            }
            let accept = |code: &Code, start: Start| {
                // The number on a card is a letter and eight digits.
                let on_card = code.letters() == 1 && code.digits() == 8;
                let said = cue.index >= CARDS || start.explicit || on_card || code.digits() >= 9;
                said && is_insurance_number(text, code)
            };
            let before = found.len();
            find_after(text, cue.range.end, Style::Number, &accept, found);
            if found.len() == before && cue.index >= CARDS {
                let spoken = find_spoken(text, cue.range.end, Style::Number);
                found.extend(spoken.filter(|code| is_insurance_number(text, code)).map(|code| code.range));
            }
            if found.len() == before {
                let code = code_before(text, cue.range.clone(), Style::Number);
                found.extend(code.filter(|code| is_insurance_number(text, code)).map(|code| code.range));
            }
        }
    }
}

/// Whether a personal number is one of the housing fund, or of staff.
fn belongs_elsewhere(before: &str, index: usize) -> bool {
    let start = before.char_indices().rev().nth(23).map_or(0, |(at, _)| at);
    let near = before.get(start..).unwrap_or_default();
    let insured =
        ["社保", "医保", "参保", "养老", "保险", "保障", "退休"].iter().any(|word| near.contains(word));
    if CUES.get(index) == Some(&"人员编号") {
        !insured || near.ends_with("工作")
    } else {
        near.ends_with("公积金")
    }
}

fn is_insurance_number(text: &str, code: &Code) -> bool {
    let after = text.get(code.range.end..).unwrap_or_default();
    let wrong = code.is_mobile()
        || code.is_masked_by_hand(text)
        || after.starts_with('@')
        || is_date(text.get(code.range.clone()).unwrap_or_default())
        || (code.text.len() <= 7 && is_quantity(after));
    (6..=20).contains(&code.text.len()) && code.digits() >= 5 && code.letters() <= 4 && !wrong
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::check_cases;

    #[test]
    fn found() {
        check_cases(
            SocialSecurityNo,
            &[
                "社保号：{1234567890}",
                "社保号{12345678}",
                "社保卡号是{A12345678}",
                "社保卡号：{A 1234 5678}",
                "社会保障号 {110101190003077211}",
                "社会保障卡号码{AB1234567}",
                "社会保障卡：{A12345678}",
                "医保号{0012345678}",
                "医保号只有一张纸条，写的是{00812345}",
                "社保号等一下啊找到了{A零零四五一二三四}",
                "台胞证00417829的社保卡{T00412345}",
                "医保卡号：{00123456789}",
                "医保卡是{12345678}",
                "个人编号{1000123456}",
                "个人编号：{0012345}",
                "社保个人编号为{1001234567}",
                "参保号 {12345678}",
                "参保编号（{12345678}）",
                "养老保险编号{12345678901}",
                "医疗保险号：{12345678}",
                "社会保险号码{12345678901}",
                "社保电脑号{612345678}",
                "农合证号{1234567890}",
                "合作医疗证号：{123456789012}",
                "我的社保编号是{零零幺二三四五六七八}",
                "社保号呃是{0012 3456 78}",
                "医保编号“{12345678}”",
                "{1000123456}（个人编号）",
                "个人编号分别是{1000123456}、{1000123457}",
                "社保账号：{12345678}",
                "医保个人编号{12345678}，缴费查不到",
                "社保 号：{12345678}",
                "养老保险手册号 {12345678}",
                "社保局人员编号{12345678}",
                "社保号{3205830012345}",
                "社会保障号{A1234567}",
                "社保卡号 是 {H87654321}",
                "社保卡号码{0012 3456 7}",
                "医保证号{3301001234567}",
                "居民医保号{51010012345}",
                "医保编码：{100200300400}",
                "职工个人编号{0000123456}，退休补差",
                "个人编号（社保）：{0000123456}",
                "参保个人编号：{1000567890}",
                "单位参保，个人社保编号 {1000567890}",
                "社保号（{1000567890}）",
                "社保号呢是{一零零零五六七八九零}",
                "社保卡背面的号码{A12345678}",
                "社会保障卡号：{B12345678}",
                "社保卡号为{320100199001}",
                "社保编号：{SB00123456}",
                "个人编号:{2100012345678}，2010年下岗",
                "我的医保卡号{100-1234-567}",
                "养老保险号是{20050012345}",
                "社保个人编码{0001234567}",
                "医保个人账号：{00112233445}",
                "城乡居民养老保险编号{4600011223344}",
                "参保号是{四六零零一二三四}",
            ],
        );
    }

    #[test]
    fn left_alone() {
        check_cases(
            SocialSecurityNo,
            &[
                "社保电话12333",
                "社保卡密码123456",
                "社保卡里1200元",
                "社保缴费2023年断了",
                "医保卡余额12345元",
                "医保报销12345.67元",
                "社保号是多少",
                "医保卡初始密码为123456",
                "社保卡办理要3个月",
                "公积金个人编号1000123456",
                "工作人员编号12345678",
                "个人编号没有",
                "社保号13800001234",
                "社保卡2023-05-06办理",
                "社保卡号1234****5678",
                "医保卡20000元",
                "参保号查不到",
                "社保12345热线",
                "社会保障局电话66660000",
                "人员编号210673的执法人员",
                "医保码扫不出来",
                "社保卡号abcde",
                "医保号：无",
                "个人编号**00417",
                "社保局说我的社保编号有误",
                "社保年限12年3个月",
                "医保药品编码XA01AB",
                "社保卡金融账户",
                "医保基金2000000元",
                "社保大厅A12号窗口",
                "社保补缴10000元",
                "医保定点编号H46010000123",
                "社保卡挂失12333",
                "社保中心2楼5号窗口",
                "社保缴费基数4000到20000",
            ],
        );
    }
}
