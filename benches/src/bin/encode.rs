//! The encoder as a peer of `peers/encoder.py`: one order a line on standard input, one answer a line.
//!
//! `encode MODEL TEXTS.json THREADS f32|int8`, then `batch N` (the first N texts), `one I` (a single text) or
//! `save N FILE` (embeddings as little-endian f32). The answer is the first number of the last embedding.

use std::error::Error;
use std::io::BufRead;

use paidan_encoder::{EncoderOptions, Precision};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [model, texts, threads, precision] = args.as_slice() else {
        return Err("expected MODEL TEXTS.json THREADS f32|int8".into());
    };
    let texts: Vec<String> = serde_json::from_slice(&std::fs::read(texts)?)?;
    let precision = match precision.as_str() {
        "f32" => Precision::F32,
        "int8" => Precision::Int8,
        other => return Err(format!("expected `f32` or `int8`, got `{other}`").into()),
    };
    let encoder = EncoderOptions::new().threads(threads.parse()?).precision(precision).open(model)?;
    println!("ready");
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let (texts, file) = match line.split_whitespace().collect::<Vec<_>>().as_slice() {
            ["batch", count] => (texts.get(..count.parse()?), None),
            ["save", count, file] => (texts.get(..count.parse()?), Some((*file).to_owned())),
            ["one", index] => (texts.get(index.parse()?..).and_then(|rest| rest.get(..1)), None),
            _ => return Err(format!("expected `batch N`, `save N FILE` or `one I`, got `{line}`").into()),
        };
        let embeddings = encoder.encode(texts.ok_or("there are fewer texts")?)?;
        if let Some(file) = file {
            let bytes: Vec<u8> = embeddings.as_slice().iter().flat_map(|value| value.to_le_bytes()).collect();
            std::fs::write(file, bytes)?;
        }
        let last = embeddings.rows().last().and_then(|row| row.first());
        println!("{}", last.ok_or("expected texts, got none")?);
    }
    Ok(())
}
