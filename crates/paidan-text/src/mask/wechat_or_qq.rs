use std::ops::Range;

use super::code::{Code, Style, is_hotline, is_quantity};
use super::label::{Start, code_before, find_after};
use super::{Cue, MaskInput, MaskRule, PiiKind};

/// Accounts of WeChat and QQ after their word.
///
/// WeChat: a letter and 5 to 19 letters, digits, underscores or hyphens, or a QQ number. QQ: 5 to 11 digits,
/// the first not 0; numbers of groups too, since they lead to their members. A mobile number in place of an
/// account is left to the phone rule. Names of official accounts (公众号) stay.
pub(super) struct WechatOrQq;

/// The first words name WeChat, the others QQ.
const WECHAT: usize = 23;
const CUES: [&str; 40] = [
    "微信",
    "微 信",
    "薇信",
    "威信",
    "徽信",
    "维信",
    "微x",
    "wx",
    "vx",
    "v信",
    "w信",
    "加v",
    "加我v",
    "我v",
    "v:",
    "v：",
    "vx号",
    "wechat",
    "weixin",
    "加薇",
    "加威",
    "卫星号",
    "加卫星",
    "qq",
    "q q",
    "扣扣",
    "扣号",
    "扣群",
    "企鹅",
    "球球",
    "秋秋",
    "丘丘",
    "q号",
    "q群",
    "群号",
    "加q",
    "q:",
    "q：",
    "加扣",
    "qq邮箱",
];
/// What may stand between the word for QQ and its number, besides what joins any label and its code.
const QQ_PARTS: [&str; 5] = ["邮箱", "交流群", "业主群", "群聊", "群"];
/// Words written in Latin letters after `微信` that are no account.
const NO_ACCOUNT: [&str; 14] = [
    "wechat", "weixin", "android", "iphone", "windows", "harmony", "official", "online", "google", "tencent",
    "alipay", "taobao", "huawei", "xiaomi",
];

impl MaskRule for WechatOrQq {
    fn kind(&self) -> PiiKind {
        PiiKind::WechatOrQq
    }

    fn cues(&self) -> &[&'static str] {
        &CUES
    }

    fn find(&self, input: &MaskInput<'_>, cues: &[Cue], found: &mut Vec<Range<usize>>) {
        let text = input.text();
        for cue in cues {
            let before = input.before(cue.range.start);
            let mut label = cue.range.clone();
            let latin = text.as_bytes().get(label.start).is_some_and(u8::is_ascii_alphanumeric);
            if (latin && before.ends_with(|c: char| c.is_ascii_alphabetic() || c == '_'))
                || is_official(before)
            {
                continue;
            }
            let is_qq = cue.index >= WECHAT;
            if is_qq {
                let after = input.after(label.end);
                label.end +=
                    QQ_PARTS.iter().find(|part| after.starts_with(**part)).map_or(0, |part| part.len());
            } else if input
                .after(label.start)
                .get(..5)
                .is_some_and(|begin| begin.eq_ignore_ascii_case("wxid_"))
            {
                // The names that WeChat itself gives.
                label.end = label.start;
            }
            let accept = |code: &Code, start: Start| {
                let joined = start.at > label.end;
                (start.explicit || !start.filled || code.letters() > 0 && code.digits() > 0)
                    && is_account(text, code, is_qq, start.explicit, joined)
            };
            let len = found.len();
            find_after(text, label.end, Style::Account, &accept, found);
            for range in found.iter_mut().skip(len) {
                range.end -= next_label_len(input.before(range.end), input.after(range.end));
            }
            if found.len() == len {
                let code = code_before(text, cue.range.clone(), Style::Account);
                found.extend(
                    code.filter(|code| is_account(text, code, is_qq, true, true)).map(|code| code.range),
                );
            }
        }
    }
}

/// The length of the next label, with which `account` ends: QQ in abc_688QQ是12345678.
fn next_label_len(account: &str, after: &str) -> usize {
    let label = account.len().checked_sub(2).and_then(|at| account.get(at..)).unwrap_or_default();
    let is_label = ["qq", "vx", "wx"].iter().any(|word| label.eq_ignore_ascii_case(word));
    let goes_on = after.starts_with(['是', '号', '：', ':', '为', '群']);
    if is_label && goes_on { label.len() } else { 0 }
}

