use std::ops::Range;

use super::area_code::{area_code, country_code, joins_area_code};
use super::digits::Chain;
use super::gap::Gap;
use super::grouping::Number;
use super::number_context::{is_amount, is_code, is_counted, with_brackets, word_before};
use super::number_words::NumberWord;
use super::numeral::leading_digits;
use super::phone::mobile_at;
use super::{Cue, MaskInput, MaskRule, PiiKind};

/// Fixed-line numbers with their extension: an area code and 7 or 8 digits, or these alone right after a word
/// such as 座机 or 电话, or in a list that a telephone number begins. Numbers of services (110, 12345, 400-…)
/// have another form.
pub(super) struct Landline;

impl MaskRule for Landline {
    fn kind(&self) -> PiiKind {
        PiiKind::Landline
    }

    fn find(&self, input: &MaskInput<'_>, _: &[Cue], found: &mut Vec<Range<usize>>) {
        // The byte after the last telephone number that a word names: the next in its list needs none.
        let mut listed: Option<usize> = None;
        for chain in input.chains() {
            let mut at = 0;
            while at + SHORTEST <= chain.len() {
                if let Some((range, end)) = number_at(input, chain, at, listed) {
                    let range = with_extension(input, chain, range, end);
                    listed = Some(range.end);
                    at = (end..chain.len())
                        .find(|&next| chain.start_of(next) >= range.end)
                        .unwrap_or(chain.len());
                    found.push(range);
                } else if let Some((range, end)) = mobile_at(input, chain, at, false) {
                    let goes_on = listed.is_some_and(|from| goes_on(input, from, range.start));
                    let is_named =
                        goes_on || word_before(input.before(range.start)) == Some(NumberWord::Phone);
                    listed = is_named.then_some(range.end);
                    at = end;
                } else {
                    at += 1;
                }
            }
        }
    }
}

/// Digits of a local number.
const SHORTEST: usize = 7;
const LONGEST: usize = 8;

/// The bytes of a number that begins at digit `at`, without its extension, and the digit after it.
fn number_at(
    input: &MaskInput<'_>,
    chain: Chain<'_>,
    at: usize,
    listed: Option<usize>,
) -> Option<(Range<usize>, usize)> {
    if !chain.may_begin(at) {
        return None;
    }
    let start = chain.start_of(at);
    let plus = usize::from(input.before(start).ends_with('+'));
    let parts = |country: usize| {
        let area = area_code(chain, at + country, country > 0);
        let local = at + country + area.unwrap_or(0);
        Parts { input, chain, at, start: start - plus, country, area, local }
    };
    let country = country_code(chain, at, plus > 0);
    // What looks like a country code may also begin a local number: 8623 1234.
    let with_country = || (country > 0).then(|| parts(country)).filter(|parts| parts.area.is_some());
    with_country().and_then(|parts| parts.number(listed)).or_else(|| parts(0).number(listed))
}

/// The parts of what may be a number.
struct Parts<'t, 'i> {
    input: &'i MaskInput<'t>,
    chain: Chain<'i>,
    /// The first digit.
    at: usize,
    /// The first byte, which may be a plus sign.
    start: usize,
    /// Digits of the country code.
    country: usize,
    /// Digits of the area code.
    area: Option<usize>,
    /// The first digit of the local number.
    local: usize,
}

impl Parts<'_, '_> {
    /// The bytes of the number and the digit after it. `listed` is the byte after the number before it in a
    /// list.
    fn number(&self, listed: Option<usize>) -> Option<(Range<usize>, usize)> {
        let Self { input, chain, local, .. } = *self;
        // Local numbers begin with 2 to 8; written apart from the area code, others are let pass.
        let is_apart = self.area.is_some() && chain.is_boundary(local);
        // Three digits are the code of a large city, whose numbers have eight.
        let shortest = if self.area == Some(3) && !is_apart { LONGEST } else { SHORTEST };
        let lens = || (shortest..=LONGEST).rev().filter(|len| chain.may_end(local + len));
        if chain.value(local) < Some(if is_apart { 1 } else { 2 }) || lens().next().is_none() {
            return None;
        }
        let word = word_before(input.before(self.start));
        if matches!(word, Some(NumberWord::Impersonal | NumberWord::Account)) {
            return None;
        }
        let is_named = word == Some(NumberWord::Phone);
        let is_listed = listed.is_some_and(|from| goes_on(input, from, self.start));
        let whole =
            || lens().find_map(|len| self.of_len(len, |parts| parts.is_whole(len, is_named, is_listed)));
        let broken = || lens().find_map(|len| self.of_len(len, |parts| parts.is_broken(len)));
        whole().or_else(|| if is_named && self.area.is_some() { broken() } else { None })
    }

