use std::path::Path;

use paidan::{
    Dictionary, EncoderSummary, Evaluator, Example, Model, TaskSettings, TextEncoder, TicketReader,
    TicketRecord, TrainSettings, Trainer, VocabularyPolicy, locate_bundle, task_in_chinese,
};

use super::{ending, read_labelled};
use crate::Ending;
use crate::args::{Machine, TrainArgs};
use crate::failure::Failure;
use crate::labels::{LabelColumn, column_names, labels_of, read_names};
use crate::output::{Output, say};
use crate::progress::{ReadingBar, StageBar, interrupted, watch_interrupt};
use crate::table::Table;

pub(crate) fn train(args: &TrainArgs, machine: &Machine) -> Result<Ending, Failure> {
    if args.out.exists() && !args.force {
        let shown = args.out.display();
        return Err(Failure::usage(format!(
            "`{shown}` is there already: choose another name or add --force"
        )));
    }
    let tasks: Vec<&str> = args.labels.iter().map(|label| label.task.as_str()).collect();
    let mut trainer = Trainer::new(tasks, settings(args)?, user_dictionary(args.user_dict.as_deref())?)?;
    for label in &args.labels {
        trainer.set_kind(&label.task, label.kind.unwrap_or_default());
    }
    if let Some(threads) = machine.threads()? {
        trainer = trainer.threads(threads)?;
    }
    if let Some(encoder) = encoder(args, machine)? {
        trainer = trainer.encoder(encoder);
    }
    // Whatever can be refused is refused before hours of training, not after.
    Model::check_target(&args.out)?;
    let dev = match args.dev.as_slice() {
        [] => None,
        files => {
            let reader = args.data.columns().reader(files)?;
            reader.require_columns(&column_names(&args.labels))?;
            Some(reader)
        }
    };
    let corpus = match args.corpus.as_slice() {
        [] => None,
        files => Some(args.data.columns().reader(files)?),
    };
    watch_interrupt();
    let mut failed = read(args, &mut trainer)?;
    if let Some(corpus) = corpus {
        failed += read_corpus(corpus, &mut trainer)?;
    }
    let bar = StageBar::new();
    let model = trainer.fit(&bar);
    bar.finish();
    let model = model?;
    model.save(&args.out)?;
    let mut output = Output::stdout();
    output.text(&format!("模型已写入 {}\n{}\n", args.out.display(), summary(&model)))?;
    if let Some(dev) = dev {
        let (text, failed_in_dev) = measure(args, machine, dev)?;
        output.text(&text)?;
        failed += failed_in_dev;
    }
    output.finish()?;
    Ok(ending(failed))
}

/// The encoder named, else that of the default bundle, if there is a bundle and it has one.
fn encoder(args: &TrainArgs, machine: &Machine) -> Result<Option<TextEncoder>, Failure> {
    let settings = machine.encoder()?;
    match args.encoder.as_deref() {
        Some("none") => Ok(None),
        Some(folder) => TextEncoder::open(folder, settings).map(Some).map_err(|error| {
            let error = Failure::from(error).in_full();
            Failure::usage(format!(
                "the encoder `{folder}` cannot be used: {error}; name a folder in the layout of Hugging Face, or use \
                 --encoder none"
            ))
        }),
        None => match locate_bundle() {
            Ok(bundle) if bundle.join("manifest.json").exists() => {
                TextEncoder::of_bundle(&bundle, settings).map_err(|error| {
                    let error = Failure::from(error).in_full();
                    Failure::usage(format!(
                        "the encoder of the default bundle `{}` cannot be used: {error}; name another with --encoder, \
                         or use --encoder none",
                        bundle.display()
                    ))
                })
            }
            _ => Ok(None),
        },
    }
}

