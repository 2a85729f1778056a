use std::sync::LazyLock;

use super::lexicon::LEXICON;

/// The characters that the tables hold lie between these two, in the block of CJK unified ideographs.
const FIRST: char = '\u{4E00}';
const LAST: char = '\u{9FFF}';

/// How many characters lie there.
pub(super) const IDEOGRAPHS: usize = LAST as usize - FIRST as usize + 1;

/// A character of a given name that no table lists: what it weighs depends on how rare it is.
const UNLISTED: i8 = i8::MIN;
/// What one weighs that is hardly ever written but in names.
const RAREST: i8 = 2;

/// Surnames of two characters, with weights as in `surnames.txt`. Those that are mostly ordinary words or places
/// (东方, 西门, 濮阳) weigh less; those that are hardly anything else (百里, 第五, 南门) are left out.
/// In the order of their code points.
const COMPOUND_SURNAMES: [(&str, i32); 57] = [
    ("万俟", 6),
    ("上官", 6),
    ("东方", 0),
    ("乐正", 5),
    ("亓官", 6),
    ("令狐", 6),
    ("仲孙", 6),
    ("公冶", 6),
    ("公孙", 6),
    ("公西", 5),
    ("单于", 3),
    ("南宫", 5),
    ("南荣", 4),
    ("司寇", 5),
    ("司徒", 6),
    ("司空", 4),
    ("司马", 6),
    ("呼延", 6),
    ("哥舒", 6),
    ("夏侯", 6),
    ("太史", 5),
    ("宇文", 5),
    ("完颜", 6),
    ("宗政", 6),
    ("尉迟", 6),
    ("左丘", 5),
    ("巫马", 5),
    ("慕容", 6),
    ("拓拔", 6),
    ("拓跋", 6),
    ("斛律", 6),
    ("梁丘", 5),
    ("欧阳", 6),
    ("淳于", 6),
    ("漆雕", 6),
    ("澹台", 6),
    ("濮阳", 1),
    ("独孤", 6),
    ("申屠", 6),
    ("皇甫", 6),
    ("端木", 6),
    ("纳兰", 5),
    ("羊舌", 6),
    ("耶律", 6),
    ("西门", -2),
    ("诸葛", 6),
    ("谷梁", 4),
    ("贺兰", 3),
    ("贺若", 4),
    ("赫连", 6),
    ("轩辕", 4),
    ("达奚", 5),
    ("钟离", 4),
    ("长孙", 3),
    ("闻人", 5),
    ("闾丘", 6),
    ("鲜于", 4),
];

/// Which surnames a character begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Initial {
    None,
    /// One of one character, none of two.
    Single,
    /// One of two characters.
    Compound,
}

/// How much more often characters stand in names than in ordinary text, as natural logarithms.
pub(super) struct Weights {
    surname: Vec<Option<i8>>,
    first: Vec<i8>,
    last: Vec<i8>,
    /// Which surnames begin with the character.
    initial: Vec<Initial>,
    /// Given names of two characters that are ordinary words, in the order of their code points, and what they weigh
    /// at least.
    words: Vec<(&'static str, i8)>,
    /// Whether one of them begins with the ideograph.
    begins_word: Vec<bool>,
}

/// The tables that ship.
pub(super) static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| {
    Weights::parse(
        include_str!("../../../tables/surnames.txt"),
        include_str!("../../../tables/given_names.txt"),
    )
});

impl Weights {
    /// Reads both tables; a line that is neither of their forms is left out.
    fn parse(surnames: &str, given_names: &'static str) -> Self {
        let mut weights = Self {
            surname: vec![None; IDEOGRAPHS],
            first: vec![UNLISTED; IDEOGRAPHS],
            last: vec![UNLISTED; IDEOGRAPHS],
            initial: vec![Initial::None; IDEOGRAPHS],
            words: Vec::new(),
            begins_word: vec![false; IDEOGRAPHS],
        };
        for line in surnames.lines().filter(|line| !line.starts_with('#')) {
            let Some((Ok(weight), chars)) = line.split_once(' ').map(|(w, chars)| (w.parse(), chars)) else {
                continue;
            };
            for index in chars.chars().filter_map(ideograph_index) {
                weights.surname[index] = Some(weight);
                weights.initial[index] = Initial::Single;
            }
        }
        for index in
            COMPOUND_SURNAMES.iter().filter_map(|(surname, _)| ideograph_index(surname.chars().next()?))
        {
            weights.initial[index] = Initial::Compound;
        }
        for line in given_names.lines().filter(|line| !line.starts_with('#')) {
            let mut fields = line.split(' ');
            let (Some(place), Some(Ok(weight)), Some(chars)) =
                (fields.next(), fields.next().map(str::parse), fields.next())
            else {
                continue;
            };
            if place == "word" {
                weights.words.push((chars, weight));
                weights.words.extend(fields.map(|word| (word, weight)));
                continue;
            }
            for index in chars.chars().filter_map(ideograph_index) {
                if place != "last" {
                    weights.first[index] = weight;
                }
                if place != "first" {
                    weights.last[index] = weight;
                }
            }
        }
        weights.words.sort_unstable();
        weights.words.dedup();
        for (word, _) in &weights.words {
            if let Some(index) = word.chars().next().and_then(ideograph_index) {
                weights.begins_word[index] = true;
            }
        }
        for index in 0..IDEOGRAPHS {
            let unlisted = match LEXICON.rarity(index) {
                15.. => RAREST,
                13.. => 1,
                _ => -1,
            };
            for weights in [&mut weights.first, &mut weights.last] {
                if weights[index] == UNLISTED {
                    weights[index] = unlisted;
                }
            }
        }
        weights
    }

