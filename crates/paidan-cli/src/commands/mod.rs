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

use paidan::{RowError, TicketReader, TicketRecord};

use crate::Ending;

/// Rows read before they are handed to the engine together.
const BATCH: usize = 1024;

/// The next rows, good and bad, in order; empty at the end.
fn next_batch(reader: &mut TicketReader) -> Vec<Result<TicketRecord, RowError>> {
    reader.by_ref().take(BATCH).collect()
}

fn ending(failed: usize) -> Ending {
    if failed == 0 { Ending::Done } else { Ending::RowsFailed(failed) }
}
