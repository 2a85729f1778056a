//! Prediction with the default model: how long one ticket takes, how many a second many are.

use std::error::Error;

use criterion::{Criterion, Throughput};
use paidan::{Engine, Prediction, Silent, Ticket, locate_bundle};
use paidan_bench::{bytes, examples, mixed};

fn main() -> Result<(), Box<dyn Error>> {
    let mut criterion = Criterion::default().configure_from_args();
    one(&mut criterion)?;
    many(&mut criterion)?;
    criterion.final_summary();
    Ok(())
}

/// The example of median length.
fn one(criterion: &mut Criterion) -> Result<(), Box<dyn Error>> {
    let engine = Engine::load_default()?;
    let mut tickets: Vec<Ticket> = examples()?.into_iter().map(|labelled| labelled.ticket).collect();
    tickets.sort_by_key(|ticket| ticket.text.len());
    let ticket = tickets.swap_remove(tickets.len() / 2);
    let expected = engine.predict(&ticket)?;
    assert_eq!(expected.len(), engine.with_model(|model| model.tasks().len()));

    let mut group = criterion.benchmark_group("predict");
    group.throughput(Throughput::Elements(1));
    let name = format!("one ticket of {} characters", ticket.text.chars().count());
    group.bench_function(name, |bencher| {
        bencher.iter(|| assert_eq!(engine.predict(&ticket).ok().as_ref(), Some(&expected)));
    });
    group.finish();
    Ok(())
}

/// A batch of 1,000 tickets; its answers must be those that single tickets get.
fn many(criterion: &mut Criterion) -> Result<(), Box<dyn Error>> {
    let tickets: Vec<Ticket> = mixed(1000)?.into_iter().map(|labelled| labelled.ticket).collect();
    let folder = locate_bundle()?;
    let all_cores = Engine::load(&folder)?;
    let one_thread = Engine::builder().threads(1).load(&folder)?;
    let single = |ticket| all_cores.predict(ticket);
    let expected: Vec<Vec<Prediction>> = tickets.iter().map(single).collect::<Result<_, _>>()?;

    let mut group = criterion.benchmark_group("predict_batch, 1000 tickets");
    group.sample_size(20);
    group.throughput(Throughput::ElementsAndBytes { elements: tickets.len() as u64, bytes: bytes(&tickets) });
    for (threads, engine) in [("1 thread", &one_thread), ("all cores", &all_cores)] {
        group.bench_function(threads, |bencher| {
            bencher.iter(|| {
                let predicted = engine.predict_batch(&tickets, &Silent);
                let predicted: Option<Vec<_>> =
                    predicted.ok().and_then(|all| all.into_iter().map(Result::ok).collect());
                assert_eq!(predicted.as_ref(), Some(&expected));
            });
        });
    }
    group.finish();
    Ok(())
}
