//! Tokens and embeddings, on one thread: a random BERT that is large enough for its products to count.

use std::error::Error;
use std::fs;
use std::path::Path;

use criterion::{Criterion, Throughput};
use paidan::{Engine, Silent, Ticket};
use paidan_bench::{mixed, random_bert};
use paidan_encoder::{Encoder, EncoderOptions, Precision};

/// Texts in a call, and characters of each.
const SIZES: [(usize, usize); 5] = [(1, 16), (1, 128), (1, 480), (32, 16), (32, 128)];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("random-bert");
    fs::create_dir_all(&folder)?;
    random_bert(&folder, 256, 2)?;
    let open = |precision| EncoderOptions::new().threads(1).precision(precision).open(&folder);
    let encoders = [("f32", open(Precision::F32)?), ("int8", open(Precision::Int8)?)];
    let text: String = mixed(100)?.into_iter().map(|labelled| labelled.ticket.text).collect();
    let characters: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();

    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("encode, 2 layers of 256");
    for (count, length) in SIZES {
        let texts: Vec<String> =
            (0..count).map(|text| characters.iter().cycle().skip(text * 97).take(length).collect()).collect();
        for (name, encoder) in &encoders {
            let expected = encoder.encode(&texts)?;
            assert_eq!((expected.len(), expected.width()), (count, 256));
            same_alone(encoder, &texts)?;
            group.throughput(Throughput::Elements(count as u64));
            group.bench_function(format!("{name}, {count} of {length} characters"), |bencher| {
                bencher.iter(|| assert!(encoder.encode(&texts).is_ok_and(|found| found == expected)));
            });
        }
    }
    group.finish();

    let texts: Vec<String> = mixed(1000)?.into_iter().map(|labelled| labelled.ticket.text).collect();
    let [(_, encoder), _] = &encoders;
    let count = |text: &String| encoder.token_count(text).unwrap_or_default();
    let expected: usize = texts.iter().map(count).sum();
    let characters: usize =
        texts.iter().map(|text| text.chars().filter(|c| !c.is_whitespace()).count()).sum();
    assert!(
        (texts.len() * 2..characters + texts.len() * 2).contains(&expected),
        "{expected} of {characters}"
    );
    let mut group = criterion.benchmark_group("tokenize, 1000 tickets");
    group.throughput(Throughput::Bytes(texts.iter().map(|text| text.len() as u64).sum()));
    group.bench_function("by characters", |bencher| {
        bencher.iter(|| assert_eq!(texts.iter().map(count).sum::<usize>(), expected));
    });
    group.finish();

    // From ticket to probabilities with a random encoder of one layer of 32 numbers: what is not the encoder's.
    let bundle = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/bundle-v2");
    let engine = Engine::builder().threads(1).load(bundle)?;
    let tickets: Vec<Ticket> = mixed(1000)?.into_iter().map(|labelled| labelled.ticket).collect();
    let labels = || -> Result<Vec<String>, paidan::Error> {
        let answers = engine.predict_batch(&tickets, &Silent)?;
        answers.into_iter().map(|answer| Ok(answer?.swap_remove(0).label)).collect()
    };
    let expected = labels()?;
    assert_eq!(expected.len(), tickets.len());
    let mut group = criterion.benchmark_group("predict with an encoder, 1000 tickets");
    group.throughput(Throughput::Elements(tickets.len() as u64));
    group.bench_function("1 thread", |bencher| {
        bencher.iter(|| assert!(labels().is_ok_and(|found| found == expected)));
    });
    group.finish();
    criterion.final_summary();
    Ok(())
}

/// A batch equals its single items.
fn same_alone(encoder: &Encoder, texts: &[String]) -> Result<(), Box<dyn Error>> {
    let all = encoder.encode(texts)?;
    for (index, text) in texts.iter().enumerate() {
        assert_eq!(encoder.encode(&[text])?.row(0), all.row(index));
    }
    Ok(())
}
