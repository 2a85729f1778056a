//! Personal data and the rules that find it: one rule a file, its cases under it.

mod account_no;
mod address;
mod area_code;
mod bank_card;
mod code;
mod cues;
mod digits;
mod email;
mod gap;
mod grouping;
mod id_card;
mod input;
mod kind;
mod label;
mod landline;
#[cfg(test)]
mod number_cases;
mod number_context;
mod number_words;
mod numeral;
mod person_name;
mod phone;
mod plate;
mod plate_context;
mod plate_figures;
mod social_security_no;
mod travel_doc;
mod wechat_or_qq;

use std::ops::Range;
use std::sync::{Arc, LazyLock};

pub use cues::Cue;
use cues::CueFinder;
pub use input::MaskInput;
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

    /// Words that tell where to look, such as `联系人`; letters of either case match. All rules' cues are
    /// found in one pass over the text, so that a rule pays only where it has something to do.
    fn cues(&self) -> &[&'static str] {
        &[]
    }

    /// Appends the byte ranges found in `input`, in any order. `cues` are those of this rule that stand in
    /// the text, in the order of their ends; they may overlap.
    fn find(&self, input: &MaskInput<'_>, cues: &[Cue], found: &mut Vec<Range<usize>>);
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
    rules: Arc<Rules>,
}

struct Rules {
    rules: Vec<Box<dyn MaskRule>>,
    cues: CueFinder,
}

/// All our rules; building the automaton of their cues once is enough.
static DEFAULT: LazyLock<Masker> = LazyLock::new(|| {
    Masker::new(vec![
        Box::new(id_card::IdCard),
        Box::new(travel_doc::TravelDoc),
        Box::new(social_security_no::SocialSecurityNo),
        Box::new(bank_card::BankCard),
        Box::new(phone::Phone),
        Box::new(landline::Landline),
        Box::new(email::Email),
        Box::new(plate::Plate),
        Box::new(wechat_or_qq::WechatOrQq),
        Box::new(account_no::AccountNo),
        Box::new(person_name::PersonName),
        Box::new(address::Address),
    ])
});

impl Default for Masker {
    fn default() -> Self {
        DEFAULT.clone()
    }
}

impl Masker {
    /// A masker with these rules; on equal stretches the earlier rule wins.
    pub fn new(rules: Vec<Box<dyn MaskRule>>) -> Self {
        let cues = CueFinder::new(&rules);
        Self { rules: Arc::new(Rules { rules, cues }) }
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
        let input = MaskInput::new(text);
        for (rule, cues) in self.rules.rules.iter().zip(self.rules.cues.find(text)) {
            rule.find(&input, &cues, &mut found);
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
pub(crate) fn check_cases<R: MaskRule + 'static>(rule: R, cases: &[&str]) {
    let masker = Masker::new(vec![Box::new(rule)]);
    let mut wrong = Vec::new();
    for case in cases {
        let text = case.replace(['{', '}'], "");
        let mut marked = String::new();
        let mut done = 0;
        for PiiSpan { range, .. } in masker.find(&text) {
            marked += &format!("{}{{{}}}", &text[done..range.start], &text[range.clone()]);
            done = range.end;
        }
        marked += &text[done..];
        if &marked != case {
            wrong.push(format!("expected {case}\n   found {marked}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
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
