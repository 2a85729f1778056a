//! What the words around a number say it is.

use super::{MASK_CLOSE, MASK_OPEN};

/// What the word before a number says about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NumberWord {
    /// A telephone number, mobile or fixed: 电话, 座机.
    Phone,
    /// A mobile number only: 手机.
    Mobile,
    /// An identity number: 身份证号.
    IdCard,
    /// A bank card or account: 银行卡, 卡号.
    BankCard,
    /// What a utility, a fund or a school knows someone by: 户号, 电表号.
    Account,
    /// Nobody's own number: 工单号, 案号, 型号, 金额.
    Impersonal,
}

use NumberWord::{Account, BankCard, IdCard, Impersonal, Mobile, Phone};

/// The words, by their last character; of several that end a text the longest counts.
const WORDS: &[(char, &[(&str, NumberWord)])] = &[
    ('话', &[("电话", Phone), ("固话", Phone), ("热线电话", Mobile), ("客服电话", Mobile)]),
    ('机', &[("座机", Phone), ("手机", Mobile)]),
    ('通', &[("小灵通", Phone)]),
    ('式', &[("联系方式", Phone)]),
    ('电', &[("宅电", Phone), ("致电", Phone), ("来电", Phone), ("回电", Phone), ("办电", Phone)]),
    ('真', &[("传真", Phone)]),
    ('打', &[("拨打", Phone)]),
    ('卡', &[("银行卡", BankCard), ("储蓄卡", BankCard), ("信用卡", BankCard), ("借记卡", BankCard)]),
    ('户', &[("账户", BankCard), ("帐户", BankCard)]),
    ('照', &[("执照", Impersonal)]),
    ('第', &[("第", Impersonal)]),
    ('单', &[("工单", Impersonal), ("订单", Impersonal), ("运单", Impersonal), ("快递单", Impersonal)]),
    ('证', &[("身份证", IdCard), ("居住证", IdCard), ("居留证", IdCard), ("许可证", Impersonal)]),
    ('额', &[("金额", Impersonal), ("余额", Impersonal)]),
    ('数', &[("读数", Impersonal), ("表数", Impersonal), ("底数", Impersonal)]),
    ('积', &[("面积", Impersonal)]),
    ('标', &[("坐标", Impersonal)]),
    ('度', &[("经度", Impersonal), ("纬度", Impersonal)]),
    ('经', &[("东经", Impersonal)]),
    ('纬', &[("北纬", Impersonal)]),
    ('编', &[("邮编", Impersonal)]),
    ('识', &[("标识", Impersonal)]),
    (
        '码',
        &[
            ("编码", Impersonal),
            ("代码", Impersonal),
            ("条码", Impersonal),
            ("条形码", Impersonal),
            ("二维码", Impersonal),
            ("验证码", Impersonal),
            ("取件码", Impersonal),
            ("校验码", Impersonal),
            ("串码", Impersonal),
        ],
    ),
    (
        '号',
        &[
            // 微信同号: the mobile number is the account.
            ("同号", Mobile),
            ("电话号", Phone),
            ("座机号", Phone),
            ("固话号", Phone),
            ("传真号", Phone),
            ("手机号", Mobile),
            ("身份证号", IdCard),
            ("身份号", IdCard),
            ("证件号", IdCard),
            ("居住证号", IdCard),
            ("居留证号", IdCard),
            ("卡号", BankCard),
            ("手机卡号", Mobile),
            ("电话卡号", Mobile),
            ("社保卡号", Account),
            ("公交卡号", Account),
            ("账号", BankCard),
            ("帐号", BankCard),
            ("户号", Account),
            ("表号", Account),
            ("用户号", Account),
            ("客户号", Account),
            ("缴费号", Account),
            ("社保号", Account),
            ("学号", Account),
            ("会员卡号", Account),
            ("购物卡号", Account),
            ("储值卡号", Account),
            ("加油卡号", Account),
            ("医保卡号", Account),
            ("燃气卡号", Account),
            ("电卡号", Account),
            ("水卡号", Account),
            ("工号", Impersonal),
            ("杆号", Impersonal),
            ("代证号", IdCard),
            ("编号", Impersonal),
            ("用户编号", Account),
            ("客户编号", Account),
            ("缴费编号", Account),
            ("证件编号", IdCard),
            ("身份证编号", IdCard),
            ("单号", Impersonal),
            ("快递号", Impersonal),
            ("包裹号", Impersonal),
            ("物流号", Impersonal),
            ("案号", Impersonal),
            ("案件号", Impersonal),
            ("立案号", Impersonal),
            ("受理号", Impersonal),
            ("登记号", Impersonal),
            ("注册号", Impersonal),
            ("备案号", Impersonal),
            ("查询号", Impersonal),
            ("信访号", Impersonal),
            ("文号", Impersonal),
            ("批号", Impersonal),
            ("流水号", Impersonal),
            ("交易号", Impersonal),
            ("序列号", Impersonal),
            ("序号", Impersonal),
            ("型号", Impersonal),
            ("货号", Impersonal),
            ("票号", Impersonal),
            ("合同号", Impersonal),
            ("保单号", Impersonal),
            ("凭证号", Impersonal),
            ("档案号", Impersonal),
            ("设备号", Impersonal),
            ("机身号", Impersonal),
            ("证号", Impersonal),
            ("照号", Impersonal),
        ],
    ),
    ('l', &[("tel", Phone)]),
    ('L', &[("tel", Phone)]),
    ('e', &[("phone", Phone), ("mobile", Mobile)]),
    ('E', &[("phone", Phone), ("mobile", Mobile)]),
    ('o', &[("no", Impersonal)]),
    ('O', &[("no", Impersonal)]),
    ('№', &[("№", Impersonal)]),
];

