#![no_main]

use paidan_text::{Masker, Normalizer, TextMasker};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let (once, alignment) = Normalizer::default().normalize(text);
    for (at, c) in once.char_indices() {
        assert!(text.get(alignment.source_range(at..at + c.len_utf8())).is_some());
    }
    assert_eq!(Normalizer::default().normalize(&once).0, once, "normalising twice changes nothing");

    let prepared = TextMasker::default().mask(text);
    let mut end = 0;
    for span in prepared.pii() {
        assert!(text.get(span.range.clone()).is_some_and(|literal| !literal.is_empty()));
        assert!(span.range.start >= end, "spans are disjoint and in order");
        end = span.range.end;
    }
    // A second masking may find more where two numbers touched, but opens nothing again.
    let (twice, ..) = Masker::default().mask(prepared.masked());
    let tokens = |text: &str| text.matches(paidan_text::MASK_OPEN).count();
    assert!(tokens(&twice) >= tokens(prepared.masked()));
});
