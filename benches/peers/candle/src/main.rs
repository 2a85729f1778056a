//! candle-transformers' BertModel as its examples use it: texts in the order they come, padded to the longest of a batch
//! of 32 (`padded`), or sorted by length in batches of 4 (`sorted`). The same orders as `src/bin/encode.rs`.

use std::error::Error;
use std::io::BufRead;

use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::bert::{BertModel, Config};
use tokenizers::{PaddingParams, Tokenizer, TruncationParams};

fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [model, texts, _threads, mode] = args.as_slice() else {
        return Err("expected MODEL TEXTS.json THREADS padded|sorted".into());
    };
    let texts: Vec<String> = serde_json::from_slice(&std::fs::read(texts)?)?;
    let device = Device::Cpu;
    let config: Config = serde_json::from_slice(&std::fs::read(format!("{model}/config.json"))?)?;
    let weights = std::fs::read(format!("{model}/model.safetensors"))?;
    let weights = VarBuilder::from_buffered_safetensors(weights, DType::F32, &device)?;
    let bert = BertModel::load(weights, &config)?;
    let mut tokenizer = Tokenizer::from_file(format!("{model}/tokenizer.json"))?;
    let truncation = TruncationParams { max_length: 512, ..Default::default() };
    tokenizer.with_truncation(Some(truncation))?.with_padding(Some(PaddingParams::default()));
    let size = if mode == "sorted" { 4 } else { 32 };
    println!("ready");
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let mut chosen: Vec<&str> = match line.split_whitespace().collect::<Vec<_>>().as_slice() {
            ["batch", count] => texts[..count.parse::<usize>()?].iter().map(String::as_str).collect(),
            ["one", index] => vec![texts[index.parse::<usize>()?].as_str()],
            _ => return Err("expected `batch N` or `one I`".into()),
        };
        if mode == "sorted" {
            chosen.sort_by_key(|text| text.chars().count());
        }
        let mut last = 0.0;
        for batch in chosen.chunks(size) {
            let encodings = tokenizer.encode_batch(batch.to_vec(), true)?;
            let rows = |of: fn(&tokenizers::Encoding) -> &[u32]| -> candle_core::Result<Tensor> {
                let rows = encodings.iter().map(|encoding| Tensor::new(of(encoding), &device));
                Tensor::stack(&rows.collect::<candle_core::Result<Vec<_>>>()?, 0)
            };
            let ids = rows(|encoding| encoding.get_ids())?;
            let mask = rows(|encoding| encoding.get_attention_mask())?;
            let hidden = bert.forward(&ids, &ids.zeros_like()?, Some(&mask))?;
            let cls = hidden.narrow(1, 0, 1)?.squeeze(1)?;
            let unit = cls.broadcast_div(&cls.sqr()?.sum_keepdim(1)?.sqrt()?)?;
            last = unit.get(batch.len() - 1)?.get(0)?.to_scalar::<f32>()?;
        }
        println!("{last}");
    }
    Ok(())
}
