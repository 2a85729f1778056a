use std::cell::OnceCell;
use std::ops::Range;

use super::digits::Chain;
use super::gap::Gap;
use super::grouping::Number;
use super::number_context::{is_amount, is_code, with_brackets, word_before};
use super::number_words::NumberWord;
use super::{Cue, MaskInput, MaskRule, PiiKind};

/// Numbers of bank cards: 16 to 19 digits whose Luhn check digit holds (ISO/IEC 7812-1), in one run or in
/// groups, with the prefix of an issuer; where the prefix or the grouping is doubtful, with a word of banking
/// in the same sentence.
pub(super) struct BankCard;

impl MaskRule for BankCard {
    fn kind(&self) -> PiiKind {
        PiiKind::BankCard
    }

    fn cues(&self) -> &[&'static str] {
        &[
            "卡",
            "银行",
            "账户",
            "帐户",
            "账号",
            "帐号",
            "收款",
            "汇款",
            "打款",
            "转账",
            "转帐",
            "存折",
            "工行",
            "农行",
            "建行",
            "中行",
            "交行",
            "招行",
            "邮储",
            "信用社",
            "农商",
            "开户",
        ]
    }

    fn find(&self, input: &MaskInput<'_>, cues: &[Cue], found: &mut Vec<Range<usize>>) {
        let words = BankWords { cues, text: input.text(), sentence_ends: OnceCell::new() };
        for chain in input.chains() {
            let mut at = 0;
            while at + SHORTEST <= chain.len() {
                match number_at(input, &words, chain, at) {
                    Some((range, end)) => {
                        found.push(range);
                        at = end;
                    }
                    None => at += 1,
                }
            }
        }
    }
}

const SHORTEST: usize = 16;
const LONGEST: usize = 19;

/// The words of banking in a text, by sentence.
struct BankWords<'t> {
    cues: &'t [Cue],
    text: &'t str,
    /// Bytes at which sentences end; looked for when first asked for.
    sentence_ends: OnceCell<Vec<usize>>,
}

impl BankWords<'_> {
    /// Whether one stands in the sentence of the number at `range`.
    fn around(&self, range: &Range<usize>) -> bool {
        if self.cues.is_empty() {
            return false;
        }
        let ends = self.sentence_ends.get_or_init(|| {
            self.text.match_indices(['。', '！', '？', '；', '!', '?', ';']).map(|(at, _)| at).collect()
        });
        let next = ends.partition_point(|&end| end < range.end);
        let end = ends.get(next).copied().unwrap_or(self.text.len());
        let start = next.checked_sub(1).and_then(|last| ends.get(last)).copied().unwrap_or(0);
        let first = self.cues.partition_point(|cue| cue.range.end <= start);
        self.cues.get(first).is_some_and(|cue| cue.range.end <= end)
    }
}

/// The bytes of a number that begins at digit `at`, and the digit after it: the longest there is.
fn number_at(
    input: &MaskInput<'_>,
    words: &BankWords<'_>,
    chain: Chain<'_>,
    at: usize,
) -> Option<(Range<usize>, usize)> {
    if !chain.may_begin(at) || chain.value(at) == Some(0) {
        return None;
    }
    (SHORTEST..=LONGEST).rev().find_map(|len| {
        let number = chain.number(at, len)?;
        if !chain.may_end(at + len) || !luhn_holds(number) {
            return None;
        }
        let range = with_brackets(input.text(), number.bytes());
        is_card(input, words, number, &range).then_some((range, at + len))
    })
}

fn luhn_holds(number: Number<'_>) -> bool {
    // The sums if the last digit so far counts plain, and if it counts double; a double of two digits counts
    // their sum.
    let (plain, _) = number.values().fold((0, 0), |(plain, double), value| {
        let value = u32::from(value);
        (double + value, plain + if value > 4 { 2 * value - 9 } else { 2 * value })
    });
    plain % 10 == 0
}

/// Whether the digits of `number`, in ASCII, end with their check digit (Luhn).
pub(super) fn luhn_holds_for(number: &str) -> bool {
    let digits = number.bytes().rev().map(|byte| u32::from(byte.wrapping_sub(b'0')));
    let sum = digits.enumerate().map(|(at, digit)| match (at % 2, digit * 2) {
        (0, _) => digit,
        (_, double @ 10..) => double - 9,
        (_, double) => double,
    });
    sum.sum::<u32>() % 10 == 0
}

