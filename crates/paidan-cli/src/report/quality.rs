use maud::{Markup, html};
use paidan::{DriftLevel, TaskDetails, TaskReport};

use super::Section;
use super::chart::{self, Mark};
use super::numbers::{count, percent, range};
use super::summary::has_one_label;

/// How far probabilities can be trusted, and how much can be handled automatically how well.
pub(super) fn quality(section: &Section<'_>) -> Markup {
    let report = section.report;
    if !has_one_label(section) && report.coverage_at_precision.is_empty() {
        return promises(report);
    }
    html! {
        h3 { "能放手多少" }
        @if let Some(details) = section.details.filter(|_| has_one_label(section)) {
            div class="figures" { (coverage(section, details)) (reliability(section, details)) }
        }
        div class="scroll" tabindex="0" {
            table {
                caption { "若事先就知道最合适的阈值，最多能自动处理多少（上限，不是承诺）" }
                thead { tr { th scope="col" { "要求正确" } th scope="col" { "最多自动处理" } th scope="col" { "那时的阈值" } } }
                tbody {
                    @for at in &report.coverage_at_precision {
                        tr {
                            th scope="row" { (percent(at.precision)) }
                            td { (gauge(at.coverage)) (percent(at.coverage)) }
                            td { @match at.threshold { Some(threshold) => { (format!("{threshold:.3}")) } None => { "–" } } }
                        }
                    }
                }
            }
        }
        (promises(report))
    }
}

fn coverage(section: &Section<'_>, details: &TaskDetails) -> Markup {
    let report = section.report;
    let accepted = report.accepted.as_ref().filter(|accepted| accepted.rows > 0);
    let mark = accepted.map(|accepted| Mark { coverage: accepted.coverage, risk: 1.0 - accepted.precision });
    let promised = accepted.and_then(|accepted| accepted.promised).unwrap_or(0.95);
    html! {
        figure {
            h4 { "自动处理得越多，错得越多" }
            (chart::coverage(&details.curves.coverage, mark, 1.0 - promised, &format!("{}-c", section.id)))
            figcaption {
                "把阈值从高往低放：横轴是自动处理的比例，纵轴是其中错误的比例，浅色带是 95% 区间。"
                @if mark.is_some() { "绿线是现行阈值所在的位置。" } @else { "模型还没有阈值：曲线在红线以下的部分，就是可以争取自动处理的部分。" }
            }
        }
    }
}

fn reliability(section: &Section<'_>, details: &TaskDetails) -> Markup {
    let bins = &details.curves.reliability;
    html! {
        figure {
            h4 { "模型说的概率可信吗" }
            (chart::reliability(bins, &format!("{}-r", section.id)))
            figcaption { "每个点是概率相近的一组工单，竖线是 95% 区间，下方是条数。点在虚线上最好；在虚线下方，是模型过于自信。" }
            details {
                summary { "图中数据" }
                table {
                    thead { tr { th scope="col" { "给出的概率" } th scope="col" { "实际正确" } th scope="col" { "条数" } } }
                    tbody {
                        @for bin in bins {
                            tr {
                                td { (percent(bin.stated)) }
                                td { (percent(bin.right)) " " span class="range" { (range(bin.interval)) } }
                                td { (count(bin.rows)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What became of the bundle's promises on these rows.
fn promises(report: &TaskReport) -> Markup {
    if report.accepted.is_none() && report.candidates.is_none() && report.drift.is_none() {
        return html! {};
    }
    html! {
        h3 { "承诺兑现了吗" }
        div class="scroll" tabindex="0" {
            table {
                thead { tr { th scope="col" { "承诺" } th scope="col" { "这批工单" } th scope="col" { "说好的" } th class="text" scope="col" { "结论" } } }
                tbody {
                    @if let Some(accepted) = &report.accepted {
                        tr {
                            th scope="row" { "自动处理的正确率" }
                            td { @if accepted.rows == 0 { "没有工单" } @else { (percent(accepted.precision)) } }
                            td { (accepted.promised.map_or("–".to_owned(), percent)) }
                            td class="text" { (verdict(accepted.broken, accepted.promised.is_some() && accepted.rows > 0)) }
                        }
                    }
                    @if let Some(candidates) = &report.candidates {
                        tr {
                            th scope="row" { "交人工的候选清单含正确答案" }
                            td { (percent(candidates.coverage)) " " span class="range" { "平均 " (format!("{:.1}", candidates.mean_size)) " 个" } }
                            td { (percent(candidates.promised)) }
                            td class="text" { (verdict(candidates.broken, candidates.rows > 0)) }
                        }
                    }
                    @if let Some(drift) = &report.drift {
                        tr {
                            th scope="row" { "工单与求阈值时相似" }
                            td { "PSI " (format!("{:.2}", drift.probability.psi.max(drift.labels.psi)))
                                " " span class="range" { "概率 " (format!("{:.2}", drift.probability.psi)) "，类别 " (format!("{:.2}", drift.labels.psi)) } }
                            td { "0.10 以下" }
                            td class="text" {
                                @match drift.level {
                                    DriftLevel::Stable => { span class="chip good" { "没有看出变化" } }
                                    DriftLevel::Moderate => { span class="chip warn" { "有些变化" } }
                                    DriftLevel::Major => { span class="chip bad" { "已明显不同" } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn verdict(broken: bool, is_judged: bool) -> Markup {
    html! {
        @if !is_judged { span class="chip" { "无从判断" } }
        @else if broken { span class="chip bad" { "低于承诺，不像偶然" } }
        @else { span class="chip good" { "符合" } }
    }
}

/// A share as a bar.
pub(super) fn gauge(share: f64) -> Markup {
    html! { span class="gauge" style={ "--share:" (format!("{:.1}", share.clamp(0.0, 1.0) * 100.0)) "%" } {} }
}

/// The share of these rows that thresholds found on them would accept; `None` where none could be certified.
pub(super) fn attainable(details: &TaskDetails) -> Option<f64> {
    let search = details.search.as_ref()?;
    let (accepted, _) = search.certified.accepted();
    (accepted > 0).then(|| accepted as f64 / search.rows.max(1) as f64)
}
