use paidan::catalogue::{Backtest, Fate};
use paidan::{Catalogue, Ticket, TicketRecord};
use serde::Serialize;

use super::decider::Decider;
use super::ending;
use crate::Ending;
use crate::args::{BacktestArgs, Machine};
use crate::failure::Failure;
use crate::output::{Output, say};
use crate::table::Table;

/// Tickets decided at once.
const BATCH: usize = 1024;

/// What `--json` prints.
#[derive(Serialize)]
struct BacktestObject<'a> {
    schema: u32,
    failed_rows: usize,
    #[serde(flatten)]
    backtest: &'a Backtest,
}

pub(crate) fn backtest(args: &BacktestArgs, machine: &Machine) -> Result<Ending, Failure> {
    let Some(folder) = &args.decider.catalogue else {
        return Err(Failure::usage("expected the changed catalogue, got none: name it with --catalogue"));
    };
    let reader = args.data.reader()?;
    if let Some(column) = &args.unit_column {
        reader.require_columns(&[column])?;
    }
    let after = Decider::with_catalogue(&args.decider, Some(folder), machine)?;
    let before = match &args.against {
        Some(folder) => Some(Decider::with_catalogue(&args.decider, Some(folder), machine)?),
        None => None,
    };
    let catalogue = Catalogue::load(folder).map_err(paidan::Error::from)?;
    let mut report =
        args.report.as_ref().map(|path| Output::create(path, args.force, args.data.files())).transpose()?;
    let (mut backtest, mut failed) = (Backtest::default(), 0);
    let mut waiting: Vec<TicketRecord> = Vec::new();
    let mut rows = reader;
    loop {
        let row = rows.next();
        let is_end = row.is_none();
        match row {
            Some(Ok(row)) => waiting.push(row),
            Some(Err(error)) => {
                say(error);
                failed += 1;
            }
            None => {}
        }
        if waiting.len() >= BATCH || is_end {
            add(&mut backtest, &waiting, args, &catalogue, &after, before.as_ref())?;
            waiting.clear();
        }
        if is_end {
            break;
        }
    }
    let mut output = Output::stdout();
    if args.json {
        let object = BacktestObject { schema: paidan::SCHEMA, failed_rows: failed, backtest: &backtest };
        output.json_line(&object)?;
    } else {
        output.text(&shown(&backtest))?;
    }
    output.finish()?;
    if let Some(mut report) = report.take() {
        report.text(&page(&backtest))?;
        report.finish()?;
    }
    Ok(ending(failed))
}

fn add(
    backtest: &mut Backtest,
    rows: &[TicketRecord],
    args: &BacktestArgs,
    catalogue: &Catalogue,
    after: &Decider,
    before: Option<&Decider>,
) -> Result<(), Failure> {
    let tickets: Vec<Ticket> = rows.iter().map(|row| row.ticket.clone()).collect();
    let after = after.dispatch_batch(&tickets)?;
    let before = before.map(|before| before.dispatch_batch(&tickets)).transpose()?;
    for (at, (row, after)) in rows.iter().zip(&after).enumerate() {
        let Some(after) = after.as_ref().ok().and_then(|after| after.dispatch.as_deref()) else { continue };
        let past = before.as_ref().and_then(|before| before.get(at)?.as_ref().ok()?.dispatch.as_deref());
        let fate = match (past, &args.unit_column) {
            (Some(past), _) => Fate::of(past),
            (None, Some(column)) => {
                let day = row.ticket.requested_at.as_deref().or(args.decider.at.as_deref());
                let name = row.record.get(column).unwrap_or_default().trim();
                Fate { outcome: None, lead: catalogue.unit(name, day) }
            }
            (None, None) => Fate::of(after),
        };
        backtest.add(&row.ticket.id, fate, after);
    }
    Ok(())
}

fn shown(backtest: &Backtest) -> String {
    let mut text = format!("共 {} 件，不变 {} 件\n\n", backtest.tickets, backtest.unchanged);
    let mut table = Table::default();
    table.row(["结果", "之前", "之后"]);
    for (outcome, count) in &backtest.outcomes {
        table.row([(*outcome).to_owned(), count.before.to_string(), count.after.to_string()]);
    }
    text += &table.render();
    text.push('\n');
    let mut table = Table::default();
    table.row(["单位", "之前", "之后", "增", "减"]);
    for (code, unit) in &backtest.units {
        table.row([
            format!("{} {code}", unit.name),
            unit.count.before.to_string(),
            unit.count.after.to_string(),
            unit.gained.to_string(),
            unit.lost.to_string(),
        ]);
    }
    text += &table.render();
    for ticket in backtest.changed.iter().take(20) {
        text += &format!(
            "  {}  {} → {}  {}\n",
            ticket.id,
            fate(&ticket.before),
            fate(&ticket.after),
            ticket.reason
        );
    }
    text
}

fn fate(fate: &Fate) -> String {
    let outcome = fate.outcome.map_or("", |outcome| outcome.in_chinese());
    let lead = fate.lead.as_ref().map_or("–", |lead| &lead.name);
    format!("{outcome} {lead}").trim().to_owned()
}

/// The report: one page without scripts.
fn page(backtest: &Backtest) -> String {
    let escape = |text: &str| html_escape::encode_text(text).into_owned();
    let row = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|cell| format!("<td>{}</td>", escape(cell))).collect();
        format!("<tr>{}</tr>\n", cells.concat())
    };
    let outcomes: String = backtest
        .outcomes
        .iter()
        .map(|(outcome, count)| {
            row(&[(*outcome).to_owned(), count.before.to_string(), count.after.to_string()])
        })
        .collect();
    let units: String = backtest
        .units
        .iter()
        .map(|(code, unit)| {
            let numbers = [unit.count.before, unit.count.after, unit.gained, unit.lost]
                .map(|number| number.to_string());
            row(&[&[unit.name.clone(), code.clone()], numbers.as_slice()].concat())
        })
        .collect();
    let changed: String = backtest
        .changed
        .iter()
        .map(|ticket| {
            row(&[ticket.id.clone(), fate(&ticket.before), fate(&ticket.after), ticket.reason.clone()])
        })
        .collect();
    format!(
        "<!doctype html>\n<html lang=\"zh\"><meta charset=\"utf-8\"><title>派单目录回测</title>\n\
         <style>body{{font:16px sans-serif;max-width:70em;margin:2em auto}}table{{border-collapse:collapse;margin:1em 0}}\
         td,th{{border:1px solid #bbb;padding:.3em .6em;text-align:left}}</style>\n\
         <h1>派单目录回测</h1>\n<p>共 {} 件，不变 {} 件，变化 {} 件（最多列出 1000 件）。</p>\n\
         <h2>结果</h2>\n<table><tr><th>结果<th>之前<th>之后</tr>\n{outcomes}</table>\n\
         <h2>各单位</h2>\n<table><tr><th>单位<th>代码<th>之前<th>之后<th>增<th>减</tr>\n{units}</table>\n\
         <h2>变化的工单</h2>\n<table><tr><th>工单<th>之前<th>之后<th>理由</tr>\n{changed}</table>\n</html>\n",
        backtest.tickets,
        backtest.unchanged,
        backtest.tickets - backtest.unchanged
    )
}
