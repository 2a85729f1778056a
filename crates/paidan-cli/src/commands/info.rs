use std::collections::BTreeMap;
use std::path::Path;

use paidan::{
    CandidateRule, Model, Promise, SCHEMA, Task, TaskKind, Thresholds, TrainingSummary, task_in_chinese,
};
use serde::Serialize;

use super::label_in_chinese;
use crate::Ending;
use crate::args::{InfoArgs, Machine};
use crate::failure::Failure;
use crate::output::Output;
use crate::table::Table;

/// What `--json` prints.
#[derive(Serialize)]
struct InfoObject<'a> {
    schema: u32,
    version: &'static str,
    format_version: u32,
    folder: String,
    bytes: u64,
    encoder: Option<EncoderObject>,
    features: usize,
    dictionary_words: usize,
    tasks: Vec<TaskObject<'a>>,
    training: &'a TrainingSummary,
}

#[derive(Serialize)]
struct EncoderObject {
    kind: &'static str,
    /// Numbers in an embedding.
    width: usize,
    bytes: u64,
}

#[derive(Serialize)]
struct TaskObject<'a> {
    task: &'a str,
    /// `label`, `path` or `set`.
    kind: TaskKind,
    threshold: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label_thresholds: Option<LabelThresholds<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    promise: Option<Promise>,
    #[serde(skip_serializing_if = "Option::is_none")]
    candidates: Option<CandidateRule>,
    /// Of a set: the least probability of a label that a ticket gets.
    #[serde(skip_serializing_if = "Option::is_none")]
    set_threshold: Option<f32>,
    labels: Vec<LabelObject<'a>>,
}

/// Null goes to a person.
#[derive(Serialize)]
struct LabelThresholds<'a> {
    labels: BTreeMap<&'a str, Option<f32>>,
    others: Option<f32>,
}

#[derive(Serialize)]
struct LabelObject<'a> {
    label: &'a str,
    name: Option<&'a str>,
}

pub(crate) fn info(args: &InfoArgs, machine: &Machine) -> Result<Ending, Failure> {
    machine.threads()?;
    let folder = args.model.folder()?;
    let model = Model::load(&folder)?;
    if let Some(encoder) = model.encoder() {
        encoder.verify()?;
    }
    let mut output = Output::stdout();
    if args.json {
        output.json_line(&InfoObject {
            schema: SCHEMA,
            version: env!("CARGO_PKG_VERSION"),
            format_version: model.format_version(),
            folder: folder.display().to_string(),
            bytes: bytes(&folder, &model),
            encoder: model.encoder().map(|files| EncoderObject {
                kind: files.kind().name(),
                width: model.embedding_width(),
                bytes: files.bytes(),
            }),
            features: model.vocabulary().len(),
            dictionary_words: model.dictionary().len(),
            tasks: tasks(&model),
            training: model.summary(),
        })?;
    } else {
        output.text(&shown(&folder, &model))?;
    }
    output.finish()?;
    Ok(Ending::Done)
}

fn tasks(model: &Model) -> Vec<TaskObject<'_>> {
    model
        .tasks()
        .iter()
        .map(|task| TaskObject {
            task: task.name(),
            kind: task.kind(),
            threshold: task.threshold(),
            label_thresholds: label_thresholds(task),
            promise: task.risk().promise,
            candidates: task.risk().candidates,
            set_threshold: task.set_threshold(),
            labels: task
                .labels()
                .iter()
                .enumerate()
                .map(|(index, label)| LabelObject { label, name: task.label_name(index) })
                .collect(),
        })
        .collect()
}

fn label_thresholds(task: &Task) -> Option<LabelThresholds<'_>> {
    let Thresholds::PerLabel { labels, others } = &task.risk().thresholds else { return None };
    let named =
        |(index, threshold): (&u32, &Option<f32>)| Some((task.labels().get(*index as usize)?, *threshold));
    Some(LabelThresholds { labels: labels.iter().filter_map(named).collect(), others: *others })
}

fn shown(folder: &Path, model: &Model) -> String {
    let training = model.summary();
    let text = format!(
        "模型 {}\n{:.1} MiB，词表 {} 项，词典 {} 词，训练工单 {} 条，来源 {} 处\n\n",
        folder.display(),
        bytes(folder, model) as f64 / f64::from(1 << 20),
        model.vocabulary().len(),
        model.dictionary().len(),
        training.tickets,
        training.groups,
    );
    let text = match model.encoder() {
        Some(encoder) => {
            let (width, size) = (model.embedding_width(), encoder.bytes() as f64 / f64::from(1 << 20));
            format!("{}编码器 {width} 维，{size:.1} MiB\n\n", text.trim_end().to_owned() + "，")
        }
        None => text,
    };
    let mut table = Table::default();
    table.row(["任务", "标签数", "交叉验证准确率", "阈值", "标签"]);
    for (task, summary) in model.tasks().iter().zip(&training.tasks) {
        let labels = task.labels().iter().enumerate().take(8);
        let labels: Vec<&str> = labels.map(|(i, label)| task.label_name(i).unwrap_or(label)).collect();
        let more = if task.labels().len() > 8 { " …" } else { "" };
        table.row([
            task_in_chinese(task.name()).to_owned(),
            task.labels().len().to_string(),
            summary.metrics.get("accuracy").map_or("–".to_owned(), |value| format!("{value:.4}")),
            match &task.risk().thresholds {
                _ if task.kind() == TaskKind::Set => {
                    format!("多选 {:.3}", task.set_threshold().unwrap_or_default())
                }
                Thresholds::Pooled(threshold) => {
                    threshold.map_or("–".to_owned(), |threshold| format!("{threshold:.3}"))
                }
                Thresholds::PerLabel { .. } => "分类".to_owned(),
            },
            labels.join(" ") + more,
        ]);
    }
    let promises = model.tasks().iter().filter_map(promise_in_chinese);
    text + &table.render() + &promises.collect::<String>()
}

/// What is promised of a task, in one line.
fn promise_in_chinese(task: &Task) -> Option<String> {
    let risk = task.risk();
    let promise = risk.promise?;
    let (precision, confidence) = (promise.precision() * 100.0, promise.confidence() * 100.0);
    let mut line = format!(
        "{}: 自动处理的准确率不低于 {precision}%（置信度 {confidence}%）",
        task_in_chinese(task.name())
    );
    let shown = |threshold: Option<f32>| threshold.map_or("交人工".to_owned(), |t| format!("{t:.3}"));
    match &risk.thresholds {
        Thresholds::Pooled(None) => line += "，未能证明，全部交人工",
        Thresholds::Pooled(Some(_)) => {}
        Thresholds::PerLabel { labels, others } => {
            for (&index, threshold) in labels {
                line += &format!("，{} {}", label_in_chinese(task, index), shown(*threshold));
            }
            line += &format!("，其余各类 {}", shown(*others));
        }
    }
    if let Some(rule) = risk.candidates {
        line += &format!("；人工候选清单覆盖 {}%", rule.coverage() * 100.0);
    }
    Some(line + "\n")
}

/// Bytes of the whole bundle.
fn bytes(folder: &Path, model: &Model) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let files = entries.flatten().filter_map(|entry| entry.metadata().ok()).filter(|m| m.is_file());
    files.map(|file| file.len()).sum::<u64>() + model.encoder().map_or(0, |encoder| encoder.bytes())
}
