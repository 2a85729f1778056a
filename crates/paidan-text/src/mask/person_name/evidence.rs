use std::ops::Range;

use super::MaskInput;
use super::cues::{cue_at_end, is_link, preceding_char};
use super::dotted::is_transcription;
use super::followers::{
    ADDRESSES, FOLLOWERS, IDENTITY, ORDINARY, WORDS_ACROSS, WORDS_ACROSS_BEGINNING, is_placeholder,
};
use super::weights::WEIGHTS;

/// Bytes of one ideograph.
pub(super) const HAN: usize = '王'.len_utf8();

/// The least evidence for a name.
const LEAST: i32 = 8;
/// A name of less weight than this by itself is looked at only after an introduction.
const LEAST_CHARACTERS: i32 = 0;
/// A given name of one character is rarer than one of two.
const ONE_GIVEN: i32 = -1;
/// What a word weighs that begins before the name and ends with its surname.
const WORD_ACROSS_BEGINNING: i32 = -5;
/// What a word weighs that begins with the last character of the name and goes on beyond it.
const WORD_ACROSS: i32 = -4;
/// Characters that names of places end with more often than those of persons; without a cue they weigh this.
const PLACES: [char; 12] = ['河', '江', '溪', '湖', '苑', '城', '园', '岭', '桥', '洲', '坪', '滨'];
const PLACE: i32 = -3;
/// What follows a name and weighs as much as this tells that it ends there.
const SURE_END: i32 = 3;
/// Weight of characters that stand in hardly any name.
const NEVER: i32 = -5;
/// What stands before a name and weighs as much is a cue or the item before in a list.
const LEAST_CUE: i32 = 4;
/// A name that fills the whole place between a cue and a sign weighs as much more.
const ALONE: i32 = 1;
/// The most that may come from what follows.
const MOST_AFTER: i32 = 6;
const SEPARATORS: [char; 3] = ['、', '，', ','];
/// What a name weighs that a separator parts from a name after it.
const LISTED_BEFORE: i32 = 8;
/// Characters before 人 that make a number of persons or a people of a label, not a role.
const NOT_LABELS: [char; 12] = ['个', '几', '多', '少', '一', '二', '两', '三', '有', '无', '每', '万'];
/// Unknown items of a list between two names of it.
const MOST_UNKNOWN: usize = 2;
/// The least that the first of two like given characters weighs: 王多多.
const TWICE: i32 = 2;
/// What an ordinary word of two characters weighs, or a name as short that everyone knows.
const ORDINARY_WORD: i32 = -6;
/// What a longer one weighs: few persons share it.
const KNOWN_NAME: i32 = -9;

/// What can be told of a text around a possible name.
pub(super) struct Evidence<'i> {
    input: &'i MaskInput<'i>,
}

/// Whether `c` may be a character of a name.
pub(super) fn is_ideograph(c: char) -> bool {
    WEIGHTS.first(c).is_some()
}

/// Given names of two and of one character at the beginning of `text`: length in bytes and weight.
fn given_names(text: &str) -> [Option<(usize, i32)>; 2] {
    let mut chars = text.chars();
    let (first, second) = (chars.next(), chars.next());
    let twice =
        if first == second && first.and_then(|c| WEIGHTS.last(c)) >= Some(0) { TWICE } else { i32::MIN };
    let two = first.and_then(|c| WEIGHTS.first(c)).zip(second.and_then(|c| WEIGHTS.last(c)));
    let one = first.and_then(|c| WEIGHTS.last(c));
    [two.map(|(first, last)| (2 * HAN, first.max(twice) + last)), one.map(|weight| (HAN, weight + ONE_GIVEN))]
}

/// The least length in bytes of a given name at the beginning of `text`, which a form of address may take the
/// place of.
fn least_given(text: &str) -> usize {
    match ADDRESSES.longest(text) {
        None => HAN,
        // 王某明 is no full name either.
        _ if text.starts_with('某') => usize::MAX,
        // 王哥 is no name, 王哥平 may be one.
        Some((HAN, 0)) => 2 * HAN,
        Some(_) => usize::MAX,
    }
}

impl<'i> Evidence<'i> {
    pub(super) fn new(input: &'i MaskInput<'i>) -> Self {
        Self { input }
    }

