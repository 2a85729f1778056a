use paidan::{PredictionLine, Silent};

use super::{ending, next_batch};
use crate::Ending;
use crate::args::{Machine, PredictArgs};
use crate::failure::Failure;
use crate::output::{ErrorLine, Output, PredictionTable};
use crate::progress::ReadingBar;

pub(crate) fn predict(args: &PredictArgs, machine: &Machine) -> Result<Ending, Failure> {
    let mut reader = args.data.reader()?;
    let engine = args.model.engine(machine)?;
    let mut output = Output::open(&args.out, args.data.files())?;
    let table = if output.is_csv() {
        let tasks =
            engine.with_model(|model| model.tasks().iter().map(|task| task.name().to_owned()).collect());
        Some(PredictionTable::begin(tasks, &[], &mut output)?)
    } else {
        None
    };
    let bar = ReadingBar::new(&reader);
    let mut failed = 0;
    loop {
        let rows = next_batch(&mut reader);
        if rows.is_empty() {
            break;
        }
        // Bad rows keep their place: each good row stands for the next prediction.
        let (mut tickets, mut places) = (Vec::new(), Vec::new());
        for row in rows {
            places.push(row.map(|row| tickets.push(row.ticket)));
        }
        let mut predictions = tickets.iter().zip(engine.predict_batch(&tickets, &Silent)?);
        for place in places {
            let error = match place {
                Err(error) => Some(ErrorLine::from(&error)),
                Ok(()) => match predictions.next() {
                    Some((ticket, Ok(predictions))) => {
                        match &table {
                            Some(table) => table.row(&ticket.id, &predictions, &[], &mut output)?,
                            None => output
                                .json_line(&PredictionLine { id: &ticket.id, predictions: &predictions })?,
                        }
                        None
                    }
                    Some((ticket, Err(error))) => {
                        Some(ErrorLine::new(&ticket.id, "unreadable", error.to_string()))
                    }
                    None => None,
                },
            };
            if let Some(error) = error {
                failed += 1;
                match &table {
                    Some(table) => table.error(&error, 0, &mut output)?,
                    None => output.json_line(&error)?,
                }
            }
        }
        bar.update(&reader);
    }
    bar.finish();
    output.finish()?;
    Ok(ending(failed))
}
