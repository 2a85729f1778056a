//! Explanations are faithful: taking the words that spoke most for an answer out of the ticket, and reading what is
//! left anew, lowers its probability more than taking out as many others.
//!
//! Reads the invented tickets of `examples/tickets.csv` with the default model; `PAIDAN_TICKETS=FILE` names others:
//!
//! ```text
//! PAIDAN_TICKETS=dev.jsonl cargo test --release -p paidan --test faithfulness -- --nocapture
//! ```

use std::ops::Range;
use std::path::Path;

use paidan::{Engine, Source, TaskContributions, Ticket, TicketColumns, TicketReader, WordContribution};

/// Words taken out of a ticket.
const REMOVED: usize = 3;
/// Draws of other words for each ticket.
const DRAWS: usize = 3;
/// The most tickets read.
const MOST: usize = 1000;

/// Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014.
struct SplitMix64(u64);

impl SplitMix64 {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((u128::from(z ^ (z >> 31)) * bound as u128) >> 64) as usize
    }
}

/// What became of the probability of the answer to one task.
#[derive(Default)]
struct Drops {
    tickets: usize,
    /// Sums of the probability lost with the top words, and with others.
    top: f64,
    other: f64,
    /// Tickets whose answer changes.
    changed_by_top: usize,
    changed_by_other: f64,
    /// Tickets in which the top words cost more than the others on average.
    top_costs_more: usize,
}

/// Where a word stands: field and code points.
fn place(word: &WordContribution) -> (&'static str, Range<usize>) {
    (word.field, word.start..word.end)
}

/// The ticket without these stretches.
fn without(ticket: &Ticket, gone: &[(&str, Range<usize>)]) -> Ticket {
    let cut = |text: &str, field: &str| -> String {
        let is_gone = |at: usize| gone.iter().any(|(of, range)| *of == field && range.contains(&at));
        text.chars().enumerate().filter(|(at, _)| !is_gone(*at)).map(|(_, c)| c).collect()
    };
    Ticket { title: cut(&ticket.title, "title"), text: cut(&ticket.text, "text"), ..ticket.clone() }
}

/// Probability of `label` of the task at `index`, and whether it is still the answer.
fn read(engine: &Engine, ticket: &Ticket, index: usize, label: &str) -> (f64, bool) {
    let tasks = engine.explain(ticket, usize::MAX).unwrap_or_default();
    let labels = tasks.get(index).map(|task| task.labels.as_slice()).unwrap_or_default();
    let found = labels.iter().position(|own| own.label == label);
    found.map_or((0.0, false), |rank| (f64::from(labels[rank].probability), rank == 0))
}

fn measure(
    engine: &Engine,
    ticket: &Ticket,
    index: usize,
    task: &TaskContributions,
    random: &mut SplitMix64,
    drops: &mut Drops,
) {
    let best = &task.labels[0];
    // What a word adds to the answer and not to the others.
    let rivals = &task.labels[1..];
    let lead = |at: usize| {
        let of_rivals: f32 = rivals.iter().map(|rival| rival.words[at].contribution).sum();
        best.words[at].contribution - of_rivals / rivals.len().max(1) as f32
    };
    let mut words: Vec<(f32, (&'static str, Range<usize>))> = best
        .words
        .iter()
        .enumerate()
        .filter(|(_, word)| word.word.chars().all(char::is_alphabetic))
        .map(|(at, word)| (lead(at), place(word)))
        .collect();
    if words.len() < 4 * REMOVED {
        return;
    }
    words.sort_by(|a, b| b.0.total_cmp(&a.0));
    let places = |words: &[(f32, (&'static str, Range<usize>))]| -> Vec<_> {
        words.iter().map(|(_, place)| place.clone()).collect()
    };
    let before = f64::from(best.probability);
    let (after, stays) = read(engine, &without(ticket, &places(&words[..REMOVED])), index, &best.label);
    let (mut other, mut changed) = (0.0, 0.0);
    for _ in 0..DRAWS {
        let mut drawn = Vec::new();
        while drawn.len() < REMOVED {
            let word = &words[random.below(words.len())];
            if !drawn.contains(word) {
                drawn.push(word.clone());
            }
        }
        let (after, stays) = read(engine, &without(ticket, &places(&drawn)), index, &best.label);
        other += (before - after) / DRAWS as f64;
        changed += f64::from(u8::from(!stays)) / DRAWS as f64;
    }
    drops.tickets += 1;
    drops.top += before - after;
    drops.other += other;
    drops.changed_by_top += usize::from(!stays);
    drops.changed_by_other += changed;
    drops.top_costs_more += usize::from(before - after > other);
}

#[test]
fn the_words_that_decided_are_those_that_count() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let own = std::env::var_os("PAIDAN_TICKETS");
    let file = own.as_ref().map_or_else(|| root.join("examples/tickets.csv"), Into::into);
    let engine = Engine::load(root.join("models/default")).unwrap();
    let reader =
        TicketReader::open(&[Source::new(file.to_str().unwrap())], &TicketColumns::default()).unwrap();
    let tickets: Vec<Ticket> = reader.take(MOST).filter_map(|row| Some(row.ok()?.ticket)).collect();
    let mut random = SplitMix64(11);
    for (index, name) in ["type", "department"].into_iter().enumerate() {
        let mut drops = Drops::default();
        for ticket in &tickets {
            let tasks = engine.explain(ticket, usize::MAX).unwrap();
            assert_eq!(tasks[index].task, name);
            measure(&engine, ticket, index, &tasks[index], &mut random, &mut drops);
        }
        let n = drops.tickets as f64;
        let (top, other) = (drops.top / n, drops.other / n);
        println!(
            "{name}: {} tickets; probability lost with the top {REMOVED} words {top:.3}, with {REMOVED} random ones {other:.3}; \
             answer changed {:.3} and {:.3}; the top words cost more in {:.3}",
            drops.tickets,
            drops.changed_by_top as f64 / n,
            drops.changed_by_other / n,
            drops.top_costs_more as f64 / n
        );
        assert!(drops.tickets > 30 && top > 3.0 * other.max(0.01), "{name}: {top:.3} against {other:.3}");
        assert!(drops.top_costs_more as f64 > 0.8 * n, "{name}: {} of {n}", drops.top_costs_more);
    }
}
