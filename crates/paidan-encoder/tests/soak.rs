//! Memory does not grow with the number of texts.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "helpers of tests stand outside the tests")]

mod support;

use paidan_encoder::{EncoderOptions, Precision};
use support::{expected, folder};

/// Texts of the run in CI; `PAIDAN_SOAK_TEXTS=1000000 cargo test --release --test soak` is the long one.
const TEXTS: usize = 20_000;

/// Bytes of this process in memory.
fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    pages.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4_096
}

#[test]
fn memory_does_not_grow() {
    let texts = std::env::var("PAIDAN_SOAK_TEXTS").map_or(TEXTS, |texts| texts.parse().unwrap());
    let characters: Vec<char> = expected("bert-relu").texts.concat().chars().collect();
    for precision in [Precision::F32, Precision::Int8] {
        let options = EncoderOptions::new().threads(2).precision(precision);
        let encoder = options.open(folder("bert-relu")).unwrap();
        let mut after_warming = None;
        for first in (0..texts).step_by(1_000) {
            let call: Vec<String> = (first..first + 1_000)
                .map(|text| characters.iter().cycle().skip(text * 37 % 997).take(text * 31 % 180).collect())
                .collect();
            assert_eq!(encoder.encode(&call).unwrap().len(), 1_000);
            if first == 4_000 {
                after_warming = Some(resident());
            }
        }
        let growth = resident().saturating_sub(after_warming.unwrap());
        assert!(growth < 8 << 20, "{precision:?}: {growth} bytes");
    }
}
