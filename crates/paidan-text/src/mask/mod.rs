//! Personal data and the rules that find it: one rule a file, its cases under it.

mod digits;
mod email;
mod id_card;
mod kind;
mod phone;

use std::ops::Range;
use std::sync::Arc;

pub use kind::PiiKind;

use crate::alignment::{AlignedText, Alignment};

/// Opens the token that stands for a masked stretch.
pub const MASK_OPEN: char = '⟦';
/// Closes the token that stands for a masked stretch.
pub const MASK_CLOSE: char = '⟧';

/// Finds one kind of personal data in a normalised text.
pub trait MaskRule: Send + Sync {
    /// What the rule finds.
    fn kind(&self) -> PiiKind;

    /// Appends the byte ranges found in `text`, in any order.
    fn find(&self, text: &str, found: &mut Vec<Range<usize>>);
}

/// One stretch of personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PiiSpan {
    /// Half-open byte range; the function that returns it says of which text.
    pub range: Range<usize>,
    /// What it is.
    pub kind: PiiKind,
}

/// Replaces personal data by tokens such as `⟦phone⟧`.
///
/// Where rules overlap, the stretch that begins first wins, then the longer one, then the earlier rule; what
/// the other has beyond it is masked by itself.
/// Tokens of an earlier masking stay as they are.
#[derive(Clone)]
pub struct Masker {
    rules: Arc<[Box<dyn MaskRule>]>,
}

impl Default for Masker {
    fn default() -> Self {
        Self::new(vec![Box::new(id_card::IdCard), Box::new(phone::Phone), Box::new(email::Email)])
    }
}

impl Masker {
    /// A masker with these rules; on equal stretches the earlier rule wins.
    pub fn new(rules: Vec<Box<dyn MaskRule>>) -> Self {
        Self { rules: rules.into() }
    }

    /// The masked text, what was masked (ranges of `text`), and the alignment of the masked text to `text`.
    pub fn mask(&self, text: &str) -> (String, Vec<PiiSpan>, Alignment) {
        let spans = self.find(text);
        let mut out = AlignedText::with_capacity(text.len());
        let mut done = 0;
        for span in &spans {
            out.copy(text.get(done..span.range.start).unwrap_or_default(), done);
            out.replace(span.range.clone(), span.kind.token());
            done = span.range.end;
        }
        out.copy(text.get(done..).unwrap_or_default(), done);
        let (masked, alignment) = out.finish();
        (masked, spans, alignment)
    }

    /// Disjoint spans of `text` in order.
    fn find(&self, text: &str) -> Vec<PiiSpan> {
        let mut spans = Vec::new();
        let mut found = Vec::new();
        for rule in self.rules.iter() {
            rule.find(text, &mut found);
            spans.extend(found.drain(..).map(|range| PiiSpan { range, kind: rule.kind() }));
        }
        // The sort is stable, so that equal ranges keep the order of the rules.
        spans.sort_by_key(|span| (span.range.start, std::cmp::Reverse(span.range.end)));
        // What a later span has beyond the ones before it stays a span: no rest of an overlap is shown.
        let mut end = 0;
        for span in &mut spans {
            span.range.start = span.range.start.max(end);
            end = end.max(span.range.end);
        }
        spans.retain(|span| !span.range.is_empty());
        spans
    }
}

/// Runs one rule over a table of sentences; braces in a sentence mark what must be found.
#[cfg(test)]
pub(crate) fn check_cases(rule: &dyn MaskRule, cases: &[&str]) {
    for case in cases {
        let text = case.replace(['{', '}'], "");
        let mut found = Vec::new();
        rule.find(&text, &mut found);
        found.sort_by_key(|range| range.start);
        let mut marked = String::new();
        let mut done = 0;
        for range in found {
            marked += &format!("{}{{{}}}", &text[done..range.start], &text[range.clone()]);
            done = range.end;
        }
        marked += &text[done..];
        assert_eq!(&marked, case, "{:?}", rule.kind());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masking_twice_changes_nothing() {
        let masker = Masker::default();
        let (once, spans, _) = masker.mask("13800001234 li.ming@example.com 110101190003077211");
        assert_eq!(spans.len(), 2, "the made-up number has a wrong check digit");
        let (twice, spans, _) = masker.mask(&once);
        assert_eq!(twice, once);
        assert!(spans.is_empty());
    }

    #[test]
    fn no_rest_of_an_overlap_is_shown() {
        let masked = |text: &str| Masker::default().mask(text).0;
        assert_eq!(
            masked("身份证11010119000307728X，电话 +86 138-0000-1234"),
            "身份证⟦id_card⟧，电话 ⟦phone⟧"
        );
        assert_eq!(masked("138 0000 1234.zhang@example.com"), "⟦phone⟧⟦email⟧");
        assert_eq!(masked("zhang@example.com13800001234"), "⟦email⟧⟦phone⟧");
    }
}
