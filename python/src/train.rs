use std::collections::HashMap;
use std::path::PathBuf;

use paidan::{
    Dictionary, EncoderSettings, Error, Example, Observer, Progress, TaskKind, TaskSettings, TextEncoder,
    TrainSettings, Trainer, VocabularyPolicy,
};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::arrow::{FrameNames, TextColumn};
use crate::detached::{Signals, watched};
use crate::engine::{Engine, Settings, thread_count};
use crate::error::{SettingError, cell_error};
use crate::json::{loaded, number};
use crate::labelled::Labelled;

/// Trains a model on labelled tickets.
///
/// Parameters
/// ----------
/// tickets : list or tuple of str, column of texts, or table
///     As for :meth:`Engine.predict`; every row must be readable.
/// labels : dict of str to column, or to str
///     By task a column of labels (str or numbers, None where a row has none), or the name of a column of
///     `tickets`.
/// text, title : str, optional
///     As for :meth:`Engine.predict`.
/// weights : column of numbers, or str, optional
///     How much each row counts, at least 0; by default 1.
/// groups : column, or str, optional
///     Where each row comes from, for instance its city.
/// names : dict of str to dict, optional
///     By task the Chinese names of labels that are codes.
/// seed : int, default 0
///     The same seed gives the same model.
/// folds : int, default 5
///     Folds of the cross-validation that calibrates and measures the model, 2 to 20; 0 leaves both out.
/// cost : float, default 0.7
///     Cost of an error against the size of the weights, above 0.
/// class_balance : float, default 0.25
///     0 counts every row alike, 1 every class alike; 0 to 2.
/// max_features : int, optional
///     The most n-grams kept.
/// for_sharing : bool, default False
///     Keeps only n-grams of several `groups`, so that no single city's words leave it.
/// kinds : dict of str to str, optional
///     By task what its labels are: ``label``, ``path`` (``a > b`` or a JSON array) or ``set`` (``a;b`` or a
///     JSON array).
/// encoder : str or os.PathLike, optional
///     A folder with a model of the BERT family in Hugging Face layout, which the bundle then carries; by
///     default words and characters only.
/// dictionary : str, optional
///     Words for the segmenter, one a line.
/// threads : int, optional
///     As for :meth:`Engine.load`; the model does not depend on it.
/// progress : bool or callable, optional
///     As for :meth:`Engine.predict`.
///
/// Returns
/// -------
/// Engine
///     Ready to run; :meth:`Engine.save` writes its bundle.
///
/// Raises
/// ------
/// DataError
///     A row cannot be read, or the columns differ in length.
/// SettingError
///     A setting is out of range.
///
/// Examples
/// --------
/// >>> import paidan
/// >>> texts = ["路灯坏了", "路灯不亮", "路灯一直闪", "水管爆了", "水管漏水", "水压太低"] * 5
/// >>> engine = paidan.train(texts, {"unit": (["照明"] * 3 + ["供水"] * 3) * 5}, progress=False)
/// >>> engine.predict("家门口的路灯又坏了")["unit"].label
/// '照明'
#[pyfunction]
#[pyo3(signature = (tickets, labels, *, text=None, title=None, weights=None, groups=None, names=None, seed=0,
    folds=5, cost=0.7, class_balance=0.25, max_features=None, for_sharing=false, kinds=None, encoder=None, dictionary=None, threads=None,
    progress=None))]
#[expect(clippy::too_many_arguments, reason = "named arguments of a Python function")]
pub(crate) fn train(
    py: Python<'_>,
    tickets: &Bound<'_, PyAny>,
    labels: &Bound<'_, PyDict>,
    text: Option<&str>,
    title: Option<&str>,
    weights: Option<&Bound<'_, PyAny>>,
    groups: Option<&Bound<'_, PyAny>>,
    names: Option<HashMap<String, HashMap<String, String>>>,
    seed: u64,
    folds: usize,
    cost: f32,
    class_balance: f32,
    max_features: Option<usize>,
    for_sharing: bool,
    kinds: Option<HashMap<String, String>>,
    encoder: Option<PathBuf>,
    dictionary: Option<&str>,
    threads: Option<i64>,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<Engine> {
    let threads = thread_count(threads)?;
    let columns = FrameNames { text, title, id: None };
    let (labelled, mut more) = Labelled::read(tickets, labels, columns, &[weights, groups])?;
    let groups = more.pop().flatten();
    let weights = more.pop().flatten().map(|column| numbers(py, &column)).transpose()?;
    if for_sharing && groups.is_none() {
        let problem = "expected groups, because for_sharing counts in how many an n-gram occurs, got none";
        return Err(SettingError::new_err(problem));
    }
    let mut settings = TrainSettings { seed, folds, ..TrainSettings::default() };
    if for_sharing {
        settings.vocabulary = VocabularyPolicy::for_sharing();
    }
    settings.vocabulary.max_features = max_features.unwrap_or(settings.vocabulary.max_features);
    let mut names = names.unwrap_or_default();
    for task in &labelled.tasks {
        let mut of_task: Vec<(String, String)> = names.remove(task).unwrap_or_default().into_iter().collect();
        of_task.sort();
        let of_task = TaskSettings { cost, class_balance, names: of_task, ..TaskSettings::default() };
        settings.tasks.push((task.clone(), of_task));
    }
    if let Some(unknown) = names.keys().next() {
        return Err(SettingError::new_err(format!(
            "expected names of labels of a task, got task `{unknown}`"
        )));
    }
    let dictionary = Dictionary::parse(dictionary.unwrap_or_default())
        .map_err(|error| SettingError::new_err(format!("dictionary: {error}")))?;
    let kinds = task_kinds(kinds.unwrap_or_default(), &labelled)?;
    labelled.check_kinds(py, |task| kinds.get(task).copied().unwrap_or_default())?;
    let model = watched(py, progress, |signals| {
        let mut trainer = Trainer::new(labelled.tasks.clone(), settings, dictionary)?.threads(threads)?;
        if let Some(folder) = encoder {
            trainer = trainer.encoder(TextEncoder::open(folder, EncoderSettings::default())?);
        }
        for (task, kind) in &kinds {
            trainer.set_kind(task, *kind);
        }
        push(&mut trainer, &labelled, weights.as_deref(), groups.as_ref(), signals)?;
        trainer.fit(signals)
    })?;
    Engine::of_model(py, model, Settings::of_threads(threads))
}

/// Private: see `paidan.audit_labels`. By task the figures, and the doubts as rows, the most doubtful first.
#[pyfunction]
#[pyo3(signature = (tickets, labels, *, text=None, title=None, groups=None, seed=0, folds=5, threads=None,
    progress=None))]
