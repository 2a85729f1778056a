use std::ops::Range;

use super::digits::{Chain, Gap};
use super::{Cue, MaskInput, MaskRule, PiiKind};

/// Mobile numbers: `1[3-9]` and nine digits, in one run or in groups, with or without +86, 0086, 86 or 0
/// before them, and two numbers run together.
pub(super) struct Phone;

const LEN: usize = 11;
/// Country codes and the trunk prefix, the longest first.
const PREFIXES: [&str; 4] = ["0086", "86", "0", ""];
/// The smallest group of digits: amounts and lists have smaller ones.
const LEAST_GROUP: usize = 3;

impl MaskRule for Phone {
    fn kind(&self) -> PiiKind {
        PiiKind::Phone
    }

    fn find(&self, input: &MaskInput<'_>, _: &[Cue], found: &mut Vec<Range<usize>>) {
        let text = input.text();
        for chain in input.chains() {
            let mut at = 0;
            while at + LEN <= chain.digits.len() {
                let end = if chain.is_boundary(at) { numbers_end(chain, at) } else { None };
                if let Some(mut range) = end.and_then(|end| chain.bytes(at..end)) {
                    if let Some(before) = text.get(..range.start).and_then(|before| before.strip_suffix('+'))
                    {
                        range.start = before.len();
                    }
                    found.push(range);
                }
                at = end.unwrap_or(at + 1);
            }
        }
    }
}

/// The digit after one number, or two run together, that begin at digit `at` and end with a group.
fn numbers_end(chain: &Chain, at: usize) -> Option<usize> {
    let starts = PREFIXES.iter().filter(|prefix| chain.text(at..at + prefix.len()) == **prefix);
    starts.map(|prefix| at + prefix.len()).find_map(|start| {
        let end = start + LEN;
        if !is_mobile(chain, start) {
            None
        } else if chain.is_boundary(end) {
            Some(end)
        } else {
            // Eleven more digits in the same run.
            let second = is_mobile(chain, end) && chain.gaps(start..end + LEN).is_empty();
            (second && chain.is_boundary(end + LEN)).then_some(end + LEN)
        }
    })
}

/// Whether eleven digits from `start` on are a mobile number, whole or in plausible groups.
fn is_mobile(chain: &Chain, start: usize) -> bool {
    let digits = chain.text(start..start + LEN);
    let begins = digits.len() == LEN && digits.starts_with('1') && digits.as_bytes().get(1) >= Some(&b'3');
    begins && plausible_groups(&chain.gaps(start..start + LEN))
}

fn plausible_groups(gaps: &[(usize, Gap)]) -> bool {
    let ends = gaps.iter().map(|(before, _)| *before).chain([LEN]);
    let starts = std::iter::once(0).chain(gaps.iter().map(|(before, _)| *before));
    let large_enough = starts.zip(ends).all(|(start, end)| end - start >= LEAST_GROUP);
    // One full stop makes an amount or a coordinate: 139.12345678.
    let dotted = gaps.iter().any(|(_, gap)| *gap == Gap::Dot);
    large_enough && !(dotted && gaps.len() == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::check_cases;

    #[test]
    fn found() {
        check_cases(
            Phone,
            &[
                "请回电{13800001234}，谢谢",
                "{138-0000-1234}或{139 0000 4321}",
                "{+8613800001234}、{0086 138 0000 1234}、{86-138-0000-1234}",
                "微信同号{19900001234}李女士",
                "{13800001234} {13900001234}",
                "{13800001234}/{13900001234}",
                "{138–0000–1234}、{138——0000——1234}、{138 - 0000 - 1234}、{138. 0000. 1234}",
                "{138/0000/1234}，({138)00001234}",
                "{13800 001234}、{1380 000 1234}、{138.0000.1234}",
                "{013800001234}",
                "{1380000123413900004321}",
                "12345转{13800001234}",
                "12345 {13800001234}",
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
            ],
        );
    }
}
