use paidan::{DriftMonitor, PredictionLine, Silent};

use super::promises::warn_of_drift;
use super::run_in_batches;
use crate::Ending;
use crate::args::{Machine, PredictArgs};
use crate::failure::Failure;
use crate::output::{Output, PredictionTable};

pub(crate) fn predict(args: &PredictArgs, machine: &Machine) -> Result<Ending, Failure> {
    let reader = args.data.reader()?;
    let engine = args.model.engine(machine)?;
    let mut output = Output::open(&args.out, args.data.files())?;
    let table = match output.is_csv() {
        true => Some(PredictionTable::begin(&engine, &[], &mut output)?),
        false => None,
    };
    let mut monitor = DriftMonitor::new(&engine);
    let ending = run_in_batches(
        reader,
        |tickets| {
            let answers = engine.predict_batch(tickets, &Silent)?;
            answers.iter().flatten().for_each(|predictions| monitor.add(predictions));
            Ok(answers)
        },
        |row| match (row, &table) {
            (Ok((ticket, predictions)), Some(table)) => table.row(&ticket.id, &predictions, &[], &mut output),
            (Ok((ticket, predictions)), None) => {
                output.json_line(&PredictionLine { id: &ticket.id, predictions: &predictions })
            }
            (Err(error), Some(table)) => table.error(&error, &mut output),
            (Err(error), None) => output.json_line(&error),
        },
    )?;
    output.finish()?;
    warn_of_drift(&monitor);
    Ok(ending)
}
