use console::style;
use paidan::catalogue::{Party, Visibility};
use paidan::{Decision, DriftMonitor, Evidence, Outcome, Prediction, Ticket, task_in_chinese};

use super::decider::Decider;
use super::promises::warn_of_drift;
use super::run_in_batches;
use crate::Ending;
use crate::args::{DispatchArgs, Machine};
use crate::failure::Failure;
use crate::output::{ErrorLine, Output, PredictionTable, say};
use crate::table::Table;

/// Labels of each task whose scores `--explain` takes apart.
const EXPLAINED: usize = 3;

pub(crate) fn dispatch(args: &DispatchArgs, machine: &Machine) -> Result<Ending, Failure> {
    match &args.tickets.input.text {
        Some(text) => {
            let decider = Decider::new(&args.decider, machine)?;
            let mut output = Output::open(&args.tickets.out, &[])?;
            let mut rows = Rows::begin(args, &decider, &mut output)?;
            for decision in decide(&decider, &[Ticket::new(text).with_id("1")], args.explain)? {
                rows.write(&decision?, &mut output)?;
            }
            output.finish()?;
            Ok(Ending::Done)
        }
        None => dispatch_files(args, machine),
    }
}

/// The decisions, with all that made the scores where it is asked for and a model decides.
fn decide(
    decider: &Decider,
    tickets: &[Ticket],
    explain: bool,
) -> Result<Vec<Result<Decision, paidan::Error>>, paidan::Error> {
    let mut answers = decider.dispatch_batch(tickets)?;
    if let Some(engine) = decider.engine().filter(|_| explain) {
        for (ticket, decision) in tickets.iter().zip(&mut answers) {
            if let Ok(decision) = decision {
                decision.explanation.contributions = Some(engine.explain(ticket, EXPLAINED)?);
            }
        }
    }
    Ok(answers)
}

fn dispatch_files(args: &DispatchArgs, machine: &Machine) -> Result<Ending, Failure> {
    let reader = args.tickets.columns.reader(&args.tickets.input.files)?;
    let decider = Decider::new(&args.decider, machine)?;
    let mut output = Output::open(&args.tickets.out, &args.tickets.input.files)?;
    let mut rows = Rows::begin(args, &decider, &mut output)?;
    let mut monitor = decider.engine().map(DriftMonitor::new);
    let ending = run_in_batches(
        reader,
        |tickets| {
            let answers = decide(&decider, tickets, args.explain)?;
            if let Some(monitor) = &mut monitor {
                answers.iter().flatten().for_each(|decision| monitor.add(&decision.predictions));
            }
            Ok(answers)
        },
        |row| match row {
            Ok((_, decision)) => rows.write(&decision, &mut output),
            Err(error) => rows.error(&error, &mut output),
        },
    )?;
    output.finish()?;
    monitor.iter().for_each(warn_of_drift);
    Ok(ending)
}

/// How decisions are written.
enum Rows {
    /// What a model says alone.
    Predictions(PredictionTable),
    /// What a catalogue decides.
    Decisions(DecisionTable),
    Json,
    Terminal,
}

impl Rows {
    /// Writes the heading, where the output is a table.
    fn begin(args: &DispatchArgs, decider: &Decider, output: &mut Output) -> Result<Self, Failure> {
        Ok(match decider.engine_alone() {
            Some(engine) if output.is_csv() => {
                Self::Predictions(PredictionTable::begin(engine, &["outcome", "reason"], output)?)
            }
            None if output.is_csv() => Self::Decisions(DecisionTable::begin(output)?),
            _ if args.json || args.tickets.out.out.is_some() => Self::Json,
            _ => Self::Terminal,
        })
    }

    fn write(&mut self, decision: &Decision, output: &mut Output) -> Result<(), Failure> {
        match self {
            Self::Predictions(table) => {
                let extra = [decision.outcome.name(), &reasons(decision)];
                table.row(&decision.id, &decision.predictions, &extra, output)
            }
            Self::Decisions(table) => table.row(decision, output),
            Self::Json => output.json_line(decision),
            Self::Terminal => output.text(&shown(decision)),
        }
    }