    /// The number with a local number of `len` digits, if it `fits` and what stands around allows it.
    fn of_len(&self, len: usize, fits: impl Fn(&Self) -> bool) -> Option<(Range<usize>, usize)> {
        let end = self.local + len;
        let bytes = self.chain.number(self.at, end - self.at)?.bytes();
        let range = with_brackets(self.input.text(), self.start..bytes.end);
        let (before, after) = (self.input.before(range.start), self.input.after(range.end));
        // 六六零零一二三一直: the last digit may belong to a word, or the next one.
        let ends =
            if self.chain.is_boundary(end) { !self.begins_word(end - 1) } else { self.begins_word(end) };
        let local = self.chain.number(self.local, len)?;
        let is_counted = self.area.is_none() && !local.is_run() && is_counted(after);
        let is_other = || is_counted || is_code(before) || is_amount(before, after);
        (ends && fits(self) && !is_other()).then_some((range, end))
    }

    /// Whether the digits are grouped as people group them; without an area code, a word or a list must name
    /// the number.
    fn is_whole(&self, len: usize, is_named: bool, is_listed: bool) -> bool {
        let Some(local) = self.chain.number(self.local, len).filter(|local| is_grouped(*local)) else {
            return false;
        };
        if self.area.is_none() {
            return (is_named || is_listed) && !local.is_mixed() && !is_service_or_date(local);
        }
        let groups = 1 + usize::from(self.country > 0);
        let codes = self.chain.number(self.at, self.local - self.at);
        joins_area_code(self.chain, self.local, is_named)
            && codes.is_some_and(|codes| codes.grouping().lens().len() <= groups)
    }

    /// Whether line breaks may have parted the digits, or each is spelled.
    fn is_broken(&self, len: usize) -> bool {
        let end = self.local + len;
        let grouping = self.chain.number(self.at, end - self.at).map(|number| number.grouping());
        grouping.is_some_and(|grouping| {
            grouping.only(&[Gap::Blank, Gap::Dash]) || (grouping.is_spelled() && grouping.is_uniform())
        })
    }

    /// Whether digit `at` is 一, 二 or 三 and begins a word: 一直.
    fn begins_word(&self, at: usize) -> bool {
        const GOES_ON: [char; 12] = ['直', '个', '下', '次', '天', '定', '样', '起', '共', '般', '番', '遍'];
        self.chain.number(at, 1).is_some_and(|digit| {
            digit.is_chinese()
                && matches!(digit.values().next(), Some(1..=3))
                && self.input.after(digit.bytes().end).starts_with(GOES_ON)
        })
    }
}

/// Whether the digits of a local number are grouped as people group them.
fn is_grouped(local: Number<'_>) -> bool {
    let grouping = local.grouping();
    let is_parted = grouping.only(&[Gap::Blank, Gap::Dash, Gap::Dot, Gap::Word]) || local.is_chinese();
    is_parted
        && matches!(grouping.lens(), [7 | 8] | [4, 3 | 4] | [3, 4 | 5] | [5, 3] | [2, 3, 3] | [2, 2, 2, 2])
}

/// 400 and 800 numbers in groups, and dates: 20251113.
fn is_service_or_date(local: Number<'_>) -> bool {
    let is_service = matches!(local.decimal(0..3), 400 | 800) && !local.is_run();
    let is_date = (1950..=2049).contains(&local.decimal(0..4))
        && (1..=12).contains(&local.decimal(4..6))
        && (1..=31).contains(&local.decimal(6..8));
    is_service || is_date
}

