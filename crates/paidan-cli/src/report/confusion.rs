use maud::{Markup, html};
use paidan::{ConfusedPair, ConfusionMatrix, TaskDetails};

use super::Section;
use super::numbers::count;
use super::summary::has_one_label;

/// Pairs shown at once; the rest unfold.
const SHOWN: usize = 10;

/// Which labels are taken for which, and the words that mislead.
pub(super) fn confusion(section: &Section<'_>) -> Markup {
    let Some(details) = section.details.filter(|_| has_one_label(section)) else {
        return pairs_only(section);
    };
    let (first, rest) = details.confused.split_at(details.confused.len().min(SHOWN));
    html! {
        h3 { "容易混淆的类别" }
        @if details.confused.is_empty() {
            p { "没有判错的工单。" }
        } @else {
            (pairs(section, details, first))
            @if !rest.is_empty() {
                details { summary { "再看 " (rest.len()) " 对" } (pairs(section, details, rest)) }
            }
            (matrix(section, &details.matrix))
        }
    }
}

fn pairs(section: &Section<'_>, details: &TaskDetails, pairs: &[ConfusedPair]) -> Markup {
    let support = |pair: &ConfusedPair| {
        let label = section.names.label(pair.truth?)?;
        section.report.per_class.iter().find(|class| class.label == label).map(|class| class.support)
    };
    let has_words = details.confused.iter().any(|pair| !pair.words.is_empty());
    html! {
        div class="scroll" tabindex="0" {
            table {
                caption { "判错最多的几对"
                    @if has_words { "；右边是把模型引向错误的词，以及在几条工单里起了作用（只列多条工单共有的词）" } }
                thead { tr {
                    th scope="col" { "实际是" } th class="text" scope="col" { "判成了" } th scope="col" { "条数" } th scope="col" { "占实际" }
                    @if has_words { th class="text" scope="col" { "起作用的词" } }
                } }
                tbody {
                    @for pair in pairs {
                        tr {
                            th scope="row" class="wrap" { (section.names.at(pair.truth)) }
                            td class="text wrap" { (section.names.at(pair.given)) }
                            td { (count(pair.rows)) }
                            td { @match support(pair) { Some(of) => { (format!("{:.0}%", pair.rows as f64 / of.max(1) as f64 * 100.0)) } None => { "–" } } }
                            @if has_words {
                                td class="text wrap words" {
                                    @for (word, tickets) in &pair.words { span { (word) small { (tickets) } } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Shares of each row; the diagonal is what was right.
fn matrix(section: &Section<'_>, matrix: &ConfusionMatrix) -> Markup {
    let has_others = matrix.counts.last().is_some_and(|row| row.iter().any(|cell| *cell > 0))
        || matrix.counts.iter().any(|row| row.last().is_some_and(|cell| *cell > 0));
    let size = matrix.labels.len() + usize::from(has_others);
    let name = |place: usize| matrix.labels.get(place).map_or("其他", |label| section.names.at(*label));
    html! {
        details open[size <= 8] {
            summary { "混淆矩阵" @if has_others { "（条数最多的 " (matrix.labels.len()) " 个类别）" } }
            div class="scroll" tabindex="0" {
                table class="matrix" {
                    caption { "每一行是实际的类别，每一列是判成的类别，数字是条数，颜色按占该行的比例" }
                    thead { tr { td {} @for place in 0..size { th scope="col" { span { (name(place)) } } } } }
                    tbody {
                        @for (row, counts) in matrix.counts.iter().take(size).enumerate() {
                            @let sum = counts.iter().sum::<usize>().max(1);
                            tr {
                                th scope="row" { (name(row)) }
                                @for (column, cell) in counts.iter().take(size).enumerate() {
                                    @let is_right = row == column && row < matrix.labels.len();
                                    @let share = format!("--share:{:.0}", *cell as f64 / sum as f64 * 100.0);
                                    @if *cell == 0 { td class="none" { "·" } }
                                    @else if row >= matrix.labels.len() && column >= matrix.labels.len() { td { (count(*cell)) } }
                                    @else if is_right { td class="right" style=(share) { (count(*cell)) } }
                                    @else { td style=(share) { (count(*cell)) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Where there are no details: what the figures themselves say.
fn pairs_only(section: &Section<'_>) -> Markup {
    let mistakes = &section.report.confusion;
    if mistakes.is_empty() {
        return html! {};
    }
    html! {
        h3 { "容易混淆的类别" }
        div class="scroll" tabindex="0" {
            table {
                thead { tr { th scope="col" { "实际是" } th class="text" scope="col" { "判成了" } th scope="col" { "条数" } } }
                tbody {
                    @for (truth, given, rows) in mistakes.iter().take(SHOWN) {
                        tr {
                            th scope="row" class="wrap" { (section.names.of(truth)) }
                            td class="text wrap" { (section.names.of(given)) }
                            td { (count(*rows)) }
                        }
                    }
                }
            }
        }
    }
}