    fn error(&mut self, error: &ErrorLine, output: &mut Output) -> Result<(), Failure> {
        match self {
            Self::Predictions(table) => table.error(error, output),
            Self::Decisions(table) => table.error(error, output),
            Self::Json => output.json_line(error),
            Self::Terminal => {
                say(error.message());
                Ok(())
            }
        }
    }
}

fn reasons(decision: &Decision) -> String {
    let reasons: Vec<&str> =
        decision.explanation.reasons.iter().map(|reason| reason.message.as_str()).collect();
    reasons.join("；")
}

/// What a catalogue decides as a table: CSV in UTF-8 with BOM.
struct DecisionTable;

const COLUMNS: [&str; 15] = [
    "id",
    "outcome",
    "lead",
    "lead_name",
    "support",
    "deadline",
    "ticket_type",
    "urgency",
    "probability",
    "candidates",
    "call",
    "visibility",
    "demands",
    "reason",
    "error",
];

impl DecisionTable {
    fn begin(output: &mut Output) -> Result<Self, Failure> {
        output.text("\u{feff}")?;
        output.csv_record(&COLUMNS)?;
        Ok(Self)
    }

    fn row(&self, decision: &Decision, output: &mut Output) -> Result<(), Failure> {
        let Some(dispatch) = &decision.dispatch else { return Ok(()) };
        let codes = |parties: &mut dyn Iterator<Item = &Party>| {
            parties.map(|party| party.code.as_str()).collect::<Vec<_>>().join("; ")
        };
        let demands = dispatch.demands.iter().filter_map(|demand| demand.decision.lead.as_ref());
        let lead = dispatch.lead.as_ref();
        output.csv_record(&[
            decision.id.clone(),
            decision.outcome.name().to_owned(),
            lead.map(|lead| lead.code.clone()).unwrap_or_default(),
            lead.map(|lead| lead.name.clone()).unwrap_or_default(),
            codes(&mut dispatch.support.iter()),
            dispatch.deadline.clone().unwrap_or_default(),
            dispatch.ticket_type.clone().unwrap_or_default(),
            dispatch.urgency.clone().unwrap_or_default(),
            dispatch.probability.map(|probability| probability.to_string()).unwrap_or_default(),
            codes(&mut dispatch.candidates.iter().map(|candidate| &candidate.unit)),
            dispatch.call.join("; "),
            dispatch.visibility.name().to_owned(),
            codes(&mut demands.into_iter()),
            reasons(decision),
            String::new(),
        ])
    }

    fn error(&self, error: &ErrorLine, output: &mut Output) -> Result<(), Failure> {
        let mut fields = vec![error.id().to_owned()];
        fields.resize(COLUMNS.len() - 1, String::new());
        fields.push(error.message().to_owned());
        output.csv_record(&fields)
    }
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
    text += &decision.dispatch.as_deref().map(dispatched).unwrap_or_default();
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

/// What a catalogue decided, for the terminal.
fn dispatched(dispatch: &paidan::catalogue::Decision) -> String {
    let names =
        |parties: &[Party]| parties.iter().map(|party| party.name.as_str()).collect::<Vec<_>>().join("、");
    let mut table = Table::default();
    let mut line = |what: &str, value: String| {
        if !value.is_empty() {
            table.row([format!("  {what}"), value]);
        }
    };
    line("立即拨打", dispatch.call.join("、"));
    line("立即通知", names(&dispatch.notify));
    line("主办", dispatch.lead.as_ref().map(|lead| style(&lead.name).bold().to_string()).unwrap_or_default());
    line("协办", names(&dispatch.support));
    line("期限", dispatch.deadline.clone().unwrap_or_default());
    line("告知", dispatch.guidance.join("；"));
    if dispatch.lead.is_none() {
        let units: Vec<Party> = dispatch.candidates.iter().map(|candidate| candidate.unit.clone()).collect();
        line("候选", names(&units));
    }
    if dispatch.visibility == Visibility::Restricted {
        line("可见", "限制查看".to_owned());
    }
    for (number, demand) in dispatch.demands.iter().enumerate() {
        let lead = demand.decision.lead.as_ref().map_or("人工", |lead| &lead.name);
        line(&format!("诉求 {}", number + 1), lead.to_owned());
    }
    for diagnostic in &dispatch.diagnostics {
        line("注意", diagnostic.message.clone());
    }
    table.render()
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
