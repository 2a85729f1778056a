//! The report in Chinese that `evaluate --report` writes: one HTML file without scripts, nothing fetched.
//!
//! | file | what |
//! | --- | --- |
//! | `style.css` | the look: light and dark, narrow and wide, on paper |
//! | `summary.rs` | the figures of a task in one sentence and six cards |
//! | `quality.rs` | reliability, risk against coverage, promises, drift |
//! | `classes.rs` | each label by itself |
//! | `confusion.rs` | which labels are taken for which, by which words |
//! | `slices.rs` | by month, by channel, by a column |
//! | `advice.rs` | what to do next |
//! | `chart/` | the charts, as SVG |
//!
//! Everything that comes from the user passes through `maud`, which escapes it.

mod advice;
mod chart;
mod classes;
mod confusion;
mod names;
mod numbers;
mod quality;
mod slices;
mod summary;

use std::collections::BTreeMap;

use maud::{DOCTYPE, Markup, PreEscaped, html};
use paidan::{Engine, Evaluation, EvaluationDetails, TaskDetails, TaskReport, task_in_chinese};

use names::Names;
use numbers::count;

const STYLE: &str = include_str!("style.css");

/// What is reported on.
pub(crate) struct Report<'a> {
    pub(crate) evaluation: &'a Evaluation,
    pub(crate) details: &'a EvaluationDetails,
    /// Files that were read.
    pub(crate) files: &'a [String],
    pub(crate) rows: usize,
    /// Rows that could not be read.
    pub(crate) failed_rows: usize,
    /// The column that `evaluation.slices` are values of, where that is neither month nor channel.
    pub(crate) column: Option<&'a str>,
}

/// What the sections on one task are made of.
struct Section<'a> {
    report: &'a TaskReport,
    details: Option<&'a TaskDetails>,
    names: Names,
    /// Begins the ids of its parts.
    id: String,
}

impl Report<'_> {
    /// The whole page.
    pub(crate) fn page(&self, engine: &Engine) -> String {
        let tasks = self.evaluation.tasks.iter().enumerate();
        let section = |(index, report): (usize, &'_ TaskReport)| {
            let names = engine.with_model(|model| Names::new(model, &report.task));
            (index, names)
        };
        let names: Vec<Names> = tasks.map(section).map(|(_, names)| names).collect();
        let sections: Vec<Section<'_>> = self
            .evaluation
            .tasks
            .iter()
            .zip(names)
            .enumerate()
            .map(|(index, (report, names))| Section {
                report,
                details: self.details.tasks.get(index),
                names,
                id: format!("t{}", index + 1),
            })
            .collect();
        self.markup(&sections).into_string() + "\n"
    }

    fn markup(&self, sections: &[Section<'_>]) -> Markup {
        html! {
            (DOCTYPE)
            html lang="zh-CN" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { "派单模型评测报告" }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    header class="page" {
                        p class="kicker" { "市民热线 · 派单" }
                        h1 { "派单模型评测报告" }
                        (self.meta())
                        @if sections.len() > 1 {
                            nav aria-label="任务" {
                                ul class="tasks" {
                                    @for section in sections {
                                        li { a href={ "#" (section.id) } { (task_in_chinese(&section.report.task)) } }
                                    }
                                }
                            }
                        }
                    }
                    main {
                        @for section in sections { (self.section(section)) }
                    }
                    footer class="page" { (glossary()) }
                }
            }
        }
    }

    fn meta(&self) -> Markup {
        html! {
            dl class="meta" {
                div { dt { "数据" } dd { (self.files.join("，")) } }
                div { dt { "工单" } dd { (count(self.rows)) " 条"
                    @if self.failed_rows > 0 { "，另有 " (count(self.failed_rows)) " 条读不出" } } }
                @if let Some(span) = span(&self.details.months) { div { dt { "时间" } dd { (span) } } }
                div { dt { "程序" } dd { "paidan " (env!("CARGO_PKG_VERSION")) } }
            }
        }
    }

    fn section(&self, section: &Section<'_>) -> Markup {
        let report = section.report;
        html! {
            section class="task" id=(section.id) aria-labelledby={ (section.id) "-h" } {
                div class="heading" {
                    h2 id={ (section.id) "-h" } { (task_in_chinese(&report.task)) }
                    code { (report.task) }
                }
                @if report.rows == 0 {
                    p { "没有一条工单带有这个任务的标签。" }
                } @else {
                    (summary::summary(section))
                    (advice::advice(section))
                    (quality::quality(section))
                    (slices::slices("按月", "月份", section, &self.details.months))
                    (slices::slices("按渠道", "渠道", section, &self.details.channels))
                    @if let Some(column) = self.column {
                        (slices::slices(&format!("按“{column}”"), column, section, &self.evaluation.slices))
                    }
                    (confusion::confusion(section))
                    (classes::classes(section))
                }
            }
        }
    }
}

/// From the first month to the last.
fn span(months: &BTreeMap<String, Vec<TaskReport>>) -> Option<String> {
    let known = || months.keys().filter(|month| month.starts_with(|c: char| c.is_ascii_digit()));
    let (first, last) = (known().next()?, known().next_back()?);
    Some(if first == last { first.clone() } else { format!("{first} 至 {last}") })
}

fn glossary() -> Markup {
    html! {
        h2 { "名词" }
        dl {
            div { dt { "95% 区间" } dd { "换一批同样的工单，数值会有出入；二十次里约有十九次落在这个范围。工单越多，范围越窄。" } }
            div { dt { "精确率与召回率" } dd { "判给某一类的工单里有多少判对，是精确率；这一类的工单里有多少被找出来，是召回率。F1 是两者的调和平均。" } }
            div { dt { "自动处理与阈值" } dd { "模型给出的概率达到阈值的工单不经人工直接派出，其余交人工。阈值由 find-thresholds 在未参与训练的工单上求得。" } }
            div { dt { "承诺" } dd { "“95% 准确、95% 把握”是说：阈值求得之后，自动处理的工单至少 95% 正确，这句话本身有 95% 的把握成立，前提是工单与求阈值时相似。" } }
            div { dt { "校准误差" } dd { "模型说“八成把握”时是否真有八成正确。0 最好，0.03 以内可以放心当概率用。" } }
            div { dt { "PSI" } dd { "两批工单分布差异的指数：0.1 以下稳定，0.25 以上已经不同。" } }
        }
    }
}
