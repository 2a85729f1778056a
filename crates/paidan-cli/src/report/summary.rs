use maud::{Markup, html};
use paidan::{TaskReport, task_in_chinese};

use super::Section;
use super::numbers::{count, percent, range};
use super::quality::gauge;

/// The figures of a task: one sentence for who has no time, six cards for who has a little.
pub(super) fn summary(section: &Section<'_>) -> Markup {
    let report = section.report;
    let accuracy = section.details.map(|details| details.accuracy).filter(|_| has_one_label(section));
    html! {
        (lead(report))
        dl class="cards" {
            (card("准确率", &percent(report.accuracy), &accuracy.map(|i| format!("95% 区间 {}", range(i))).unwrap_or_default()))
            (card("前三命中", &percent(report.top3_accuracy), &format!("前五 {}", percent(report.top5_accuracy))))
            (card("宏平均 F1", &format!("{:.3}", report.macro_f1), &section.details.and_then(|details| details.macro_f1)
                .map(|i| format!("95% 区间 {:.3}–{:.3}", i.low, i.high)).unwrap_or_default()))
            (card("加权 F1", &format!("{:.3}", report.weighted_f1), &format!("{} 个类别", report.per_class.len())))
            (card("校准误差", &format!("{:.3}", report.expected_calibration_error), calibration(report.expected_calibration_error)))
            (card("工单", &count(report.rows), &format!("对数损失 {:.3}", report.log_loss)))
        }
        (levels(report))
        (set(report))
    }
}

/// The sentence at the beginning.
fn lead(report: &TaskReport) -> Markup {
    let unknown = html! {
        @if report.unknown_labels > 0 {
            "有 " (count(report.unknown_labels)) " 条的标签模型没有学过，一律按错误计。"
        }
    };
    let task = task_in_chinese(&report.task);
    if report.set.is_some() {
        return html! {
            p class="lead" {
                (count(report.rows)) " 条工单里，" (task) "全部选对的有 " strong { (percent(report.accuracy)) } "。" (unknown)
            }
        };
    }
    html! {
        p class="lead" {
            (count(report.rows)) " 条工单里，模型给出的第一个" (task) "有 "
            strong { (percent(report.accuracy)) } " 是对的"
            @if report.per_class.len() > 3 { "，前三个里含正确答案的有 " strong { (percent(report.top3_accuracy)) } }
            "。"
            @match &report.accepted {
                None => { "还没有自动派单的阈值，全部由人工决定。" }
                Some(accepted) if accepted.rows == 0 => { "没有一条达到自动处理的阈值，全部由人工决定。" }
                Some(accepted) => {
                    "按现行阈值可自动处理 " strong { (percent(accepted.coverage)) }
                    "，其中 " strong { (percent(accepted.precision)) } " 正确"
                    @if let Some(promised) = accepted.promised {
                        "，" @if accepted.broken { "低于" } @else { "符合" } "承诺的 " (percent(promised))
                    }
                    "。"
                }
            }
            (unknown)
        }
    }
}

/// Whether tickets have one label each, so that answers are right or wrong.
pub(super) fn has_one_label(section: &Section<'_>) -> bool {
    section.details.is_some_and(|details| !details.curves.coverage.is_empty())
}

/// The figures of each level of a path.
fn levels(report: &TaskReport) -> Markup {
    let Some(levels) = &report.levels else { return html! {} };
    html! {
        div class="scroll" tabindex="0" {
            table {
                caption { "逐级的准确率：从第一级到该级都对才算对" }
                thead { tr {
                    th scope="col" { "级别" } th scope="col" { "类别" } th scope="col" { "条数" } th scope="col" { "准确率" }
                    th scope="col" { "前三命中" } th scope="col" { "校准误差" }
                } }
                tbody {
                    @for level in levels {
                        tr {
                            th scope="row" { "第 " (level.level) " 级" }
                            td { (count(level.labels)) }
                            td { (count(level.rows)) }
                            td { (gauge(level.accuracy)) (percent(level.accuracy)) }
                            td { (percent(level.top3_accuracy)) }
                            td { (format!("{:.3}", level.expected_calibration_error)) }
                        }
                    }
                }
            }
        }
    }
}

/// The figures of a task whose tickets have several labels at once.
fn set(report: &TaskReport) -> Markup {
    let Some(set) = &report.set else { return html! {} };
    html! {
        p class="note" {
            "这项任务的工单可以同时有几个标签：概率不低于 " (format!("{:.3}", set.threshold)) " 的标签都选上，准确率指全部选对的比例。"
            "微平均 F1 " (format!("{:.3}", set.micro_f1)) "（精确率 " (percent(set.micro_precision)) "，召回率 " (percent(set.micro_recall))
            "），每条实有 " (format!("{:.2}", set.mean_labels)) " 个标签、选上 " (format!("{:.2}", set.mean_given))
            " 个。可靠性图、风险曲线与混淆矩阵只适用于单标签任务，此处不列。"
        }
    }
}

fn calibration(error: f64) -> &'static str {
    match error {
        error if error <= 0.015 => "概率很可信",
        error if error <= 0.03 => "概率可信",
        _ => "概率偏差较大",
    }
}

fn card(name: &str, value: &str, below: &str) -> Markup {
    html! {
        div {
            dt { (name) }
            dd class="big" { (value) }
            dd class="small" { (below) }
        }
    }
}
