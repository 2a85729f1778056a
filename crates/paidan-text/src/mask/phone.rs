use std::ops::Range;

use super::digits::{Chain, chains};
use super::{MaskRule, PiiKind};

/// Mobile numbers: `1[3-9]` and nine digits, in one run or grouped by single blanks, hyphens or dots,
/// with or without +86, 0086 or 86 before them.
pub(super) struct Phone;

const LEN: usize = 11;

impl MaskRule for Phone {
    fn kind(&self) -> PiiKind {
        PiiKind::Phone
    }

    fn find(&self, text: &str, found: &mut Vec<Range<usize>>) {
        for chain in chains(text, |byte| matches!(byte, b' ' | b'-' | b'.')) {
            find_in_chain(text, &chain, found);
        }
    }
}

fn find_in_chain(text: &str, chain: &Chain, found: &mut Vec<Range<usize>>) {
    let all = chain.text(0..chain.digits.len());
    let mut at = 0;
    while at + LEN <= all.len() {
        let Some(end) = number_end(chain, &all, at) else {
            at += 1;
            continue;
        };
        if let Some(mut range) = chain.bytes(at..end) {
            let code_at = text.get(..range.start).and_then(|before| before.strip_suffix('+'));
            if let Some(before) = code_at {
                range.start = before.len();
            }
            found.push(range);
        }
        at = end;
    }
}

/// The digit after a number that starts at digit `at`, country code included.
fn number_end(chain: &Chain, all: &str, at: usize) -> Option<usize> {
    if !starts_group(chain, at) {
        return None;
    }
    let rest = all.get(at..)?;
    let code = ["0086", "86"].iter().find(|code| rest.starts_with(**code)).map_or(0, |code| code.len());
    let number = rest.get(code..)?.as_bytes();
    let mobile = number.len() >= LEN && number.first() == Some(&b'1') && number.get(1) >= Some(&b'3');
    let end = at + code + LEN;
    (mobile && ends_group(chain, end) && plain_groups(chain, at + code)).then_some(end)
}

fn starts_group(chain: &Chain, at: usize) -> bool {
    at == 0 || gap(chain, at)
}

fn ends_group(chain: &Chain, end: usize) -> bool {
    end == chain.digits.len() || gap(chain, end)
}

/// Whether a separator stands before digit `at`.
fn gap(chain: &Chain, at: usize) -> bool {
    match (chain.digits.get(at.wrapping_sub(1)), chain.digits.get(at)) {
        (Some(&(_, before)), Some(&(_, this))) => this > before + 1,
        _ => false,
    }
}

/// Numbers are written whole or as 3-4-4, 3-3-5 or 4-4-3; other groupings are lists or amounts.
fn plain_groups(chain: &Chain, start: usize) -> bool {
    let gaps: Vec<usize> = (1..LEN).filter(|&i| gap(chain, start + i)).collect();
    matches!(gaps.as_slice(), [] | [3] | [7] | [3, 7] | [3, 6] | [4, 8])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::check_cases;

    #[test]
    fn cases() {
        check_cases(
            &Phone,
            &[
                "请回电[13800001234]，谢谢",
                "[138-0000-1234]或[139 0000 4321]",
                "[+8613800001234]、[0086 138 0000 1234]、[86-138-0000-1234]",
                "微信同号[19900001234]李女士",
                "[13800001234] [13900001234]",
                // Not mobile numbers.
                "工单号202511131380000123456",
                "订单138000012345",
                "热线12345、110、95598",
                "电表号12800001234",
                "2020.10.01 138.5 万元",
                "地块编号1 3 8 0 0 0 0 1 2 3 4",
                "距离13 800 001 234 米",
            ],
        );
    }
}
