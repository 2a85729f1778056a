use std::ops::Range;

/// Clauses, sentences and titles of a text.
#[derive(Debug)]
pub(super) struct Reach {
    /// Bytes at which a clause ends, rising; the mark itself included.
    clauses: Vec<usize>,
    /// The same for sentences.
    sentences: Vec<usize>,
    /// What stands between 《 and 》.
    titles: Vec<Range<usize>>,
}

/// The longest title, in characters: a mark that is never closed encloses nothing.
const LONGEST_TITLE: usize = 30;

impl Reach {
    pub(super) fn new(text: &str) -> Self {
        let mut reach = Self { clauses: Vec::new(), sentences: Vec::new(), titles: Vec::new() };
        let mut opened: Option<(usize, usize)> = None;
        for (index, (at, c)) in text.char_indices().enumerate() {
            let end = at + c.len_utf8();
            match c {
                '。' | '！' | '？' | '!' | '?' | '；' | ';' | '\n' => {
                    reach.sentences.push(end);
                    reach.clauses.push(end);
                }
                '，' | ',' | '、' | '：' | ':' => reach.clauses.push(end),
                '《' => opened = Some((at, index)),
                '》' => {
                    if let Some((start, _)) = opened.take().filter(|(_, from)| index - from <= LONGEST_TITLE)
                    {
                        reach.titles.push(start..end);
                    }
                }
                _ => {}
            }
        }
        reach
    }

    /// The clause around the byte at `offset`.
    pub(super) fn clause(&self, offset: usize) -> Range<usize> {
        around(&self.clauses, offset)
    }

    /// The sentence around the byte at `offset`.
    pub(super) fn sentence(&self, offset: usize) -> Range<usize> {
        around(&self.sentences, offset)
    }

    /// The title that `range` stands in.
    pub(super) fn title(&self, range: &Range<usize>) -> Option<&Range<usize>> {
        self.titles.iter().find(|title| title.start <= range.start && range.end <= title.end)
    }
}

fn around(ends: &[usize], offset: usize) -> Range<usize> {
    let next = ends.partition_point(|end| *end <= offset);
    let start = next.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
    start..ends.get(next).copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_a_text() {
        let text = "甲，乙。《丙》丁";
        let reach = Reach::new(text);
        assert_eq!(reach.clause(0), 0..6);
        assert_eq!(reach.clause(6), 6..12);
        assert_eq!(reach.sentence(6), 0..12);
        assert_eq!(reach.sentence(12).start, 12);
        assert_eq!(reach.title(&(15..18)), Some(&(12..21)));
        assert_eq!(reach.title(&(21..24)), None);
        let long = format!("《{}》", "一".repeat(40));
        assert_eq!(Reach::new(&long).title(&(3..6)), None);
    }
}
