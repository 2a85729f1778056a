use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use paidan::{Engine, Prediction, RowError, SCHEMA, TaskKind};
use serde::Serialize;

use crate::args::OutArgs;
use crate::failure::Failure;

/// Tells the user something on standard error; where that is closed there is nobody to tell.
pub(crate) fn say(message: impl std::fmt::Display) {
    let _ = writeln!(io::stderr(), "paidan: {message}");
}

/// Where results are written: a file or standard output.
pub(crate) struct Output {
    path: PathBuf,
    writer: BufWriter<Box<dyn Write + Send>>,
}

impl Output {
    /// Opens what `args` name; refuses to overwrite without --force, and to overwrite an input at all.
    pub(crate) fn open(args: &OutArgs, inputs: &[String]) -> Result<Self, Failure> {
        match &args.out {
            Some(path) => Self::create(path, args.force, inputs),
            None => Ok(Self::stdout()),
        }
    }

    /// Standard output.
    pub(crate) fn stdout() -> Self {
        Self { path: "standard output".into(), writer: BufWriter::new(Box::new(io::stdout())) }
    }

    /// Creates the file at `path`.
    pub(crate) fn create(path: &Path, force: bool, inputs: &[String]) -> Result<Self, Failure> {
        let shown = path.display();
        if path.exists() {
            // Links of either kind lead to the same file.
            if inputs.iter().any(|input| same_file::is_same_file(input, path).unwrap_or(false)) {
                return Err(Failure::usage(format!("`{shown}` is an input as well: choose another --out")));
            }
            if !force {
                return Err(Failure::usage(format!(
                    "`{shown}` is there already: choose another name or add --force"
                )));
            }
        }
        let file = File::create(path).map_err(|source| Failure::Output { path: path.to_owned(), source })?;
        Ok(Self { path: path.to_owned(), writer: BufWriter::new(Box::new(file)) })
    }

    /// Whether the name asks for CSV.
    pub(crate) fn is_csv(&self) -> bool {
        self.path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"))
    }

    /// Writes one JSON object and a line break.
    pub(crate) fn json_line(&mut self, object: &impl Serialize) -> Result<(), Failure> {
        let text = serde_json::to_string(object).map_err(io::Error::from);
        let written = text.and_then(|text| writeln!(self.writer, "{text}"));
        written.map_err(|source| Failure::Output { path: self.path.clone(), source })
    }

    /// Writes one record of CSV.
    pub(crate) fn csv_record(&mut self, fields: &[impl AsRef<[u8]>]) -> Result<(), Failure> {
        let mut writer = csv::Writer::from_writer(&mut self.writer);
        let written = writer.write_record(fields).map_err(io::Error::from).and_then(|()| writer.flush());
        drop(writer);
        written.map_err(|source| Failure::Output { path: self.path.clone(), source })
    }

    /// Writes text as it is.
    pub(crate) fn text(&mut self, text: &str) -> Result<(), Failure> {
        let written = self.writer.write_all(text.as_bytes());
        written.map_err(|source| Failure::Output { path: self.path.clone(), source })
    }

    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        self.writer.flush().map_err(|source| Failure::Output { path: self.path.clone(), source })
    }
}

/// What is written for a row that could not be read.
#[derive(Debug, Serialize)]
pub(crate) struct ErrorLine {
    schema: u32,
    id: String,
    error: ErrorBody,
}

#[derive(Debug, Serialize)]
struct ErrorBody {
    code: String,
    message: String,
}

impl ErrorLine {
    pub(crate) fn new(id: &str, code: &str, message: String) -> Self {
        Self { schema: SCHEMA, id: id.to_owned(), error: ErrorBody { code: code.to_owned(), message } }
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn message(&self) -> &str {
        &self.error.message
    }
}

impl From<&RowError> for ErrorLine {
    fn from(error: &RowError) -> Self {
        Self::new(error.id(), error.code(), error.to_string())
    }
}

/// Results as a table for spreadsheets: CSV in UTF-8 with BOM.
pub(crate) struct PredictionTable {
    columns: usize,
    /// Whether each task has a column of candidates, and one of levels.
    more: Vec<(bool, bool)>,
}

impl PredictionTable {
    /// Writes the heading: `id`, five columns for each task of `engine` and more where it has short lists or
    /// levels, those of `extra`, `error`.
    pub(crate) fn begin(engine: &Engine, extra: &[&str], output: &mut Output) -> Result<Self, Failure> {
        let mut heading = vec!["id".to_owned()];
        let more = engine.with_model(|model| {
            let mut more = Vec::new();
            for task in model.tasks() {
                let has_list = task.risk().candidates.is_some();
                let parts = ["", "_name", "_probability", "_accepted", "_top"];
                let list = has_list.then_some("_candidates");
                let has_levels = task.kind() == TaskKind::Path;
                let levels = has_levels.then_some("_levels");
                heading.extend(
                    parts.into_iter().chain(list).chain(levels).map(|part| format!("{}{part}", task.name())),
                );
                more.push((has_list, has_levels));
            }
            more
        });
        heading.extend(extra.iter().map(|name| (*name).to_owned()));
        heading.push("error".to_owned());
        output.text("\u{feff}")?;
        output.csv_record(&heading)?;
        Ok(Self { columns: heading.len(), more })
    }

    pub(crate) fn row(
        &self,
        id: &str,
        predictions: &[Prediction],
        extra: &[&str],
        output: &mut Output,
    ) -> Result<(), Failure> {
        let mut fields = vec![id.to_owned()];
        let list = |labels: &[(String, f32)]| {
            let entries = labels.iter().map(|(label, probability)| format!("{label} {probability:.4}"));
            entries.collect::<Vec<_>>().join("; ")
        };
        for (prediction, (has_list, has_levels)) in predictions.iter().zip(&self.more) {
            fields.push(prediction.label.clone());
            fields.push(prediction.name.clone().unwrap_or_default());
            fields.push(prediction.probability.to_string());
            fields.push(prediction.accepted.map(|accepted| accepted.to_string()).unwrap_or_default());
            fields.push(list(&prediction.top));
            if *has_list {
                fields.push(list(prediction.candidates.as_deref().unwrap_or_default()));
            }
            if *has_levels {
                fields.push(list(prediction.levels.as_deref().unwrap_or_default()));
            }
        }
        fields.extend(extra.iter().map(|text| (*text).to_owned()));
        fields.push(String::new());
        output.csv_record(&fields)
    }

    pub(crate) fn error(&self, error: &ErrorLine, output: &mut Output) -> Result<(), Failure> {
        let mut fields = vec![error.id.clone()];
        fields.resize(self.columns - 1, String::new());
        fields.push(error.message().to_owned());
        output.csv_record(&fields)
    }
}
