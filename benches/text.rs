//! What it takes to normalise, mask and segment tickets, on one thread.

use std::error::Error;

use criterion::{Criterion, Throughput};
use paidan::TextMasker;
use paidan_bench::mixed;
use paidan_text::{Dictionary, JiebaSegmenter, Segmenter};

fn main() -> Result<(), Box<dyn Error>> {
    let texts: Vec<String> = mixed(1000)?.into_iter().map(|labelled| labelled.ticket.text).collect();
    let masker = TextMasker::default();
    let masked: Vec<String> = texts.iter().map(|text| masker.mask(text).masked().to_owned()).collect();
    let segmenter = JiebaSegmenter::new(&Dictionary::hotline());

    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("text, 1000 tickets");
    group.throughput(Throughput::Bytes(texts.iter().map(|text| text.len() as u64).sum()));
    group.bench_function("normalise and mask", |bencher| {
        bencher.iter(|| {
            for (text, expected) in texts.iter().zip(&masked) {
                assert_eq!(masker.mask(text).masked(), expected);
            }
        });
    });

    group.throughput(Throughput::Bytes(masked.iter().map(|text| text.len() as u64).sum()));
    let words = |text: &String| segmenter.segment(text).len();
    let expected: usize = masked.iter().map(words).sum();
    let chars: usize = masked.iter().map(|text| text.chars().count()).sum();
    assert!((chars / 3..chars).contains(&expected), "{expected} words of {chars} characters");
    group.bench_function("segment", |bencher| {
        bencher.iter(|| assert_eq!(masked.iter().map(words).sum::<usize>(), expected));
    });
    // The same words by jieba-rs alone, without its tokens' offsets made ours or masks kept whole.
    let mut bare = jieba_rs::Jieba::new();
    for (word, entry) in Dictionary::hotline().iter() {
        bare.add_word(word, entry.frequency, Some(&entry.tag));
    }
    let least = masked.iter().map(|text| bare.cut(text, false).len()).sum::<usize>();
    assert!(least >= expected, "a mask is several words to jieba");
    group.bench_function("segment, jieba-rs alone", |bencher| {
        bencher
            .iter(|| assert_eq!(masked.iter().map(|text| bare.cut(text, false).len()).sum::<usize>(), least));
    });
    group.finish();
    criterion.final_summary();
    Ok(())
}