/// Letters that may touch a telephone number: others make it a code.
const PHONE_LETTERS: [&str; 12] =
    ["tel", "phone", "mobile", "mob", "call", "ph", "hp", "vx", "wx", "wechat", "qq", "v"];

/// Units that follow an amount, however it is written.
const UNITS: [&str; 17] = [
    "元",
    "块钱",
    "万元",
    "亿元",
    "人民币",
    "美元",
    "平方",
    "平米",
    "㎡",
    "m²",
    "米",
    "公里",
    "吨",
    "公斤",
    "千瓦",
    "立方",
    "度电",
];

/// What follows groups of digits that are no telephone number: doors, dates and counts.
const COUNTED: [&str; 27] = [
    "年", "月", "日", "时", "点", "分", "秒", "栋", "幢", "号", "楼", "单元", "室", "层", "户", "人", "个",
    "件", "次", "台", "套", "条", "路", "期", "度", "万", "%",
];

/// How many signs and small words may stand between a word and its number.
const MAX_CONNECTIVES: usize = 12;

/// What the word just before a number says; `before` is the text up to the number.
///
/// Signs, brackets with their content and small words may stand between (电话（家里）是：); a comma only
/// before a telephone number, and earlier numbers of a list only after a word that says what they are not.
pub(super) fn word_before(before: &str) -> Option<NumberWord> {
    let mut rest = before;
    let mut listed = false;
    let mut comma = false;
    let mut blank = false;
    for _ in 0..MAX_CONNECTIVES {
        if let Some(word) = word_at_end(rest) {
            let is_phone = matches!(word, Phone | Mobile);
            // 订单13800001234 is an order; in 催办工单 13800001234 the number may be the caller's.
            let names_number = word != Impersonal || rest.ends_with(['号', '码']) || !blank;
            return (!(listed && is_phone) && (!comma || is_phone) && names_number).then_some(word);
        }
        let last = rest.chars().next_back()?;
        let shorter = rest.strip_suffix(last)?;
        rest = match last {
            ')' => before_bracket(shorter, '('),
            '）' => before_bracket(shorter, '（'),
            ' ' => {
                blank = true;
                shorter
            }
            ',' | '，' => {
                comma = true;
                shorter
            }
            '、' | '和' | '或' | '及' | '与' | '/' => {
                listed = true;
                without_number(shorter)?
            }
            _ if is_connective(last) => shorter,
            _ => return None,
        };
    }
    None
}

/// The text before the bracket that `open` begins in `text`; all of `text` where what stands in the bracket is
/// itself a word, or too long.
fn before_bracket(text: &str, open: char) -> &str {
    const LONGEST_CONTENT: usize = 12;
    let found = text.char_indices().rev().take(LONGEST_CONTENT).find(|(_, c)| *c == open);
    match found.and_then(|(at, _)| text.get(..at)) {
        Some(before) if word_at_end(text).is_none() => before,
        _ => text,
    }
}

fn is_connective(c: char) -> bool {
    matches!(
        c,
        ':' | '：'
            | '='
            | '.'
            | '-'
            | '—'
            | '–'
            | '>'
            | '→'
            | '#'
            | '"'
            | '\''
            | '“'
            | '‘'
            | '「'
            | '《'
            | '('
            | '（'
            | '【'
            | '['
            | '〔'
            | ']'
            | '】'
            | '〕'
            | '”'
            | '’'
            | '+'
            | '是'
            | '为'
            | '叫'
            | '的'
            | '呢'
            | '啊'
            | '吧'
            | '哈'
            | '哦'
            | '嗯'
            | '就'
            | '码'
            | '都'
            | '分'
            | '别'
            | '有'
    )
}

/// `text` without the number or the masked stretch at its end.
fn without_number(text: &str) -> Option<&str> {
    let mut rest = text.trim_end_matches(' ');
    let whole = rest.len();
    loop {
        let shorter = rest.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '-');
        let shorter = match shorter.strip_suffix(MASK_CLOSE) {
            Some(token) => token.get(..token.rfind(MASK_OPEN)?)?,
            None => shorter,
        };
        if shorter.len() == rest.len() {
            return (rest.len() < whole).then_some(rest);
        }
        rest = shorter;
    }
}

fn word_at_end(text: &str) -> Option<NumberWord> {
    let last = text.chars().next_back()?;
    let (_, words) = WORDS.iter().find(|(end, _)| *end == last)?;
    let longest = words
        .iter()
        .filter(|(word, _)| ends_with_ignoring_case(text, word))
        .max_by_key(|(word, _)| word.len());
    match longest {
        Some((_, word)) => Some(*word),
        None => text.strip_suffix("号码").filter(|noun| is_about_phone(noun)).map(|_| Phone),
    }
}

