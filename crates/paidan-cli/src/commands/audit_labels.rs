use std::collections::BTreeMap;

use paidan::{Example, LabelDoubt, SCHEMA, TaskAudit, TrainSettings, Trainer, task_in_chinese};
use serde::Serialize;

use super::train::{checked_labels, user_dictionary};
use super::{ending, percent};
use crate::Ending;
use crate::args::{AuditLabelsArgs, Machine};
use crate::failure::Failure;
use crate::labels::column_names;
use crate::output::{Output, say};
use crate::progress::{ReadingBar, StageBar, interrupted, watch_interrupt};
use crate::table::Table;

/// What is told of a task.
#[derive(Serialize)]
struct AuditObject<'a> {
    schema: u32,
    doubted: usize,
    #[serde(flatten)]
    audit: &'a TaskAudit,
}

/// What is told of a ticket: nothing of its text but single dictionary words.
#[derive(Serialize)]
struct DoubtObject<'a> {
    schema: u32,
    task: &'a str,
    rank: usize,
    id: &'a str,
    given: &'a str,
    given_probability: f32,
    suggested: &'a str,
    suggested_probability: f32,
    reasons: Vec<&'static str>,
    words: &'a [String],
    duplicates: Vec<&'a str>,
}

pub(crate) fn audit_labels(args: &AuditLabelsArgs, machine: &Machine) -> Result<Ending, Failure> {
    let tasks: Vec<&str> = args.labels.iter().map(|label| label.task.as_str()).collect();
    let settings = TrainSettings { seed: args.seed, ..TrainSettings::default() };
    let mut trainer = Trainer::new(tasks, settings, user_dictionary(args.user_dict.as_deref())?)?;
    for label in &args.labels {
        trainer.set_kind(&label.task, label.kind.unwrap_or_default());
    }
    if let Some(threads) = machine.threads()? {
        trainer = trainer.threads(threads)?;
    }
    let mut output = Output::open(&args.out, args.data.files())?;
    watch_interrupt();
    let (ids, failed) = read(args, &mut trainer)?;
    let bar = StageBar::new();
    let audits = trainer.audit(&bar);
    bar.finish();
    let audits = audits?;
    if output.is_csv() {
        write_table(&audits, &ids, args.top, &mut output)?;
    } else if args.json || args.out.out.is_some() {
        write_lines(&audits, &ids, args.top, &mut output)?;
    } else {
        output.text(&shown(&audits, &ids, args.top))?;
    }
    output.finish()?;
    Ok(ending(failed))
}

/// Reads all rows into `trainer`; the ids of those read, and how many could not be.
fn read(args: &AuditLabelsArgs, trainer: &mut Trainer) -> Result<(Vec<String>, usize), Failure> {
    let mut reader = args.data.reader()?;
    reader.require_columns(&column_names(&args.labels))?;
    let bar = ReadingBar::new(&reader);
    let (mut ids, mut failed) = (Vec::new(), 0);
    while let Some(row) = reader.next() {
        if interrupted() {
            return Err(Failure::Interrupted);
        }
        let labelled = row
            .map_err(|error| error.to_string())
            .and_then(|row| Ok((checked_labels(&row, &args.labels)?, row.ticket)));
        match labelled {
            Ok((labels, ticket)) => {
                ids.push(ticket.id.clone());
                trainer.push(ticket, Example { labels, ..Example::default() });
            }
            Err(message) => {
                say(message);
                failed += 1;
            }
        }
        bar.update(&reader);
    }
    bar.finish(&reader);
    Ok((ids, failed))
}

/// The doubts of `audit` that are listed, with their ranks and ids.
fn listed<'a>(
    audit: &'a TaskAudit,
    ids: &'a [String],
    top: usize,
) -> impl Iterator<Item = (DoubtObject<'a>, &'a LabelDoubt)> {
    let id = |row: &usize| ids.get(*row).map(String::as_str).unwrap_or_default();
    audit.doubts.iter().take(top).enumerate().map(move |(rank, doubt)| {
        let reasons = [
            doubt.is_confident.then_some("another_label_is_likelier"),
            (!doubt.duplicates.is_empty()).then_some("near_duplicate_with_another_label"),
        ];
        let object = DoubtObject {
            schema: SCHEMA,
            task: &audit.task,
            rank: rank + 1,
            id: id(&doubt.row),
            given: &doubt.given,
            given_probability: doubt.given_probability,
            suggested: &doubt.suggested,
            suggested_probability: doubt.suggested_probability,
            reasons: reasons.into_iter().flatten().collect(),
            words: &doubt.words,
            duplicates: doubt.duplicates.iter().map(id).collect(),
        };
        (object, doubt)
    })
}

fn write_lines(audits: &[TaskAudit], ids: &[String], top: usize, output: &mut Output) -> Result<(), Failure> {
    for audit in audits {
        output.json_line(&AuditObject { schema: SCHEMA, doubted: audit.doubts.len(), audit })?;
        for (object, _) in listed(audit, ids, top) {
            output.json_line(&object)?;
        }
    }
    Ok(())
}

fn write_table(audits: &[TaskAudit], ids: &[String], top: usize, output: &mut Output) -> Result<(), Failure> {
    output.text("\u{feff}")?;
    output.csv_record(&[
        "task",
        "rank",
        "id",
        "given",
        "given_probability",
        "suggested",
        "suggested_probability",
        "reasons",
        "words",
        "duplicates",
    ])?;
    for audit in audits {
        for (object, _) in listed(audit, ids, top) {
            output.csv_record(&[
                object.task,
                &object.rank.to_string(),
                object.id,
                object.given,
                &object.given_probability.to_string(),
                object.suggested,
                &object.suggested_probability.to_string(),
                &object.reasons.join("; "),
                &object.words.join(" "),
                &object.duplicates.join("; "),
            ])?;
        }
    }
    Ok(())
}

fn shown(audits: &[TaskAudit], ids: &[String], top: usize) -> String {
    let mut text = String::new();
    for audit in audits {
        let errors = audit.estimated_errors.round() as usize;
        text += &format!(
            "{}: {} 条有标签，估计标错约 {errors} 条（{}），存疑 {} 条\n\n",
            task_in_chinese(&audit.task),
            audit.rows,
            percent(errors, audit.rows),
            audit.doubts.len()
        );
        let mut table = Table::default();
        table.row(["工单", "现标签", "概率", "建议", "概率", "依据", "近似工单标签不同"]);
        for (object, _) in listed(audit, ids, top) {
            table.row([
                object.id.escape_debug().to_string(),
                object.given.to_owned(),
                format!("{:.3}", object.given_probability),
                object.suggested.to_owned(),
                format!("{:.3}", object.suggested_probability),
                object.words.join("、"),
                object.duplicates.join(" ").escape_debug().to_string(),
            ]);
        }
        text += &table.render();
        text += &pairs(audit);
        text.push('\n');
    }
    text + "（由未见过该工单及其近似工单的模型判断；请逐条复核，不要直接改标签）\n"
}

/// The pairs of labels that are most often doubted.
fn pairs(audit: &TaskAudit) -> String {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for doubt in audit.doubts.iter().filter(|doubt| doubt.is_confident) {
        *counts.entry((&doubt.given, &doubt.suggested)).or_default() += 1;
    }
    let mut ranked: Vec<_> = counts.into_iter().collect();
    ranked.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let shown =
        ranked.iter().take(8).map(|((given, suggested), count)| format!("{given} → {suggested} {count}"));
    let shown: Vec<String> = shown.collect();
    if shown.is_empty() { String::new() } else { format!("最常存疑: {}\n", shown.join("，")) }
}
