use std::path::PathBuf;

use paidan::{EncoderSettings, Error, Ticket};
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyDict, PyList};

use crate::decision::Decision;
use crate::detached::{Signals, detached};
use crate::error::{PaidanError, SettingError, data_error, load_error, not_picklable, python_error};
use crate::input::Input;
use crate::locate::default_bundle;
use crate::prediction::by_task;
use crate::task::Task;

/// Ready to run: reads tickets, predicts, decides.
///
/// Made by :meth:`Engine.load`. Many threads may use one engine; none holds the GIL while it works. A
/// single ticket is read on the calling thread, a list on all threads of the engine. Engines are neither
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
    inner: paidan::Engine,
    folder: PathBuf,
    threads: usize,
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
    ///     Threads that lists are read on, 1 to 4096; by default all cores. Results do not depend on it.
    /// device : str, optional
    ///     Where the bundle's encoder runs, if it has one: ``cpu``, or ``cuda[:N]`` in a build with CUDA.
    /// precision : str, optional
    ///     What the encoder computes with: ``f32``; ``int8`` is faster on the processor and differs by some
    ///     thousandths; ``f16`` and ``bf16`` on CUDA.
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
    #[pyo3(signature = (path=None, threads=None, device="cpu", precision="f32"))]
    fn load(
        py: Python<'_>,
        path: Option<PathBuf>,
        threads: Option<i64>,
        device: &str,
        precision: &str,
    ) -> PyResult<Self> {
        let setting = |error: Error| python_error(py, &error);
        let encoder = EncoderSettings {
            device: device.parse().map_err(setting)?,
            precision: precision.parse().map_err(setting)?,
        };
        let threads = match threads {
            // Never rayon's global pool: its threads do not outlive a fork, not even for engines loaded after.
            None => std::thread::available_parallelism().map_or(1, usize::from),
            Some(threads) => usize::try_from(threads)
                .map_err(|_| SettingError::new_err(format!("expected 1 to 4096 threads, got {threads}")))?,
        };
        let folder = path.map_or_else(|| default_bundle(py), Ok)?;
        let loaded =
            detached(py, |_| Ok(paidan::Engine::builder().threads(threads).encoder(encoder).load(&folder)))?;
        let inner = loaded.map_err(|error| load_error(py, &error, &folder))?;
        Ok(Self { inner, folder, threads, process: std::process::id() })
    }

    /// What the model says of tickets.
    ///
    /// Parameters
    /// ----------
    /// tickets : str, Ticket, dict, or a list or tuple of them
    ///     A dict has the fields of :class:`Ticket`, at least ``text`` or ``title``; None and NaN count as
    ///     missing, other keys are left alone.
    ///
    /// Returns
    /// -------
    /// dict of str to Prediction, or a list of such
    ///     One entry a task. For a list a list, in its order.
    ///
    /// Raises
    /// ------
    /// DataError
    ///     A ticket cannot be read; ``index`` says which. Then none is predicted.
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
    fn predict<'py>(&self, tickets: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        self.run(
            tickets,
            |ticket| self.inner.predict(ticket),
            |tickets, signals| self.inner.predict_batch(tickets, signals),
            |py, predictions| Ok(by_task(py, predictions)?.into_any()),
        )
    }

    /// Reads tickets from text to decision.
    ///
    /// Parameters
    /// ----------
    /// tickets : str, Ticket, dict, or a list or tuple of them
    ///     As for :meth:`predict`.
    ///
    /// Returns
    /// -------
    /// Decision or list of Decision
    ///     For a list a list, in its order.
    ///
    /// Raises
    /// ------
    /// DataError
    ///     A ticket cannot be read; ``index`` says which. Then none is dispatched.
    ///
    /// Examples
    /// --------
    /// >>> import paidan
    /// >>> engine = paidan.Engine.load()
    /// >>> decisions = engine.dispatch(["水管爆了，路面全是水", "想咨询居住证怎么办理"])
    /// >>> [decision.id for decision in decisions]
    /// ['1', '2']
    fn dispatch<'py>(&self, tickets: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        self.run(
            tickets,
            |ticket| self.inner.dispatch(ticket),
            |tickets, signals| self.inner.dispatch_batch(tickets, signals),
            |py, inner| Ok(Bound::new(py, Decision { inner })?.into_any()),
        )
    }

    /// The embeddings of the texts of tickets by the bundle's encoder.
    ///
    /// They are of the normalised and masked text, as those of a prediction, and do not depend on the texts
    /// beside. Needs numpy.
    ///
    /// Parameters
    /// ----------
    /// texts : list of str
    ///
    /// Returns
    /// -------
    /// numpy.ndarray of float32, (len(texts), hidden size)
    ///
    /// Raises
    /// ------
    /// SettingError
    ///     The bundle has no encoder.
    ///
    /// Examples
    /// --------
    /// >>> import paidan
    /// >>> engine = paidan.Engine.load()
    /// >>> engine.embed(["夜里工地施工噪音太大，没法休息"])  # the default bundle has none
    /// Traceback (most recent call last):
    ///     ...
    /// paidan.errors.SettingError: expected a model with an encoder, this one has none: train with --encoder DIR
    fn embed<'py>(&self, py: Python<'py>, texts: Vec<String>) -> PyResult<Bound<'py, PyAny>> {
        self.check_process()?;
        let embeddings = detached(py, |_| self.inner.embed(&texts))?;
        let shape = (embeddings.len(), embeddings.width());
        let bytes: Vec<u8> = embeddings.as_slice().iter().flat_map(|value| value.to_le_bytes()).collect();
        let flat = py.import("numpy")?.call_method1("frombuffer", (PyByteArray::new(py, &bytes), "<f4"))?;
        flat.call_method1("reshape", shape)
    }

    /// The questions that the model answers, by name.
    #[getter]
    fn tasks<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let tasks = PyDict::new(py);
        for task in Task::all(&self.inner) {
            tasks.set_item(task.name().to_owned(), task)?;
        }
        Ok(tasks)
    }

    /// The folder of the bundle.
    #[getter]
    fn path(&self) -> &PathBuf {
        &self.folder
    }

    /// Threads that lists are read on.
    #[getter]
    fn threads(&self) -> usize {
        self.threads
    }

    fn __repr__(&self) -> String {
        let tasks: Vec<String> =
            Task::all(&self.inner).iter().map(|task| format!("'{}'", task.name())).collect();
        format!("Engine(tasks=[{}], threads={})", tasks.join(", "), self.threads)
    }

    fn __reduce__(&self) -> PyResult<()> {
        not_picklable("an Engine", "call Engine.load in each process")
    }
}

impl Engine {
    /// Runs `one` or `many`, as the input asks for, and converts every result by `shown`.
    fn run<'py, T: Send>(
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
                if self.inner.embedding_width() > 0 {
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

    /// After a fork the threads are gone and a list would wait for ever.
    fn check_process(&self) -> PyResult<()> {
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