    /// Whether a surname begins with `c`.
    pub(super) fn is_initial(&self, c: char) -> bool {
        ideograph_index(c)
            .and_then(|index| self.initial.get(index))
            .is_some_and(|initial| *initial != Initial::None)
    }

    /// What the two characters at the beginning of `text` weigh as a surname; `None` where they are none.
    pub(super) fn compound_surname(&self, text: &str) -> Option<i32> {
        let first = text.chars().next()?;
        if self.initial.get(ideograph_index(first)?) != Some(&Initial::Compound) {
            return None;
        }
        let surname = text.get(..2 * first.len_utf8())?;
        let index = COMPOUND_SURNAMES.binary_search_by_key(&surname, |(surname, _)| surname).ok()?;
        COMPOUND_SURNAMES.get(index).map(|(_, weight)| *weight)
    }

    /// What `c` weighs as a surname; `None` where it is none.
    pub(super) fn surname(&self, c: char) -> Option<i32> {
        self.surname.get(ideograph_index(c)?).copied().flatten().map(i32::from)
    }

    /// What `c` weighs as the first of two given characters; `None` where it is no ideograph.
    pub(super) fn first(&self, c: char) -> Option<i32> {
        self.first.get(ideograph_index(c)?).copied().map(i32::from)
    }

    /// What a given name of two characters, with which `text` begins, weighs at least where it is a word as well.
    pub(super) fn word(&self, text: &str) -> Option<i32> {
        let first = ideograph_index(text.chars().next()?)?;
        if !*self.begins_word.get(first)? {
            return None;
        }
        let word = text.get(..text.char_indices().nth(2).map_or(text.len(), |(at, _)| at))?;
        let at = self.words.binary_search_by_key(&word, |(word, _)| word).ok()?;
        self.words.get(at).map(|(_, weight)| i32::from(*weight))
    }

    /// What `c` weighs as the last given character, be it the second or the only one.
    pub(super) fn last(&self, c: char) -> Option<i32> {
        self.last.get(ideograph_index(c)?).copied().map(i32::from)
    }
}

/// The place of an ideograph in the tables.
pub(super) fn ideograph_index(c: char) -> Option<usize> {
    (FIRST..=LAST).contains(&c).then(|| c as usize - FIRST as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_whole() {
        let surnames = WEIGHTS.surname.iter().flatten().count();
        assert!((800..1000).contains(&surnames), "{surnames}");
        for weights in [&WEIGHTS.first, &WEIGHTS.last] {
            let frequent = weights.iter().filter(|weight| **weight > RAREST).count();
            assert!((200..800).contains(&frequent), "{frequent}");
            assert!(weights.iter().all(|weight| (-6..=5).contains(weight)));
        }
        assert!(COMPOUND_SURNAMES.is_sorted() && WEIGHTS.words.is_sorted());
        assert!((200..600).contains(&WEIGHTS.words.len()), "{}", WEIGHTS.words.len());
        assert_eq!((WEIGHTS.word("如意馆"), WEIGHTS.word("意如"), WEIGHTS.word("如")), (Some(3), None, None));
        assert_eq!(WEIGHTS.surname('王'), Some(6));
        assert_eq!(WEIGHTS.surname('的'), None);
        assert_eq!(WEIGHTS.first('A'), None);
        assert!(WEIGHTS.last('伟') > Some(2) && WEIGHTS.last('了') < Some(-3));
        assert_eq!(WEIGHTS.compound_surname("欧阳静"), Some(6));
    }
}