#[expect(clippy::too_many_arguments, reason = "named arguments of a Python function")]
pub(crate) fn audit_labels<'py>(
    py: Python<'py>,
    tickets: &Bound<'py, PyAny>,
    labels: &Bound<'py, PyDict>,
    text: Option<&str>,
    title: Option<&str>,
    groups: Option<&Bound<'py, PyAny>>,
    seed: u64,
    folds: usize,
    threads: Option<i64>,
    progress: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    let threads = thread_count(threads)?;
    let columns = FrameNames { text, title, id: None };
    let (labelled, mut more) = Labelled::read(tickets, labels, columns, &[groups])?;
    let groups = more.pop().flatten();
    let settings = TrainSettings { seed, folds, ..TrainSettings::default() };
    let audits = watched(py, progress, |signals| {
        let tasks = labelled.tasks.clone();
        let mut trainer = Trainer::new(tasks, settings, Dictionary::default())?.threads(threads)?;
        push(&mut trainer, &labelled, None, groups.as_ref(), signals)?;
        trainer.audit(signals)
    })?;
    let by_task = PyDict::new(py);
    for audit in audits {
        let doubts = PyList::empty(py);
        for doubt in &audit.doubts {
            let row = PyDict::new(py);
            row.set_item("row", doubt.row)?;
            row.set_item("given", &doubt.given)?;
            row.set_item("suggested", &doubt.suggested)?;
            row.set_item("given_probability", number(doubt.given_probability))?;
            row.set_item("suggested_probability", number(doubt.suggested_probability))?;
            row.set_item("confident", doubt.is_confident)?;
            row.set_item("duplicates", &doubt.duplicates)?;
            row.set_item("words", &doubt.words)?;
            doubts.append(row)?;
        }
        by_task.set_item(&audit.task, (loaded(py, &audit)?, doubts))?;
    }
    Ok(by_task)
}

/// Hands all rows to `trainer`.
fn push(
    trainer: &mut Trainer,
    labelled: &Labelled,
    weights: Option<&[f32]>,
    groups: Option<&TextColumn>,
    signals: &Signals,
) -> Result<(), Error> {
    let total = Some(labelled.tickets.len());
    for (row, ticket) in labelled.tickets.iter().enumerate() {
        if row % 1024 == 0 && !signals.on_progress(Progress { stage: "read tickets", done: row, total }) {
            return Err(Error::cancelled());
        }
        let weight = weights.and_then(|weights| weights.get(row).copied());
        let example = Example {
            labels: labelled.labels(row),
            weights: weight.map(|weight| vec![weight; labelled.tasks.len()]).unwrap_or_default(),
            group: groups.and_then(|groups| groups.get(row)).map(str::to_owned),
        };
        trainer.push(ticket.clone(), example);
    }
    Ok(())
}

/// What the labels of each task are, where they are more than labels.
fn task_kinds(named: HashMap<String, String>, labelled: &Labelled) -> PyResult<HashMap<String, TaskKind>> {
    let kind = |(task, name): (String, String)| {
        if !labelled.tasks.contains(&task) {
            return Err(SettingError::new_err(format!("expected the kind of a task, got task `{task}`")));
        }
        let kinds = [TaskKind::Label, TaskKind::Path, TaskKind::Set];
        match kinds.into_iter().find(|kind| kind.name() == name) {
            Some(kind) => Ok((task, kind)),
            None => Err(SettingError::new_err(format!(
                "expected label, path or set for task `{task}`, got `{name}`"
            ))),
        }
    };
    named.into_iter().map(kind).collect()
}

/// Weights of rows; a null one is 1.
fn numbers(py: Python<'_>, column: &TextColumn) -> PyResult<Vec<f32>> {
    let number = |row| {
        let Some(text) = column.get(row) else { return Ok(1.0) };
        let number = text.trim().parse::<f32>().ok().filter(|number| number.is_finite() && *number >= 0.0);
        number.ok_or_else(|| cell_error(py, "expected a weight of at least 0".to_owned(), row, None))
    };
    (0..column.len()).map(number).collect()
}
