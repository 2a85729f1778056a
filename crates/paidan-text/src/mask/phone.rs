use std::ops::Range;

use super::digits::Chain;
use super::gap::Gap;
use super::grouping::{Grouping, Number};
use super::number_context::{is_amount, is_code, is_counted, with_brackets, word_before};
use super::number_words::NumberWord;
use super::{Cue, MaskInput, MaskRule, PiiKind};

/// Mobile numbers: `1[3-9]` and nine digits, ASCII or Chinese, in one run or in groups, with or without +86,
/// 0086, 86 or 0 before them, and two numbers run together.
pub(super) struct Phone;

const LEN: usize = 11;
/// Country codes and the trunk prefix, the longest first.
const PREFIXES: [&[u8]; 5] = [&[0, 0, 8, 6], &[8, 6, 0], &[8, 6], &[0], &[]];
/// The smallest group of digits that needs no word for telephone before it: amounts and lists have smaller
/// ones.
const LEAST_GROUP: u8 = 3;

impl MaskRule for Phone {
    fn kind(&self) -> PiiKind {
        PiiKind::Phone
    }

    fn find(&self, input: &MaskInput<'_>, _: &[Cue], found: &mut Vec<Range<usize>>) {
        for chain in input.chains() {
            let mut at = 0;
            let mut run_on = false;
            while at + LEN <= chain.len() {
                match mobile_at(input, chain, at, run_on) {
                    Some((range, end)) => {
                        found.push(range);
                        (at, run_on) = (end, true);
                    }
                    None => (at, run_on) = (at + 1, false),
                }
            }
        }
    }
}

/// The bytes of a mobile number that begins with digit `at`, and the digit after it. With `run_on`, another
/// ended just before it.
pub(super) fn mobile_at(
    input: &MaskInput<'_>,
    chain: Chain<'_>,
    at: usize,
    run_on: bool,
) -> Option<(Range<usize>, usize)> {
    if !matches!(chain.value(at), Some(0 | 1 | 8)) || !(run_on || chain.may_begin(at)) {
        return None;
    }
    let prefixes = PREFIXES.iter().filter(|prefix| chain.starts_with(at, prefix));
    prefixes.map(|prefix| at + prefix.len()).find_map(|start| {
        let number = mobile(chain, start)?;
        let end = start + LEN;
        let ends = chain.may_end(end) || (number.is_run() && others_follow(chain, end));
        if !ends || !is_prefix(chain, at, start) {
            return None;
        }
        let range = whole(input, chain.number(at, end - at)?.bytes());
        is_telephone(input, chain, at, number, &range).then_some((range, end))
    })
}