/// Whether only what parts the numbers of a list stands between bytes `from` and `to`.
fn goes_on(input: &MaskInput<'_>, from: usize, to: usize) -> bool {
    let between = input.text().get(from..to).map(|between| between.trim_matches(' '));
    matches!(
        between,
        Some("" | "、" | "，" | "," | "/" | "-" | ";" | "；" | "|" | "或" | "或者" | "和" | "及" | "与")
    )
}

/// `range` with the extension after it, where there is one: 转12, 分机 8012, -12.
fn with_extension(input: &MaskInput<'_>, chain: Chain<'_>, range: Range<usize>, end: usize) -> Range<usize> {
    let by_dash = dashed_extension(input, chain, end);
    let by_word = || extension_len(input.after(range.end)).map(|len| range.end + len);
    let end = by_dash.or_else(by_word).unwrap_or(range.end);
    range.start..end
}

/// The byte after an extension that a dash joins to the number before digit `end`.
fn dashed_extension(input: &MaskInput<'_>, chain: Chain<'_>, end: usize) -> Option<usize> {
    let len = (1..=5).find(|len| chain.is_boundary(end + len))?;
    let number = chain.number(end, len).filter(|_| chain.gap(end) == Gap::Dash)?;
    let is_area_code = chain.value(end) == Some(0) && len >= 3;
    let byte = number.bytes().end;
    (!is_area_code && !is_hotline(number.decimal(0..len), len) && !is_counted(input.after(byte)))
        .then_some(byte)
}

/// The call is passed on to a hotline: 转12345.
fn is_hotline(number: u32, digits: usize) -> bool {
    matches!((number, digits), (12345, 5) | (110 | 119 | 120 | 122, 3))
}

const EXTENSION_WORDS: [&str; 10] =
    ["转分机号", "转分机", "转接", "转", "分机号", "分机", "extension", "ext", "x", "#"];

