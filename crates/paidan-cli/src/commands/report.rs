//! The report in Chinese that `evaluate --report` writes: one HTML file, no scripts, nothing fetched.

use std::fmt::Write as _;

use paidan::{Evaluation, TaskReport, task_in_chinese};

use super::promises::promises;

const STYLE: &str = "body{font:15px/1.6 system-ui,'Noto Sans CJK SC','Microsoft YaHei',sans-serif;max-width:60rem;\
margin:2rem auto;padding:0 1rem;color:#222}table{border-collapse:collapse;margin:.6rem 0 1.4rem}\
th,td{padding:.25rem .7rem;border-bottom:1px solid #ddd;text-align:right}th:first-child,td:first-child\
{text-align:left}th{background:#f5f6f8}h2{margin-top:2.2rem;border-bottom:2px solid #456}p.note{color:#666}";

/// The whole report.
pub(super) fn html(evaluation: &Evaluation, files: &[String]) -> String {
    let mut page = String::new();
    let _ = write!(
        page,
        "<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>派单模型评测报告</title>\
         <style>{STYLE}</style></head><body>\n<h1>派单模型评测报告</h1>\n<p class=\"note\">数据：{}</p>\n",
        escape(&files.join("，"))
    );
    for report in &evaluation.tasks {
        let _ = writeln!(page, "<h2>{}</h2>", escape(task_in_chinese(&report.task)));
        page += &overview(report);
        for line in promises(report) {
            let _ = writeln!(page, "<p>{}</p>", escape(&line));
        }
        page += &coverage(report);
        page += &per_class(report);
        page += &confusion(report);
    }
    if !evaluation.slices.is_empty() {
        page += "<h2>按月</h2>\n";
        page += &months(evaluation);
    }
    page += "</body></html>\n";
    page
}

fn overview(report: &TaskReport) -> String {
    let mut rows = vec![
        vec!["条数".to_owned(), report.rows.to_string()],
        vec!["准确率".to_owned(), percent(report.accuracy)],
        vec!["前三命中".to_owned(), percent(report.top3_accuracy)],
        vec!["前五命中".to_owned(), percent(report.top5_accuracy)],
        vec!["宏平均 F1".to_owned(), format!("{:.4}", report.macro_f1)],
        vec!["加权 F1".to_owned(), format!("{:.4}", report.weighted_f1)],
        vec!["校准误差（15 档）".to_owned(), format!("{:.4}", report.expected_calibration_error)],
        vec!["对数损失".to_owned(), format!("{:.4}", report.log_loss)],
    ];
    if report.unknown_labels > 0 {
        rows.push(vec!["标签未学过（按错误计）".to_owned(), report.unknown_labels.to_string()]);
    }
    table(&["指标", "数值"], &rows)
}

fn coverage(report: &TaskReport) -> String {
    let row = |at: &paidan::Coverage| {
        let threshold = at.threshold.map_or("–".to_owned(), |threshold| format!("{threshold:.3}"));
        vec![percent(at.precision), percent(at.coverage), threshold]
    };
    let rows: Vec<_> = report.coverage_at_precision.iter().map(row).collect();
    "<p>若事先知道最合适的阈值，可自动处理的比例（上限，不是承诺）：</p>\n".to_owned()
        + &table(&["要求准确率", "可自动处理", "概率阈值"], &rows)
}

fn per_class(report: &TaskReport) -> String {
    let row = |class: &paidan::ClassFigures| {
        vec![
            class.label.clone(),
            percent(class.precision),
            percent(class.recall),
            format!("{:.3}", class.f1),
            class.support.to_string(),
            class.predicted.to_string(),
        ]
    };
    let mut classes: Vec<_> = report.per_class.iter().collect();
    classes.sort_by(|a, b| b.support.cmp(&a.support).then(a.label.cmp(&b.label)));
    let rows: Vec<_> = classes.into_iter().map(row).collect();
    table(&["标签", "精确率", "召回率", "F1", "实际条数", "判给条数"], &rows)
}

fn confusion(report: &TaskReport) -> String {
    if report.confusion.is_empty() {
        return String::new();
    }
    let row = |(truth, given, count): &(String, String, usize)| {
        vec![truth.clone(), given.clone(), count.to_string()]
    };
    let rows: Vec<_> = report.confusion.iter().take(20).map(row).collect();
    "<p>最常见的误判：</p>\n".to_owned() + &table(&["实际", "判为", "条数"], &rows)
}

fn months(evaluation: &Evaluation) -> String {
    let mut rows = Vec::new();
    for (month, reports) in &evaluation.slices {
        for report in reports {
            rows.push(vec![
                month.clone(),
                task_in_chinese(&report.task).to_owned(),
                report.rows.to_string(),
                percent(report.accuracy),
                percent(report.top3_accuracy),
                format!("{:.4}", report.macro_f1),
            ]);
        }
    }
    table(&["月份", "任务", "条数", "准确率", "前三命中", "宏平均 F1"], &rows)
}

fn table(heading: &[&str], rows: &[Vec<String>]) -> String {
    let mut text = String::from("<table><tr>");
    for cell in heading {
        let _ = write!(text, "<th>{}</th>", escape(cell));
    }
    text += "</tr>\n";
    for row in rows {
        text += "<tr>";
        for cell in row {
            let _ = write!(text, "<td>{}</td>", escape(cell));
        }
        text += "</tr>\n";
    }
    text + "</table>\n"
}

fn percent(share: f64) -> String {
    format!("{:.2}%", share * 100.0)
}

/// Labels come from the user's file and may hold anything.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
