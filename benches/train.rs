//! Training on a small history, cross-validation included. The same tickets must give the same model.

use std::error::Error;
use std::sync::Arc;

use criterion::{BatchSize, Criterion, Throughput};
use paidan::{Example, Model, Silent, TrainSettings, Trainer};
use paidan_bench::{Labelled, mixed};
use paidan_text::{Dictionary, JiebaSegmenter, PreparedTicket, TextPipeline};

fn main() -> Result<(), Box<dyn Error>> {
    let history = mixed(600)?;
    let pipeline = TextPipeline::new(Arc::new(JiebaSegmenter::new(&Dictionary::hotline())));
    let unseen: Vec<PreparedTicket> =
        mixed(700)?.iter().skip(600).map(|labelled| pipeline.prepare_ticket(&labelled.ticket)).collect();
    let expected = answers(&trainer(&history)?.fit(&Silent)?, &unseen);

    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("train");
    group.sample_size(10);
    group.throughput(Throughput::Elements(history.len() as u64));
    group.bench_function("600 tickets, type and department", |bencher| {
        let fit = |trainer: Result<Trainer, paidan::Error>| trainer.and_then(|trainer| trainer.fit(&Silent));
        bencher.iter_batched(
            || trainer(&history),
            |trainer| {
                let model = fit(trainer).ok();
                assert_eq!(model.map(|model| answers(&model, &unseen)).as_ref(), Some(&expected));
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
    criterion.final_summary();
    Ok(())
}

/// A trainer that holds `history`; masking and segmentation are left to `fit`.
fn trainer(history: &[Labelled]) -> Result<Trainer, paidan::Error> {
    let mut trainer = Trainer::new(["type", "department"], TrainSettings::default(), Dictionary::default())?;
    for labelled in history {
        let labels = vec![Some(labelled.kind.clone()), Some(labelled.department.clone())];
        trainer.push(labelled.ticket.clone(), Example { labels, ..Example::default() });
    }
    Ok(trainer)
}

fn answers(model: &Model, tickets: &[PreparedTicket]) -> Vec<Vec<Vec<f32>>> {
    tickets.iter().map(|ticket| model.probabilities(ticket)).collect()
}
