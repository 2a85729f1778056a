use std::ops::Range;

use super::digits::Chain;
use super::grouping::Number;
use super::number_context::{is_code, with_brackets, word_before};
use super::number_words::NumberWord;
use super::{Cue, MaskInput, MaskRule, PiiKind};

/// Identity numbers, in one run or in any groups:
///
/// - of residents: 18 characters whose check character is right (GB 11643-1999, MOD 11-2 of ISO 7064), or the
///   15 digits in use until 1999; area and date of birth must be possible in either;
/// - of residence permits for people from Hong Kong, Macao and Taiwan (areas 81, 82, 83), by the same standard;
/// - of foreigners' permanent residence cards: 18 digits that begin with 9, by the same standard, or, until
///   2023, three letters and twelve digits.
pub(super) struct IdCard;

impl MaskRule for IdCard {
    fn kind(&self) -> PiiKind {
        PiiKind::IdCard
    }

    fn find(&self, input: &MaskInput<'_>, _: &[Cue], found: &mut Vec<Range<usize>>) {
        for chain in input.chains() {
            let mut at = 0;
            while at + 15 <= chain.len() {
                match number_at(input, chain, at) {
                    Some((range, end)) => {
                        found.push(with_brackets(input.text(), range));
                        at = end;
                    }
                    None => at += 1,
                }
            }
        }
        let permits = input.latin_runs().iter().filter(|run| is_old_permit(input, run));
        found.extend(permits.cloned());
    }
}

/// The bytes of a number that begins at digit `at`, and the digit after it.
fn number_at(input: &MaskInput<'_>, chain: Chain<'_>, at: usize) -> Option<(Range<usize>, usize)> {
    if !chain.may_begin(at) || chain.value(at) == Some(0) {
        return None;
    }
    if let Some(number) = chain.number(at, 18).filter(|number| is_plausible(*number))
        && chain.may_end(at + 18)
        && check_char_holds(number.values())
    {
        return Some((number.bytes(), at + 18));
    }
    if let Some(number) = chain.number(at, 17).filter(|number| is_plausible(*number))
        && let Some(x) = x_len(input.after(number.bytes().end))
        && check_char_holds(number.values().chain([10]))
    {
        return Some((number.bytes().start..number.bytes().end + x, at + 17));
    }
    let number =
        chain.number(at, 15).filter(|number| number.grouping().lens().iter().all(|&len| len >= 3))?;
    let is_old = chain.may_end(at + 15)
        && is_province(number.decimal(0..2))
        && is_date(1900 + number.decimal(6..8), number.decimal(8..10), number.decimal(10..12));
    if !is_old {
        return None;
    }
    let range = number.bytes();
    let before = input.before(range.start);
    let word = word_before(before);
    // The numbers of firms in use until 2015 have 15 digits too and begin with an area.
    let is_other = matches!(word, Some(NumberWord::Impersonal | NumberWord::Account | NumberWord::BankCard));
    (!is_other && !is_code(before) && (number.is_run() || word == Some(NumberWord::IdCard)))
        .then_some((range, at + 15))
}

/// The bytes of a check character X at the beginning of `text`, with the blank or hyphen before it.
fn x_len(text: &str) -> Option<usize> {
    let sign = text.trim_start_matches([' ', '-']);
    let signs = text.len() - sign.len();
    let x = ["x", "X", "×", "✕", "Х", "х", "叉", "大写X", "大写x", "大写的X", "艾克斯", "埃克斯"];
    let x = x.iter().find(|x| sign.starts_with(**x))?;
    let after = sign.get(x.len()..)?;
    let ends = !after.starts_with(|c: char| c.is_ascii_digit());
    (signs <= 2 && ends).then_some(signs + x.len())
}

/// Whether area and date of birth are possible in 17 or 18 digits.
fn is_plausible(number: Number<'_>) -> bool {
    let area = number.decimal(0..2);
    // On a foreigner's card the area comes after the 9.
    (is_province(area) || (area >= 90 && is_province(number.decimal(1..3))))
        && is_date(number.decimal(6..10), number.decimal(10..12), number.decimal(12..14))
}

/// GB/T 2260, with 81 to 83 for residence permits.
fn is_province(code: u32) -> bool {
    matches!(code, 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83 | 91)
}

