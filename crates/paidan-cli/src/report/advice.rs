use maud::{Markup, html};
use paidan::{DriftLevel, Need, task_in_chinese};

use super::Section;
use super::classes::certifications;
use super::numbers::{count, percent};
use super::quality::attainable;
use super::summary::has_one_label;

/// How pressing a piece of advice is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    Must,
    Should,
    May,
}

/// A calibration error beyond this misleads who reads probabilities.
const CALIBRATED: f64 = 0.03;
/// A pair of this share of all mistakes is worth a rule.
const SHARE_OF_MISTAKES: f64 = 0.05;
/// Labels named in one piece of advice.
const NAMED: usize = 8;
/// Tickets that can be labelled in about a week.
const WITHIN_REACH: usize = 400;

/// What to do next, the most pressing first.
pub(super) fn advice(section: &Section<'_>) -> Markup {
    let mut advice = Vec::new();
    promises(section, &mut advice);
    rows(section, &mut advice);
    if section.report.expected_calibration_error > CALIBRATED {
        let error = format!("{:.3}", section.report.expected_calibration_error);
        let text =
            format!("概率偏差 {error}，超过 {CALIBRATED}：用本地的工单重新训练，或只看排序、不看概率。");
        advice.push((Weight::Should, text));
    }
    if section.report.unknown_labels > 0 {
        let rows = count(section.report.unknown_labels);
        advice.push((
            Weight::Should,
            format!("{rows} 条工单的标签模型没有学过：核对标签写法，或带上这些工单重新训练。"),
        ));
    }
    pairs(section, &mut advice);
    advice.sort_by_key(|(weight, _)| *weight);
    html! {
        h3 { "下一步" }
        @if advice.is_empty() {
            p { "没有需要马上做的事：按月重新评测即可。" }
        } @else {
            ol class="advice" {
                @for (weight, text) in &advice {
                    li {
                        @match weight {
                            Weight::Must => { span class="chip bad" { "要紧" } }
                            Weight::Should => { span class="chip warn" { "建议" } }
                            Weight::May => { span class="chip" { "可以" } }
                        }
                        p { (text) }
                    }
                }
            }
        }
    }
}

fn promises(section: &Section<'_>, advice: &mut Vec<(Weight, String)>) {
    let report = section.report;
    let again = "请用最近、未参与训练的工单重新运行 find-thresholds。";
    if report.accepted.as_ref().is_some_and(|accepted| accepted.broken) {
        advice.push((Weight::Must, format!("自动处理的正确率低于承诺，不像偶然：先停用自动派单，{again}")));
    }
    if report.candidates.as_ref().is_some_and(|candidates| candidates.broken) {
        advice.push((Weight::Should, format!("候选清单含正确答案的比例低于承诺：{again}")));
    }
    match report.drift.as_ref().map(|drift| drift.level) {
        Some(DriftLevel::Major) => {
            advice.push((Weight::Must, format!("工单与求阈值时已明显不同，承诺靠不住：{again}")));
        }
        Some(DriftLevel::Moderate) => {
            advice.push((Weight::May, "工单与求阈值时有些不同：下个月再评测一次，留意准确率。".to_owned()));
        }
        _ => {}
    }
    if report.accepted.is_none() && has_one_label(section) {
        let task = task_in_chinese(&report.task);
        let text = match section.details.and_then(attainable) {
            Some(share) => format!(
                "{task}还没有自动派单的阈值。以这批工单试算，承诺 95% 正确、95% 把握，可自动处理约 {}：若它们未参与训练，\
                 运行 find-thresholds 即可启用。",
                percent(share)
            ),
            None => {
                format!("{task}还没有自动派单的阈值；以这批工单试算，也还证明不了 95% 正确，先补标注工单。")
            }
        };
        advice.push((Weight::Should, text));
    }
}

/// Which labels need how many more rows.
fn rows(section: &Section<'_>, advice: &mut Vec<(Weight, String)>) {
    let Some(certified) = certifications(section) else { return };
    let mut near: Vec<(usize, &str)> = Vec::new();
    let mut hopeless: Vec<&str> = Vec::new();
    for label in certified {
        let name = section.names.at(label.label);
        match label.need {
            Some(Need::About { rows } | Need::AtLeast { rows }) if rows <= WITHIN_REACH => {
                near.push((rows, name))
            }
            Some(Need::BetterModel) => hopeless.push(name),
            _ => {}
        }
    }
    near.sort_unstable();
    if !near.is_empty() {
        let named: Vec<String> =
            near.iter().take(NAMED).map(|(rows, name)| format!("{name}（{} 条）", count(*rows))).collect();
        let more = if near.len() > NAMED { format!("等 {} 类", near.len()) } else { String::new() };
        advice.push((
            Weight::Should,
            format!(
                "再标注少量工单就可能单独承诺 95% 正确：{}{more}。各类所需条数见“各个类别”。",
                named.join("、")
            ),
        ));
    }
    if !hopeless.is_empty() {
        let named = hopeless.iter().take(NAMED).copied().collect::<Vec<_>>().join("、");
        let more = if hopeless.len() > NAMED { format!("等 {} 类", hopeless.len()) } else { String::new() };
        advice.push((
            Weight::May,
            format!("单靠加标注不够：{named}{more}。先与业务部门核对类别的界线，或合并、拆分类别，再训练。"),
        ));
    }
}

/// Pairs that make up a good part of all mistakes.
fn pairs(section: &Section<'_>, advice: &mut Vec<(Weight, String)>) {
    let Some(details) = section.details else { return };
    let mistakes = section.report.rows as f64 * (1.0 - section.report.accuracy);
    let is_frequent = |rows: usize| rows >= 3 && rows as f64 >= SHARE_OF_MISTAKES * mistakes;
    let named: Vec<String> = details
        .confused
        .iter()
        .filter(|pair| is_frequent(pair.rows))
        .take(3)
        .map(|pair| {
            let (truth, given) = (section.names.at(pair.truth), section.names.at(pair.given));
            format!("“{truth}”判成“{given}”（{} 条）", count(pair.rows))
        })
        .collect();
    if !named.is_empty() {
        let text = format!("错误集中在{}：写明两者的界线，补充界线附近的标注工单。", named.join("、"));
        advice.push((Weight::May, text));
    }
}
