use std::collections::BTreeMap;

use paidan::{
    CandidateFigures, CandidateFit, Certification, Certified, Evaluator, FoundThresholds, LabelCertification,
    MAX_CANDIDATES, Model, Need, PerLabel, Promise, SCHEMA, Task, ThresholdSearch, task_in_chinese,
};
use serde::Serialize;

use super::{ending, label_in_chinese, percent, read_labelled};
use crate::Ending;
use crate::args::{FindThresholdsArgs, Machine};
use crate::failure::Failure;
use crate::labels::{check_kinds, column_names};
use crate::output::{Output, say};
use crate::table::Table;

/// What `--json` prints.
#[derive(Serialize)]
struct ThresholdsObject<'a> {
    schema: u32,
    target_precision: f64,
    confidence: f64,
    failed_rows: usize,
    tasks: BTreeMap<&'a str, ThresholdObject<'a>>,
}

/// `threshold` is null where nothing could be certified, and where thresholds are per class.
#[derive(Serialize)]
struct ThresholdObject<'a> {
    threshold: Option<f32>,
    rows: usize,
    accepted: usize,
    right: usize,
    least_rows: Option<usize>,
    need: Option<Need>,
    #[serde(skip_serializing_if = "Option::is_none")]
    per_class: Option<Vec<ClassObject<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    others: Option<GroupObject>,
    candidates: CandidateFit,
    candidate_figures: &'a Option<CandidateFigures>,
}

/// A class; where `own` is false it shares the threshold of the others.
#[derive(Serialize)]
struct ClassObject<'a> {
    label: &'a str,
    name: Option<&'a str>,
    own: bool,
    threshold: Option<f32>,
    rows: usize,
    accepted: usize,
    right: usize,
    need: Option<Need>,
}

#[derive(Serialize)]
struct GroupObject {
    threshold: Option<f32>,
    rows: usize,
    need: Option<Need>,
}

pub(crate) fn find_thresholds(args: &FindThresholdsArgs, machine: &Machine) -> Result<Ending, Failure> {
    let promise = Promise::new(args.target_precision, args.confidence)?;
    let search =
        ThresholdSearch::new(promise).per_label(args.per_class).candidate_coverage(args.set_coverage)?;
    let folder = args.model.folder()?;
    Model::check_target(&folder)?;
    let reader = args.data.reader()?;
    reader.require_columns(&column_names(&args.labels))?;
    let engine = args.model.engine(machine)?;
    check_kinds(&engine, &args.labels)?;
    let tasks: Vec<&str> = args.labels.iter().map(|label| label.task.as_str()).collect();
    let mut evaluator = Evaluator::new(&engine, &tasks)?;
    let (_, failed) = read_labelled(reader, &args.labels, &mut evaluator, |_| None);
    let found = evaluator.find_thresholds(search)?;
    let mut model = engine.with_model(Model::clone);
    for (task, found) in &found {
        warn_of_learnt_rows(&model, task, found);
        model.set_risk(task, found.risk.clone());
    }
    model.save(&folder)?;
    let found: Vec<(&Task, &FoundThresholds)> = found
        .iter()
        .filter_map(|(name, found)| Some((model.tasks().iter().find(|task| task.name() == name)?, found)))
        .collect();
    let mut output = Output::stdout();
    if args.json {
        output.json_line(&ThresholdsObject {
            schema: SCHEMA,
            target_precision: args.target_precision,
            confidence: args.confidence,
            failed_rows: failed,
            tasks: found.iter().map(|(task, found)| (task.name(), object(task, found))).collect(),
        })?;
    } else {
        output.text(&shown(&found, args))?;
    }
    output.finish()?;
    Ok(ending(failed))
}

/// A promise made on rows that the model has learnt by heart would be an empty one.
fn warn_of_learnt_rows(model: &Model, task: &str, found: &FoundThresholds) {
    let summary = model.summary().tasks.iter().find(|summary| summary.task == task);
    let Some(summary) = summary.filter(|summary| summary.looks_learnt(found.rows, found.right)) else {
        return;
    };
    let expected = summary.metrics.get("accuracy").copied().unwrap_or_default() * 100.0;
    say(format_args!(
        "task `{task}`: expected about {expected:.1} % right answers, as in cross-validation, found {}: if the \
         model was trained on these rows, nothing is promised; use rows that it has not seen",
        percent(found.right, found.rows)
    ));
}

fn object<'a>(task: &'a Task, found: &'a FoundThresholds) -> ThresholdObject<'a> {
    let (accepted, right) = found.certified.accepted();
    let (pooled, per_label) = match &found.certified {
        Certified::Pooled(certification) => (Some(certification), None),
        Certified::PerLabel(found) => (None, Some(found)),
    };
    let class = |class: &LabelCertification| ClassObject {
        label: task.labels().get(class.label as usize).unwrap_or_default(),
        name: task.label_name(class.label as usize),
        own: class.is_own,
        threshold: class.threshold,
        rows: class.rows,
        accepted: class.accepted,
        right: class.right,
        need: class.need,
    };
    ThresholdObject {
        threshold: pooled.and_then(Certification::threshold),
        rows: found.rows,
        accepted,
        right,
        least_rows: pooled.and_then(|certification| match certification {
            Certification::Certified { .. } => None,
            Certification::NotCertified { least_rows, .. } => Some(*least_rows),
        }),
        need: pooled.and_then(need),
        per_class: per_label.map(|found| found.labels.iter().map(class).collect()),
        others: per_label.map(|found| GroupObject {
            threshold: found.others.threshold(),
            rows: rows(&found.others),
            need: need(&found.others),
        }),
        candidates: found.candidates,
        candidate_figures: &found.candidate_figures,
    }
}

