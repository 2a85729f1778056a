use std::collections::BTreeMap;

use paidan::{Certification, Evaluator, Model, Promise, SCHEMA, task_in_chinese};
use serde::Serialize;

use super::{ending, read_labelled};
use crate::Ending;
use crate::args::{FindThresholdsArgs, Machine};
use crate::failure::Failure;
use crate::labels::column_names;
use crate::output::Output;
use crate::table::Table;

/// What `--json` prints.
#[derive(Serialize)]
struct ThresholdsObject {
    schema: u32,
    target_precision: f64,
    confidence: f64,
    failed_rows: usize,
    tasks: BTreeMap<String, ThresholdObject>,
}

/// `threshold` is null where nothing could be certified.
#[derive(Serialize)]
struct ThresholdObject {
    threshold: Option<f32>,
    rows: usize,
    accepted: usize,
    right: usize,
    least_rows: Option<usize>,
}

pub(crate) fn find_thresholds(args: &FindThresholdsArgs, machine: &Machine) -> Result<Ending, Failure> {
    let promise = Promise::new(args.target_precision, args.confidence)?;
    let folder = args.model.folder()?;
    Model::check_target(&folder)?;
    let reader = args.data.reader()?;
    reader.require_columns(&column_names(&args.labels))?;
    let engine = args.model.engine(machine)?;
    let tasks: Vec<&str> = args.labels.iter().map(|label| label.task.as_str()).collect();
    let mut evaluator = Evaluator::new(&engine, &tasks)?;
    let (_, failed) = read_labelled(reader, &args.labels, &mut evaluator, |_| None);
    let found = evaluator.find_thresholds(promise);
    let mut model = engine.with_model(Model::clone);
    for (task, certification) in &found {
        model.set_threshold(task, threshold(certification));
    }
    model.save(&folder)?;
    let mut output = Output::stdout();
    if args.json {
        let tasks = found.iter().map(|(task, certification)| (task.clone(), object(certification)));
        output.json_line(&ThresholdsObject {
            schema: SCHEMA,
            target_precision: args.target_precision,
            confidence: args.confidence,
            failed_rows: failed,
            tasks: tasks.collect(),
        })?;
    } else {
        output.text(&shown(&found, args))?;
    }
    output.finish()?;
    Ok(ending(failed))
}

fn threshold(certification: &Certification) -> Option<f32> {
    match certification {
        Certification::Certified { threshold, .. } => Some(*threshold),
        Certification::NotCertified { .. } => None,
    }
}

fn object(certification: &Certification) -> ThresholdObject {
    match *certification {
        Certification::Certified { threshold, accepted, right, rows } => {
            ThresholdObject { threshold: Some(threshold), rows, accepted, right, least_rows: None }
        }
        Certification::NotCertified { rows, least_rows } => {
            ThresholdObject { threshold: None, rows, accepted: 0, right: 0, least_rows: Some(least_rows) }
        }
    }
}

fn shown(found: &[(String, Certification)], args: &FindThresholdsArgs) -> String {
    let (precision, confidence) = (args.target_precision * 100.0, args.confidence * 100.0);
    let mut text =
        format!("承诺：自动处理的准确率不低于 {precision}%，置信度 {confidence}%；阈值已写入模型\n\n");
    let mut table = Table::default();
    table.row(["任务", "阈值", "自动处理", "其中正确", "条数"]);
    for (task, certification) in found {
        let cells = match *certification {
            Certification::Certified { threshold, accepted, right, rows } => {
                let share =
                    |part: usize, of: usize| format!("{:.1}%", part as f64 / of.max(1) as f64 * 100.0);
                [format!("{threshold:.4}"), share(accepted, rows), share(right, accepted), rows.to_string()]
            }
            Certification::NotCertified { rows, least_rows } => {
                let needed = format!("无法证明，全部交人工（至少要有 {least_rows} 条高概率工单且全部正确）");
                [needed, "0.0%".to_owned(), "–".to_owned(), rows.to_string()]
            }
        };
        table.row([task_in_chinese(task).to_owned()].into_iter().chain(cells));
    }
    text += &table.render();
    text + "（承诺只对与这批工单相似的工单成立；这批工单不能用于训练）\n"
}
