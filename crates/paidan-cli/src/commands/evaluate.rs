use std::collections::BTreeMap;

use paidan::{Evaluation, Evaluator, SCHEMA, TaskReport, Ticket, task_in_chinese};
use serde::Serialize;

use super::promises::promises;
use super::report::html;
use super::{ending, read_labelled};
use crate::Ending;
use crate::args::{EvaluateArgs, Machine, Period};
use crate::failure::Failure;
use crate::labels::{check_kinds, column_names};
use crate::output::Output;
use crate::table::Table;

/// What `--json` prints.
#[derive(Serialize)]
struct EvaluationObject<'a> {
    schema: u32,
    rows: usize,
    failed_rows: usize,
    tasks: BTreeMap<&'a str, &'a TaskReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by_month: Option<BTreeMap<&'a str, BTreeMap<&'a str, &'a TaskReport>>>,
}

pub(crate) fn evaluate(args: &EvaluateArgs, machine: &Machine) -> Result<Ending, Failure> {
    let reader = args.data.reader()?;
    reader.require_columns(&column_names(&args.labels))?;
    let engine = args.model.engine(machine)?;
    check_kinds(&engine, &args.labels)?;
    let tasks: Vec<&str> = args.labels.iter().map(|label| label.task.as_str()).collect();
    let mut evaluator = Evaluator::new(&engine, &tasks)?;
    let report = match &args.report {
        Some(path) => Some(Output::create(path, args.force, args.data.files())?),
        None => None,
    };
    let slice = |ticket: &Ticket| args.by.map(|Period::Month| month(ticket.requested_at.as_deref()));
    let (rows, failed) = read_labelled(reader, &args.labels, &mut evaluator, slice);
    let evaluation = evaluator.finish()?;
    if let Some(mut report) = report {
        report.text(&html(&evaluation, args.data.files()))?;
        report.finish()?;
    }
    let mut output = Output::stdout();
    if args.json {
        output.json_line(&EvaluationObject {
            schema: SCHEMA,
            rows,
            failed_rows: failed,
            tasks: by_task(&evaluation.tasks),
            by_month: args.by.map(|_| months(&evaluation)),
        })?;
    } else {
        output.text(&figures(&evaluation.tasks))?;
        for (month, tasks) in &evaluation.slices {
            output.text(&format!("\n{month}\n{}", figures(tasks)))?;
        }
    }
    output.finish()?;
    Ok(ending(failed))
}

fn by_task(reports: &[TaskReport]) -> BTreeMap<&str, &TaskReport> {
    reports.iter().map(|report| (report.task.as_str(), report)).collect()
}

fn months(evaluation: &Evaluation) -> BTreeMap<&str, BTreeMap<&str, &TaskReport>> {
    evaluation.slices.iter().map(|(month, reports)| (month.as_str(), by_task(reports))).collect()
}

/// `2026-03` of `2026-03-05T…` or `2026/3/5 …`; what cannot be read is its own month.
fn month(time: Option<&str>) -> String {
    let parts = time.and_then(|time| {
        let (year, rest) = time.trim().split_once(['-', '/', '.', '年'])?;
        let month = rest.split(|c: char| !c.is_ascii_digit()).next()?;
        Some((year.parse::<u32>().ok()?, month.parse::<u32>().ok()?))
    });
    match parts {
        Some((year, month)) if (1..=12).contains(&month) => format!("{year:04}-{month:02}"),
        _ => "时间不明".to_owned(),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_of_usual_times() {
        assert_eq!(month(Some("2026-03-05T08:00:00+08:00")), "2026-03");
        assert_eq!(month(Some("2026/3/5 8:00")), "2026-03");
        assert_eq!(month(Some("2026年11月3日")), "2026-11");
        assert_eq!(month(Some("yesterday")), "时间不明");
        assert_eq!(month(None), "时间不明");
    }
}
