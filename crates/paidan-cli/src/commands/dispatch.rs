use console::style;
use paidan::{
    Decision, DriftMonitor, Engine, Evidence, Outcome, Prediction, Silent, Ticket, task_in_chinese,
};

use super::promises::warn_of_drift;
use super::run_in_batches;
use crate::Ending;
use crate::args::{DispatchArgs, Machine};
use crate::failure::Failure;
use crate::output::{Output, PredictionTable, say};
use crate::table::Table;

pub(crate) fn dispatch(args: &DispatchArgs, machine: &Machine) -> Result<Ending, Failure> {
    match &args.tickets.input.text {
        Some(text) => {
            let engine = args.model.engine(machine)?;
            let decision = engine.dispatch(&Ticket::new(text).with_id("1"))?;
            let mut output = Output::open(&args.tickets.out, &[])?;
            match begin_table(&engine, &mut output)? {
                Some(table) => write_row(&decision, &table, &mut output)?,
                None => write(&decision, args.json || args.tickets.out.out.is_some(), &mut output)?,
            }
            output.finish()?;
            Ok(Ending::Done)
        }
        None => dispatch_files(args, machine),
    }
}

fn dispatch_files(args: &DispatchArgs, machine: &Machine) -> Result<Ending, Failure> {
    let reader = args.tickets.columns.reader(&args.tickets.input.files)?;
    let engine = args.model.engine(machine)?;
    let mut output = Output::open(&args.tickets.out, &args.tickets.input.files)?;
    let json = args.json || args.tickets.out.out.is_some();
    let table = begin_table(&engine, &mut output)?;
    let mut monitor = DriftMonitor::new(&engine);
    let ending = run_in_batches(
        reader,
        |tickets| {
            let answers = engine.dispatch_batch(tickets, &Silent)?;
            answers.iter().flatten().for_each(|decision| monitor.add(&decision.predictions));
            Ok(answers)
        },
        |row| match (row, &table) {
            (Ok((_, decision)), Some(table)) => write_row(&decision, table, &mut output),
            (Ok((_, decision)), None) => write(&decision, json, &mut output),
            (Err(error), Some(table)) => table.error(&error, &mut output),
            (Err(error), None) if json => output.json_line(&error),
            (Err(error), None) => {
                say(error.message());
                Ok(())
            }
        },
    )?;
    output.finish()?;
    warn_of_drift(&monitor);
    Ok(ending)
}

/// The heading, where the output is a table.
fn begin_table(engine: &Engine, output: &mut Output) -> Result<Option<PredictionTable>, Failure> {
    if output.is_csv() {
        PredictionTable::begin(engine, &["outcome", "reason"], output).map(Some)
    } else {
        Ok(None)
    }
}

fn write_row(decision: &Decision, table: &PredictionTable, output: &mut Output) -> Result<(), Failure> {
    let reasons: Vec<&str> =
        decision.explanation.reasons.iter().map(|reason| reason.message.as_str()).collect();
    table.row(&decision.id, &decision.predictions, &[decision.outcome.name(), &reasons.join("；")], output)
}

fn write(decision: &Decision, json: bool, output: &mut Output) -> Result<(), Failure> {
    if json { output.json_line(decision) } else { output.text(&shown(decision)) }
}

/// A decision for the terminal.
fn shown(decision: &Decision) -> String {
    let outcome = style(decision.outcome.in_chinese()).bold();
    let outcome = match decision.outcome {
        Outcome::Assign => outcome.green(),
        Outcome::Escalate => outcome.red(),
        _ => outcome.yellow(),
    };
    let mut text = format!("工单 {}  {outcome}\n", decision.id.escape_debug());
    for reason in &decision.explanation.reasons {
        text += &format!("  {}\n", reason.message);
    }
    let mut table = Table::default();
    for prediction in &decision.predictions {
        let evidence = decision.explanation.evidence.iter().find(|evidence| evidence.task == prediction.task);
        table.row([
            format!("  {}", task_in_chinese(&prediction.task)),
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

fn alternatives(prediction: &Prediction) -> String {
    let shown = prediction.runners_up().map(|(label, probability)| format!("{label} {probability:.3}"));
    shown.collect::<Vec<_>>().join(" · ")
}

fn words(evidence: &Evidence) -> String {
    let words: Vec<&str> = evidence.supporting.iter().take(4).map(|word| word.word.as_str()).collect();
    // The encoder's share stands beside the words only where it is no less than the least of them.
    let embedding = evidence.embedding.filter(|share| *share >= 0.005);
    let embedding = embedding.map(|share| format!("语义 {share:.2}"));
    let shown: Vec<String> =
        (!words.is_empty()).then(|| words.join("、")).into_iter().chain(embedding).collect();
    if shown.is_empty() { String::new() } else { format!("依据：{}", shown.join("；")) }
}
