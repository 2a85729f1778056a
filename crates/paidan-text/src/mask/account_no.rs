use std::ops::Range;

use super::bank_card::luhn_holds_for;
use super::code::{Code, Style, is_hotline, is_quantity};
use super::label::{Start, code_before, find_after, find_spoken};
use super::{Cue, MaskInput, MaskRule, PiiKind};

/// Numbers of customers and accounts after their word: 户号, meters, funds, bank accounts, cards.
///
/// Mobile numbers used as an account are left to the phone rule, card numbers whose check digit holds to the
/// bank card rule, which comes first.
pub(super) struct AccountNo;

/// The cues below, in four sections; each ends where the next begins.
///
/// Utilities, whose numbers may have four digits only: ends of longer words, such as 用电户号 and 燃气用户编号.
const UTILITIES: usize = 39;
/// Accounts and cards.
const ACCOUNTS: usize = 61;
/// Words that also stand before other numbers: something must say that a value follows, or it is a long one.
const LOOSE: usize = 72;
/// The rest are cards without the word for number, whose numbers are long.
const LONG: usize = 8;
const CUES: [&str; 91] = [
    "户号",
    "户 号",
    "户编号",
    "户编码",
    "户代码",
    "户id",
    "表号",
    "表 号",
    "表编号",
    "表具号",
    "表身号",
    "表钢号",
    "缴费号",
    "缴费编号",
    "缴费编码",
    "燃气号",
    "燃气编号",
    "气费编号",
    "水费号",
    "水费编号",
    "电费号",
    "电费编号",
    "供热编号",
    "供热号",
    "供暖编号",
    "供暖号",
    "采暖编号",
    "采暖号",
    "热费编号",
    "热力编号",
    "用电编号",
    "用水编号",
    "用气编号",
    "用热编号",
    "表资产编号",
    "表资产号",
    "表出厂编号",
    "表钢印号",
    "表条码",
    //
    "账号",
    "账 号",
    "帐号",
    "帐 号",
    "卡号",
    "卡 号",
    "卡编号",
    "折号",
    "宽带号",
    "宽带编号",
    "公积金号",
    "公积金编号",
    "公积金个人编号",
    "公积金个人号",
    "会员号",
    "会员编号",
    "会员id",
    "account no",
    "account number",
    "资金号",
    "股东号",
    "充值号",
    //
    "账户",
    "帐户",
    "存折",
    "一卡通",
    "etc",
    "用户名",
    "登录名",
    "户头",
    "智能卡",
    "机顶盒",
    "宽带",
    //
    "etc卡",
    "公交卡",
    "加油卡",
    "会员卡",
    "购物卡",
    "充值卡",
    "储蓄卡",
    "银行卡",
    "借记卡",
    "信用卡",
    "燃气卡",
    "气卡",
    "电卡",
    "水卡",
    "老年卡",
    "校园卡",
    "就诊卡",
    "敬老卡",
    "交通卡",
];
/// Cards whose numbers have a check digit.
const BANK_CARDS: [&str; 4] = ["银行卡", "储蓄卡", "借记卡", "信用卡"];
/// What makes a word above another one.
const OTHER_WORDS: [&str; 12] = [
    "商户号",
    "门户号",
    "报表号",
    "列表号",
    "图表号",
    "填表号",
    "附表号",
    "代表号",
    "公众号账号",
    "官方账号",
    "报表编号",
    "列表编号",
];

impl MaskRule for AccountNo {
    fn kind(&self) -> PiiKind {
        PiiKind::AccountNo
    }

    fn cues(&self) -> &[&'static str] {
        &CUES
    }

    fn find(&self, input: &MaskInput<'_>, cues: &[Cue], found: &mut Vec<Range<usize>>) {
        let text = input.text();
        for cue in cues {
            let with_label = input.before(cue.range.end);
            if OTHER_WORDS.iter().any(|word| with_label.ends_with(word)) {
                continue;
            }
            let least = if cue.index < UTILITIES {
                4
            } else if cue.index < LOOSE {
                5
            } else {
                LONG
            };
            let loose = (ACCOUNTS..LOOSE).contains(&cue.index);
            // 银行卡号 ends with 卡号, 银行卡 is a cue by itself.
            let is_bank_card =
                BANK_CARDS.iter().any(|word| with_label.trim_end_matches('号').ends_with(word));
            let accept = |code: &Code, start: Start| {
                let said = start.explicit || (!loose && !start.filled) || code.digits() >= LONG;
                said && is_account(text, code, least) && !(is_bank_card && is_mistyped_card(code))
            };
            let before = found.len();
            find_after(text, cue.range.end, Style::Account, &accept, found);
            if found.len() == before && cue.index < ACCOUNTS {
                let spoken = find_spoken(text, cue.range.end, Style::Number);
                found.extend(spoken.filter(|code| is_account(text, code, LONG - 1)).map(|code| code.range));
            }
            if found.len() == before {
                let code = code_before(text, cue.range.clone(), Style::Account);
                found.extend(code.filter(|code| is_account(text, code, least.max(6))).map(|code| code.range));
            }
        }
    }
}

