use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use paidan::{EncoderSettings, Error, Model, Ticket};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::arrow::{
    DecisionColumns, Frame, FrameNames, PredictionColumns, RowColumns, WordColumns, column_of_texts,
    is_columnar,
};
use crate::columns::read_columns;
use crate::decision::Decision;
use crate::detached::{Signals, detached, watched};
use crate::error::{PaidanError, SettingError, data_error, load_error, not_picklable, python_error};
use crate::input::{Input, read_text};
use crate::locate::default_bundle;
use crate::prediction::by_task;
use crate::task::Task;

/// Ready to run: reads tickets, predicts, decides.
///
/// Made by :meth:`Engine.load`. Many threads may use one engine; none holds the GIL while it works. A
/// single ticket is read on the calling thread, many on all threads of the engine. Engines are neither
/// pickled nor carried across a fork: load one in each process.
///
/// Examples
/// --------
/// >>> import paidan
/// >>> engine = paidan.Engine.load()
/// >>> decision = engine.dispatch("小区门口路灯坏了一周没人修，晚上老人出门很危险")
/// >>> list(decision.predictions) == list(engine.tasks)
/// True
#[pyclass(frozen, module = "paidan")]
pub(crate) struct Engine {
    loaded: RwLock<Arc<Loaded>>,
    settings: Settings,
}

/// What a bundle is loaded with, each time.
#[derive(Clone, Default)]
pub(crate) struct Settings {
    threads: usize,
    encoder: EncoderSettings,
    catalogue: Option<PathBuf>,
    at: Option<String>,
}

/// A bundle in use. Calls in flight keep the one they began with when another is loaded.
pub(crate) struct Loaded {
    pub(crate) engine: paidan::Engine,
    /// Where it was read from; `None` where it was trained here.
    folder: Option<PathBuf>,
    /// The process that the threads belong to.
    process: u32,
}