fn settings(args: &TrainArgs) -> Result<TrainSettings, Failure> {
    let mut settings = TrainSettings { seed: args.seed, ..TrainSettings::default() };
    if args.for_sharing {
        if args.group_column.is_none() {
            return Err(Failure::usage(
                "--for-sharing counts in how many origins an n-gram occurs: add --group-column",
            ));
        }
        settings.vocabulary = VocabularyPolicy::for_sharing();
    }
    if let Some(max) = args.max_features {
        settings.vocabulary.max_features = max;
    }
    for label in &args.labels {
        let mut task = TaskSettings::default();
        for balance in args.class_balance.iter().filter(|balance| balance.task == label.task) {
            task.class_balance = balance.number;
        }
        for relevance in args.relevance.iter().filter(|relevance| relevance.task == label.task) {
            task.relevance = relevance.number;
        }
        for centroid in args.centroid.iter().filter(|centroid| centroid.task == label.task) {
            task.centroid = centroid.number;
        }
        for cost in args.cost.iter().filter(|cost| cost.task == label.task) {
            task.cost = cost.number;
        }
        for weight in args.encoder_weight.iter().filter(|weight| weight.task == label.task) {
            task.embedding_weight = Some(weight.number);
        }
        for file in args.names.iter().filter(|file| file.task == label.task) {
            task.names = read_names(file)?;
        }
        settings.tasks.push((label.task.clone(), task));
    }
    let known = |task: &str| args.labels.iter().any(|label| label.task == task);
    let weights = args.weights.iter().filter_map(|weight| weight.task.as_deref());
    let named = weights.chain(args.names.iter().map(|file| file.task.as_str())).chain(
        args.class_balance
            .iter()
            .chain(&args.cost)
            .chain(&args.relevance)
            .chain(&args.centroid)
            .chain(&args.encoder_weight)
            .map(|setting| setting.task.as_str()),
    );
    match named.into_iter().find(|task| !known(task)) {
        Some(task) => Err(Failure::usage(format!("there is no --label for task `{task}`"))),
        None => Ok(settings),
    }
}

/// The words of --user-dict.
pub(super) fn user_dictionary(path: Option<&Path>) -> Result<Dictionary, Failure> {
    let Some(path) = path else { return Ok(Dictionary::default()) };
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::usage(format!("cannot read `{}`: {error}", path.display())))?;
    Dictionary::parse(&text).map_err(|error| Failure::usage(format!("`{}`: {error}", path.display())))
}

/// Reads all training rows into `trainer`; says of each bad row what is wrong and goes on.
fn read(args: &TrainArgs, trainer: &mut Trainer) -> Result<usize, Failure> {
    let mut reader = args.data.reader()?;
    let mut columns = column_names(&args.labels);
    columns.extend(args.weights.iter().map(|weight| weight.column.as_str()));
    columns.extend(args.group_column.as_deref());
    reader.require_columns(&columns)?;
    let bar = ReadingBar::new(&reader);
    let mut failed = 0;
    while let Some(row) = reader.next() {
        if interrupted() {
            return Err(Failure::Interrupted);
        }
        let pushed = row.map_err(|error| error.to_string()).and_then(|row| {
            let example = example(args, &row)?;
            trainer.push(row.ticket, example);
            Ok(())
        });
        if let Err(message) = pushed {
            say(message);
            failed += 1;
        }
        bar.update(&reader);
    }
    bar.finish(&reader);
    Ok(failed)
}

/// Reads tickets without labels into `trainer`; says of each bad row what is wrong and goes on.
fn read_corpus(mut reader: TicketReader, trainer: &mut Trainer) -> Result<usize, Failure> {
    let bar = ReadingBar::new(&reader);
    let mut failed = 0;
    while let Some(row) = reader.next() {
        if interrupted() {
            return Err(Failure::Interrupted);
        }
        match row {
            Ok(row) => trainer.push_unlabelled(row.ticket),
            Err(error) => {
                say(error);
                failed += 1;
            }
        }
        bar.update(&reader);
    }
    bar.finish(&reader);
    Ok(failed)
}