/// The eleven digits from `start` on, where they are those of a mobile number.
fn mobile(chain: Chain<'_>, start: usize) -> Option<Number<'_>> {
    (chain.value(start) == Some(1) && chain.value(start + 1) >= Some(3)).then(|| chain.number(start, LEN))?
}

/// Whether the run goes on with whole mobile numbers.
fn others_follow(chain: Chain<'_>, mut at: usize) -> bool {
    while mobile(chain, at).is_some_and(|next| next.is_run()) && chain.gap(at) == Gap::None {
        at += LEN;
        if chain.may_end(at) {
            return true;
        }
    }
    false
}

/// Whether the digits from `at` to `start` may be the prefix of the number at `start`.
fn is_prefix(chain: Chain<'_>, at: usize, start: usize) -> bool {
    match (start - at, chain.gap(start)) {
        (0, _) | (_, Gap::None) => true,
        (1, _) => false,
        (_, gap) => gap < Gap::Comma,
    }
}

/// With the plus sign before a country code, and brackets.
fn whole(input: &MaskInput<'_>, range: Range<usize>) -> Range<usize> {
    let with_plus = |start: usize| start - usize::from(input.before(start).ends_with('+'));
    let range = with_brackets(input.text(), with_plus(range.start)..range.end);
    with_plus(range.start)..range.end
}

/// Whether the groups of `number` and the words around `range` allow it to be a telephone number.
fn is_telephone(
    input: &MaskInput<'_>,
    chain: Chain<'_>,
    at: usize,
    number: Number<'_>,
    range: &Range<usize>,
) -> bool {
    let (before, after) = (input.before(range.start), input.after(range.end));
    // 0.13800001234
    let is_fraction = chain.gap(at) == Gap::Dot
        && at.checked_sub(1).is_some_and(|zero| chain.value(zero) == Some(0) && chain.is_boundary(zero));
    if is_fraction || is_code(before) || is_amount(before, after) {
        return false;
    }
    let word = word_before(before);
    match word {
        Some(NumberWord::Impersonal) => false,
        Some(NumberWord::Phone | NumberWord::Mobile) => true,
        _ => number.is_run() || (plausible_groups(number.grouping(), number) && !is_counted(after)),
    }
}

/// Whether the digits are grouped as people group telephone numbers.
fn plausible_groups(grouping: Grouping, number: Number<'_>) -> bool {
    let lens = grouping.lens();
    let large = lens.iter().all(|&len| len >= LEAST_GROUP);
    if number.is_chinese() && (large || grouping.only(&[Gap::Blank, Gap::Dash, Gap::Word])) {
        return true;
    }
    match lens {
        _ if grouping.is_spelled() => grouping.is_uniform(),
        [3, 4, 4] => grouping.is_uniform() || grouping.only(&[Gap::Blank, Gap::Dash, Gap::Sign]),
        // 1998-2005-330
        [4, 4, 3] if (1900..=2099).contains(&number.decimal(0..4)) => false,
        [4, 4, 3] => grouping.is_uniform() && !grouping.only(&[Gap::Comma]),
        [9, 2] | [10, 1] => grouping.only(&[Gap::Blank]),
        // One full stop makes an amount or a coordinate: 139.12345678.
        _ => large && grouping.only(&[Gap::Blank, Gap::Dash, Gap::Sign]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::check_cases;

    #[test]
    fn in_one_run_or_groups() {
        check_cases(
            Phone,
            &[
                "请回电{13800001234}，谢谢",
                "{138-0000-1234}或{139 0000 4321}",
                "{+8613800001234}、{0086 138 0000 1234}、{86-138-0000-1234}、{8613800001234}",
                "{(+86)13800001234}",
                "{(86)138-0000-1234}，{+86 (138) 0000 1234}，{+86-13800001234}，{(+86) 13800001234}",
                "微信同号{19900001234}李女士",
                "{13800001234} {13900001234}",
                "{13800001234}/{13900001234}、{13700001234}，{13600001234}或{13500001234}",
                "{138–0000–1234}、{138——0000——1234}、{138 - 0000 - 1234}、{138. 0000. 1234}",
                "{138/0000/1234}，{(138)00001234}，{（138）0000-1234}，{138(0000)1234}，({138-0000-1234})",
                "{13800 001234}、{1380 000 1234}、{138.0000.1234}、{138·0000·1234}、{138_0000_1234}",
                "{013800001234}",
                "{13800001234}{13900004321}{13700001234}",
                "12345转{13800001234}",
                "12345 {13800001234}",
                "{138OOOO1234}或{138oooo1234}",
                "3栋{13800001234}住户",
                "1.{13800001234} 2.{13900001234}",
                "1、{13800001234} 2、{13900001234}",
                "市民（{13800001234}）来电反映",
                "{13800001234}转8001",
                "tel:{13800001234}，Tel.{13900001234}，TEL {13700001234}",
                "wx{13800001234}",
                "李某某/男/{13800001234}/海口市",
                "打{13800001234}一直没人接，{13900001234}三天两头停机",
                "统一{13800001234}回复，其二{13900001234}",
                "户号{13800001234}，账号{13800001234}",
                "身份证号码后面写的是电话:{13800001234}",
            ],
        );
    }

    #[test]
    fn broken_by_a_line_break() {
        check_cases(
            Phone,
            &[
                "联系电话{1380 0001 234}",
                "{138000 01234}，{1380000123 4}，{138000012 34}",
                "电话：{1 3800001234}，手机是{13 800001234}",
                "手机{138-0000-12 34}，手机号{138 0000 12 34}",
                "电话{13800 00 1234}请回复",
                "订单联系电话{13800001234}",
                "工单号20251113001，联系电话{13800001234}",
                "催办工单 {13800001234}",
                "没有营业执照 {13800001234} 请回电",
            ],
        );
    }

    #[test]
    fn spelled_and_spoken() {
        check_cases(
            Phone,
            &[
                "我电话是{一三八零零零零一二三四}",
                "{幺三八零零零零幺二三四}",
                "{一三八 零零零零 一二三四}，{一三八-〇〇〇〇-一二三四}",
                "{一三八，零零零零，一二三四}。",
                "{幺三八、零零零零、幺二三四}",
                "{一三八○○○○一二三四}",
                "{壹叁捌零零零零壹贰叁肆}",
                "{138零零零零1234}，{一三八0000一二三四}",
                "号码{一、三、八、零、零、零、零、一、二、三、四}",
                "电话{1 3 8 0 0 0 0 1 2 3 4}",
                "电话{1,3,8,0,0,0,0,1,2,3,4}，手机{1、3、8、0、0、0、0、1、2、3、4}",
                "手机{1-3-8-0-0-0-0-1-2-3-4}",
                "你记一下{幺三八四个零幺二三四}",
                "{138四个0 1234}，{138，4个0，1234}",
                "{一三八呃零零零零嗯一二三四}",
                "{一三八，然后零零零零，然后一二三四}",
                "{一三八，中间四个零，后面一二三四}",
                "{么三八零零零零么二三四}是我的号",
                "打{一三八零零零零一二三四}一直打不通",
                "其一{一三八零零零零一二三四}两次没接",
                "唯一{一三八零零零零一二三四}",
                "打什么{一三八零零零零一二三四}",
                "{一三八零零零零一二三四}{一三九零零零零四三二一}",
            ],
        );
    }

    #[test]
    fn left_alone() {
        check_cases(
            Phone,
            &[
                "工单号202511131380000123456",
                "订单138000012345",
                "热线12345、110、95598",
                "电表号12800001234",
                "2020.10.01 138.5 万元",
                "东经139.12345678度",
                "地块编号1 3 8 0 0 0 0 1 2 3 4",
                "距离13 800 001 234 米",
                "单据13800001234567890123",
                "尾号138****1234，138xxxx1234，手机138****1234",
                "工单编号：13800001234",
                "工单13800001234未办结",
                "订单号是13800001234，订单编号（京东）：13900001234",
                "快递单号13800001234",
                "运单号码13800001234",
                "受理编号为【13800001234】",
                "流水号13800001234、13900001234",
                "合同编号：No.13800001234",
                "JD13800001234，GD-13800001234",
                "型号13800001234",
                "许可证号13800001234",
                "统一编码13800001234",
                "¥13800001234，13800001234元，13800001234.50元，13800001234 平方米",
                "0.13800001234",
                "1301/1302/1401室，1301 1302 901室",
                "1998-2005-330人",
                "第13800001234号",
                "12345678901，1380000123",
                "1、3、5、7、9、11、13、15号楼",
                "一三五限行，二四六不限，三五天，一二三产业",
                "二〇二五年一月三日，一三五七九单号，一二三四五六七八九十",
                "一共138 000 012 34个",
            ],
        );
    }
}