#[pymethods]
impl Engine {
    /// Loads a model bundle.
    ///
    /// Parameters
    /// ----------
    /// path : str or os.PathLike, optional
    ///     A folder that ``paidan train --out`` wrote. By default the one that the environment variable
    ///     ``PAIDAN_MODEL`` names, else the one in the wheel.
    /// threads : int, optional
    ///     Threads that many tickets are read on, 1 to 4096; by default all cores. Results do not depend on it.
    /// device : str, optional
    ///     Where the bundle's encoder runs, if it has one: ``cpu``, or ``cuda[:N]`` in a build with CUDA.
    /// precision : str, optional
    ///     What the encoder computes with: ``f32``; ``int8`` is faster on the processor and differs by some
    ///     thousandths; ``f16`` and ``bf16`` on CUDA.
    ///
    /// catalogue : str or os.PathLike, optional
    ///     A folder with a dispatch catalogue (派单目录), which then decides; without one the model alone does.
    /// at : str, optional
    ///     Time of receipt of tickets that have none, such as ``2026-03-02T10:00``. No clock is read.
    ///
    /// Returns
    /// -------
    /// Engine
    ///
    /// Raises
    /// ------
    /// ModelNotFoundError
    ///     There is no bundle; it is a FileNotFoundError as well.
    /// ModelError
    ///     The bundle is damaged, altered, or of a newer format.
    /// CatalogueError
    ///     The catalogue cannot be used.
    /// SettingError
    ///     `threads` is out of range, or there is no such device or precision.
    ///
    /// Examples
    /// --------
    /// >>> import paidan
    /// >>> engine = paidan.Engine.load(threads=2)
    /// >>> engine.threads
    /// 2
    #[staticmethod]
    #[pyo3(signature = (path=None, threads=None, device="cpu", precision="f32", catalogue=None,
        at=None))]
    fn load(
        py: Python<'_>,
        path: Option<PathBuf>,
        threads: Option<i64>,
        device: &str,
        precision: &str,
        catalogue: Option<PathBuf>,
        at: Option<String>,
    ) -> PyResult<Self> {
        let setting = |error: Error| python_error(py, &error);
        let encoder = EncoderSettings {
            device: device.parse().map_err(setting)?,
            precision: precision.parse().map_err(setting)?,
        };
        let threads = thread_count(threads)?;
        let folder = path.map_or_else(|| default_bundle(py), Ok)?;
        let settings = Settings { threads, encoder, catalogue, at };
        let loaded = Loaded::read(py, folder, &settings)?;
        Ok(Self { loaded: RwLock::new(Arc::new(loaded)), settings })
    }

    /// What the model says of tickets.
    ///
    /// Parameters
    /// ----------
    /// tickets : str, Ticket, dict, list or tuple of them, column of texts, or table
    ///     A dict has the fields of :class:`Ticket`, at least ``text`` or ``title``; None and NaN count as
    ///     missing, other keys are left alone. A column is a NumPy array, a pandas or Polars Series, or an
    ///     Arrow array; a table is a DataFrame, or an Arrow table, record batch or reader of such.
    /// text, title, id : str, optional
    ///     Columns of a table; by default those of this name, where there are such. The ids come back as
    ///     they are.
    /// progress : bool or callable, optional
    ///     Whether a bar shows how far a table is; by default when it takes long in a terminal or notebook.
    ///     A callable is given the stage, the rows done, and all rows.
    ///
    /// Returns
    /// -------
    /// dict of str to Prediction, or list of such, or Table
    ///     For one ticket one entry a task; for a list a list, in its order. For a column or table a
    ///     :class:`Table` with, for each task, ``<task>``, ``<task>_name``, ``<task>_probability``,
    ///     ``<task>_accepted`` and ``<task>_top``, and with ``error``; rows that cannot be read, as null
    ///     ones, are null there in the same place.
    ///
    /// Raises
    /// ------
    /// DataError
    ///     A ticket of a list cannot be read, or a column is not there or holds no text; ``index`` and
    ///     ``column`` say where. Then none is predicted.
    ///
    /// Examples
    /// --------
    /// >>> import paidan
    /// >>> engine = paidan.Engine.load()
    /// >>> one = engine.predict("夜里工地施工噪音太大，没法休息")
    /// >>> one["type"].label in engine.tasks["type"].labels
    /// True
    /// >>> two = engine.predict(["夜里工地施工噪音太大，没法休息", {"title": "路灯不亮", "text": ""}])
    /// >>> len(two), two[0] == one
    /// (2, True)
    /// >>> import pandas
    /// >>> frame = pandas.DataFrame({"内容": ["夜里工地施工噪音太大，没法休息", None]})
    /// >>> table = engine.predict(frame, text="内容").to_pandas()
    /// >>> table["type"][0] == one["type"].label, table["error"][1]
    /// (True, 'expected a title or a text, both are blank')
    #[pyo3(signature = (tickets, *, text=None, title=None, id=None, progress=None))]
    fn predict<'py>(
        &self,
        tickets: &Bound<'py, PyAny>,
        text: Option<&str>,
        title: Option<&str>,
        id: Option<&str>,
        progress: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let loaded = self.loaded();
        let engine = &loaded.engine;
        let names = FrameNames { text, title, id };
        if is_table(tickets)? {
            let columns = PredictionColumns::new(&engine.with_model(|model| model.tasks().to_vec()));
            let many =
                |tickets: &[Ticket], observer: &dyn paidan::Observer| engine.predict_batch(tickets, observer);
            return loaded.table(tickets, names, progress, columns, many);
        }
        names.refuse()?;
        loaded.objects(
            tickets,
            |ticket| engine.predict(ticket),
            |tickets, signals| engine.predict_batch(tickets, signals),
            |py, predictions| Ok(by_task(py, predictions)?.into_any()),
        )
    }

    /// Reads tickets from text to decision.
    ///
    /// Parameters
    /// ----------
    /// tickets : str, Ticket, dict, list or tuple of them, column of texts, or table
    ///     As for :meth:`predict`.
    /// text, title, id, progress
    ///     As for :meth:`predict`.
    ///
    /// Returns
    /// -------
    /// Decision, list of Decision, or Table
    ///     For a list a list, in its order. For a column or table a :class:`Table` with the columns of
    ///     :meth:`predict` and ``outcome``, ``reasons``, ``masked_text``.
    ///
    /// Raises
    /// ------
    /// DataError
    ///     As for :meth:`predict`.
    ///
    /// Examples
    /// --------
    /// >>> import paidan
    /// >>> engine = paidan.Engine.load()
    /// >>> decisions = engine.dispatch(["水管爆了，路面全是水", "想咨询居住证怎么办理"])
    /// >>> [decision.id for decision in decisions]
    /// ['1', '2']
    #[pyo3(signature = (tickets, *, text=None, title=None, id=None, progress=None))]
    fn dispatch<'py>(
        &self,
        tickets: &Bound<'py, PyAny>,
        text: Option<&str>,
        title: Option<&str>,
        id: Option<&str>,
        progress: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let loaded = self.loaded();
        let engine = &loaded.engine;
        let names = FrameNames { text, title, id };
        if is_table(tickets)? {
            let columns = DecisionColumns::new(&engine.with_model(|model| model.tasks().to_vec()));
            let many = |tickets: &[Ticket], observer: &dyn paidan::Observer| {
                engine.dispatch_batch(tickets, observer)
            };
            return loaded.table(tickets, names, progress, columns, many);
        }
        names.refuse()?;
        loaded.objects(
            tickets,
            |ticket| engine.dispatch(ticket),
            |tickets, signals| engine.dispatch_batch(tickets, signals),
            |py, inner| Ok(Bound::new(py, Decision { inner })?.into_any()),
        )
    }

    /// What decisions rest on: ``explanation`` of what :meth:`dispatch` gives.
    ///
    /// Parameters
    /// ----------
    /// tickets : str, Ticket, dict, or list or tuple of them
    ///     As for :meth:`predict`.
    ///
    /// Returns
    /// -------
    /// dict, or list of dict
    ///     ``reasons``, ``masked_title``, ``masked_text`` and ``evidence``: for each task the words that spoke
    ///     for and against its label, with their places in code points of the original and their weights.
    ///
    /// Examples
    /// --------
    /// >>> import paidan
    /// >>> explanation = paidan.Engine.load().explain("小区门口路灯坏了一周没人修")
    /// >>> [word["word"] for word in explanation["evidence"][0]["supporting"]][0] in "小区门口路灯坏了一周没人修"
    /// True
    fn explain<'py>(&self, tickets: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let loaded = self.loaded();
        loaded.objects(
            tickets,
            |ticket| loaded.engine.dispatch(ticket),
            |tickets, signals| loaded.engine.dispatch_batch(tickets, signals),
            |py, decision| crate::json::loaded(py, &decision.explanation),
        )
    }

    /// The words of texts, as the model sees them: normalised, masked, cut by jieba.
    ///
    /// Parameters
    /// ----------
    /// texts : str, list or tuple of str, or column of texts
    ///     A column as for :meth:`predict`.
    ///
    /// Returns
    /// -------
    /// list of str, list of such, or Table
    ///     For a column a :class:`Table` with the column ``words``.
    ///
    /// Raises
    /// ------
    /// DataError
    ///     Not a str, or one with a lone surrogate.
    ///
    /// Examples
    /// --------
    /// >>> import paidan
    /// >>> paidan.Engine.load().segment("路灯坏了，请打１３８００００１２３４")
    /// ['路灯', '坏', '了', '，', '请', '打', '⟦phone⟧']
    fn segment<'py>(&self, texts: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = texts.py();
        let loaded = self.loaded();
        let words = |text: &str| loaded.engine.prepare(text).words().map(str::to_owned).collect::<Vec<_>>();
        if is_table(texts)? {
            let many = |tickets: &[Ticket], observer: &dyn paidan::Observer| {
                in_steps(tickets, observer, |ticket| Ok(words(&ticket.text)))
            };
            return loaded.table(texts, FrameNames::default(), None, WordColumns::default(), many);
        }
        if let Some(items) = crate::input::items(texts) {
            let read = |(index, item): (usize, Bound<'_, PyAny>)| read_text(&item, "the text", Some(index));
            let texts: Vec<String> = items.into_iter().enumerate().map(read).collect::<PyResult<_>>()?;
            let cut = detached(py, |signals| in_steps(&texts, signals, |text| Ok(words(text))))?;
            let cut: Result<Vec<_>, _> = cut.into_iter().collect();
            return Ok(cut.map_err(|error| python_error(py, &error))?.into_pyobject(py)?.into_any());
        }
        let text = read_text(texts, "the text", None)?;
        Ok(detached(py, |_| Ok(words(&text)))?.into_pyobject(py)?.into_any())
    }

    /// The embeddings of the texts of tickets by the bundle's encoder.
    ///
    /// They are of the normalised and masked text, as those of a prediction, and do not depend on the texts
    /// beside. Needs numpy.
    ///
    /// Parameters
    /// ----------
    /// texts : list or tuple of str, or column of texts
    ///     A column as for :meth:`predict`.
    ///
    /// Returns
    /// -------
    /// numpy.ndarray of float32, (len(texts), hidden size)
    ///
    /// Raises
    /// ------
    /// SettingError
    ///     The bundle has no encoder.
    /// DataError
    ///     A text is missing or no str; ``index`` says which.
    ///
    /// Examples
    /// --------
    /// >>> import paidan
    /// >>> engine = paidan.Engine.load()
    /// >>> engine.embed(["夜里工地施工噪音太大，没法休息"])  # the default bundle has none
    /// Traceback (most recent call last):
    ///     ...
    /// paidan.errors.SettingError: expected a model with an encoder, this one has none: train with --encoder DIR
    fn embed<'py>(&self, texts: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = texts.py();
        if texts.is_instance_of::<pyo3::types::PyString>() {
            return Err(PyTypeError::new_err("expected a list or a column of texts, got a str"));
        }
        let loaded = self.loaded();
        loaded.check_process()?;
        let column = column_of_texts(texts, None)?;
        let read = |row| {
            let missing = || data_error(py, "expected a str, found a missing value".to_owned(), Some(row));
            column.get(row).map(str::to_owned).ok_or_else(missing)
        };
        let texts: Vec<String> = (0..column.len()).map(read).collect::<PyResult<_>>()?;
        let embeddings = detached(py, |_| loaded.engine.embed(&texts))?;
        let array = numpy::PyArray1::from_slice(py, embeddings.as_slice());
        Ok(numpy::PyArrayMethods::reshape(&array, [embeddings.len(), embeddings.width()])?.into_any())
    }

    /// Probabilities of all labels of one task.
    ///
    /// Parameters
    /// ----------
    /// tickets : list or tuple of str, column of texts, or table
    ///     As for :meth:`predict`; every row must be readable.
    /// task : str
    ///     One of ``tasks``.
    /// text, title
    ///     As for :meth:`predict`.
    /// progress
    ///     As for :meth:`predict`.
    ///
    /// Returns
    /// -------
    /// numpy.ndarray of shape (n_tickets, n_labels), float32
    ///     Calibrated, 0 to 1; the columns are ``tasks[task].labels``. Needs NumPy.
    ///
    /// Raises
    /// ------
    /// DataError
    ///     A row cannot be read; ``index`` says which.
    /// SettingError
    ///     There is no such task.
    ///
    /// Examples
    /// --------
    /// >>> import paidan
    /// >>> engine = paidan.Engine.load()
    /// >>> engine.probabilities(["路灯不亮", "水管爆了"], "type").shape
    /// (2, 6)
    #[pyo3(signature = (tickets, task, *, text=None, title=None, progress=None))]
    fn probabilities<'py>(
        &self,
        tickets: &Bound<'py, PyAny>,
        task: &str,
        text: Option<&str>,
        title: Option<&str>,
        progress: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = tickets.py();
        let loaded = self.loaded();
        loaded.check_process()?;
        let frame = Frame::read(tickets, FrameNames { text, title, id: None })?;
        let tickets = readable(py, &frame)?;
        let labels = loaded.engine.with_model(|model| {
            let task = model.tasks().iter().find(|other| other.name() == task);
            task.map_or(0, |task| task.labels().len())
        });
        let rows = tickets.len();
        let flat = watched(py, progress, |signals| {
            let mut flat = Vec::with_capacity(rows * labels);
            for row in loaded.engine.label_probabilities(task, &tickets, signals)? {
                flat.extend(row?);
            }
            Ok(flat)
        })?;
        let array = numpy::PyArray1::from_vec(py, flat);
        Ok(numpy::PyArrayMethods::reshape(&array, [rows, labels])?.into_any())
    }

    /// Writes the model as a bundle, a folder, replacing a bundle that is already there.
    ///
    /// Parameters
    /// ----------
    /// path : str or os.PathLike
    ///     The folder, for :meth:`load` and for ``paidan --model``.
    ///
    /// Raises
    /// ------
    /// DataError
    ///     The folder is something other than a bundle or empty, or the folder above does not exist.
    /// OSError
    ///     The files cannot be written.
    ///
    /// Examples
    /// --------
    /// >>> import paidan, tempfile
    /// >>> with tempfile.TemporaryDirectory() as folder:
    /// ...     paidan.Engine.load().save(folder)
    /// ...     paidan.Engine.load(folder).predict("路灯不亮")["type"].label
    /// '求助'
    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        let loaded = self.loaded();
        detached(py, |_| Ok(loaded.engine.with_model(|model| model.save(&path))?))
    }

    /// Loads another bundle, or the same one again. Calls in flight finish with the one they began with; on
    /// an error the old one stays.
    ///
    /// Parameters
    /// ----------
    /// path : str or os.PathLike, optional
    ///     By default where the present one came from.
    ///
    /// Raises
    /// ------
    /// ModelError
    ///     As for :meth:`load`.
    ///
    /// Examples
    /// --------
    /// >>> import paidan
    /// >>> engine = paidan.Engine.load()
    /// >>> engine.reload()
    #[pyo3(signature = (path=None))]
    fn reload(&self, py: Python<'_>, path: Option<PathBuf>) -> PyResult<()> {
        let Some(folder) = path.or_else(|| self.loaded().folder.clone()) else {
            let problem = "expected the folder of a bundle, got none: this engine was trained here";
            return Err(SettingError::new_err(problem));
        };
        let loaded = Arc::new(Loaded::read(py, folder, &self.settings)?);
        *self.loaded.write().unwrap_or_else(PoisonError::into_inner) = loaded;
        Ok(())
    }

    /// The questions that the model answers, by name.
    #[getter]
    fn tasks<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let tasks = PyDict::new(py);
        for task in Task::all(&self.loaded().engine) {
            tasks.set_item(task.name().to_owned(), task)?;
        }
        Ok(tasks)
    }

    /// The folder of the bundle; None where the model was trained here.
    #[getter]
    fn path(&self) -> Option<PathBuf> {
        self.loaded().folder.clone()
    }

    /// Threads that many tickets are read on.
    #[getter]
    fn threads(&self) -> usize {
        self.settings.threads
    }

    fn __repr__(&self) -> String {
        let tasks: Vec<String> =
            Task::all(&self.loaded().engine).iter().map(|task| format!("'{}'", task.name())).collect();
        format!("Engine(tasks=[{}], threads={})", tasks.join(", "), self.settings.threads)
    }

    fn __reduce__(&self) -> PyResult<()> {
        not_picklable("an Engine", "call Engine.load in each process")
    }
}