/// Whether `code` has as many digits as a bank card and a wrong check digit: no card and no account.
fn is_mistyped_card(code: &Code) -> bool {
    code.is_number() && (16..=19).contains(&code.text.len()) && !luhn_holds_for(&code.text)
}

/// Whether `code` has the shape of an account of at least `least` digits, or of a name with digits.
fn is_account(text: &str, code: &Code, least: usize) -> bool {
    let after = text.get(code.range.end..).unwrap_or_default();
    let name = code.letters() >= 3 && code.digits() >= 1 && code.text.len() >= 6;
    let wrong = code.is_mobile()
        || code.is_masked_by_hand(text)
        || after.starts_with(['@', '＠'])
        || after.starts_with("://")
        || is_date(text.get(code.range.clone()).unwrap_or_default())
        || (code.is_number() && code.text.len() <= 7 && (is_quantity(after) || is_hotline(&code.text)));
    (code.digits() >= least || (name && least < LONG)) && !wrong
}

/// A date written with signs, such as `2023-05-06`.
pub(super) fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['-', '.', '/']).collect();
    matches!(parts.as_slice(), [year, month, ..]
        if year.len() == 4 && (year.starts_with("19") || year.starts_with("20")) && month.len() <= 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::check_cases;

    #[test]
    fn found() {
        check_cases(
            AccountNo,
            &[
                "户号：{0012345678}",
                "户号{0012345678}停电",
                "用电户号是{1234567890}",
                "燃气用户编号{20001234}",
                "客户编号：{HN00123456}",
                "用户号 {0073123418}",
                "水表号{12345678}",
                "水表号：{3508}",
                "电表号{12800001234}",
                "电表编号（{0012345678}）",
                "气表号为{12345678}",
                "缴费户号“{0012345678}”",
                "公积金账号：{1234567890}",
                "公积金个人编号{1000123456}",
                "住房公积金账号 {12345678901}",
                "账号：{6217000012345678}",
                "银行账号{62170000123456789}",
                "开户行：中国银行，帐号 {1234567890123}",
                "账号：工商银行海口支行 {6222000012345678}",
                "卡号{6217000012345678}",
                "存折号{12345678901}",
                "一卡通号：{12345678}",
                "公交一卡通{1234567890}",
                "宽带账号{089812345678}",
                "宽带账号 {hk12345678}",
                "ETC卡号{46012345678901234567}",
                "会员号：{12345678}",
                "户号 {0012 3456 78}",
                "户号{0012-3456-78}",
                "户号是{零零一二三四五六七八}",
                "户号我报一下，{0012345678}",
                "我家的户号呃就是{幺二三四五六七八}一直没电",
                "户号{0012345678}和{0012345679}",
                "{0012345678}（户号）",
                "户号（国网）：{0012345678}",
                "户 号：{0012345678}",
                "账户：{12345678901}",
                "户号:{0012345678}，13800001234",
                "{0012345678}这个户号",
                "平台账号{zhang_8812}",
                "水费编号{1234567}",
                "热力卡号{12345678}",
                "加油卡号 {1000111234567890}",
                "账号 是 {1234 5678 9012 345}",
                "户号No.{0012345678}",
                "燃气表号{G12345678}",
                "电费户号为{0012345678}的用户",
                "用户编号：{A0012345}",
                "户号{1000567890}没有通气",
                "家里用电户号：{5500123456}",
                "燃气户号 {70-1234567}",
                "自来水户号：{00-123-456}",
                "水表户号{010203}",
                "户号：{3508}",
                "户号为{12-0345}",
                "用户号是{八零零一二三四五}",
                "缴费户号{E10020030}",
                "我的电表号{3330001000112233445566}",
                "电卡号{123456789}",
                "供热用户编号{HR-0012345}",
                "公积金账户{101234567890}",
                "公积金个人账号：{00123456789}",
                "单位公积金账号{2010012345}",
                "对方账户名李四，卡号{6217990012345678}",
                "对方账户：{6217990012345678}",
                "打款至账号{110922334455667}",
                "支付宝账号{abc_2023}",
                "游戏账号{player1999}被封",
                "ETC号{3201234567890123}",
                "公交卡号{2660001234567}",
                "交通卡{U12345678901}",
                "校园一卡通号{2019123456}",
                "有线电视卡号：{8002003001234567}",
                "机顶盒号{0012345678901}",
                "固话宽带编号{ADSL0012345}",
                "用户编码{00998877}，阶梯气价",
                "客户号：{3300112}",
                "贷款账号{0301234567890}",
                "还款账号：中国农业银行股份有限公司 {6228450012345}",
                "户号是{零零一二呃三四五六，七八}",
                "户号是{0012，3456，78}，听到没",
                "用电编号{00123456}",
                "电表资产编号：{3330001000000012345678}",
                "户号 {4600123456}，欠费停电",
                "我家户号尾数不知道，户号{0098-7612}",
                "国家电网户号{1 2 3 4 5 6 7 8 9 0}",
                "燃气户号：{RQ-2023-00123}",
                "水务集团客户编号：{HS00012345}",
                "户号：{12345678}（户主：张三）",
                "电费户号{460 0123 456}",
                "交费户号：{3100987654321}",
                "水卡卡号{00987654}",
                "燃气表表号：{1907123456}",
                "天然气客户号{300567890}",
                "热用户编号{0102-0304}",
                "公积金账号是{4601 0000 1234}",
                "银行账号：{46050100123456789}",
                "本人账号{2201026809200123456}，开户行：工行",
                "收款账号 {1001234567890123456}",
                "卡号是{六二二二零二零零一二三四五六七}",
                "宽带帐号{0898KD123456}",
                "一卡通卡号是{8800123456}",
                "存折账号{21-123456789012345}",
                "ETC卡号：{4601 2201 2345 6789 0123}",
                "账号{hk_user2023}无法登录政务网",
                "户号是{零九八七六幺二三}",
                "燃气户号我找找啊单子上写的是{八零零二二四五一六}没气了",
                "电表号零零开头的你记{零零四一七七二八三}",
                "户号忘了等我看看 {0031245678}",
                "银行卡号{6217000012345670}",
            ],
        );
    }

    #[test]
    fn left_alone() {
        check_cases(
            AccountNo,
            &[
                "户号没有",
                "户号****3391",
                "卡号6217****4406",
                "卡号6217xxxx4406",
                "卡号后四位4406",
                "户号：尾号0476",
                "账号13800001234",
                "账号被封3个月",
                "账号2023年被封",
                "账号2023-05-06被盗",
                "账号里有120000元",
                "账户余额12345元",
                "账户10000元被冻结",
                "账号5000元",
                "拨打95598查户号",
                "工单号20230512345678",
                "订单编号12345678",
                "合同编号12345678",
                "案号12345678",
                "快递单号1234567890123",
                "编号12345678",
                "报表号12345678",
                "商户号12345678",
                "列表号123456",
                "表号召",
                "ETC收费35元",
                "一卡通2023年办理",
                "账号zhang@example.com",
                "卡号丢失",
                "充值卡号没刮开",
                "账号是多少",
                "电卡100元",
                "存折20000元",
                "户号138 0000 1234",
                "宽带账号密码都忘了",
                "3户号召",
                "公众号账号abc12345",
                "开户1000000元",
                "账户12345热线",
                "微众账号被封",
                "支付宝账号13800001234",
                "社保医保账号登录不上",
                "户号输错了3次",
                "户号变成了别人的",
                "水表坏了 12345",
                "账号注销",
                "账单12345元",
                "卡号后4位是1234",
                "账号13912340000不能登录",
                "房号1201",
                "楼号12345",
                "户口本号",
                "门牌号12345",
                "户号查了没有2022年的记录",
                "户号更名费用20元",
                "缴费账号不存在",
                "户号对不上，多收了1200元",
                "卡号被注销6个月",
                "账号密码123456",
                "银行卡号：6217000012345678 卡号有误",
                "户号我看看啊，电话是66001234",
                "户号写错了。工单号20230512345678",
                "户号报上去之后是2023年才改",
            ],
        );
    }
}
