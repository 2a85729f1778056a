//! Words that say what the number after them is.

use NumberWord::{Account, BankCard, IdCard, Impersonal, Mobile, Phone};

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

/// The word that `text` ends with.
pub(super) fn word_at_end(text: &str) -> Option<NumberWord> {
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