/// The bytes of an extension with its word at the beginning of `after`.
fn extension_len(after: &str) -> Option<usize> {
    let word = after.trim_start_matches([' ', ',', '，', '-', '—']);
    let open = word.starts_with(['(', '（']);
    let word = if open { word.trim_start_matches(['(', '（']) } else { word };
    let name = EXTENSION_WORDS.iter().find(|name| {
        word.as_bytes().get(..name.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(name.as_bytes()))
    })?;
    let digits =
        word.get(name.len()..)?.trim_start_matches([' ', ':', '：', '.', '是', '为', '号', '到', '拨']);
    let (count, number, len) = leading_digits(digits);
    let rest = digits.get(len..)?;
    // 转三号线, 转两次: one Chinese digit is a count.
    let is_count =
        (digits.starts_with(|c: char| !c.is_ascii()) && count < 2) || (*name == "转" && is_counted(rest));
    let is_digits = (1..=6).contains(&count) && !is_count && !is_hotline(number, count);
    let close = if open { rest.chars().next().filter(|c| matches!(c, ')' | '）'))?.len_utf8() } else { 0 };
    let signs = after.len() - word.len();
    (is_digits && signs <= 6).then_some(after.len() - rest.len() + close)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::check_cases;

    #[test]
    fn with_area_code() {
        check_cases(
            Landline,
            &[
                "单位座机{0898-66001234}，请回复",
                "{010-66001234}、{01066001234}、{(010)66001234}、{（010）6600 1234}",
                "{021 66001234}，{020-6600-1234}，{0755 6600 1234}",
                "{089866001234}打不通",
                "{05326600123}，{0532-6600123}，{0532-660 0123}",
                "{0898—66001234}，{0898--66001234}，{0898 - 66001234}",
                "{0898.66001234}，{0898/66001234}，{0898_66001234}",
                "{0898一66001234}",
                "{+86-898-66001234}，{+86 10 66001234}，{0086-10-66001234}，{86-0898-66001234}",
                "{8610-66001234}，{86898 66001234}，电话{8623-1234}，座机{86001234}",
                "{+86 (0898) 66001234}，{(+86)0898-66001234}",
                "{[0898]66001234}，{0898(66001234)}",
                "{零八九八六六零零一二三四}，{零八九八 六六零零 一二三四}",
                "{零八九八杠六六零零一二三四}",
                "区号是{零八九八，六六零零一二三四}",
                "电话{0 8 9 8 6 6 0 0 1 2 3 4}",
                "电话{0898-66001 234}，联系电话：{0898-6 6001234}",
                "{0898-66001234}/{66005678}，{0898-66001234}、{66005678}",
                "{0898-66001234} 13800001234",
                "打{零八九八六六零零一二三四}一直没人接",
                "({0898-66001234})",
            ],
        );
    }

    #[test]
    fn with_extension() {
        check_cases(
            Landline,
            &[
                "{0898-66001234转12}，{0898-66001234转分机8012}，{0898-66001234 转 801}",
                "{0898-66001234-8012}，{010-66001234-1}",
                "{0898-66001234分机12}，{0898-66001234 分机号：12}",
                "{0898-66001234 ext 12}，{0898-66001234ext.12}，{0898-66001234EXT12}，{0898-66001234x12}",
                "{0898-66001234（转8012）}，{0898-66001234(分机8012)}",
                "{0898-66001234，转8012}",
                "{零八九八六六零零一二三四转八零一}",
                "座机{66001234转801}，电话{66001234-801}，座机{66001234分机801}，固话{660-0123分机8}",
                "{0898-66001234}转12345，{0898-66001234}转三号线",
                "{0898-66001234}-2栋，{0898-66001234}转2次",
                "{0898-66001234}-13800001234",
                "{0898-66001234}-{0898-66005678}",
            ],
        );
    }

    #[test]
    fn alone_after_its_word() {
        check_cases(
            Landline,
            &[
                "打我固话就行{六六零零零一二三}",
                "座机{66001234}，座机{66001234}户主不在",
                "座机号码：{6600123}，固话{6600-1234}",
                "固定电话是{660 0123}，办公电话为{66001234}",
                "联系电话:{66001234}，联系电话（座机）{66001234}，联系电话（家里）：{66001234}",
                "电话{66001234}或者{66005678}",
                "电话13800001234、{66001234}",
                "我的号码是{66001234}，号码：{66001234}",
                "座机{六六零零一二三四}，座机是{六六零零一二三}一直没人接",
                "TEL:{66001234}，Tel {66001234}",
                "传真{66001234}，宅电{66001234}，小灵通{66001234}",
                "来电号码{66001234}，电话号码{66001234}",
                "家里电话就是{66001234}啊",
            ],
        );
    }

    #[test]
    fn left_alone() {
        check_cases(
            Landline,
            &[
                "拨打12345、110、95598、96123、12315、114",
                "010-12345，0898-12345，电话12345",
                "400-000-1234、4000001234、400 0001 234、800-810-1234",
                "电话400-660-1234，客服电话400-6600-123，电话4006601234，电话：800 6600 123",
                "工单66001234，编号66001234，66001234",
                "手机66001234，手机尾号6600123",
                "电话20251113，电话2025-11-13",
                "电话费66001234元，电话66001234元",
                "工单号089866001234，订单编号0898-66001234",
                "户号089866001234，电表号0898660012",
                "国办发〔2020〕53号，(2020)某01民初123号",
                "0.89866001234，北纬20.0898，东经110.3660",
                "GD089866001234，GD-089866001234",
                "2025-11-13 08:30，2025.11.13",
                "0898号公交，063路，0512室",
                "0898-660012，0898-660012345",
                "026660012345，0300660012",
                "一共八千六百零一，二〇二五一一一三，电话二零二五一一一三",
                "车牌号码66001234，身份证号码66001234，房号66001234",
                "服务热线66001234",
                "投诉电话963000一直打不通，电话963000两天没人接",
                "电话6次，电话1234567",
            ],
        );
    }
}
