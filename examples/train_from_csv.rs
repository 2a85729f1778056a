//! A model of one's own from a CSV file with columns `text` (and perhaps `title`) and one column a task:
//!
//! ```text
//! cargo run --release -p paidan --example train_from_csv -- examples/tickets.csv /tmp/my-model
//! ```
//!
//! Sixty tickets are enough to see how it goes, not to learn from: a city's own history has thousands.

use std::path::PathBuf;

use paidan::{
    Dictionary, Engine, Evaluator, Example, Progress, Source, Ticket, TicketColumns, TicketReader,
    TrainSettings, Trainer,
};

const TASKS: [&str; 2] = ["type", "urgency"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let data = arguments.next().unwrap_or_else(|| "examples/tickets.csv".into());
    let folder = arguments.next().unwrap_or_else(|| std::env::temp_dir().join("paidan-example"));

    // 1. Read. Every fifth ticket is kept aside to measure the model on.
    let reader = TicketReader::open(&[Source::Path(data)], &TicketColumns::default())?;
    reader.require_columns(&TASKS)?;
    let mut trainer = Trainer::new(TASKS, TrainSettings::default(), Dictionary::default())?;
    let mut kept_aside = Vec::new();
    for (number, row) in reader.enumerate() {
        // A bad row is an error with its file and line; the next row is read all the same.
        let row = match row {
            Ok(row) => row,
            Err(error) => {
                eprintln!("{error}");
                continue;
            }
        };
        let labels: Vec<Option<String>> = TASKS.map(|task| row.record.get(task).map(str::to_owned)).into();
        if number % 5 == 4 {
            kept_aside.push((row.ticket, labels));
        } else {
            trainer.push(row.ticket, Example { labels, ..Example::default() });
        }
    }

    // 2. Train. The observer sees each step; returning `false` would stop the training.
    let model = trainer.fit(&|progress: Progress| {
        if progress.total == Some(progress.done) {
            eprintln!("{} done", progress.stage);
        }
        true
    })?;
    for task in &model.summary().tasks {
        println!("{}: {} labels, cross-validated {:?}", task.task, task.labels, task.metrics);
    }

    // 3. Keep. A bundle is a folder of data with hashes: it is written whole or not at all.
    model.save(&folder)?;
    let engine = Engine::load(&folder)?;

    // 4. Measure on what was kept aside.
    let mut evaluator = Evaluator::new(&engine, &TASKS)?;
    for (ticket, labels) in kept_aside {
        evaluator.push(ticket, labels, None);
    }
    for report in evaluator.finish()?.tasks {
        println!("{}: accuracy {:.2} on {} tickets", report.task, report.accuracy, report.rows);
    }

    // 5. Use.
    let prediction = &engine.predict(&Ticket::new("建议在公园门口增设公交站"))?[0];
    println!("{} {:.2}", prediction.label, prediction.probability);
    Ok(())
}
