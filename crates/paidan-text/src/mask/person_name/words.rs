use aho_corasick::{AhoCorasick, Anchored, Input, MatchKind, StartKind};

/// Groups of words, parted by blanks, with their weights.
type Groups<'w> = [(i32, &'w str)];

/// A word list that is asked whether a text begins with one of its words.
pub(super) struct Beginnings {
    automaton: Option<AhoCorasick>,
    weights: Vec<i32>,
}

impl Beginnings {
    /// A word that stands in two groups has the weight of the first.
    pub(super) fn new(groups: &Groups<'_>) -> Self {
        Self::of_bytes(groups, |word| word.to_vec())
    }

    fn of_bytes(groups: &Groups<'_>, bytes: impl Fn(&[u8]) -> Vec<u8>) -> Self {
        let words =
            || groups.iter().flat_map(|(weight, words)| words.split_whitespace().map(move |w| (*weight, w)));
        let automaton = AhoCorasick::builder()
            .start_kind(StartKind::Anchored)
            .match_kind(MatchKind::LeftmostLongest)
            .build(words().map(|(_, word)| bytes(word.as_bytes())))
            .ok();
        Self { automaton, weights: words().map(|(weight, _)| weight).collect() }
    }

    /// Length in bytes and weight of the longest word that `text` begins with.
    pub(super) fn longest(&self, text: &str) -> Option<(usize, i32)> {
        self.longest_of_bytes(text.as_bytes())
    }

    fn longest_of_bytes(&self, bytes: &[u8]) -> Option<(usize, i32)> {
        let found = self.automaton.as_ref()?.find(Input::new(bytes).anchored(Anchored::Yes))?;
        Some((found.end(), *self.weights.get(found.pattern().as_usize())?))
    }
}

/// A word list that is asked whether a text ends with one of its words.
pub(super) struct Endings {
    /// The words from their last byte to their first.
    reversed: Beginnings,
}

/// Bytes of the longest word of [`Endings`].
const LONGEST: usize = 30;

impl Endings {
    /// A word that stands in two groups has the weight of the first. Words longer than [`LONGEST`] are never
    /// found.
    pub(super) fn new(groups: &Groups<'_>) -> Self {
        Self { reversed: Beginnings::of_bytes(groups, |word| word.iter().rev().copied().collect()) }
    }

    /// Weight of the longest word that `text` ends with.
    pub(super) fn longest(&self, text: &str) -> Option<i32> {
        let mut reversed = [0; LONGEST];
        let bytes = text.bytes().rev().zip(&mut reversed).map(|(byte, place)| *place = byte).count();
        self.reversed.longest_of_bytes(reversed.get(..bytes)?).map(|(_, weight)| weight)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_word_counts() {
        let groups = [(2, "主 业主"), (1, "业 主业")];
        assert_eq!(Endings::new(&groups).longest("我是业主"), Some(2));
        assert_eq!(Endings::new(&groups).longest("主业"), Some(1));
        assert_eq!(Endings::new(&groups).longest(""), None);
        assert_eq!(Beginnings::new(&groups).longest("业主们"), Some(("业主".len(), 2)));
        assert_eq!(Beginnings::new(&groups).longest("是业主"), None);
    }
}
