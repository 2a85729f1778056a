//! What stands before and behind a possible name.

use std::ops::Range;

use super::cues::{cue_at_end, is_link, preceding_char, spoken_cue};
use super::dotted::is_dot;
use super::evidence::{
    Evidence, HAN, LEAST_CUE, NAME_FOLLOWS_AT_ONCE, NEVER, OF_NAMES, SURE_END, is_ideograph,
};
use super::followers::{FOLLOWERS, IDENTITY, WORDS_ACROSS};
use super::given::is_name;
use super::weights::WEIGHTS;
use crate::mask::plate::PROVINCES;

/// `2023年10月12日` is shorter, in bytes.
const SHORT_DATE: usize = 24;
/// What a word weighs that begins with the last character of the name and goes on beyond it.
const WORD_ACROSS: i32 = -4;
/// Characters that names of places end with more often than those of persons; without a cue they weigh this.
const PLACES: [char; 42] = [
    '河', '江', '溪', '湖', '苑', '城', '园', '岭', '桥', '洲', '坪', '滨', '塔', '殿', '观', '阁', '府',
    '郡', '湾', '沱', '坝', '巷', '沟', '坡', '洼', '埠', '墩', '渡', '堡', '塘', '坳', '垭', '坨', '圩',
    '滩', '寺', '庙', '崖', '港', '嘴', '岔', '垸',
];
const PLACE: i32 = -3;
/// What they weigh after the word for someone's role.
const PLACE_AFTER_ROLE: i32 = -1;
/// A name that fills the whole place between a cue and a sign weighs as much more.
const ALONE: i32 = 1;
/// What a name weighs the last character of which begins a word that follows names.
const FOLLOWER_INSIDE: i32 = -3;
/// What a name weighs the last character of which begins another name: 李凯|王磊.
const NAME_INSIDE: i32 = -4;
/// What the end weighs where a middle dot follows: the whole is something else.
const DOT_FOLLOWS: i32 = -8;
/// What a name weighs that begins as places (李家沱) and shops (李记) are called after families.
const FAMILY_PLACE: i32 = -6;
/// What the end weighs where a number plate begins with the last character.
const PLATE_FOLLOWS: i32 = -8;
/// What a name of two characters weighs without a cue where nothing behind it tells that it ends.
const SHORT: i32 = -1;
/// What a name weighs without a cue where the word for a place or a firm stands a little behind it.
const PLACE_AHEAD: i32 = -4;
/// How far behind, in characters.
const AHEAD: usize = 4;
/// What a name weighs after a telephone number or the number of an identity card, and at the end of a letter.
const AFTER_NUMBER: i32 = 3;
const SIGNATURE: i32 = 2;
/// What a cue weighs at least that a colon makes the label of a field.
const FIELD: i32 = 7;

/// Whether a few characters after the beginning of `text` a word for a place or a firm stands, and nothing before it
/// that follows a person.
fn is_place_ahead(text: &str) -> bool {
    let ideographs = text.chars().take_while(|c| is_ideograph(*c)).take(AHEAD).count();
    let mut followers = (1..ideographs).filter_map(|at| FOLLOWERS.longest(text.get(at * HAN..)?));
    followers.next().is_some_and(|(_, weight)| weight < 0)
}

/// Whether `text` ends with a telephone number or the number of an identity card, and signs behind it.
fn ends_with_number(text: &str) -> bool {
    let number =
        text.trim_end_matches([' ', '，', ',', '：', ':', '（', '(', '-', '、', '/', '；', ';', '）', ')']);
    number.bytes().rev().take_while(|byte| byte.is_ascii_digit() || matches!(byte, b'X' | b'x')).count() >= 11
}

