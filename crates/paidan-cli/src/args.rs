use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand};
use paidan::{EncoderSettings, Engine, Source, TicketColumns, TicketReader, locate_bundle};

use crate::failure::Failure;
use crate::labels::{By, LabelColumn, TaskFile, TaskNumber, WeightColumn};

/// Reads citizens' complaints in Chinese and dispatches them, offline.
#[derive(Debug, Parser)]
#[command(name = "paidan", version, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) machine: Machine,
}

/// What the work runs on.
#[derive(Debug, Args)]
pub(crate) struct Machine {
    /// Threads to run on; all cores by default. Results do not depend on it
    #[arg(long, global = true, value_name = "N")]
    threads: Option<usize>,
    /// `cpu`, or `cuda[:N]` where the command was built with it
    #[arg(long, global = true, default_value = "cpu", value_name = "DEVICE")]
    device: String,
    /// What an encoder computes with: `f32`; `int8` on the processor is faster and differs a little; `f16` and `bf16`
    /// on CUDA
    #[arg(long, global = true, default_value = "f32", value_name = "PRECISION")]
    precision: String,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a model of labelled tickets
    Train(Box<TrainArgs>),
    /// Write what a model says of each ticket, one JSON object a line
    Predict(PredictArgs),
    /// Measure a model on labelled tickets
    Evaluate(EvaluateArgs),
    /// Say who handles a ticket, how sure that is, and why
    Dispatch(DispatchArgs),
    /// Mask personal data
    Mask(MaskArgs),
    /// Find the least probabilities that keep a promised precision on labelled tickets that the model was not
    /// trained on, and store them in the bundle
    FindThresholds(FindThresholdsArgs),
    /// List the labelled tickets whose labels are probably wrong, with reasons
    AuditLabels(AuditLabelsArgs),
    /// Describe a model
    Info(InfoArgs),
    /// Look after a dispatch catalogue
    #[command(subcommand)]
    Catalogue(CatalogueCommand),
    /// Prove that decisions come out again as they were
    Replay(ReplayArgs),
    /// Turn returned tickets (退单) into suggestions; nothing is changed
    Feedback(FeedbackArgs),
}

#[derive(Debug, Subcommand)]
pub(crate) enum CatalogueCommand {
    /// Tell what is wrong with a catalogue, or worth a look; status 1 where it cannot be used, 2 with warnings
    Lint(LintArgs),
    /// What a catalogue would have made of past tickets, beside another or beside what happened
    Backtest(Box<BacktestArgs>),
    /// What differs between two catalogues
    Diff(DiffArgs),
}

