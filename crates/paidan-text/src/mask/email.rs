use std::ops::Range;

use super::code::spoken_digit;
use super::{Cue, MaskInput, MaskRule, PiiKind};

/// E-mail addresses: the common ASCII subset of RFC 5322's addr-spec, with a dotted domain, also where people
/// write `(at)`, `#` or `艾特` for the sign, `点com` for the full stop, blanks around either, or a domain in Chinese.
pub(super) struct Email;

const CUES: [&str; 20] = [
    // What stands for the sign.
    "(at)",
    "[at]",
    "（at）",
    "【at】",
    "{at}",
    "<at>",
    "(@)",
    "（@）",
    "[@]",
    " at ",
    "艾特",
    "爱特",
    "圈a",
    "小老鼠",
    // What announces an address in which `#` may stand for it.
    "邮箱",
    "邮件",
    "电邮",
    "email",
    "e-mail",
    "邮址",
];
/// The cues before this one stand for the sign.
const SIGNS: usize = 14;
/// The signs before this one are read out.
const SPOKEN: Range<usize> = 9..14;
/// How far behind its word an address with `#` may begin, in bytes.
const NEAR: usize = 64;

/// Top-level domains where the address is written loosely: the longest first where one begins another.
const TOPS: [&str; 18] = [
    "com", "cn", "net", "org", "edu", "gov", "cc", "me", "vip", "info", "hk", "tw", "mo", "top", "中国",
    "公司", "网络", "政务",
];
/// Mail providers whose name alone is a domain to people.
const PROVIDERS: [&str; 13] = [
    "qq", "163", "126", "139", "189", "sina", "sohu", "gmail", "foxmail", "outlook", "hotmail", "yeah",
    "aliyun",
];

impl MaskRule for Email {
    fn kind(&self) -> PiiKind {
        PiiKind::Email
    }

    fn cues(&self) -> &[&'static str] {
        &CUES
    }

    fn find(&self, input: &MaskInput<'_>, cues: &[Cue], found: &mut Vec<Range<usize>>) {
        let text = input.text();
        for (at, _) in text.match_indices('@') {
            found.extend(address_around(input, at..at + 1, false));
        }
        for cue in cues {
            if cue.index < SIGNS {
                found.extend(address_around(input, cue.range.clone(), SPOKEN.contains(&cue.index)));
                continue;
            }
            let end = input
                .after(cue.range.end)
                .char_indices()
                .map(|(at, _)| at)
                .take_while(|at| *at < NEAR)
                .last();
            let near = input.after(cue.range.end).get(..end.unwrap_or_default()).unwrap_or_default();
            if let Some(at) = near.find('#').map(|at| cue.range.end + at) {
                found.extend(address_around(input, at..at + 1, false));
            }
        }
    }
}

/// The address around the `sign`, which is `spoken` where it is read out.
fn address_around(input: &MaskInput<'_>, sign: Range<usize>, spoken: bool) -> Option<Range<usize>> {
    let start = local_start(input.before(sign.start), spoken)?;
    let loose =
        input.text().get(sign.clone()) != Some("@") || input.text().get(start..sign.start)?.ends_with(' ');
    let len = domain_len(input.after(sign.end), spoken, loose)?;
    Some(start..sign.end + len)
}

/// Where the local part that ends `before`, or is parted from its end by a blank, begins.
fn local_start(before: &str, spoken: bool) -> Option<usize> {
    let signs: &[char] = if spoken { &[' ', '，', ','] } else { &[' '] };
    let mut rest = before.strip_suffix(signs).unwrap_or(before);
    let end = rest.len();
    while let Some(c) = rest.chars().next_back() {
        let shorter = rest.get(..rest.len() - c.len_utf8())?;
        let word = ["下划线", "下横线", "横杠", "减号", "杠"].iter().find_map(|word| rest.strip_suffix(word));
        rest = match word {
            _ if is_local(c) => shorter,
            _ if spoken && spoken_digit(c).is_some() => shorter,
            Some(shorter) if spoken && shorter.ends_with(is_local) => shorter,
            _ if spoken && c == '点' && shorter.ends_with(|c: char| c.is_ascii_alphanumeric()) => shorter,
            // Spelt out: l i m i n g.
            _ if spoken && c == ' ' && is_spelt(shorter, before.get(rest.len()..)?) => shorter,
            _ => break,
        };
    }
    let local = before.get(rest.len()..end)?.trim_start_matches(['.', '-', '+']);
    (!local.is_empty()).then(|| end - local.len())
}

fn is_local(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-')
}

/// Whether a single letter or digit ends `before` and one begins `after`.
fn is_spelt(before: &str, after: &str) -> bool {
    let single = |mut chars: [Option<char>; 2]| {
        let first = chars[0].take().is_some_and(|c| c.is_ascii_alphanumeric());
        first && !chars[1].take().is_some_and(|c| c.is_ascii_alphanumeric())
    };
    let mut back = before.chars().rev();
    let mut front = after.chars();
    single([back.next(), back.next()]) && single([front.next(), front.next()])
}