    pub(super) fn text(&self) -> &'i str {
        self.input.text()
    }

    /// The likeliest name that begins with `c`, the character at byte `at`; `None` where there is too little evidence.
    /// `listed_after` is the end of the name before, if there is one.
    pub(super) fn best_at(&self, at: usize, c: char, listed_after: Option<usize>) -> Option<Range<usize>> {
        let single = WEIGHTS.surname(c).map(|weight| (HAN, weight));
        let compound = WEIGHTS.compound_surname(self.input.after(at)).map(|weight| (2 * HAN, weight));
        let mut before = None;
        let mut best: Option<(Range<usize>, i32)> = None;
        for (surname, weight) in single.into_iter().chain(compound) {
            let mut names = given_names(self.input.after(at + surname))
                .map(|given| given.map(|(len, w)| (len, w + weight)));
            if surname == HAN && compound.is_some() {
                // 欧阳 is a surname, not 欧 and a given name.
                names[1] = None;
            }
            if names.iter().flatten().all(|(_, weight)| *weight < LEAST_CHARACTERS) {
                continue;
            }
            let before = *before.get_or_insert_with(|| self.before(at).max(self.listed(listed_after, at)));
            if names.iter().flatten().all(|(_, weight)| weight + before + MOST_AFTER < LEAST) {
                continue;
            }
            let least = least_given(self.input.after(at + surname));
            let around = before + self.words_at_beginning(at);
            for (len, weight) in names.into_iter().flatten().filter(|(len, _)| *len >= least) {
                let range = at..at + surname + len;
                let score = weight + around + self.end_of(&range, before);
                if best.as_ref().is_none_or(|(_, most)| score > *most) {
                    best = Some((range, score));
                }
            }
        }
        best.filter(|(_, score)| *score >= LEAST).map(|(range, _)| range)
    }

    /// What stands before byte `at`: the longest cue, but for signs and link verbs, or else the character.
    fn before(&self, at: usize) -> i32 {
        self.cue_before(at).unwrap_or_else(|| preceding_char(self.input.before(at).chars().next_back()))
    }

    /// What ordinary words weigh that begin at byte `at` or go across it.
    fn words_at_beginning(&self, at: usize) -> i32 {
        let ordinary = match ORDINARY.longest(self.input.after(at)) {
            Some((len, _)) if len > 2 * HAN => KNOWN_NAME,
            Some(_) => ORDINARY_WORD,
            None => 0,
        };
        let across =
            at.checked_sub(HAN).and_then(|from| WORDS_ACROSS_BEGINNING.longest(self.input.after(from)));
        ordinary + across.map_or(0, |_| WORD_ACROSS_BEGINNING)
    }

    /// What the end of the name weighs, and what follows. `before` is what stands before it.
    fn end_of(&self, name: &Range<usize>, before: i32) -> i32 {
        let after = self.after(name.end);
        let last = self.input.after(name.end - HAN);
        let is_across = after < SURE_END && WORDS_ACROSS.longest(last).is_some();
        let is_place = before < LEAST_CUE && last.starts_with(PLACES);
        let is_alone = before >= LEAST_CUE && !self.input.after(name.end).starts_with(is_ideograph);
        after + i32::from(is_across) * WORD_ACROSS + i32::from(is_place) * PLACE + i32::from(is_alone) * ALONE
    }

    /// The weight of the longest cue before byte `at`.
    pub(super) fn cue_before(&self, at: usize) -> Option<i32> {
        let text = self.input.before(at);
        if let Some(weight) = cue_at_end(text) {
            return Some(weight);
        }
        let linked = text.trim_end_matches(is_link);
        // `：` and a blank, `（` and a quotation mark, `为` and `：`; more is a gap.
        let links = text.len() - linked.len();
        if links == 0 || links > 3 * HAN { None } else { cue_at_end(linked) }
    }

    /// What the end of the name before weighs, if only a separator of a list stands between.
    fn listed(&self, listed_after: Option<usize>, at: usize) -> i32 {
        let Some(between) = listed_after.and_then(|end| self.text().get(end..at)) else { return i32::MIN };
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
            " " | "; " | "；" | ", " | "， " => 4,
            _ => i32::MIN,
        }
    }

    /// What stands from byte `end` on.
    pub(super) fn after(&self, end: usize) -> i32 {
        let rest = self.input.after(end);
        let Some(next) = rest.chars().next() else { return 2 };
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

    /// The name before a name that begins at byte `next`, where only a separator of a list stands between.
    pub(super) fn listed_before(&self, next: usize) -> Option<Range<usize>> {
        let end = next - self.input.before(next).strip_suffix('、').map(|_| HAN)?;
        let starts = [3, 2].into_iter().filter_map(|chars| end.checked_sub(chars * HAN));
        let score = |start: usize| {
            let name = self.text().get(start..end).filter(|name| name.chars().all(is_ideograph))?;
            let surname = WEIGHTS.surname(name.chars().next()?)?;
            let given = given_names(name.get(HAN..)?);
            let (_, given) = given.into_iter().flatten().find(|(len, _)| HAN + len == name.len())?;
            let least = least_given(name.get(HAN..)?) <= name.len() - HAN;
            let weight = surname + given;
            let score = weight + LISTED_BEFORE + self.before(start) + self.words_at_beginning(start);
            (least && weight > LEAST_CHARACTERS && score >= LEAST).then_some((score, start))
        };
        starts.filter_map(score).max().map(|(_, start)| start..end)
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