/// Whether the word belongs to an office or a firm: its official account is no personal one.
fn is_official(before: &str) -> bool {
    let start = before.char_indices().rev().nth(5).map_or(0, |(at, _)| at);
    let near = before.get(start..).unwrap_or_default();
    let office = near.strip_suffix("的").unwrap_or(near).ends_with(['局', '心', '府', '院']);
    office || ["官方", "公众号", "公众平台", "订阅号", "服务号"].iter().any(|word| near.contains(word))
}

/// Whether `code` is an account; `joined` where something stands between it and its word.
fn is_account(text: &str, code: &Code, is_qq: bool, explicit: bool, joined: bool) -> bool {
    let after = text.get(code.range.end..).unwrap_or_default();
    let raw = text.get(code.range.clone()).unwrap_or_default();
    let lower = code.text.to_ascii_lowercase();
    let another_label = raw.split_once(' ').is_some_and(|(first, _)| {
        ["vx", "wx", "qq", "wechat"].iter().any(|word| first.eq_ignore_ascii_case(word))
    });
    if another_label
        || code.is_mobile()
        || code.is_masked_by_hand(text)
        || after.starts_with(['@', '＠'])
        || after.starts_with("://")
        || (after.starts_with('.') && after.as_bytes().get(1).is_some_and(u8::is_ascii_alphanumeric))
    {
        return false;
    }
    let len = code.text.len();
    if code.is_number() {
        let plain = len > 7 || (!is_quantity(after) && !is_hotline(&code.text));
        return (5..=11).contains(&len) && !code.text.starts_with('0') && plain;
    }
    if is_qq || len > 20 {
        return false;
    }
    let signs = code.digits() > 0 || code.text.contains(['_', '-']);
    if code.text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        let least = if explicit && signs { 5 } else { 6 };
        len >= least && (signs || (joined && !NO_ACCOUNT.contains(&lower.as_str())))
    } else {
        explicit && code.letters() > 0 && signs && len >= 6
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::check_cases;

    #[test]
    fn found() {
        check_cases(
            WechatOrQq,
            &[
                "微信号：{zhang_san88}",
                "微信：{abc12345}，请联系",
                "加微信{li-ming1990}",
                "微信号是{zhangsan}",
                "微信叫{Wang_688}QQ是{30000912}",
                "我的微信 {zhang2008}",
                "微信（{wang_88}）",
                "微信号“{wang_8888}”",
                "wx：{abc12345}",
                "WX号{abc12345}",
                "vx:{abc_12345}",
                "vx{abc123}",
                "V信 {abc12345}",
                "加V：{abc12345}",
                "薇信{abc12345}",
                "威信号 {abc12345}",
                "微信ID：{wxid_a1b2c3d4}",
                "{wxid_a1b2c3d4e5}",
                "对方wx是{dsj_666888}",
                "微信联系：{abc12345}",
                "微信搜索{abc12345}加我",
                "微信是 {12345678}",
                "微信同号：{abc12345}",
                "QQ：{12345678}",
                "qq{1234567890}",
                "QQ号{12345678}",
                "QQ号码是{87654321}，谢谢",
                "扣扣 {12345678}",
                "扣扣号是{12345678}",
                "企鹅号：{12345678}",
                "QQ群：{123456789}",
                "业主QQ群号{123456789}",
                "加群号{123456789}",
                "QQ邮箱{12345678}",
                "Q群{123456789}",
                "微信/QQ：{12345678}",
                "QQ/微信：{abc12345}",
                "QQ微信同号{12345678}",
                "QQ：{12345678}、{87654321}",
                "我的QQ号是{一二三四五六七八}",
                "扣扣号是{三四五六七八九零}",
                "QQ是{八八六六七七五五}，你记一下",
                "微信号是{zhang下划线88}",
                "微信是{z h a n g 8 8}",
                "微信号呃就是{abc幺二三四五}",
                "{abc12345}（微信）",
                "{12345678}（QQ）",
                "QQ {123 456 789}",
                "QQ号我报一下，{12345678}",
                "Q：{12345678}",
                "加QQ{123456}，13800001234",
                "我QQ{12345678}微信{abc_1234}",
                "微信：{sunny_0505}（本人）",
                "微信号：{a13800}可以吗",
                "我们老板微信{boss9999}",
                "微信号为 {lzx--123}",
                "微信【{cs_2023}】",
                "她微信号 {Q1w2e3r4}",
                "微信是 {yuyu5201314}，每次都已读不回",
                "加v{abc6789}领奖",
                "加薇{abc6789}领奖",
                "WeChat: {john_1988}",
                "wx {yan0808}",
                "wx号是{mm_5566}",
                "VX号：{mm5566}",
                "VX：{mm5566}，QQ：{100200300}",
                "微信号码{gg778899}",
                "QQ{2277889900}骗子",
                "q群{112233445}",
                "QQ号{10086001}",
                "qq邮箱是{55667788}",
                "扣扣号码{55667788}",
                "我扣扣{二二三三四四五五}",
                "QQ号是{三个八二二三三四}",
                "微信号是{z，h，a，n，g，八八}",
                "微信是{zhang，八八六六}，对",
                "QQ或微信：{12345678}",
                "QQ(微信同号):{12345678}",
                "联系方式：QQ{12345678}",
                "微信号：{zhaomin_1990}，随时联系",
                "她让我加微信{wxid_9f8e7d6c5b}",
                "诈骗人员微信（{lc168888}）",
                "我的wechat是{peter_pan}",
                "微信:{A-jun520}",
                "微信号我发你 {cc_1234}",
                "vx：{fangchan-88}",
                "加v信{hn66778}",
                "中介微信{HKfang2023}",
                "微信号就叫{liulaoshi88}",
                "微信{sxy20010203}的用户骗了我",
                "QQ号为{10001234}",
                "我QQ是{66 77 88 99}",
                "客服QQ：{800012345}",
                "班级QQ群{234567890}",
                "扣扣{九八七六五四三二}",
                "qq：{1234567}（常用）",
                "QQ号码是 {1 2 3 4 5 6 7 8}",
                "Q Q：{12345678}",
                "企鹅{33445566}",
            ],
        );
    }

    #[test]
    fn left_alone() {
        check_cases(
            WechatOrQq,
            &[
                "微信同号13800001234",
                "微信13800001234",
                "微信号就是手机号138 0000 1234",
                "vx幺三八零零零零幺二三四",
                "微信公众号“市民之家”",
                "微信公众号：shiminzhijia",
                "公众号（微信号：shiminzhijia）",
                "关注官方微信shimin12345",
                "微信小程序无法登录",
                "微信支付12000元",
                "微信转账5000元",
                "微信群里有300人",
                "微信群主踢人",
                "用微信缴费123456元",
                "微信12345热线",
                "微信2018年开通",
                "微信里10000元",
                "微信8.0.30版本",
                "威信扫地",
                "QQ空间打不开",
                "QQ飞车",
                "QQ2012款",
                "QQ群里教人炒股",
                "QQ 30000元",
                "企鹅馆门票",
                "加V认证",
                "wxPay",
                "微信iphone版本",
                "微信群通知2023年",
                "扣扣子",
                "QQ邮箱12345678@qq.com",
                "微信wechat",
                "他的微信我没有",
                "QQ：无",
                "微信：无",
                "vx暂无",
                "报警后派出所给的群号没有",
                "QQ音乐会员300元",
                "群号召大家",
                "微信号是多少",
                "微信/电话：13800001111",
                "微信（电话同号）13800001111",
                "微信支付单号4200001234202305011234567890",
                "微信红包200元",
                "微信运动12345步",
                "微信客服95017",
                "QQ超级会员",
                "微信群“幸福里业主群2023”",
                "微信群有498人",
                "微信视频号直播",
                "QQ号被盗3年",
                "微信实名制",
                "微信聊天记录20230405",
                "QQ群文件",
                "公众号“智慧12345”",
                "小程序“车位A123456”",
                "微信上说12号给我退",
                "微信号封了30天",
                "微信提现1000元手续费",
                "微信分付",
                "微信读书10000小时",
                "微信朋友圈广告",
                "QQ农场",
                "QQ等级80级",
                "QQ聊天截图20张",
                "wx公众号",
                "抖音直播",
            ],
        );
    }
}
