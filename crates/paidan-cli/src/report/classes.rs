use maud::{Markup, html};
use paidan::{Certified, ClassFigures, Interval, LabelCertification};

use super::Section;
use super::numbers::{count, need, percent, range};
use super::quality::gauge;
use super::summary::has_one_label;

/// Labels shown at once; the rest unfold.
const SHOWN: usize = 15;

/// Each label by itself, that with the most rows first.
pub(super) fn classes(section: &Section<'_>) -> Markup {
    let mut classes: Vec<&ClassFigures> = section.report.per_class.iter().collect();
    classes.sort_by(|a, b| b.support.cmp(&a.support).then(a.label.cmp(&b.label)));
    let (first, rest) = classes.split_at(classes.len().min(SHOWN));
    html! {
        h3 { "各个类别" }
        (table(section, first, "召回率后面是 95% 区间；条数少的类别，数字只能作参考"))
        @if !rest.is_empty() {
            details {
                summary { "其余 " (rest.len()) " 个类别" }
                (table(section, rest, "其余类别，按条数排列"))
            }
        }
    }
}

fn table(section: &Section<'_>, classes: &[&ClassFigures], caption: &str) -> Markup {
    let certified = certifications(section);
    html! {
        div class="scroll" tabindex="0" {
            table {
                caption { (caption) }
                thead { tr {
                    th scope="col" { "类别" } th scope="col" { "F1" } th scope="col" { "精确率" } th scope="col" { "召回率" }
                    th scope="col" { "实有" } th scope="col" { "判给" }
                    @if certified.is_some() { th class="text" scope="col" { "单独承诺 95%" } }
                } }
                tbody {
                    @for class in classes {
                        @let hits = (class.recall * class.support as f64).round() as usize;
                        tr {
                            th scope="row" class="wrap" { (section.names.of(&class.label)) }
                            td { (gauge(class.f1)) (format!("{:.3}", class.f1)) }
                            td { @if class.predicted == 0 { "–" } @else { (percent(class.precision)) } }
                            td { @if class.support == 0 { "–" } @else {
                                (percent(class.recall)) " " span class="range" { (range(Interval::wilson(hits, class.support))) } } }
                            td { (count(class.support)) }
                            td { (count(class.predicted)) }
                            @if let Some(certified) = &certified { td class="text wrap" { (promise(section, certified, class)) } }
                        }
                    }
                }
            }
        }
    }
}

/// What a search for thresholds on these rows says of each label given.
pub(super) fn certifications<'s>(section: &'s Section<'_>) -> Option<&'s [LabelCertification]> {
    match &section.details.filter(|_| has_one_label(section))?.search.as_ref()?.certified {
        Certified::PerLabel(found) => Some(&found.labels),
        Certified::Pooled(_) => None,
    }
}

fn promise(section: &Section<'_>, certified: &[LabelCertification], class: &ClassFigures) -> Markup {
    let own = certified.iter().find(|own| section.names.label(own.label) == Some(class.label.as_str()));
    html! {
        @match own.map(|own| own.need) {
            None => { span class="range" { "没有判给这一类的工单" } }
            Some(None) => { span class="chip good" { "已够" } }
            Some(Some(more)) => { (need(more)) }
        }
    }
}
