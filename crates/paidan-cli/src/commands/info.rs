use std::path::Path;

use paidan::{FORMAT_VERSION, Model, SCHEMA, TrainingSummary, task_in_chinese};
use serde::Serialize;

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
    encoder: Option<&'a str>,
    features: usize,
    dictionary_words: usize,
    tasks: Vec<TaskObject<'a>>,
    training: &'a TrainingSummary,
}

#[derive(Serialize)]
struct TaskObject<'a> {
    task: &'a str,
    threshold: Option<f32>,
    labels: Vec<LabelObject<'a>>,
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
    let mut output = Output::stdout();
    if args.json {
        output.json_line(&InfoObject {
            schema: SCHEMA,
            version: env!("CARGO_PKG_VERSION"),
            format_version: FORMAT_VERSION,
            folder: folder.display().to_string(),
            bytes: bytes(&folder),
            encoder: None,
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
            threshold: task.threshold(),
            labels: task
                .labels()
                .iter()
                .enumerate()
                .map(|(index, label)| LabelObject { label, name: task.label_name(index) })
                .collect(),
        })
        .collect()
}

fn shown(folder: &Path, model: &Model) -> String {
    let training = model.summary();
    let text = format!(
        "模型 {}\n{:.1} MiB，词表 {} 项，词典 {} 词，训练工单 {} 条，来源 {} 处\n\n",
        folder.display(),
        bytes(folder) as f64 / f64::from(1 << 20),
        model.vocabulary().len(),
        model.dictionary().len(),
        training.tickets,
        training.groups,
    );
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
            task.threshold().map_or("–".to_owned(), |threshold| format!("{threshold:.3}")),
            labels.join(" ") + more,
        ]);
    }
    text + &table.render()
}

fn bytes(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    entries.flatten().filter_map(|entry| entry.metadata().ok()).filter(|m| m.is_file()).map(|m| m.len()).sum()
}
