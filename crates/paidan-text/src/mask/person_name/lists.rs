//! Names in lists.

use std::ops::Range;

use super::evidence::{Evidence, HAN, LEAST, LEAST_CHARACTERS, NAME_FOLLOWS_AT_ONCE, is_ideograph};
use super::given::{given_names, least_given};
use super::weights::WEIGHTS;

const SEPARATORS: [char; 3] = ['、', '，', ','];
/// What a name weighs that a separator parts from a name after it.
const LISTED_BEFORE: i32 = 8;
/// What it weighs where a conjunction or a comma does.
const JOINED_BEFORE: i32 = 4;
/// Unknown items of a list between two names of it.
const MOST_UNKNOWN: usize = 2;

/// `between` without a short remark in brackets at its beginning: 甲（组长）、乙（组员）.
fn without_remark(between: &str) -> &str {
    const LONGEST_REMARK: usize = 10;
    let Some(inside) = between.strip_prefix(['（', '(']) else { return between };
    let closing = inside.char_indices().take(LONGEST_REMARK).find(|(_, c)| matches!(c, '）' | ')'));
    closing.and_then(|(at, closing)| inside.get(at + closing.len_utf8()..)).unwrap_or(between)
}

impl Evidence<'_> {
    /// What the end of the name before weighs, if only a separator of a list stands between.
    pub(super) fn listed(&self, listed_after: Option<usize>, at: usize) -> i32 {
        let Some(between) = listed_after.and_then(|end| self.text().get(end..at)) else { return i32::MIN };
        let between = without_remark(between);
        if let Some(rest) = between.strip_prefix(SEPARATORS) {
            let unknown = rest.strip_suffix(SEPARATORS).unwrap_or(rest);
            let is_item =
                |item: &str| (2..=4).contains(&(item.len() / HAN)) && item.chars().all(is_ideograph);
            let is_list = rest.is_empty()
                || unknown.len() < rest.len()
                    && unknown.split(SEPARATORS).take(MOST_UNKNOWN + 1).all(is_item);
            if is_list && unknown.split(SEPARATORS).count() <= MOST_UNKNOWN {
                return if between.starts_with('、') { 6 } else { 4 };
            }
        }
        match between {
            "和" | "与" | "及" | "跟" | "同" | "以及" | "/" => 4,
            "" => NAME_FOLLOWS_AT_ONCE,
            " " | "; " | "；" | ", " | "， " => 4,
            _ => i32::MIN,
        }
    }

    /// The name before a name that begins at byte `next`, where only a separator of a list stands between.
    pub(super) fn listed_before(&self, next: usize) -> Option<Range<usize>> {
        let before = self.input.before(next);
        let (end, listed) = match before.chars().next_back()? {
            '、' => (next - HAN, LISTED_BEFORE),
            '和' | '与' | '跟' | '及' | '，' => (next - HAN, JOINED_BEFORE),
            _ => return None,
        };
        let starts = [3, 2].into_iter().filter_map(|chars| end.checked_sub(chars * HAN));
        let score = |start: usize| {
            let name = self.text().get(start..end).filter(|name| name.chars().all(is_ideograph))?;
            let surname = WEIGHTS.surname(name.chars().next()?)?;
            let given = given_names(name.get(HAN..)?);
            let (_, given) = given.into_iter().flatten().find(|(len, _)| HAN + len == name.len())?;
            let least = least_given(name.get(HAN..)?) <= name.len() - HAN;
            let weight = surname + given;
            let score = weight + listed + self.before(start) + self.words_at_beginning(start);
            (least && weight > LEAST_CHARACTERS && score >= LEAST).then_some((score, start))
        };
        starts.filter_map(score).max().map(|(_, start)| start..end)
    }
}