/// The length of the domain at the beginning of `after`. `loose` where the sign is not a plain `@` that touches the
/// local part.
fn domain_len(after: &str, spoken: bool, loose: bool) -> Option<usize> {
    let signs: &[char] = if spoken { &[' ', '，', ','] } else { &[' '] };
    let text = after.strip_prefix(signs).unwrap_or(after);
    let blank = after.len() - text.len();
    let written =
        text.bytes().take_while(|&byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-')).count();
    let known = known_domain(text.get(..written)?).map(str::len);
    if let Some(len) =
        known.filter(|len| !(loose || blank > 0) || has_known_top(text.get(..*len).unwrap_or_default()))
    {
        let more = text.get(len..)?.strip_prefix('.').and_then(|rest| top_len(rest, true));
        return Some(blank + len + more.map_or(0, |more| more + 1));
    }
    loose_domain_len(text, spoken).map(|len| blank + len)
}

/// A domain whose full stops are written otherwise, or whose labels are Chinese, or the name of a provider alone.
fn loose_domain_len(text: &str, spoken: bool) -> Option<usize> {
    let ascii = text.bytes().take_while(|&byte| byte.is_ascii_alphanumeric() || byte == b'-').count();
    let mut host = if ascii > 0 {
        ascii
    } else if spoken && text.starts_with(|c| spoken_digit(c).is_some()) {
        text.find(|c| spoken_digit(c).is_none()).unwrap_or(text.len())
    } else {
        let han = text.char_indices().take(16).find(|(_, c)| !('\u{4E00}'..='\u{9FFF}').contains(c));
        let (end, stop) = han?;
        if end == 0 || stop != '.' {
            return None;
        }
        end
    };
    if spoken {
        // 1 6 3 点 c o m
        while text.get(host..).is_some_and(|rest| rest.starts_with(' '))
            && is_spelt(text.get(..host)?, text.get(host + 1..)?)
        {
            host += 2;
        }
    }
    let name: String =
        text.get(..host)?.chars().filter(|c| *c != ' ').map(|c| spoken_digit(c).unwrap_or(c)).collect();
    let mut len = host;
    while let Some(label) = dot_len(text.get(len..)?) {
        let Some(top) = top_len(text.get(len + label..)?, spoken) else { break };
        len += label + top;
    }
    let is_provider = PROVIDERS.contains(&name.to_ascii_lowercase().as_str());
    let ends =
        !text.get(len..)?.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
    (len > host || (is_provider && ends)).then_some(len)
}

/// The length of a full stop, or of what stands for one.
fn dot_len(text: &str) -> Option<usize> {
    let sign = text.trim_start_matches(' ');
    let signs = ["(dot)", "[dot]", "dot ", ".", "。", "．", "·", "，", ",", "点", "丶"];
    let sign_len = signs.iter().find(|word| sign.starts_with(**word))?.len();
    let behind = sign.get(sign_len..)?.trim_start_matches(' ');
    let len = text.len() - behind.len();
    (len <= sign_len + 2).then_some(len)
}

/// The length of a known top-level domain at the beginning of `text`.
fn top_len(text: &str, spoken: bool) -> Option<usize> {
    let ends = |len: usize| {
        !text.get(len..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
    };
    let written = |top: &&str| {
        text.get(..top.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(top)) && ends(top.len())
    };
    let spelt = ["c o m", "c n", "康姆", "卡姆"].iter().find(|top| spoken && written(top));
    TOPS.iter().find(|top| written(top)).or(spelt).map(|top| top.len())
}

fn has_known_top(domain: &str) -> bool {
    domain.rsplit('.').next().is_some_and(|top| TOPS.iter().any(|known| known.eq_ignore_ascii_case(top)))
}

/// Domains that begin with a top-level domain of two or three letters and are one themselves.
const LONG_TOPS: [&str; 9] =
    ["community", "company", "compare", "computer", "network", "organic", "info", "comsec", "netbank"];

/// The longest beginning of `text` that is a host, a full stop and two letters or more: a number or the next word
/// may follow an address without a blank.
fn known_domain(text: &str) -> Option<&str> {
    text.rmatch_indices('.').find_map(|(dot, _)| {
        let rest = text.get(dot + 1..)?;
        let mut top = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let letters = rest.get(..top)?.to_ascii_lowercase();
        if !LONG_TOPS.contains(&letters.as_str()) {
            let known = ["com", "cn", "net", "org"].iter().find(|known| letters.starts_with(**known));
            top = known.map_or(top, |known| known.len());
        }
        (dot > 0 && top >= 2).then(|| text.get(..dot + 1 + top))?
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::check_cases;

    #[test]
    fn found() {
        check_cases(
            Email,
            &[
                "邮箱{zhang_san@example.com}。",
                "发到{a.b+c@mail.example.org.cn}，",
                "{zhang@example.com}13800001234，{li@example.com}-138，{li@example.com}.5",
                "QQ邮箱：{12345678@qq.com}",
                "邮箱是{13800001234@163.com}",
                "请回复至 {li-ming@example.com.cn}（工作日）",
                "邮箱：{zhang.san@example.com}、{li.si@example.net}",
                "邮箱{wang@qq.com}QQ12345678",
                "{wang@163.com}wx同号",
                "邮箱 {zhangsan(at)example.com}",
                "{zhangsan[at]example.com}",
                "{zhangsan（at）163.com}",
                "{zhangsan【at】163点com}",
                "邮箱：{zhangsan#163.com}",
                "电子邮箱 {12345678#qq.com}，谢谢",
                "邮箱{zhangsan @ 163.com}",
                "邮箱{zhangsan@ 163.com}",
                "邮箱{zhangsan @163.com}",
                "邮箱{zhangsan@163点com}",
                "{zhangsan@163。com}",
                "{zhangsan@163，com}",
                "邮箱{zhangsan@qq}",
                "邮箱是{zhangsan艾特163点com}",
                "邮箱是{一二三四五六七八艾特qq点com}",
                "我邮箱{zhang下划线san艾特幺六三点com}",
                "邮箱{z h a n g 艾特 1 6 3 点 c o m}",
                "邮箱{zhangsan艾特qq}",
                "联系{zhang@例子.中国}",
                "{zhang@例子.公司}收",
                "{zhang@example.中国}",
                "mailto:{zhang@example.com}?",
                "“{zhang@example.com}”",
                "<{zhang@example.com}>",
                "e-mail:{ZHANG@EXAMPLE.COM}",
                "Email：{zhang%1@example.com}",
                "{zhang at 163.com}",
                "{zhangsan@163 .com}",
                "邮箱{zhang.san小老鼠qq点com}",
                "抄送{12345678@vip.qq.com}，{a1@126.com}",
                "我用的邮箱是{xiaowang.work@gmail.com}",
                "请发至：{service-01@abc-tech.com.cn}",
                "投诉材料已发到{bgs@example.gov.cn}邮箱",
                "邮箱 {1234567@qq . com}",
                "邮箱：{abc@163 点 com}",
                "我的邮箱是{lily艾特gmail点com}",
                "邮箱是{lily at 163 点 com}",
                "邮箱{li.hua@qq.con}",
                "邮箱{wx88@vip.163.com}微信同号",
                "\"{dave@example.org}\"",
                "qq邮箱是{55667788@qq.com}",
                "支付宝账号：{abc@qq.com}",
                "邮箱是{zhangsan，艾特，163点com}",
                "邮箱{zhangsan艾特一六三点康姆}",
                "电子邮箱：{zhao_min@sina.cn}；手机：13800001234",
                "你们给我邮箱 {13900004321@139.com} 发个文件就行",
                "来信人邮箱：{old.li-1955@aliyun.com}。",
                "我的邮箱 {jane.doe@icloud.com} 至今没收到回函",
                "邮箱:{contact@my-shop.top}",
                "请发邮件到{admin[at]example[dot]com}",
                "邮箱是{liu艾特sina点com}",
                "邮箱 {fang@外贸.com}",
            ],
        );
    }

    #[test]
    fn left_alone() {
        check_cases(
            Email,
            &[
                "请@值班员处理",
                "价格3@5元",
                "a@b",
                "@12345热线",
                "@全体成员 开会",
                "@市住建局.市城管局",
                "微博@平安城市",
                "请登录www.example.com查询",
                "网址example.com/at/12345",
                "3 @ 5",
                "@@@@",
                "邮箱没有收到回复",
                "邮箱：无",
                "我的邮箱是公司邮箱",
                "艾特了全体成员",
                "他在群里艾特我三次",
                "邮箱#未填写#",
                "话题#路灯不亮#",
                "C#语言",
                "电子邮件收不到验证码123456",
                "邮编570000，邮箱暂无",
                "look at this",
                "meet at 12345",
                "@qq",
                "@163.com",
                "版本v1.0@2",
                "小老鼠很多",
                "圈a区停车难",
                "邮箱没注册@符号",
                "请@住建局 @城管局",
                "转发//@张三:支持",
                "@市长热线12345",
                "单价@10元",
                "IPv4地址192.168.1.1@8080",
                "抖音@小李说事",
                "举报邮箱jubao@",
                "网站www.12345.gov.cn",
                "github.com/@user",
                "温度@25度",
                "他在朋友圈@了我",
            ],
        );
    }
}
