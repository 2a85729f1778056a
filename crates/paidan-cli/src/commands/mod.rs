mod audit_labels;
mod backtest;
mod decider;
mod diff;
mod dispatch;
mod evaluate;
mod feedback;
mod find_thresholds;
mod info;
mod lint;
mod mask;
mod predict;
mod promises;
mod replay;
mod train;

pub(crate) use audit_labels::audit_labels;
pub(crate) use backtest::backtest;
pub(crate) use diff::diff;
pub(crate) use dispatch::dispatch;
pub(crate) use evaluate::evaluate;
pub(crate) use feedback::feedback;
pub(crate) use find_thresholds::find_thresholds;
pub(crate) use info::info;
pub(crate) use lint::lint;
pub(crate) use mask::mask;
pub(crate) use predict::predict;
pub(crate) use replay::replay;
pub(crate) use train::train;

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use paidan::{Evaluator, RowError, Task, Ticket, TicketReader, TicketRecord};

use crate::Ending;
use crate::failure::Failure;
use crate::labels::{LabelColumn, labels_of};
use crate::output::{ErrorLine, say};
use crate::progress::ReadingBar;

/// Rows read before they are handed to the engine together.
const BATCH: usize = 1024;
/// Batches that may wait between two stages: enough to even them out, few enough to bound memory.
const WAITING: usize = 2;

/// Rows in the order of the input: each good one stands for the next of `tickets`.
struct Batch {
    tickets: Vec<Ticket>,
    places: Vec<Result<(), RowError>>,
}

/// A batch with what was made of its tickets.
type Answered<T> = (Batch, Vec<Result<T, paidan::Error>>);

/// Reads tickets in batches, hands each batch to `run`, and gives every row in order to `write`: the ticket
/// with what `run` made of it, or what is wrong with the row.
///
/// Reading, running and writing go on side by side, each in a thread of its own.
fn run_in_batches<T: Send>(
    reader: TicketReader,
    mut run: impl FnMut(&[Ticket]) -> Result<Vec<Result<T, paidan::Error>>, paidan::Error>,
    write: impl FnMut(Result<(&Ticket, T), ErrorLine>) -> Result<(), Failure> + Send,
) -> Result<Ending, Failure> {
    thread::scope(|scope| {
        let (to_run, batches) = sync_channel(WAITING);
        let (to_write, answered) = sync_channel(WAITING);
        scope.spawn(move || read_batches(reader, &to_run));
        let writing = scope.spawn(move || write_batches(&answered, write));
        let mut failure = None;
        for batch in batches {
            let batch: Batch = batch;
            let results = match run(&batch.tickets) {
                Ok(results) => results,
                Err(error) => {
                    failure = Some(error.into());
                    break;
                }
            };
            // A stage that gave up has dropped its end of the channel, which ends the others.
            if to_write.send((batch, results)).is_err() {
                break;
            }
        }
        drop(to_write);
        let written = writing.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        match failure {
            Some(failure) => Err(failure),
            None => written.map(ending),
        }
    })
}

fn read_batches(mut reader: TicketReader, to_run: &SyncSender<Batch>) {
    let bar = ReadingBar::new(&reader);
    loop {
        let mut batch = Batch { tickets: Vec::new(), places: Vec::new() };
        for row in reader.by_ref().take(BATCH) {
            batch.places.push(row.map(|row| batch.tickets.push(row.ticket)));
        }
        if batch.places.is_empty() || to_run.send(batch).is_err() {
            break;
        }
        bar.update(&reader);
    }
    bar.finish(&reader);
}

/// Writes all rows and counts those that failed.
fn write_batches<T>(
    answered: &Receiver<Answered<T>>,
    mut write: impl FnMut(Result<(&Ticket, T), ErrorLine>) -> Result<(), Failure>,
) -> Result<usize, Failure> {
    let mut failed = 0;
    for (batch, results) in answered {
        let mut results = batch.tickets.iter().zip(results);
        for place in batch.places {
            let row = match place {
                Err(error) => Err(ErrorLine::from(&error)),
                Ok(()) => match results.next() {
                    Some((ticket, Ok(result))) => Ok((ticket, result)),
                    Some((ticket, Err(error))) => {
                        Err(ErrorLine::new(&ticket.id, "unreadable", error.to_string()))
                    }
                    None => continue,
                },
            };
            failed += usize::from(row.is_err());
            write(row)?;
        }
    }
    Ok(failed)
}

/// Gives all rows of `reader` with their labels to `evaluator`, each in the slice that `slice` names; says of
/// each bad row what is wrong and goes on. Returns how many rows were read, and how many could not be.
fn read_labelled(
    mut reader: TicketReader,
    labels: &[LabelColumn],
    evaluator: &mut Evaluator<'_>,
    slice: impl Fn(&TicketRecord) -> Option<String>,
) -> (usize, usize) {
    let bar = ReadingBar::new(&reader);
    let (mut rows, mut failed) = (0, 0);
    while let Some(row) = reader.next() {
        match row {
            Ok(row) => {
                let labels = labels_of(&row.record, labels);
                if let Some(problem) = evaluator.problem(&labels) {
                    say(format_args!("{}: {problem}", row.record.position()));
                    failed += 1;
                    continue;
                }
                let slice = slice(&row);
                evaluator.push(row.ticket, labels, slice);
                rows += 1;
            }
            Err(error) => {
                say(error);
                failed += 1;
            }
        }
        bar.update(&reader);
    }
    bar.finish(&reader);
    (rows, failed)
}

/// What label `index` of `task` is called: its name where it is a code that has one.
fn label_in_chinese(task: &Task, index: u32) -> &str {
    let index = index as usize;
    task.label_name(index).or(task.labels().get(index)).unwrap_or_default()
}

/// A share as a percentage with one digit; of nothing it is none.
fn percent(part: usize, of: usize) -> String {
    format!("{:.1}%", part as f64 / of.max(1) as f64 * 100.0)
}

fn ending(failed: usize) -> Ending {
    if failed == 0 { Ending::Done } else { Ending::RowsFailed(failed) }
}