fn need(certification: &Certification) -> Option<Need> {
    match certification {
        Certification::Certified { .. } => None,
        Certification::NotCertified { need, .. } => Some(*need),
    }
}

fn rows(certification: &Certification) -> usize {
    match certification {
        Certification::Certified { rows, .. } | Certification::NotCertified { rows, .. } => *rows,
    }
}

fn shown(found: &[(&Task, &FoundThresholds)], args: &FindThresholdsArgs) -> String {
    let (precision, confidence) = (args.target_precision * 100.0, args.confidence * 100.0);
    let scope = if args.per_class { "每个单列的类别、以及其余各类合计，" } else { "" };
    let mut text =
        format!("承诺：{scope}自动处理的准确率不低于 {precision}%，置信度 {confidence}%；阈值已写入模型\n\n");
    let mut table = Table::default();
    table.row(["任务", "阈值", "自动处理", "其中正确", "条数"]);
    for (task, found) in found {
        let (accepted, right) = found.certified.accepted();
        let threshold = match &found.certified {
            Certified::Pooled(certification) => threshold_in_chinese(certification),
            Certified::PerLabel(_) => "见下表".to_owned(),
        };
        let precision = if accepted == 0 { "–".to_owned() } else { percent(right, accepted) };
        let share = percent(accepted, found.rows);
        let task = task_in_chinese(task.name()).to_owned();
        table.row([task, threshold, share, precision, found.rows.to_string()]);
    }
    text += &table.render();
    for (task, found) in found {
        if let Certified::PerLabel(classes) = &found.certified {
            text += &format!("\n{}\n{}", task_in_chinese(task.name()), classes_in_chinese(task, classes));
        }
    }
    text.push('\n');
    for (task, found) in found {
        let candidates = candidates_in_chinese(found, args);
        text += &format!("{}的候选清单：{candidates}\n", task_in_chinese(task.name()));
    }
    text + "（承诺只对与这批工单相似的工单成立；这批工单不能用于训练）\n"
}

fn threshold_in_chinese(certification: &Certification) -> String {
    match certification {
        Certification::Certified { threshold, .. } => format!("{threshold:.4}"),
        Certification::NotCertified { need, .. } => {
            format!("无法证明，全部交人工：{}", need_in_chinese(*need))
        }
    }
}

fn need_in_chinese(need: Need) -> String {
    match need {
        Need::About { rows } => format!("还需约 {rows} 条已标注工单"),
        Need::AtLeast { rows } => format!("还看不准，至少还需 {rows} 条已标注工单"),
        Need::BetterModel => "概率最高的也不够准，加标注工单不够，需改进模型".to_owned(),
    }
}

fn classes_in_chinese(task: &Task, found: &PerLabel) -> String {
    let mut table = Table::default();
    table.row(["判为", "阈值", "自动处理", "其中正确", "条数", "要单列承诺"]);
    for class in &found.labels {
        let threshold = match (class.threshold, class.is_own) {
            (Some(threshold), true) => format!("{threshold:.4}"),
            (Some(threshold), false) => format!("{threshold:.4}（合计）"),
            (None, true) => "无法证明，交人工".to_owned(),
            (None, false) => "交人工（合计）".to_owned(),
        };
        let accepted = class.accepted;
        table.row([
            label_in_chinese(task, class.label).to_owned(),
            threshold,
            percent(accepted, class.rows),
            if accepted == 0 { "–".to_owned() } else { percent(class.right, accepted) },
            class.rows.to_string(),
            class.need.map_or("已单列".to_owned(), need_in_chinese),
        ]);
    }
    let others =
        format!("其余各类合计 {} 条，阈值 {}", rows(&found.others), threshold_in_chinese(&found.others));
    table.render() + &format!("{others}（每类所需条数指判为该类的工单）\n")
}

fn candidates_in_chinese(found: &FoundThresholds, args: &FindThresholdsArgs) -> String {
    let coverage = args.set_coverage * 100.0;
    match (&found.candidates, &found.candidate_figures) {
        (CandidateFit::Found(_), Some(figures)) => format!(
            "交人工的 {} 条平均列 {:.1} 个，含正确答案的不低于 {coverage}%，置信度 {}%",
            figures.rows,
            figures.mean_size,
            args.confidence * 100.0
        ),
        (CandidateFit::TooLong { reached }, _) => format!(
            "无。列 {MAX_CANDIDATES} 个也只有 {:.1}% 含正确答案，达不到 {coverage}%：可用 --set-coverage 降低要求",
            reached * 100.0
        ),
        (CandidateFit::TooFewRows { least_rows }, _) => {
            format!("无。交人工的工单少于 {least_rows} 条，无法证明")
        }
        (CandidateFit::Found(_), None) => String::new(),
    }
}
