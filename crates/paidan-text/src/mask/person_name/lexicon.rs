//! Ordinary words of one and two characters, and how well a stretch of text divides into them.

use std::sync::LazyLock;

use super::weights::{IDEOGRAPHS, ideograph_index};

/// How often words stand in text, from `words.txt`. All costs are negative natural logarithms of probabilities.
pub(super) struct Lexicon {
    /// Where the words of two characters begin that begin with the ideograph, in `seconds`; one more than there
    /// are ideographs.
    starts: Vec<u32>,
    /// The second characters, in order, and the logarithm of the word's frequency.
    seconds: Vec<(u16, u8)>,
    /// What each ideograph costs as a word of its own.
    alone: Vec<f32>,
    /// What it costs as a character of the text, in whatever word.
    character: Vec<f32>,
    /// The logarithm of how many words there are.
    total: f32,
}

/// The table that ships.
pub(super) static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::parse(include_str!("../../../tables/words.txt")));

/// Characters at most that [`Lexicon::cost`] looks at.
pub(super) const LONGEST_STRETCH: usize = 12;

impl Lexicon {
    /// Reads the table; a line that is not of its form is left out.
    fn parse(table: &str) -> Self {
        let mut words: Vec<(usize, u16, u8)> = Vec::new();
        let mut alone = vec![0f32; IDEOGRAPHS];
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            let mut fields = line.split(' ');
            let (Some(len), Some(Ok(class)), Some(chars)) =
                (fields.next(), fields.next().map(str::parse::<u8>), fields.next())
            else {
                continue;
            };
            let mut indexes = chars.chars().filter_map(ideograph_index);
            if len == "1" {
                indexes.for_each(|index| alone[index] = f32::from(class).exp());
                continue;
            }
            while let (Some(first), Some(second)) = (indexes.next(), indexes.next()) {
                words.push((first, second as u16, class));
            }
        }
        words.sort_unstable();
        let mut starts = vec![0u32; IDEOGRAPHS + 1];
        let mut character = alone.clone();
        let mut total: f32 = alone.iter().sum();
        for (first, second, class) in &words {
            starts[first + 1] += 1;
            let frequency = f32::from(*class).exp();
            total += frequency;
            character[*first] += frequency;
            character[usize::from(*second)] += frequency;
        }
        for at in 0..IDEOGRAPHS {
            starts[at + 1] += starts[at];
        }
        let cost = |total: f32| move |frequency: &f32| (total / frequency.max(1.0)).ln();
        Self {
            starts,
            seconds: words.into_iter().map(|(_, second, class)| (second, class)).collect(),
            alone: alone.iter().map(cost(total)).collect(),
            character: character.iter().map(cost(total)).collect(),
            total: total.ln(),
        }
    }

    /// The logarithm of the frequency of the word that two ideographs make.
    fn frequency(&self, first: usize, second: usize) -> Option<u8> {
        let range = *self.starts.get(first)? as usize..*self.starts.get(first + 1)? as usize;
        let seconds = self.seconds.get(range)?;
        let at = seconds.binary_search_by_key(&(second as u16), |(second, _)| *second).ok()?;
        seconds.get(at).map(|(_, class)| *class)
    }

    /// How rare an ideograph is in text: the negative natural logarithm of its share.
    pub(super) fn rarity(&self, index: usize) -> i32 {
        self.character.get(index).map_or(i32::MAX, |cost| *cost as i32)
    }

    /// What the characters of `text` cost one by one, whatever words they belong to.
    pub(super) fn character_cost(&self, text: &str) -> f32 {
        text.chars().filter_map(ideograph_index).filter_map(|index| self.character.get(index)).sum()
    }

    /// What `text`, of at most [`LONGEST_STRETCH`] ideographs, costs when it is divided into words as well as may be.
    pub(super) fn cost(&self, text: &str) -> f32 {
        let (mut before_last, mut last, mut previous) = (f32::INFINITY, 0f32, None);
        for index in text.chars().filter_map(ideograph_index).take(LONGEST_STRETCH) {
            let alone = last + self.alone.get(index).copied().unwrap_or_default();
            let pair = previous
                .and_then(|previous| self.frequency(previous, index))
                .map_or(f32::INFINITY, |class| before_last + self.total - f32::from(class));
            (before_last, last, previous) = (last, alone.min(pair), Some(index));
        }
        last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        assert!((30_000..45_000).contains(&LEXICON.seconds.len()), "{}", LEXICON.seconds.len());
        assert!(LEXICON.alone.iter().chain(&LEXICON.character).all(|cost| (0.0..20.0).contains(cost)));
    }

    #[test]
    fn words_cost_less_than_their_characters() {
        let cost = |text| LEXICON.cost(text);
        assert!(cost("问题") < cost("问") + cost("题"));
        assert!(cost("大学毕业") <= cost("大学") + cost("毕业") + 0.01);
        // No words: characters that seldom stand alone cost more than in text.
        assert!(cost("磊鑫") > LEXICON.character_cost("磊鑫"));
        assert_eq!(cost(""), 0.0);
    }
}
