//! From nothing to an engine that is ready, within a process whose files are in the page cache; see
//! `peers/speed_start.py` for whole processes.

use std::error::Error;

use criterion::{Criterion, Throughput};
use paidan::{Engine, Ticket, locate_bundle};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = locate_bundle()?;
    let ticket = Ticket::new("小区门口路灯坏了一周没人修，晚上老人出门很危险");
    let expected = Engine::load(&folder)?.predict(&ticket)?;
    let files = std::fs::read_dir(&folder)?.map(|entry| Ok(entry?.metadata()?.len()));
    let bytes = files.sum::<Result<u64, std::io::Error>>()?;

    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("load");
    group.sample_size(20);
    group.throughput(Throughput::Bytes(bytes));
    group.bench_function("Engine::load and a first answer", |bencher| {
        bencher.iter(|| {
            let first = Engine::load(&folder).and_then(|engine| engine.predict(&ticket));
            assert_eq!(first.ok().as_ref(), Some(&expected));
        });
    });
    group.finish();
    criterion.final_summary();
    Ok(())
}
