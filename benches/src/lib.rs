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
