//! Arguments of the form `TASK=…`.

use std::path::PathBuf;
use std::str::FromStr;

use paidan::{Engine, Record, RecordReader, Source, TaskKind, TicketRecord, month};

use crate::failure::Failure;

/// `TASK=COLUMN[:path|:set]`
#[derive(Clone, Debug)]
pub(crate) struct LabelColumn {
    pub(crate) task: String,
    pub(crate) column: String,
    /// `None` where it is not said: a label in training, else as the model has it.
    pub(crate) kind: Option<TaskKind>,
}

/// `[TASK=]COLUMN`
#[derive(Clone, Debug)]
pub(crate) struct WeightColumn {
    pub(crate) task: Option<String>,
    pub(crate) column: String,
}

/// `TASK=FILE`
#[derive(Clone, Debug)]
pub(crate) struct TaskFile {
    pub(crate) task: String,
    pub(crate) file: PathBuf,
}

/// `TASK=NUMBER`
#[derive(Clone, Debug)]
pub(crate) struct TaskNumber {
    pub(crate) task: String,
    pub(crate) number: f32,
}

/// What rows are parted by: `month`, `channel` or the name of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum By {
    Month,
    Channel,
    Column(String),
}

impl FromStr for By {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "" => Err("expected `month`, `channel` or a column".to_owned()),
            "month" => Ok(Self::Month),
            "channel" => Ok(Self::Channel),
            column => Ok(Self::Column(column.to_owned())),
        }
    }
}

impl By {
    /// The part that a row belongs to.
    pub(crate) fn part(&self, row: &TicketRecord) -> String {
        let known = |value: Option<&str>, unknown: &str| {
            value.map(str::trim).filter(|value| !value.is_empty()).unwrap_or(unknown).to_owned()
        };
        match self {
            Self::Month => month(row.ticket.requested_at.as_deref()),
            Self::Channel => known(row.ticket.channel.as_deref(), "渠道不明"),
            Self::Column(column) => known(row.record.get(column), "未填"),
        }
    }
}

fn split(text: &str, after: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((task, rest)) if !task.is_empty() && !rest.is_empty() => Ok((task.to_owned(), rest.to_owned())),
        _ => Err(format!("expected `TASK={after}`, for instance `type={after}`")),
    }
}

impl FromStr for LabelColumn {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (task, column) = split(text, "COLUMN")?;
        for kind in [TaskKind::Path, TaskKind::Set] {
            let column = column.strip_suffix(kind.name()).and_then(|column| column.strip_suffix(':'));
            if let Some(column) = column.filter(|column| !column.is_empty()) {
                return Ok(Self { task, column: column.to_owned(), kind: Some(kind) });
            }
        }
        Ok(Self { task, column, kind: None })
    }
}

impl FromStr for WeightColumn {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if !text.contains('=') {
            return Ok(Self { task: None, column: text.to_owned() });
        }
        let (task, column) = split(text, "COLUMN")?;
        Ok(Self { task: Some(task), column })
    }
}

impl FromStr for TaskFile {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (task, file) = split(text, "FILE")?;
        Ok(Self { task, file: file.into() })
    }
}

impl FromStr for TaskNumber {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (task, number) = split(text, "NUMBER")?;
        let number =
            number.parse().map_err(|_| format!("expected a number after `{task}=`, got `{number}`"))?;
        Ok(Self { task, number })
    }
}

/// The labels of a row, one for each of `columns`.
pub(crate) fn labels_of(record: &Record, columns: &[LabelColumn]) -> Vec<Option<String>> {
    columns.iter().map(|label| record.get(&label.column).map(str::to_owned)).collect()
}

/// Refuses a kind that is not the one the model of `engine` was trained with.
pub(crate) fn check_kinds(engine: &Engine, columns: &[LabelColumn]) -> Result<(), Failure> {
    let wrong = engine.with_model(|model| {
        columns.iter().find_map(|label| {
            let task = model.tasks().iter().find(|task| task.name() == label.task)?;
            let (kind, asked) = (task.kind(), label.kind?);
            (kind != asked).then(|| {
                let (name, kind, asked) = (task.name(), kind.name(), asked.name());
                format!("task `{name}` was trained as `{kind}`, got `:{asked}`: leave it out")
            })
        })
    });
    wrong.map_or(Ok(()), |problem| Err(Failure::Usage(problem)))
}

/// The columns named in `columns`, for checking that they exist.
pub(crate) fn column_names(columns: &[LabelColumn]) -> Vec<&str> {
    columns.iter().map(|label| label.column.as_str()).collect()
}

/// Reads (label, name) pairs from a table with columns `label` or `code`, and `name`.
pub(crate) fn read_names(file: &TaskFile) -> Result<Vec<(String, String)>, Failure> {
    let reader = RecordReader::open(&[Source::Path(file.file.clone())])?;
    let mut names = Vec::new();
    for record in reader {
        let record = record.map_err(|error| Failure::usage(error.to_string()))?;
        let label = record.get("label").or_else(|| record.get("code"));
        let (Some(label), Some(name)) = (label, record.get("name")) else {
            let file = file.file.display();
            return Err(Failure::usage(format!(
                "expected columns `label` (or `code`) and `name` in `{file}`"
            )));
        };
        names.push((label.to_owned(), name.to_owned()));
    }
    Ok(names)
}
