mod dispatch;
mod evaluate;
mod info;
mod mask;
mod predict;
mod report;
mod train;

pub(crate) use dispatch::dispatch;
pub(crate) use evaluate::evaluate;
pub(crate) use info::info;
pub(crate) use mask::mask;
pub(crate) use predict::predict;
pub(crate) use train::train;

use paidan::{Ticket, TicketReader};

use crate::Ending;
use crate::failure::Failure;
use crate::output::ErrorLine;
use crate::progress::ReadingBar;

/// Rows read before they are handed to the engine together.
const BATCH: usize = 1024;

/// Reads tickets in batches, hands each batch to `run`, and gives every row in order to `write`: the ticket
/// with what `run` made of it, or what is wrong with the row.
fn run_in_batches<T>(
    mut reader: TicketReader,
    mut run: impl FnMut(&[Ticket]) -> Result<Vec<Result<T, paidan::Error>>, paidan::Error>,
    mut write: impl FnMut(Result<(&Ticket, T), ErrorLine>) -> Result<(), Failure>,
) -> Result<Ending, Failure> {
    let bar = ReadingBar::new(&reader);
    let mut failed = 0;
    loop {
        // Bad rows keep their place; each good row stands for the next ticket.
        let (mut tickets, mut places) = (Vec::new(), Vec::new());
        for row in reader.by_ref().take(BATCH) {
            places.push(row.map(|row| tickets.push(row.ticket)));
        }
        if places.is_empty() {
            break;
        }
        let mut results = tickets.iter().zip(run(&tickets)?);
        for place in places {
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
        bar.update(&reader);
    }
    bar.finish();
    Ok(ending(failed))
}

fn ending(failed: usize) -> Ending {
    if failed == 0 { Ending::Done } else { Ending::RowsFailed(failed) }
}
