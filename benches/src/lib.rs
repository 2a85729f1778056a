//! The invented tickets that the benchmarks read: no citizen's words, the same on every machine.

use std::error::Error;

use paidan::{Dictionary, Source, Ticket, TicketColumns, TicketReader};

/// An invented ticket with the labels that it was written for.
#[derive(Clone, Debug)]
pub struct Labelled {
    /// The ticket.
    pub ticket: Ticket,
    /// Its type, for instance 投诉.
    pub kind: String,
    /// The code of its department.
    pub department: String,
}

/// The 60 tickets of `examples/tickets.csv`.
///
/// # Errors
///
/// The file is missing or a row of it cannot be read.
pub fn examples() -> Result<Vec<Labelled>, Box<dyn Error>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/tickets.csv");
    let reader = TicketReader::open(&[Source::new(path)], &TicketColumns::default())?;
    reader.require_columns(&["type", "department"])?;
    let labelled = |row: Result<paidan::TicketRecord, paidan::RowError>| {
        let row = row?;
        let label = |column| row.record.get(column).unwrap_or_default().to_owned();
        Ok(Labelled { kind: label("type"), department: label("department"), ticket: row.ticket })
    };
    let examples: Vec<Labelled> = reader.map(labelled).collect::<Result<_, Box<dyn Error>>>()?;
    assert_eq!(examples.len(), 60, "examples/tickets.csv has changed: figures cannot be compared any more");
    Ok(examples)
}

/// `count` tickets of [`examples`]: each takes title, labels and first sentence of one of them, then up to
/// three times a sentence of another and three terms of the hotline dictionary, lest the 60 texts fit into
/// the processor's caches as no hotline's do. About half have no title.
///
/// # Errors
///
/// As [`examples`].
pub fn mixed(count: usize) -> Result<Vec<Labelled>, Box<dyn Error>> {
    let examples = examples()?;
    let pool: Vec<&str> = examples.iter().flat_map(|example| sentences(&example.ticket.text)).collect();
    let hotline = Dictionary::hotline();
    let terms: Vec<&str> = hotline.iter().map(|(term, _)| term).collect();
    let mut random = SplitMix(20_260_101);
    let mut one = |index: usize| {
        let mut mixed = examples[random.below(examples.len())].clone();
        let mut text = sentences(&mixed.ticket.text).next().unwrap_or_default().to_owned();
        for _ in 0..random.below(4) {
            let sentence = pool[random.below(pool.len())];
            let [first, second, third] = [(); 3].map(|()| terms[random.below(terms.len())]);
            text += &format!("{sentence}还有{first}、{second}、{third}。");
        }
        mixed.ticket.id = format!("M{index:05}");
        mixed.ticket.text = text;
        mixed
    };
    Ok((0..count).map(&mut one).collect())
}

/// The sentences of `text` with the marks that end them.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(['。', '？', '！', '；', '\n'])
}

/// Bytes of title and text of all tickets.
pub fn bytes(tickets: &[Ticket]) -> u64 {
    tickets.iter().map(|ticket| (ticket.title.len() + ticket.text.len()) as u64).sum()
}

/// Sebastiano Vigna's SplitMix64, <https://prng.di.unimi.it/splitmix64.c>: short, and the same for ever.
struct SplitMix(u64);

impl SplitMix {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end as u64) as usize
    }
}

/// Writes a BERT of random weights and `hidden` numbers into `folder`, with a vocabulary of 3,000 characters.
///
/// # Errors
///
/// The files cannot be written.
pub fn random_bert(folder: &std::path::Path, hidden: usize, layers: usize) -> Result<(), Box<dyn Error>> {
    let characters = (0x4e00u32..0x4e00 + 2_900).filter_map(char::from_u32).map(String::from);
    let special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "，", "。"].map(str::to_owned);
    let letters = ('a'..='z').chain('0'..='9').map(String::from);
    let words: Vec<String> = special.into_iter().chain(letters).chain(characters).collect();
    std::fs::write(folder.join("vocab.txt"), words.join("\n") + "\n")?;
    std::fs::write(folder.join("tokenizer_config.json"), r#"{"tokenizer_class": "BertTokenizer"}"#)?;
    let inner = 4 * hidden;
    let config = format!(
        r#"{{"model_type": "bert", "vocab_size": {}, "hidden_size": {hidden}, "num_hidden_layers": {layers},
        "num_attention_heads": {}, "intermediate_size": {inner}, "hidden_act": "gelu",
        "max_position_embeddings": 512, "type_vocab_size": 2, "layer_norm_eps": 1e-12}}"#,
        words.len(),
        (hidden / 64).max(1),
    );
    std::fs::write(folder.join("config.json"), config)?;
    let mut shapes: Vec<(String, Vec<usize>)> = vec![
        ("embeddings.word_embeddings.weight".to_owned(), vec![words.len(), hidden]),
        ("embeddings.position_embeddings.weight".to_owned(), vec![512, hidden]),
        ("embeddings.token_type_embeddings.weight".to_owned(), vec![2, hidden]),
    ];
    let mut norms = vec!["embeddings.LayerNorm".to_owned()];
    for layer in 0..layers {
        let layer = format!("encoder.layer.{layer}");
        for (name, output, input) in [
            ("attention.self.query", hidden, hidden),
            ("attention.self.key", hidden, hidden),
            ("attention.self.value", hidden, hidden),
            ("attention.output.dense", hidden, hidden),
            ("intermediate.dense", inner, hidden),
            ("output.dense", hidden, inner),
        ] {
            shapes.push((format!("{layer}.{name}.weight"), vec![output, input]));
            shapes.push((format!("{layer}.{name}.bias"), vec![output]));
        }
        norms
            .extend(["attention.output.LayerNorm", "output.LayerNorm"].map(|name| format!("{layer}.{name}")));
    }
    let mut random = SplitMix(20_260_102);
    let mut tensors: Vec<(String, Vec<usize>, Vec<u8>)> = Vec::new();
    for (name, shape) in shapes {
        let number = |_| (random.below(2_001) as f32 - 1_000.0) / 25_000.0;
        let numbers = (0..shape.iter().product()).map(number).flat_map(f32::to_le_bytes).collect();
        tensors.push((name, shape, numbers));
    }
    for name in norms {
        for (part, value) in [("weight", 1.0f32), ("bias", 0.0)] {
            let numbers = std::iter::repeat_n(value, hidden).flat_map(f32::to_le_bytes).collect();
            tensors.push((format!("{name}.{part}"), vec![hidden], numbers));
        }
    }
    // The layout of safetensors: the length of a JSON header, the header, the numbers.
    let mut header = serde_json::Map::new();
    let mut bytes = Vec::new();
    for (name, shape, numbers) in tensors {
        let offsets = [bytes.len(), bytes.len() + numbers.len()];
        header.insert(name, serde_json::json!({"dtype": "F32", "shape": shape, "data_offsets": offsets}));
        bytes.extend(numbers);
    }
    let header = serde_json::to_vec(&header)?;
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend(header);
    file.extend(bytes);
    std::fs::write(folder.join("model.safetensors"), file)?;
    Ok(())
}