/// Whether prefix, groups and words allow `number` to be a card.
fn is_card(input: &MaskInput<'_>, words: &BankWords<'_>, number: Number<'_>, range: &Range<usize>) -> bool {
    let (before, after) = (input.before(range.start), input.after(range.end));
    if is_code(before) || is_amount(before, after) {
        return false;
    }
    match word_before(before) {
        Some(NumberWord::BankCard) => true,
        Some(_) => false,
        None => match (prefix(number), plain_groups(number)) {
            (Prefix::Sure, true) => true,
            (Prefix::Sure, false) | (Prefix::Doubtful, _) => words.around(range),
            (Prefix::None, _) => false,
        },
    }
}

/// How far a number's prefix says that it is a card.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Prefix {
    Sure,
    /// Also the beginning of many other numbers.
    Doubtful,
    None,
}

/// The issuer identification numbers of UnionPay, Visa, Mastercard and of the first cards of Chinese banks.
fn prefix(number: Number<'_>) -> Prefix {
    let len = number.values().count();
    // Numbers of orders and parcels have 18 digits and more far oftener than UnionPay cards have.
    match (number.decimal(0..2), len) {
        (62, 16 | 17 | 19) | (40..=49 | 51..=55, 16) => Prefix::Sure,
        (95, 16 | 19) if matches!(number.decimal(0..4), 9558 | 9559) => Prefix::Sure,
        (30..=69 | 80..=99, _) => Prefix::Doubtful,
        _ => Prefix::None,
    }
}

/// In one run, in fours, or as six digits and the rest.
fn plain_groups(number: Number<'_>) -> bool {
    let grouping = number.grouping();
    let plain = match grouping.lens() {
        [_] => true,
        [6, _] => true,
        [fours @ .., _] => fours.len() >= 3 && fours.iter().all(|&len| len == 4),
        [] => false,
    };
    plain && grouping.is_uniform() && grouping.only(&[Gap::Blank, Gap::Dash])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::check_cases;

    #[test]
    fn found() {
        check_cases(
            BankCard,
            &[
                "银行卡{6222020200000123451}",
                "{6217001230000456786}是我的工资卡",
                "卡号：{6222 0202 0000 0123 451}，{6217-0012-3000-0456-786}",
                "{622202 0200000123451}",
                "{6259120000001231}",
                "{4212345000001235}，{5112340000567895}，{4212 3450 0000 1235}",
                "{9558800200000123451}",
                "工行卡{622202020000012349}，{622848000000012341}",
                "建行账户{6013820000000123450}",
                "把钱打到{3566120000001236}这张卡",
                "卡号是{6907550000001235}",
                "农行账号{1034560000000123455}",
                "卡号{62220202 00000123451}，银行卡号 {622202020000 0123451}",
                "卡号是{六二二二 零二零二 零零零零 零一二三 四五一}",
                "卡号{六二二二零二零二零零零零零一二三四五一}",
                "银行卡{6 2 2 2 0 2 0 2 0 0 0 0 0 1 2 3 4 5 1}",
                "转账到{62 22 02 02 00 00 01 23 45 1}",
                "({6259120000001231})",
                "{6259120000001231} {6259120000001231}",
                "身份证460106198511207720，{6259120000001231}",
                "账号({6259120000001231})",
            ],
        );
    }

    #[test]
    fn left_alone() {
        check_cases(
            BankCard,
            &[
                // The check digit is wrong.
                "银行卡6222020200000123452，卡号6259120000001232",
                "62220202000001234511",
                "工单号6259120000001231",
                "订单号：4212345000001235，运单号5112340000567895",
                "交易流水号6259120000001231，银行交易流水号6222020200000123451",
                "快递单号6222020200000123451",
                "3566120000001236",
                "没有卡。3566120000001236！有卡",
                "622202020000012349",
                "6222****0123451，尾号3451",
                "1034560000000123455 打款",
                "JD6259120000001231，6259120000001231元",
                "身份证号6259120000001231",
                "0000000000000000，卡号0000000000000000",
                "社会信用代码6259120000001231",
                "型号6259120000001231，设备编码 6259120000001231",
                "6259.1200 0000 1231",
                "户号6259120000001231",
            ],
        );
    }
}