fn is_date(year: u32, month: u32, day: u32) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    (1900..=2099).contains(&year) && (1..=days).contains(&day)
}

/// MOD 11-2: the weighted sum of all 18 values is 1 modulo 11, with X standing for 10.
fn check_char_holds(values: impl Iterator<Item = u8>) -> bool {
    // Horner's rule: each step doubles what came before.
    values.fold(0, |sum, value| (sum * 2 + u32::from(value)) % 11) == 1
}

/// Whether `run` is a country's three letters, four digits of an area, a date of birth, and two digits more.
fn is_old_permit(input: &MaskInput<'_>, run: &Range<usize>) -> bool {
    let Some((letters, digits)) = input.text().get(run.clone()).and_then(|text| text.split_at_checked(3))
    else {
        return false;
    };
    let part = |range: Range<usize>| digits.get(range).and_then(|part| part.parse::<u32>().ok()).unwrap_or(0);
    let year = 1900 + part(4..6);
    let date = |century| is_date(year + century, part(6..8), part(8..10));
    digits.len() == 12
        && letters.bytes().all(|byte| byte.is_ascii_alphabetic())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && is_province(part(0..2))
        && (date(0) || date(100))
        && !matches!(word_before(input.before(run.start)), Some(NumberWord::Impersonal | NumberWord::Account))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::check_cases;

    #[test]
    fn of_residents() {
        check_cases(
            IdCard,
            &[
                "身份证号{11010119000307728X}请核实",
                "{11010119000307728x}，本人",
                "{11010119000307728X}abc",
                "{110101190003077204}号",
                "{110101 19000307 728X}、{110101-19000307-7204}",
                "证件{110101000307721}",
                "{1101 0119 0003 0772 04}，{110 101 1900 0307 7204}",
                "身份证{110101 1990 0307 0011}，{11010119900307 0011}",
                "{110101199003 077723}断行",
                "{1 1 0 1 0 1 1 9 9 0 0 3 0 7 0 0 1 1}",
                "{11010119000307728×}，{11010119000307728 X}，{110101-19000307-728-X}",
                "{11010119000307728叉}",
                "{一一零一零一一九零零零三零七七二八叉}",
                "身份证{幺幺零幺零幺 幺九九零 零三零七 零零幺幺}",
                "{一一零一零一一九九零零三零七零零一一}一直没办下来",
                "{110101，19900307，0011}",
                "{460106198511207720}、{460106198511200131}",
                "{460106198511207720},13800001234",
                "13800001234 {460106198511207720}",
                "李某某{460106198511201206}男",
                "({110101199003070011})",
                "身份证号码：{620102199308157720}，{440306195602291204}",
                "ID:{44030619560229013X}",
                "老证{440306560229123}，身份证{110101 900307 001}",
                "证件编号{110101199003070134}",
                "{110101199003071209} 13800001234",
            ],
        );
    }

    #[test]
    fn of_permits() {
        check_cases(
            IdCard,
            &[
                "港澳居民居住证{810000199201010013}",
                "居住证{83000019881212772X}，台湾居民{830000198812120130}",
                "{810000 19920101 7725}",
                "永久居留身份证{931440197702280013}，{911156198506157726}",
                "外国人永久居留证{USA110072050101}，持{gbr310085112031}",
            ],
        );
    }

    #[test]
    fn left_alone() {
        check_cases(
            IdCard,
            &[
                // The check character is wrong, the date impossible, or the run too long.
                "110101190003077211",
                "110101190013077210",
                "身份证号110101199003070012，11010119900307001X",
                "440306195502290130",
                "工单2026110119000307721",
                "订单号990101190003077211",
                "1101011990030700110",
                "110101********0011，1101011990****0011",
                "统一社会信用代码91440300MA5XXXXX0X，911101087000123456",
                "营业执照注册号440106000123456",
                "订单号110101900307001",
                "运单号110101900307001，快递单号330106851112001",
                "IMEI 860123456789012，201512130012345",
                "SF1101011990030",
                "YTO999972050101，JDX110072059901，快递单号JDX110072050101",
                "2025年11月13日，13800001234，0898-66001234",
                "尾号0011",
                "990101199003070011",
                "000000000000000000，111111111111111111",
            ],
        );
    }
}
