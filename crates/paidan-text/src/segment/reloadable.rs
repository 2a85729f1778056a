use std::ops::Range;
use std::sync::{Arc, PoisonError, RwLock};

use super::{JiebaSegmenter, Segmenter};

/// A segmenter whose own words can be replaced while other threads cut.
///
/// The segmenter in use is an immutable snapshot: a call finishes with the one it began with, and no call
/// waits while a new one is made.
///
/// ```
/// use paidan_text::{Dictionary, JiebaSegmenter, ReloadableSegmenter, Segmenter};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let segmenter = ReloadableSegmenter::new(JiebaSegmenter::new(&Dictionary::default()));
/// let before = segmenter.segment("云澜快线晚点").len();
/// segmenter.reload(JiebaSegmenter::new(&Dictionary::parse("云澜快线 500 n")?));
/// assert!(segmenter.segment("云澜快线晚点").len() < before);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct ReloadableSegmenter {
    current: RwLock<Arc<JiebaSegmenter>>,
}

impl ReloadableSegmenter {
    /// Begins with `segmenter`.
    pub fn new(segmenter: JiebaSegmenter) -> Self {
        Self { current: RwLock::new(Arc::new(segmenter)) }
    }

    /// Puts `segmenter` in the place of the one in use, for all calls that begin from now on.
    pub fn reload(&self, segmenter: JiebaSegmenter) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(segmenter);
    }

    /// The segmenter in use: hold on to it where several texts must be cut alike.
    pub fn snapshot(&self) -> Arc<JiebaSegmenter> {
        // A poisoned lock only means that another thread panicked; the snapshot itself is whole.
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Segmenter for ReloadableSegmenter {
    fn segment(&self, text: &str) -> Vec<Range<usize>> {
        self.snapshot().segment(text)
    }

    fn is_dictionary_word(&self, word: &str) -> bool {
        self.snapshot().is_dictionary_word(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Dictionary;

    #[test]
    fn readers_see_the_old_words_or_the_new_ones() {
        let with = |words: &str| JiebaSegmenter::new(&Dictionary::parse(words).unwrap());
        let text = "云澜快线到柳荫坝";
        let segmenter = ReloadableSegmenter::new(with("云澜快线 500 n"));
        let held = segmenter.snapshot();
        let [first, second] = [with("云澜快线 500 n"), with("柳荫坝 500 n")];
        let [of_first, of_second] = [first.segment(text), second.segment(text)];
        assert_ne!(of_first, of_second);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..2_000 {
                        let words = segmenter.segment(text);
                        assert!(words == of_first || words == of_second, "{words:?}");
                    }
                });
            }
            scope.spawn(|| {
                for _ in 0..3 {
                    segmenter.reload(second.clone());
                    segmenter.reload(first.clone());
                }
                segmenter.reload(second.clone());
            });
        });
        assert_eq!(segmenter.segment(text), of_second);
        assert!(segmenter.is_dictionary_word("柳荫坝") && !segmenter.is_dictionary_word("云澜快线"));
        assert_eq!(held.segment(text), of_first, "a snapshot stays what it was");
    }
}
