use std::ops::Range;

use super::{MaskRule, PiiKind};

/// E-mail addresses: the common ASCII subset of RFC 5322's addr-spec, with a dotted domain.
pub(super) struct Email;

impl MaskRule for Email {
    fn kind(&self) -> PiiKind {
        PiiKind::Email
    }

    fn find(&self, text: &str, found: &mut Vec<Range<usize>>) {
        for (at, _) in text.match_indices('@') {
            let before = text.get(..at).unwrap_or_default();
            let after = text.get(at + 1..).unwrap_or_default();
            let local = before.bytes().rev().take_while(|&byte| is_local(byte)).count();
            let domain = after.bytes().take_while(|&byte| is_domain(byte)).count();
            let domain = after.get(..domain).unwrap_or_default().trim_end_matches(['.', '-']);
            let local = before.get(before.len() - local..).unwrap_or_default().trim_start_matches('.');
            if local.is_empty() || !has_top_level(domain) {
                continue;
            }
            found.push(at - local.len()..at + 1 + domain.len());
        }
    }
}

fn is_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'%' | b'+' | b'-')
}

fn is_domain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-')
}

fn has_top_level(domain: &str) -> bool {
    match domain.rsplit_once('.') {
        Some((host, top)) => {
            !host.is_empty() && top.len() >= 2 && top.bytes().all(|b| b.is_ascii_alphabetic())
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::check_cases;

    #[test]
    fn cases() {
        check_cases(
            &Email,
            &[
                "邮箱[zhang_san@example.com]。",
                "发到[a.b+c@mail.example.org.cn]，",
                "请@值班员处理",
                "价格3@5元",
                "a@b",
            ],
        );
    }
}