impl Evidence<'_> {
    /// What stands before byte `at`: the longest cue, but for signs and link verbs, or else the character.
    pub(super) fn before(&self, at: usize) -> i32 {
        self.cue_before(at).unwrap_or_else(|| {
            let before = self.input.before(at);
            match before.chars().next_back() {
                Some(c) if !is_ideograph(c) && ends_with_number(before) => AFTER_NUMBER,
                last => preceding_char(last),
            }
        })
    }

    /// What the end of the name weighs, and what follows. `before` is what stands before it.
    pub(super) fn end_of(&self, name: &Range<usize>, before: i32) -> i32 {
        let rest = self.input.after(name.end);
        let last = self.input.after(name.end - HAN);
        let mut after = self.after(name.end);
        let mut weight = 0;
        // 雷震已被抓获: what follows names seldom ends one.
        let last_weight = last.chars().next().and_then(|c| WEIGHTS.last(c)).unwrap_or_default();
        if name.len() > 2 * HAN
            && last_weight < OF_NAMES
            && FOLLOWERS.longest(last).is_some_and(|(_, w)| w > 0)
        {
            weight += FOLLOWER_INSIDE;
        }
        let given = self.input.after(name.start + HAN);
        if name.len() == 3 * HAN
            && (given.starts_with('记') || given.starts_with('家') && last_weight < SURE_END)
        {
            weight += FAMILY_PLACE;
        }
        if name.len() > 2 * HAN && last_weight < OF_NAMES && is_name(last) {
            weight += NAME_INSIDE;
        }
        if after < SURE_END {
            if WORDS_ACROSS.longest(last).is_some() {
                weight += WORD_ACROSS;
            } else if is_name(rest) {
                after = after.max(NAME_FOLLOWS_AT_ONCE);
            }
        }
        if before >= LEAST_CUE {
            weight += i32::from(!rest.starts_with(is_ideograph)) * ALONE;
        } else {
            weight += i32::from(self.is_signature(name)) * SIGNATURE;
            weight += i32::from(after <= 0 && name.len() == 2 * HAN) * SHORT;
        }
        if before < FIELD {
            let place = if before > LEAST_CUE { PLACE_AFTER_ROLE } else { PLACE };
            weight += i32::from(last.starts_with(PLACES)) * place;
            weight += i32::from(before <= LEAST_CUE && after <= 0 && is_place_ahead(rest)) * PLACE_AHEAD;
        }
        after + weight
    }

    /// Whether `name` stands behind the last sentence, before the end or a date.
    fn is_signature(&self, name: &Range<usize>) -> bool {
        let begins = self.input.before(name.start).trim_end_matches(' ');
        let ends = self.input.after(name.end).trim_start_matches([' ', '，', ',']);
        begins.ends_with(['。', '！', '!', '～'])
            && (ends.is_empty() || ends.starts_with("20") && ends.len() < SHORT_DATE)
    }

    /// The weight of the longest cue before byte `at`.
    pub(super) fn cue_before(&self, at: usize) -> Option<i32> {
        let text = self.input.before(at);
        let cue = cue_at_end(text).or_else(|| {
            let linked = text.trim_end_matches(is_link);
            // `：` and a blank, `（` and a quotation mark, `为` and `：`; more is a gap.
            let links = text.get(linked.len()..).filter(|links| (1..=3 * HAN).contains(&links.len()))?;
            let weight = cue_at_end(linked)?;
            let is_field = weight >= LEAST_CUE && links.contains(['：', ':', '】']);
            Some(if is_field { weight.max(FIELD) } else { weight })
        });
        match cue {
            Some(weight) if weight >= LEAST_CUE => cue,
            _ => spoken_cue(text).or(cue),
        }
    }

    /// What stands from byte `end` on.
    pub(super) fn after(&self, end: usize) -> i32 {
        let rest = self.input.after(end);
        let Some(next) = rest.chars().next() else { return 2 };
        if next.is_ascii_alphabetic() && self.input.before(end).ends_with(|c| PROVINCES.contains(c)) {
            // 车琼A00001
            return PLATE_FOLLOWS;
        }
        if is_dot(next) {
            return DOT_FOLLOWS;
        }
        if let Some((_, weight)) = FOLLOWERS.longest(rest) {
            return weight;
        }
        if let Some(weight) = WEIGHTS.last(next) {
            // Particles and verbs that no name holds are a boundary of a kind.
            return if weight <= NEVER { 0 } else { -1 };
        }
        let detail =
            rest.trim_start_matches([' ', '，', ',', '：', ':', '（', '(', '-', '、', '/', '；', ';']);
        if rest.len() - detail.len() > 2 * HAN {
            return 1;
        }
        let (words, identity) = IDENTITY.longest(detail).unwrap_or_default();
        let number = detail.get(words..).unwrap_or_default();
        let number = number.trim_start_matches([' ', '：', ':', '是', '为', '号', '码']);
        let is_digit = |c: &char| matches!(c, '0'..='9' | '０'..='９');
        if number.chars().take_while(is_digit).count() >= 7 {
            return 5;
        }
        1 + identity
    }
}
