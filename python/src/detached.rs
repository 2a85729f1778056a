//! The one way to work without the GIL.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use paidan::{Error, Observer, Progress};
use pyo3::prelude::*;

use crate::error::python_error;

/// Runs `work` while other Python threads run.
///
/// Whatever `work` does in steps it reports to the observer it is given, so that Ctrl-C ends it.
pub(crate) fn detached<T: Send>(
    py: Python<'_>,
    work: impl FnOnce(&Signals) -> Result<T, Error> + Send,
) -> PyResult<T> {
    run(py, Signals::default(), work)
}

/// As [`detached`], for work that may be long: shows how far it is, as `progress` asks for.
///
/// `progress` is what the Python function was given: None, a bool, or a function.
pub(crate) fn watched<T: Send>(
    py: Python<'_>,
    progress: Option<&Bound<'_, PyAny>>,
    work: impl FnOnce(&Signals) -> Result<T, Error> + Send,
) -> PyResult<T> {
    let bar = py.import("paidan._progress")?.call_method1("watch", (progress,))?;
    let signals = Signals { bar: (!bar.is_none()).then(|| bar.clone().unbind()), ..Signals::default() };
    let done = run(py, signals, work);
    if !bar.is_none() {
        bar.call_method0("close")?;
    }
    done
}

fn run<T: Send>(
    py: Python<'_>,
    signals: Signals,
    work: impl FnOnce(&Signals) -> Result<T, Error> + Send,
) -> PyResult<T> {
    match py.detach(|| work(&signals)) {
        Ok(done) => Ok(done),
        Err(error) => Err(signals.into_raised().unwrap_or_else(|| python_error(py, &error))),
    }
}

/// Stops the work when a signal handler of Python raises, as that of Ctrl-C does, and moves the bar.
#[derive(Default)]
pub(crate) struct Signals {
    raised: Mutex<Option<PyErr>>,
    bar: Option<Py<PyAny>>,
    /// What was shown last, and when.
    shown: Mutex<Option<(Instant, &'static str)>>,
}

/// The least time between two moves of the bar.
const INTERVAL: Duration = Duration::from_millis(100);

impl Signals {
    fn into_raised(self) -> Option<PyErr> {
        self.raised.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the bar is to move now: at once for a new stage and at its end, else not too often.
    fn is_due(&self, progress: Progress) -> bool {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let rests = |(at, stage): (Instant, &str)| stage == progress.stage && at.elapsed() < INTERVAL;
        if shown.is_some_and(rests) && progress.total != Some(progress.done) {
            return false;
        }
        *shown = Some((Instant::now(), progress.stage));
        true
    }

    fn attached(&self, py: Python<'_>, progress: Progress) -> PyResult<()> {
        py.check_signals()?;
        match &self.bar {
            Some(bar) if self.is_due(progress) => {
                bar.call1(py, (progress.stage, progress.done, progress.total)).map(drop)
            }
            _ => Ok(()),
        }
    }
}

impl Observer for Signals {
    fn on_progress(&self, progress: Progress) -> bool {
        match Python::try_attach(|py| self.attached(py, progress)) {
            Some(Err(raised)) => {
                *self.raised.lock().unwrap_or_else(PoisonError::into_inner) = Some(raised);
                false
            }
            _ => true,
        }
    }
}