/// The labels of a row, each of the kind of its column.
pub(super) fn checked_labels(
    row: &TicketRecord,
    columns: &[LabelColumn],
) -> Result<Vec<Option<String>>, String> {
    let labels = labels_of(&row.record, columns);
    for (column, label) in columns.iter().zip(&labels) {
        let kind = column.kind.unwrap_or_default();
        if let Some(problem) = label.as_deref().and_then(|label| kind.problem(label)) {
            let (position, column, kind) = (row.record.position(), &column.column, kind.name());
            return Err(format!("{position}: expected a {kind} in column `{column}`, found {problem}"));
        }
    }
    Ok(labels)
}

fn example(args: &TrainArgs, row: &TicketRecord) -> Result<Example, String> {
    let weight = |label: &LabelColumn| {
        let mut weight = 1.0;
        for column in args.weights.iter().filter(|w| w.task.as_ref().is_none_or(|task| *task == label.task)) {
            let text = row.record.get(&column.column).map(str::trim).unwrap_or_default();
            if text.is_empty() {
                continue;
            }
            let wrong = || {
                format!(
                    "{}: expected a weight of at least 0 in column `{}`",
                    row.record.position(),
                    column.column
                )
            };
            let number: f32 = text.parse().map_err(|_| wrong())?;
            if !number.is_finite() || number < 0.0 {
                return Err(wrong());
            }
            weight *= number;
        }
        Ok(weight)
    };
    Ok(Example {
        labels: checked_labels(row, &args.labels)?,
        weights: args.labels.iter().map(weight).collect::<Result<_, String>>()?,
        group: args.group_column.as_ref().and_then(|column| row.record.get(column)).map(str::to_owned),
    })
}

fn summary(model: &Model) -> String {
    let training = model.summary();
    let mut text = format!("工单 {} 条，词表 {} 项\n\n", training.tickets, training.features);
    let mut table = Table::default();
    table.row(["任务", "标签数", "有标签", "准确率", "前三", "宏F1", "校准误差"]);
    for task in &training.tasks {
        let figure =
            |name: &str| task.metrics.get(name).map_or("–".to_owned(), |value| format!("{value:.4}"));
        table.row([
            task_in_chinese(&task.task).to_owned(),
            task.labels.to_string(),
            task.rows.to_string(),
            figure("accuracy"),
            figure("top3_accuracy"),
            figure("macro_f1"),
            figure("expected_calibration_error"),
        ]);
    }
    text += &table.render();
    if let Some(encoder) = &training.encoder {
        text += &encoder_in_chinese(encoder);
    }
    text += "（以上为交叉验证结果：每条工单由未见过它的模型判断）\n";
    for task in &training.tasks {
        for note in &task.notes {
            text += &format!("{}: {note}\n", task.task);
        }
    }
    text
}

/// What the encoder is worth, in one line.
fn encoder_in_chinese(encoder: &EncoderSummary) -> String {
    let weights = encoder.weights.iter().map(|(task, weight)| format!("{} {weight}", task_in_chinese(task)));
    let weights: Vec<String> = weights.collect();
    let mut line = format!("编码器 {} 维，权重（0 为无帮助，不采用）：{}", encoder.width, weights.join("，"));
    if encoder.truncated > 0 {
        line += &format!("；{} 条超长，只编码开头", encoder.truncated);
    }
    line + "\n"
}

/// Figures of the model just written on the tickets of --dev, and how many of them could not be read.
fn measure(args: &TrainArgs, machine: &Machine, dev: TicketReader) -> Result<(String, usize), Failure> {
    let engine = machine.engine(&args.out)?;
    let tasks: Vec<&str> = args.labels.iter().map(|label| label.task.as_str()).collect();
    let mut evaluator = Evaluator::new(&engine, &tasks)?;
    let (_, failed) = read_labelled(dev, &args.labels, &mut evaluator, |_| None);
    let figures = super::evaluate::figures(&evaluator.finish()?.tasks);
    Ok((format!("开发集 {}\n{figures}", args.dev.join(" ")), failed))
}
