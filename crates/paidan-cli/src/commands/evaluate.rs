use std::collections::BTreeMap;

use paidan::{Evaluation, Evaluator, SCHEMA, TaskReport, task_in_chinese};
use serde::Serialize;

use super::promises::promises;
use super::{ending, read_labelled};
use crate::Ending;
use crate::args::{EvaluateArgs, Machine};
use crate::failure::Failure;
use crate::labels::{By, check_kinds, column_names};
use crate::output::Output;
use crate::report::Report;
use crate::table::Table;

/// Reports by part of the rows and task.
type Parts<'a> = BTreeMap<&'a str, BTreeMap<&'a str, &'a TaskReport>>;

/// What `--json` prints.
#[derive(Serialize)]
struct EvaluationObject<'a> {
    schema: u32,
    rows: usize,
    failed_rows: usize,
    tasks: BTreeMap<&'a str, &'a TaskReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by_month: Option<Parts<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by_channel: Option<Parts<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by_column: Option<Parts<'a>>,
}

pub(crate) fn evaluate(args: &EvaluateArgs, machine: &Machine) -> Result<Ending, Failure> {
    let reader = args.data.reader()?;
    let mut columns = column_names(&args.labels);
    if let Some(By::Column(column)) = &args.by {
        columns.push(column);
    }
    reader.require_columns(&columns)?;
    let engine = args.model.engine(machine)?;
    check_kinds(&engine, &args.labels)?;
    let tasks: Vec<&str> = args.labels.iter().map(|label| label.task.as_str()).collect();
    let mut evaluator = Evaluator::new(&engine, &tasks)?;
    if args.report.is_some() {
        evaluator = evaluator.with_details();
    }
    let report = match &args.report {
        Some(path) => Some(Output::create(path, args.force, args.data.files())?),
        None => None,
    };
    let slice = |row: &_| args.by.as_ref().map(|by| by.part(row));
    let (rows, failed) = read_labelled(reader, &args.labels, &mut evaluator, slice);
    let (evaluation, details) = evaluator.finish_detailed()?;
    if let Some(mut output) = report {
        let column = args
            .by
            .as_ref()
            .and_then(|by| if let By::Column(name) = by { Some(name.as_str()) } else { None });
        let (evaluation, details, files) = (&evaluation, &details, args.data.files());
        let report = Report { evaluation, details, files, rows, failed_rows: failed, column };
        output.text(&report.page(&engine))?;
        output.finish()?;
    }
    let parts = |by: &By| (args.by.as_ref() == Some(by)).then(|| parts(&evaluation));
    let is_column = matches!(args.by, Some(By::Column(_)));
    let mut output = Output::stdout();
    if args.json {
        output.json_line(&EvaluationObject {
            schema: SCHEMA,
            rows,
            failed_rows: failed,
            tasks: by_task(&evaluation.tasks),
            by_month: parts(&By::Month),
            by_channel: parts(&By::Channel),
            by_column: args.by.as_ref().filter(|_| is_column).and_then(parts),
        })?;
    } else {
        output.text(&figures(&evaluation.tasks))?;
        for (part, tasks) in &evaluation.slices {
            output.text(&format!("\n{part}\n{}", figures(tasks)))?;
        }
    }
    output.finish()?;
    Ok(ending(failed))
}

fn by_task(reports: &[TaskReport]) -> BTreeMap<&str, &TaskReport> {
    reports.iter().map(|report| (report.task.as_str(), report)).collect()
}

fn parts(evaluation: &Evaluation) -> Parts<'_> {
    evaluation.slices.iter().map(|(part, reports)| (part.as_str(), by_task(reports))).collect()
}

/// A table of the figures of all tasks for the terminal.
pub(super) fn figures(reports: &[TaskReport]) -> String {
    let mut table = Table::default();
    let heading =
        ["任务", "条数", "准确率", "前三", "宏F1", "加权F1", "校准误差", "覆盖率@90%", "@95%", "@98%"];
    table.row(heading);
    for report in reports {
        let mut cells = vec![task_in_chinese(&report.task).to_owned(), report.rows.to_string()];
        let main = [
            report.accuracy,
            report.top3_accuracy,
            report.macro_f1,
            report.weighted_f1,
            report.expected_calibration_error,
        ];
        cells.extend(main.iter().map(|value| format!("{value:.4}")));
        cells.extend(report.coverage_at_precision.iter().map(|at| format!("{:.3}", at.coverage)));
        table.row(cells);
    }
    let mut text = table.render();
    for report in reports {
        text += &kind_figures(report);
    }
    for report in reports.iter().filter(|report| report.unknown_labels > 0) {
        let (task, rows) = (task_in_chinese(&report.task), report.unknown_labels);
        text += &format!("{task}: {rows} 条的标签模型没有学过，按错误计\n");
    }
    for report in reports {
        for line in promises(report) {
            text += &format!("{}: {line}\n", task_in_chinese(&report.task));
        }
    }
    text
}

/// What is told of a path or a set besides.
fn kind_figures(report: &TaskReport) -> String {
    let mut text = String::new();
    let task = task_in_chinese(&report.task);
    if let Some(levels) = &report.levels {
        let mut table = Table::default();
        table.row(["级别", "标签数", "条数", "准确率", "前三", "校准误差"]);
        for level in levels {
            table.row([
                format!("第 {} 级", level.level),
                level.labels.to_string(),
                level.rows.to_string(),
                format!("{:.4}", level.accuracy),
                format!("{:.4}", level.top3_accuracy),
                format!("{:.4}", level.expected_calibration_error),
            ]);
        }
        text += &format!("\n{task}各级（从第 1 级到该级都对才算对）\n{}\n", table.render());
    }
    if let Some(set) = &report.set {
        text += &format!(
            "{task}（可多选，概率不低于 {:.3} 的都选）: 微平均 F1 {:.4}（精确率 {:.4}，召回率 {:.4}），宏平均 F1 {:.4}，\
             全对 {:.4}，每条实有 {:.2} 个、判给 {:.2} 个\n",
            set.threshold,
            set.micro_f1,
            set.micro_precision,
            set.micro_recall,
            report.macro_f1,
            report.accuracy,
            set.mean_labels,
            set.mean_given
        );
    }
    text
}
