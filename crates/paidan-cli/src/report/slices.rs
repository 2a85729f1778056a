use std::collections::BTreeMap;

use maud::{Markup, html};
use paidan::{DriftLevel, Interval, TaskReport};

use super::Section;
use super::chart::{self, Step};
use super::numbers::{count, percent, range};
use super::quality::gauge;

/// Months or values shown; the rest unfold.
const SHOWN: usize = 24;
/// A point of fewer rows says nothing.
const LEAST_ROWS: usize = 5;

/// The figures of each part of the rows, where there are several.
pub(super) fn slices(
    heading: &str,
    what: &str,
    section: &Section<'_>,
    parts: &BTreeMap<String, Vec<TaskReport>>,
) -> Markup {
    let task = &section.report.task;
    let mut parts: Vec<(&str, &TaskReport)> = parts
        .iter()
        .filter_map(|(part, reports)| {
            Some((part.as_str(), reports.iter().find(|report| report.task == *task)?))
        })
        .collect();
    if parts.len() < 2 {
        return html! {};
    }
    // Months in their order, all else with the most rows first.
    let is_time = what == "月份";
    if !is_time {
        parts.sort_by_key(|(part, report)| (std::cmp::Reverse(report.rows), *part));
    }
    let steps: Vec<Step<'_>> = parts
        .iter()
        .filter(|(part, report)| report.rows >= LEAST_ROWS && part.starts_with(|c: char| c.is_ascii_digit()))
        .map(|(part, report)| Step { label: part, share: report.accuracy, interval: interval(report) })
        .collect();
    let (first, rest) = parts.split_at(parts.len().min(SHOWN));
    html! {
        h3 { (heading) }
        @if is_time && steps.len() > 1 {
            figure {
                h4 { "准确率" }
                div class="bare" { (chart::trend(&steps, "逐月准确率，竖线是 95% 区间", &format!("{}-m", section.id))) }
                figcaption { "竖线是 95% 区间。区间互相重叠的月份，差别可能只是偶然。" }
            }
        }
        (table(what, first))
        @if !rest.is_empty() { details { summary { "其余 " (rest.len()) " 个" } (table(what, rest)) } }
    }
}

fn table(what: &str, parts: &[(&str, &TaskReport)]) -> Markup {
    let accepts = parts.iter().any(|(_, report)| report.accepted.is_some());
    let drifts = parts.iter().any(|(_, report)| report.drift.is_some());
    html! {
        div class="scroll" tabindex="0" {
            table {
                thead { tr {
                    th scope="col" { (what) } th scope="col" { "条数" } th scope="col" { "准确率" } th scope="col" { "前三命中" } th scope="col" { "宏平均 F1" }
                    @if accepts { th scope="col" { "自动处理" } th scope="col" { "其中正确" } }
                    @if drifts { th class="text" scope="col" { "与求阈值时相比" } }
                } }
                tbody {
                    @for (part, report) in parts {
                        tr {
                            th scope="row" class="wrap" { (part) }
                            td { (count(report.rows)) }
                            td { (gauge(report.accuracy)) (percent(report.accuracy)) " " span class="range" { (range(interval(report))) } }
                            td { (percent(report.top3_accuracy)) }
                            td { (format!("{:.3}", report.macro_f1)) }
                            @if accepts {
                                @match &report.accepted {
                                    Some(accepted) => {
                                        td { (percent(accepted.coverage)) }
                                        td { @if accepted.rows == 0 { "–" } @else { (percent(accepted.precision)) }
                                            @if accepted.broken { " " span class="chip bad" { "低于承诺" } } }
                                    }
                                    None => { td { "–" } td { "–" } }
                                }
                            }
                            @if drifts {
                                td class="text" {
                                    @match report.drift.as_ref().map(|drift| drift.level) {
                                        Some(DriftLevel::Stable) => { span class="chip good" { "稳定" } }
                                        Some(DriftLevel::Moderate) => { span class="chip warn" { "有些变化" } }
                                        Some(DriftLevel::Major) => { span class="chip bad" { "已明显不同" } }
                                        None => { "–" }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn interval(report: &TaskReport) -> Interval {
    Interval::wilson((report.accuracy * report.rows as f64).round() as usize, report.rows)
}
