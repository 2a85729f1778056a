use console::style;
use paidan::{Decision, Engine, Evidence, Outcome, Prediction, Silent, Ticket};

use super::{ending, next_batch};
use crate::Ending;
use crate::args::{DispatchArgs, Machine};
use crate::failure::Failure;
use crate::output::{ErrorLine, Output, PredictionTable};
use crate::progress::ReadingBar;
use crate::table::{Table, task_name};

pub(crate) fn dispatch(args: &DispatchArgs, machine: &Machine) -> Result<Ending, Failure> {
    match &args.input.text {
        Some(text) => {
            let engine = args.model.engine(machine)?;
            let decision = engine.dispatch(&Ticket::new(text).with_id("1"))?;
            let mut output = Output::open(&args.out, &[])?;
            write(&decision, args.json || args.out.out.is_some(), &mut output)?;
            output.finish()?;
            Ok(Ending::Done)
        }
        None => dispatch_files(args, machine),
    }
}

fn dispatch_files(args: &DispatchArgs, machine: &Machine) -> Result<Ending, Failure> {
    let mut reader = args.columns.reader(&args.input.files)?;
    let engine = args.model.engine(machine)?;
    let mut output = Output::open(&args.out, &args.input.files)?;
    let json = args.json || args.out.out.is_some();
    let table = if output.is_csv() { Some(begin_table(&engine, &mut output)?) } else { None };
    let bar = ReadingBar::new(&reader);
    let mut failed = 0;
    loop {
        let rows = next_batch(&mut reader);
        if rows.is_empty() {
            break;
        }
        let (mut tickets, mut places) = (Vec::new(), Vec::new());
        for row in rows {
            places.push(row.map(|row| tickets.push(row.ticket)));
        }
        let mut decisions = tickets.iter().zip(engine.dispatch_batch(&tickets, &Silent)?);
        for place in places {
            let error = match place {
                Err(error) => Some(ErrorLine::from(&error)),
                Ok(()) => match decisions.next() {
                    Some((_, Ok(decision))) => {
                        match &table {
                            Some(table) => write_row(&decision, table, &mut output)?,
                            None => write(&decision, json, &mut output)?,
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
                    Some(table) => table.error(&error, EXTRA.len(), &mut output)?,
                    None if json => output.json_line(&error)?,
                    None => eprintln!("paidan: {}", error.message()),
                }
            }
        }
        bar.update(&reader);
    }
    bar.finish();
    output.finish()?;
    Ok(ending(failed))
}

/// Columns of the CSV table besides the predictions.
const EXTRA: [&str; 2] = ["outcome", "reason"];

fn begin_table(engine: &Engine, output: &mut Output) -> Result<PredictionTable, Failure> {
    let tasks = engine.with_model(|model| model.tasks().iter().map(|task| task.name().to_owned()).collect());
    PredictionTable::begin(tasks, &EXTRA, output)
}

fn write_row(decision: &Decision, table: &PredictionTable, output: &mut Output) -> Result<(), Failure> {
    let reasons: Vec<&str> =
        decision.explanation.reasons.iter().map(|reason| reason.message.as_str()).collect();
    let outcome = match decision.outcome {
        Outcome::Assign => "assign",
        _ => "review",
    };
    table.row(&decision.id, &decision.predictions, &[outcome, &reasons.join("；")], output)
}

fn write(decision: &Decision, json: bool, output: &mut Output) -> Result<(), Failure> {
    if json { output.json_line(decision) } else { output.text(&shown(decision)) }
}

/// A decision for the terminal.
fn shown(decision: &Decision) -> String {
    let outcome = match decision.outcome {
        Outcome::Assign => style("自动派单").green().bold(),
        _ => style("人工复核").yellow().bold(),
    };
    let mut text = format!("工单 {}  {outcome}\n", decision.id);
    for reason in &decision.explanation.reasons {
        text += &format!("  {}\n", reason.message);
    }
    let mut table = Table::default();
    for prediction in &decision.predictions {
        let evidence = decision.explanation.evidence.iter().find(|evidence| evidence.task == prediction.task);
        table.row([
            format!("  {}", task_name(&prediction.task)),
            style(prediction.shown()).bold().to_string(),
            format!("{:.3}", prediction.probability),
            alternatives(prediction),
            evidence.map(words).unwrap_or_default(),
        ]);
    }
    text += &table.render();
    let explanation = &decision.explanation;
    let masked = [explanation.masked_title.as_str(), explanation.masked_text.as_str()];
    let masked: Vec<&str> = masked.into_iter().filter(|part| !part.is_empty()).collect();
    text += &format!("  脱敏文本  {}\n\n", style(masked.join(" ｜ ")).dim());
    text
}

/// The labels after the first that are worth a thought.
fn alternatives(prediction: &Prediction) -> String {
    let named = prediction.top.iter().zip(&prediction.top_names).skip(1).take(3);
    let worthy = named.filter(|((_, probability), _)| *probability >= 0.01);
    let shown = worthy.map(|((label, p), name)| format!("{} {p:.3}", name.as_deref().unwrap_or(label)));
    shown.collect::<Vec<_>>().join(" · ")
}

fn words(evidence: &Evidence) -> String {
    let words: Vec<&str> = evidence.supporting.iter().take(4).map(|word| word.word.as_str()).collect();
    if words.is_empty() { String::new() } else { format!("依据：{}", words.join("、")) }
}
