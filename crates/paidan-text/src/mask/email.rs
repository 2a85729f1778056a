use std::ops::Range;

use super::{Cue, MaskInput, MaskRule, PiiKind};

/// E-mail addresses: the common ASCII subset of RFC 5322's addr-spec, with a dotted domain.
pub(super) struct Email;

impl MaskRule for Email {
    fn kind(&self) -> PiiKind {
        PiiKind::Email
    }

    fn find(&self, input: &MaskInput<'_>, _: &[Cue], found: &mut Vec<Range<usize>>) {
        let text = input.text();
        for (at, _) in text.match_indices('@') {
            let before = text.get(..at).unwrap_or_default();
            let after = text.get(at + 1..).unwrap_or_default();
            let local = before.bytes().rev().take_while(|&byte| is_local(byte)).count();
            let domain = after.bytes().take_while(|&byte| is_domain(byte)).count();
            let domain = known_domain(after.get(..domain).unwrap_or_default());
            let local = before.get(before.len() - local..).unwrap_or_default().trim_start_matches('.');
            let (false, Some(domain)) = (local.is_empty(), domain) else { continue };
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

/// The longest beginning of `text` that is a host, a full stop and two letters or more: a number may follow
/// an address without a blank.
fn known_domain(text: &str) -> Option<&str> {
    text.rmatch_indices('.').find_map(|(dot, _)| {
        let top = text.get(dot + 1..)?.bytes().take_while(u8::is_ascii_alphabetic).count();
        (dot > 0 && top >= 2).then(|| text.get(..dot + 1 + top))?
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::check_cases;

    #[test]
    fn cases() {
        check_cases(
            Email,
            &[
                "邮箱{zhang_san@example.com}。",
                "发到{a.b+c@mail.example.org.cn}，",
                "{zhang@example.com}13800001234，{li@example.com}-138，{li@example.com}.5",
                "请@值班员处理",
                "价格3@5元",
                "a@b",
            ],
        );
    }
}
