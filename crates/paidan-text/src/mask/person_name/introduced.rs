//! Names that fill the place after an introduction or a label.

use std::ops::Range;

use super::cues::{cue_at_end, is_link};
use super::dotted::is_transcription;
use super::evidence::{Evidence, HAN, NEVER, is_ideograph};
use super::followers::{ADDRESSES, FOLLOWERS, is_placeholder};
use super::weights::WEIGHTS;

/// Characters before 人 that make a number of persons or a people of a label, not a role.
const NOT_LABELS: [char; 12] = ['个', '几', '多', '少', '一', '二', '两', '三', '有', '无', '每', '万'];

impl Evidence<'_> {
    /// The name that a label such as 受益人： asks for, where `at` is the byte of the sign that ends the label.
    pub(super) fn labelled(&self, at: usize) -> Option<Range<usize>> {
        let mut label = self.input.before(at).chars().rev().filter(|c| *c != ' ' && *c != '\u{3000}');
        let is_label = match (label.next()?, label.next()?) {
            ('人', before) => is_ideograph(before) && !NOT_LABELS.contains(&before),
            ('名', '姓' | '户' | '签' | '署') | ('字', '名') | ('主', '户' | '机') => true,
            _ => false,
        };
        self.introduced(at).filter(|_| is_label)
    }

    /// A name that goes from an introduction ending at byte `at` up to the next sign, whatever words its
    /// characters make elsewhere: 我叫高兴。
    pub(super) fn introduced(&self, at: usize) -> Option<Range<usize>> {
        let rest = self.input.after(at);
        let name = rest.trim_start_matches(is_link);
        let start = at + rest.len() - name.len();
        let len = name.find(|c| !is_ideograph(c)).unwrap_or(name.len());
        let (name, following) = name.split_at_checked(len)?;
        let begins = self.input.before(at).ends_with(['叫', '是']) || start > at;
        let mut chars = name.chars();
        let first = chars.next()?;
        let surname = WEIGHTS.surname(first);
        let excluded = is_placeholder(name)
            || ADDRESSES.longest(chars.as_str()).is_some()
            || FOLLOWERS.longest(name).is_some_and(|(len, _)| len > HAN || surname.is_none())
            || matches!(first, '小' | '老' | '阿' | '某')
            || cue_at_end(name).is_some()
            || (HAN..len).step_by(HAN).any(|at| {
                let ending =
                    name.get(at..).and_then(|ending| FOLLOWERS.longest(ending).zip(Some(ending.len())));
                ending.is_some_and(|((found, weight), all)| weight < 0 && (found == all && found > HAN))
            })
            || following.starts_with('·');
        let characters = |c| WEIGHTS.first(c).max(WEIGHTS.last(c)).unwrap_or_default();
        let plausible = match (surname, len / HAN) {
            (_, 3..=5) if name.chars().all(|c| is_transcription(&c)) => begins,
            (Some(_), 2 | 3) => chars.all(|c| characters(c) > NEVER),
            (None, 2..=4) => begins && name.chars().all(|c| characters(c) > -3),
            _ => false,
        };
        (plausible && !excluded).then_some(start..start + len)
    }
}
