#![no_main]

use paidan_text::Dictionary;

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(dictionary) = Dictionary::parse(text) {
        let written = Dictionary::parse(&dictionary.to_text()).expect("what was written is read");
        assert_eq!(written, dictionary);
    }
});