#[derive(Debug, Args)]
pub(crate) struct LintArgs {
    /// Folder of the catalogue
    pub(crate) catalogue: PathBuf,
    /// Day by which rules and units have expired; today by default
    #[arg(long, value_name = "DATE")]
    pub(crate) at: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct BacktestArgs {
    #[command(flatten)]
    pub(crate) decider: DeciderArgs,
    /// The catalogue in force, to compare with
    #[arg(long, value_name = "DIR")]
    pub(crate) against: Option<PathBuf>,
    /// Column of the unit that handled each ticket, to compare with
    #[arg(long, value_name = "COLUMN", conflicts_with = "against")]
    pub(crate) unit_column: Option<String>,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
    /// Write a page in Chinese
    #[arg(long, value_name = "FILE.html")]
    pub(crate) report: Option<PathBuf>,
    /// Replace a report that is already there
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// Folder of the catalogue before
    pub(crate) before: PathBuf,
    /// Folder of the catalogue after
    pub(crate) after: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ReplayArgs {
    #[command(flatten)]
    pub(crate) decider: DeciderArgs,
    /// Decisions as `dispatch --json` wrote them
    #[arg(long, value_name = "FILE")]
    pub(crate) decisions: PathBuf,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct FeedbackArgs {
    /// Returns with the columns ticket (or id), from, to, reason, time
    #[arg(long = "data", value_name = "FILE", required = true, num_args = 1..)]
    pub(crate) files: Vec<String>,
    /// Decisions as `dispatch --catalogue --json` wrote them: thresholds and rules are judged by them
    #[arg(long, value_name = "FILE")]
    pub(crate) decisions: Option<PathBuf>,
    /// Returns that a suggestion must have at least
    #[arg(long, default_value_t = 5, value_name = "N")]
    pub(crate) least: usize,
    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

/// Tickets in files.
#[derive(Debug, Args)]
pub(crate) struct DataArgs {
    /// CSV, JSONL, XLSX or Parquet files with tickets; `-` reads CSV or JSONL from standard input
    #[arg(long = "data", value_name = "FILE", required = true, num_args = 1..)]
    files: Vec<String>,
    #[command(flatten)]
    columns: ColumnArgs,
}

/// Which columns hold what.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct ColumnArgs {
    /// Column of the text; `text` by default
    #[arg(long, value_name = "COLUMN")]
    text_column: Option<String>,
    /// Column of the title; `title` by default, where there is one
    #[arg(long, value_name = "COLUMN")]
    title_column: Option<String>,
    /// Column of the ticket's id; `id` by default, else the row number
    #[arg(long, value_name = "COLUMN")]
    id_column: Option<String>,
    /// Sheet to read of Excel workbooks; the first that is not hidden by default
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ModelArg {
    /// Bundle to use; by default `PAIDAN_MODEL`, then `models/default` beside the command or above here
    #[arg(long, value_name = "DIR")]
    model: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct TrainArgs {
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// A task and the column of its labels; `:path` where they are paths (`a > b` or a JSON array, up to five
    /// levels), `:set` where a ticket has any number of them (`a;b` or a JSON array, `[]` for none); may be given
    /// several times
    #[arg(long = "label", value_name = "TASK=COLUMN[:path|:set]", required = true)]
    pub(crate) labels: Vec<LabelColumn>,
    /// Folder for the bundle
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Replace a bundle that is already there
    #[arg(long)]
    pub(crate) force: bool,
    /// Folder of an encoder in Hugging Face layout, or `none` for words and characters only; that of the default
    /// bundle by default, if it has one
    #[arg(long, value_name = "DIR|none")]
    pub(crate) encoder: Option<String>,
    /// How much the encoder counts where words and characters count 1, 0 to 10; by default what helps on a part of the
    /// rows, or 0
    #[arg(long, value_name = "TASK=NUMBER")]
    pub(crate) encoder_weight: Vec<TaskNumber>,
    /// Labelled tickets kept out of training, on which the model is measured afterwards
    #[arg(long, value_name = "FILE")]
    pub(crate) dev: Vec<String>,
    /// The same seed and data give the same model, on any number of threads
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub(crate) seed: u64,
    /// Words for the segmenter, as `word [frequency] [tag]` a line; stored in the bundle
    #[arg(long, value_name = "FILE")]
    pub(crate) user_dict: Option<PathBuf>,
    /// Column of row weights, for all tasks or one; empty counts as 1
    #[arg(long = "weight", value_name = "[TASK=]COLUMN")]
    pub(crate) weights: Vec<WeightColumn>,
    /// Table with columns `label` (or `code`) and `name`: names to show for labels that are codes
    #[arg(long = "label-names", value_name = "TASK=FILE")]
    pub(crate) names: Vec<TaskFile>,
    /// How much rare labels count more: 0 every row alike, 1 every label alike; 0.25 by default
    #[arg(long = "class-balance", value_name = "TASK=NUMBER")]
    pub(crate) class_balance: Vec<TaskNumber>,
    /// Cost of an error in training: lower for labels that people disagree on; 0.7 by default
    #[arg(long = "cost", value_name = "TASK=NUMBER")]
    pub(crate) cost: Vec<TaskNumber>,
    /// Tickets without labels, in the same columns: from their words and those of --data it is learnt which words are
    /// alike; may be given several times
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(crate) corpus: Vec<String>,
    /// Power of the naive Bayes ratio by which features count: 0 all alike; for experiments
    #[arg(long, value_name = "TASK=NUMBER", hide = true)]
    pub(crate) relevance: Vec<TaskNumber>,
    /// Share of the class centroids in the weights; for experiments
    #[arg(long, value_name = "TASK=NUMBER", hide = true)]
    pub(crate) centroid: Vec<TaskNumber>,
    /// Keep only n-grams that give nobody away: see --group-column
    #[arg(long)]
    pub(crate) for_sharing: bool,
    /// Column of the city or other origin; with --for-sharing an n-gram that is neither a character nor a
    /// dictionary word must occur in 20 tickets of 2 origins
    #[arg(long, value_name = "COLUMN")]
    pub(crate) group_column: Option<String>,
    /// The most words, characters and n-grams kept
    #[arg(long, value_name = "N")]
    pub(crate) max_features: Option<usize>,
}

#[derive(Debug, Args)]
pub(crate) struct PredictArgs {
    #[command(flatten)]
    pub(crate) model: ModelArg,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    #[command(flatten)]
    pub(crate) out: OutArgs,
}

/// Where results go.
#[derive(Debug, Args)]
pub(crate) struct OutArgs {
    /// File to write, CSV where it ends in `.csv`; standard output by default
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Replace a file that is already there
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
pub(crate) struct EvaluateArgs {
    #[command(flatten)]
    pub(crate) model: ModelArg,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// A task of the model and the column of its true labels; may be given several times
    #[arg(long = "label", value_name = "TASK=COLUMN", required = true)]
    pub(crate) labels: Vec<LabelColumn>,
    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
    /// Write a report in Chinese
    #[arg(long, value_name = "FILE.html")]
    pub(crate) report: Option<PathBuf>,
    /// Replace a report that is already there
    #[arg(long)]
    pub(crate) force: bool,
    /// Measure each month, each channel, or each value of a column by itself as well
    #[arg(long, value_name = "month|channel|COLUMN")]
    pub(crate) by: Option<By>,
}

#[derive(Debug, Args)]
pub(crate) struct FindThresholdsArgs {
    #[command(flatten)]
    pub(crate) model: ModelArg,
    /// Labelled tickets that the model was not trained on
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// A task of the model and the column of its true labels; may be given several times
    #[arg(long = "label", value_name = "TASK=COLUMN", required = true)]
    pub(crate) labels: Vec<LabelColumn>,
    /// Share of the accepted answers that must be right, for instance 0.95
    #[arg(long, value_name = "P")]
    pub(crate) target_precision: f64,
    /// How sure that must be
    #[arg(long, default_value_t = 0.95, value_name = "C")]
    pub(crate) confidence: f64,
    /// Keep the promise for each label by itself where its rows suffice, for the others together
    #[arg(long)]
    pub(crate) per_class: bool,
    /// Share of the tickets left to a person whose short list of labels must hold the right one
    #[arg(long, default_value_t = 0.9, value_name = "P")]
    pub(crate) set_coverage: f64,
    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

/// One text, or tickets in files.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct TextOrData {
    /// The text of one ticket
    #[arg(long)]
    pub(crate) text: Option<String>,
    /// CSV, JSONL, XLSX or Parquet files with tickets; `-` reads CSV or JSONL from standard input
    #[arg(long = "data", value_name = "FILE", num_args = 1..)]
    pub(crate) files: Vec<String>,
}

/// What is read, and where results go.
#[derive(Debug, Args)]
pub(crate) struct TicketArgs {
    #[command(flatten)]
    pub(crate) input: TextOrData,
    #[command(flatten)]
    pub(crate) columns: ColumnArgs,
    #[command(flatten)]
    pub(crate) out: OutArgs,
}

/// Who decides upon tickets.
#[derive(Debug, Args)]
pub(crate) struct DeciderArgs {
    /// Bundle to use, or `none` with a catalogue; by default as `predict`
    #[arg(long, value_name = "DIR|none")]
    pub(crate) model: Option<PathBuf>,
    /// Folder of the dispatch catalogue (派单目录), see docs/catalogue.md
    #[arg(long, value_name = "DIR")]
    pub(crate) catalogue: Option<PathBuf>,
    /// Time of receipt of tickets that have none, such as `2026-03-02T10:00`; no clock is read
    #[arg(long, value_name = "TIME", requires = "catalogue")]
    pub(crate) at: Option<String>,
    /// Predictions as `predict` writes them, instead of a model
    #[arg(long, value_name = "FILE", requires = "catalogue", conflicts_with = "model")]
    pub(crate) predictions: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct DispatchArgs {
    #[command(flatten)]
    pub(crate) decider: DeciderArgs,
    #[command(flatten)]
    pub(crate) tickets: TicketArgs,
    /// Print one JSON object a ticket
    #[arg(long)]
    pub(crate) json: bool,
    /// Add to the object all that made the scores of the three most probable labels of each task
    #[arg(long)]
    pub(crate) explain: bool,
}

#[derive(Debug, Args)]
pub(crate) struct MaskArgs {
    #[command(flatten)]
    pub(crate) tickets: TicketArgs,
}

#[derive(Debug, Args)]
pub(crate) struct AuditLabelsArgs {
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// A task and the column of its labels; `:path` where they are paths; may be given several times
    #[arg(long = "label", value_name = "TASK=COLUMN[:path]", required = true)]
    pub(crate) labels: Vec<LabelColumn>,
    /// The most tickets listed for each task
    #[arg(long, default_value_t = 100, value_name = "N")]
    pub(crate) top: usize,
    #[command(flatten)]
    pub(crate) out: OutArgs,
    /// Print one JSON object for each task and ticket listed
    #[arg(long)]
    pub(crate) json: bool,
    /// Decides how tickets are parted; the same seed gives the same list
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub(crate) seed: u64,
    /// Words for the segmenter, as `word [frequency] [tag]` a line
    #[arg(long, value_name = "FILE")]
    pub(crate) user_dict: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct InfoArgs {
    #[command(flatten)]
    pub(crate) model: ModelArg,
    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

impl Machine {
    /// The threads asked for; refuses devices that this build cannot use.
    pub(crate) fn threads(&self) -> Result<Option<usize>, Failure> {
        self.encoder()?;
        match self.threads {
            Some(0) => Err(Failure::usage("expected 1 to 4096 threads, got 0")),
            threads => Ok(threads),
        }
    }

    /// Where and how an encoder runs.
    pub(crate) fn encoder(&self) -> Result<EncoderSettings, Failure> {
        Ok(EncoderSettings { device: self.device.parse()?, precision: self.precision.parse()? })
    }

    /// An engine of the bundle in `folder`.
    pub(crate) fn engine(&self, folder: &Path) -> Result<Engine, Failure> {
        let mut builder = Engine::builder().encoder(self.encoder()?);
        if let Some(threads) = self.threads()? {
            builder = builder.threads(threads);
        }
        Ok(builder.load(folder)?)
    }
}

impl ModelArg {
    pub(crate) fn folder(&self) -> Result<PathBuf, Failure> {
        match &self.model {
            Some(folder) => Ok(folder.clone()),
            None => Ok(locate_bundle()?),
        }
    }

    pub(crate) fn engine(&self, machine: &Machine) -> Result<Engine, Failure> {
        // Wrong use is told before a bundle that is missing.
        machine.threads()?;
        machine.engine(&self.folder()?)
    }
}

impl DeciderArgs {
    /// The model of these arguments, with the catalogue in `folder`.
    pub(crate) fn engine(&self, folder: Option<&Path>, machine: &Machine) -> Result<Engine, Failure> {
        let mut builder = Engine::builder().encoder(machine.encoder()?);
        if let Some(threads) = machine.threads()? {
            builder = builder.threads(threads);
        }
        if let Some(folder) = folder {
            builder = builder.catalogue(folder);
        }
        if let Some(at) = &self.at {
            builder = builder.at(at);
        }
        let bundle = ModelArg { model: self.model.clone() }.folder()?;
        Ok(builder.load(bundle)?)
    }
}

impl ColumnArgs {
    pub(crate) fn reader(&self, files: &[String]) -> Result<TicketReader, Failure> {
        let columns = TicketColumns {
            id: self.id_column.clone(),
            title: self.title_column.clone(),
            text: self.text_column.clone(),
            ..TicketColumns::default()
        };
        let source = |file| match &self.sheet {
            Some(sheet) => Source::new(file).with_sheet(sheet),
            None => Source::new(file),
        };
        let sources: Vec<Source> = files.iter().map(source).collect();
        Ok(TicketReader::open(&sources, &columns)?)
    }
}

impl DataArgs {
    pub(crate) fn reader(&self) -> Result<TicketReader, Failure> {
        self.columns.reader(&self.files)
    }

    pub(crate) fn files(&self) -> &[String] {
        &self.files
    }

    pub(crate) fn columns(&self) -> &ColumnArgs {
        &self.columns
    }
}
