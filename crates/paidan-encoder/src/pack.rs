use std::ops::Range;

/// Texts that go through the model together, one after the other, without padding.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pack {
    /// The token ids of all texts.
    ids: Vec<u32>,
    /// Where each text ends in `ids`.
    ends: Vec<usize>,
}

impl Pack {
    /// Appends a text.
    pub(crate) fn push(&mut self, ids: impl IntoIterator<Item = u32>) {
        self.ids.extend(ids);
        self.ends.push(self.ids.len());
    }

    pub(crate) fn ids(&self) -> &[u32] {
        &self.ids
    }

    /// How many texts there are.
    pub(crate) fn texts(&self) -> usize {
        self.ends.len()
    }

    /// Where each text's tokens are.
    pub(crate) fn spans(&self) -> impl ExactSizeIterator<Item = Range<usize>> + '_ {
        self.ends.iter().enumerate().map(|(at, end)| {
            let start = if at == 0 { 0 } else { self.ends[at - 1] };
            start..*end
        })
    }
}

/// Groups texts of `lengths` tokens, in their order, into packs of at most `budget` tokens; a longer text is a
/// pack of its own.
pub(crate) fn plan(lengths: &[usize], budget: usize) -> Vec<Range<usize>> {
    let mut packs = Vec::new();
    let (mut first, mut tokens) = (0, 0);
    for (at, length) in lengths.iter().enumerate() {
        if at > first && tokens + length > budget {
            packs.push(first..at);
            (first, tokens) = (at, 0);
        }
        tokens += length;
    }
    if first < lengths.len() {
        packs.push(first..lengths.len());
    }
    packs
}

/// Groups texts of `lengths` tokens, the longest first, into packs of at most `budget` tokens when each text is padded
/// to the length of the first; a longer text is a pack of its own.
#[cfg(feature = "candle")]
pub(crate) fn plan_padded(lengths: &[usize], budget: usize) -> Vec<Range<usize>> {
    let mut packs = Vec::new();
    let mut first = 0;
    while let Some(longest) = lengths.get(first) {
        let texts = (budget / (*longest).max(1)).max(1);
        let end = lengths.len().min(first + texts);
        packs.push(first..end);
        first = end;
    }
    packs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packs_keep_the_order_and_the_budget() {
        assert!(plan(&[], 10).is_empty());
        assert_eq!(plan(&[3, 4, 3, 1, 20, 10, 1], 10), [0..3, 3..4, 4..5, 5..6, 6..7]);
        assert_eq!(plan(&[50], 10), std::iter::once(0..1).collect::<Vec<_>>());
    }

    #[cfg(feature = "candle")]
    #[test]
    fn padded_packs_keep_the_budget() {
        assert!(plan_padded(&[], 10).is_empty());
        assert_eq!(plan_padded(&[20, 5, 5, 4, 3, 3, 3, 0, 0], 10), [0..1, 1..3, 3..5, 5..8, 8..9]);
    }

    #[test]
    fn spans_follow_each_other() {
        let mut pack = Pack::default();
        pack.push([1, 2]);
        pack.push([]);
        pack.push([3]);
        assert_eq!(pack.texts(), 3);
        assert_eq!(pack.spans().collect::<Vec<_>>(), [0..2, 2..2, 2..3]);
        assert_eq!(pack.ids(), [1, 2, 3]);
    }
}