impl Engine {
    /// An engine for a model that was trained here.
    pub(crate) fn of_model(py: Python<'_>, model: Model, settings: Settings) -> PyResult<Self> {
        let builder = settings.builder();
        let engine = detached(py, |_| builder.build(model))?;
        let loaded = Loaded { engine, folder: None, process: std::process::id() };
        Ok(Self { loaded: RwLock::new(Arc::new(loaded)), settings })
    }

    /// The bundle in use.
    pub(crate) fn loaded(&self) -> Arc<Loaded> {
        // A poisoned lock only means that another thread panicked; what it held is whole.
        Arc::clone(&self.loaded.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// An engine for a `model` that was made of this one's.
    pub(crate) fn with_model(&self, py: Python<'_>, model: Model) -> PyResult<Self> {
        Self::of_model(py, model, self.settings.clone())
    }
}

impl Settings {
    /// The defaults, with so many threads.
    pub(crate) fn of_threads(threads: usize) -> Self {
        Self { threads, ..Self::default() }
    }

    fn builder(&self) -> paidan::EngineBuilder {
        let mut builder = paidan::Engine::builder().threads(self.threads).encoder(self.encoder);
        if let Some(folder) = &self.catalogue {
            builder = builder.catalogue(folder);
        }
        if let Some(at) = &self.at {
            builder = builder.at(at);
        }
        builder
    }
}

impl Loaded {
    fn read(py: Python<'_>, folder: PathBuf, settings: &Settings) -> PyResult<Self> {
        let builder = settings.builder();
        let loaded = detached(py, |_| Ok(builder.load(&folder)))?;
        let engine = loaded.map_err(|error| load_error(py, &error, &folder))?;
        Ok(Self { engine, folder: Some(folder), process: std::process::id() })
    }

    /// Runs `one` or `many`, as the input asks for, and converts every result by `shown`.
    fn objects<'py, T: Send>(
        &self,
        given: &Bound<'py, PyAny>,
        one: impl FnOnce(&Ticket) -> Result<T, Error> + Send,
        many: impl FnOnce(&[Ticket], &Signals) -> Result<Vec<Result<T, Error>>, Error> + Send,
        shown: impl Fn(Python<'py>, T) -> PyResult<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = given.py();
        let tickets = match Input::read(given)? {
            Input::One(ticket) => {
                // An encoder runs a single ticket on all threads as well.
                if self.engine.embedding_width() > 0 {
                    self.check_process()?;
                }
                return shown(py, detached(py, |_| one(&ticket))?);
            }
            Input::Many(tickets) => tickets,
        };
        self.check_process()?;
        let results = detached(py, |signals| many(&tickets, signals))?;
        let list = PyList::empty(py);
        for (index, result) in results.into_iter().enumerate() {
            let result = result.map_err(|error| data_error(py, error.to_string(), Some(index)))?;
            list.append(shown(py, result)?)?;
        }
        Ok(list.into_any())
    }

    /// Reads a column or a table.
    fn table<'py, C: RowColumns + Send>(
        &self,
        given: &Bound<'py, PyAny>,
        names: FrameNames<'_>,
        progress: Option<&Bound<'py, PyAny>>,
        columns: C,
        many: impl Fn(&[Ticket], &dyn paidan::Observer) -> Result<Vec<Result<C::Row, Error>>, Error> + Sync,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = given.py();
        self.check_process()?;
        let frame = Frame::read(given, names)?;
        let table = read_columns(py, &frame, progress, columns, many)?;
        Ok(Bound::new(py, table)?.into_any())
    }

    /// After a fork the threads are gone and a list would wait for ever.
    pub(crate) fn check_process(&self) -> PyResult<()> {
        let process = std::process::id();
        if process == self.process {
            return Ok(());
        }
        Err(PaidanError::new_err(format!(
            "expected an engine of this process ({process}), got one loaded in process {} before a fork: \
             call Engine.load after it",
            self.process
        )))
    }
}

/// How many threads to use.
pub(crate) fn thread_count(asked: Option<i64>) -> PyResult<usize> {
    match asked {
        // Never rayon's global pool: its threads do not outlive a fork, not even for engines loaded after.
        None => Ok(std::thread::available_parallelism().map_or(1, usize::from)),
        Some(asked) => usize::try_from(asked)
            .map_err(|_| SettingError::new_err(format!("expected 1 to 4096 threads, got {asked}"))),
    }
}

/// Whether `given` is to be read as columns; a list of tickets is not, though it could be one.
fn is_table(given: &Bound<'_, PyAny>) -> PyResult<bool> {
    Ok(!Input::is_objects(given) && is_columnar(given)?)
}

/// All rows as tickets; a row that cannot be read is an error.
pub(crate) fn readable(py: Python<'_>, frame: &Frame) -> PyResult<Vec<Ticket>> {
    let read = |row| {
        let blank = || data_error(py, "expected a title or a text, both are blank".to_owned(), Some(row));
        frame.ticket(row).ok_or_else(blank)
    };
    (0..frame.rows()).map(read).collect()
}

/// Makes something of each item, and looks now and then whether to stop.
pub(crate) fn in_steps<I, T>(
    items: &[I],
    observer: &dyn paidan::Observer,
    one: impl Fn(&I) -> Result<T, Error>,
) -> Result<Vec<Result<T, Error>>, Error> {
    const STEP: usize = 256;
    let mut results = Vec::with_capacity(items.len());
    for step in items.chunks(STEP) {
        let progress =
            paidan::Progress { stage: "read texts", done: results.len(), total: Some(items.len()) };
        if !observer.on_progress(progress) {
            return Err(Error::cancelled());
        }
        results.extend(step.iter().map(&one));
    }
    Ok(results)
}