fn ends_with_ignoring_case(text: &str, word: &str) -> bool {
    let tail = text.len().checked_sub(word.len()).and_then(|at| text.as_bytes().get(at..));
    tail.is_some_and(|tail| tail.eq_ignore_ascii_case(word.as_bytes()))
}

/// Whether 号码 after `noun` is a telephone number: 联系号码, 我的号码, 号码.
fn is_about_phone(noun: &str) -> bool {
    const NOUNS: [&str; 10] = ["联系", "来电", "主叫", "本机", "回访", "预留", "的", "这个", "拨打", "留"];
    noun.chars().next_back().is_none_or(|last| !last.is_alphanumeric())
        || NOUNS.iter().any(|word| noun.ends_with(word))
}

/// Whether letters that touch a number make it a code, such as `JD13800001234` and `GD-13800001234`;
/// `before` is the text up to the number.
pub(super) fn is_code(before: &str) -> bool {
    let before = before.strip_suffix(['-', '_']).unwrap_or(before);
    let rest = before.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let letters = before.get(rest.len()..).unwrap_or_default();
    // After a full stop they are the end of a host's name.
    !letters.is_empty()
        && !rest.ends_with('.')
        && !PHONE_LETTERS.iter().any(|word| letters.eq_ignore_ascii_case(word))
}

/// Whether a currency before or a unit after a number makes it an amount.
pub(super) fn is_amount(before: &str, after: &str) -> bool {
    let after = after.trim_start_matches(' ');
    // 13800001234.50元
    let decimals = after.strip_prefix('.').map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    before.trim_end_matches(' ').ends_with(['¥', '￥', '$'])
        || UNITS.iter().any(|unit| after.starts_with(unit) || decimals.is_some_and(|d| d.starts_with(unit)))
}

/// Whether a word that counts, dates or names a door follows: with it, groups of digits are no number of
/// one piece.
pub(super) fn is_counted(after: &str) -> bool {
    let after = after.strip_prefix(' ').unwrap_or(after);
    COUNTED.iter().any(|word| after.starts_with(word))
}

/// The bytes of `text` that a number at `range` fills with the brackets that begin or end inside it:
/// `(0898)66001234`.
pub(super) fn with_brackets(text: &str, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let inside = text.get(range.clone()).unwrap_or_default();
    let mut open = 0usize;
    let mut closed = 0usize;
    for c in inside.chars() {
        match c {
            '(' | '（' | '[' | '【' => open += 1,
            ')' | '）' | ']' | '】' if open > 0 => open -= 1,
            ')' | '）' | ']' | '】' => closed += 1,
            _ => {}
        }
    }
    let mut whole = range;
    let before = text.get(..whole.start).and_then(|before| before.chars().next_back());
    if let (1, Some(bracket @ ('(' | '（' | '[' | '【'))) = (closed, before) {
        whole.start -= bracket.len_utf8();
    }
    let after = text.get(whole.end..).and_then(|after| after.chars().next());
    if let (1, Some(bracket @ (')' | '）' | ']' | '】'))) = (open, after) {
        whole.end += bracket.len_utf8();
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        let cases = [
            ("订单号", Some(Impersonal)),
            ("订单号码是：", Some(Impersonal)),
            ("订单编号（京东）为", Some(Impersonal)),
            ("订单联系电话", Some(Phone)),
            ("电话订单号", Some(Impersonal)),
            ("手机卡号", Some(Mobile)),
            ("电话（家里）：", Some(Phone)),
            ("联系方式（座机）", Some(Phone)),
            ("银行卡的卡号是", Some(BankCard)),
            ("身份证号码", Some(IdCard)),
            ("用户编号", Some(Account)),
            ("我的号码", Some(Phone)),
            ("车牌号码", None),
            ("订单号123、ABC-45和", Some(Impersonal)),
            ("订单号⟦bank_card⟧、", Some(Impersonal)),
            ("电话123、", None),
            ("订单号，", None),
            ("电话，", Some(Phone)),
            ("工单 ", None),
            ("工单：", Some(Impersonal)),
            ("TEL.", Some(Phone)),
            ("No. ", None),
            ("NO.", Some(Impersonal)),
            ("反映", None),
            ("", None),
            ("（）：：：：：：：：：：：：：：：：", None),
        ];
        for (before, expected) in cases {
            assert_eq!(word_before(before), expected, "{before}");
        }
    }

    #[test]
    fn brackets() {
        let with = |text: &str, number: &str| {
            let at = text.find(number).unwrap();
            text[with_brackets(text, at..at + number.len())].to_owned()
        };
        assert_eq!(with("(0898)6600", "0898)6600"), "(0898)6600");
        assert_eq!(with("（12）-（34）", "12）-（34"), "（12）-（34）");
        assert_eq!(with("(1234)", "1234"), "1234");
        assert_eq!(with("(1)(2", "1)(2"), "(1)(2");
    }
}
