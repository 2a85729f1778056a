//! The one way to work without the GIL.

use std::sync::{Mutex, PoisonError};

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
    let signals = Signals::default();
    match py.detach(|| work(&signals)) {
        Ok(done) => Ok(done),
        Err(error) => Err(signals.into_raised().unwrap_or_else(|| python_error(py, &error))),
    }
}

/// Stops the work when a signal handler of Python raises, as that of Ctrl-C does.
#[derive(Default)]
pub(crate) struct Signals {
    raised: Mutex<Option<PyErr>>,
}

impl Signals {
    fn into_raised(self) -> Option<PyErr> {
        self.raised.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for Signals {
    fn on_progress(&self, _: Progress) -> bool {
        match Python::try_attach(|py| py.check_signals()) {
            Some(Err(raised)) => {
                *self.raised.lock().unwrap_or_else(PoisonError::into_inner) = Some(raised);
                false
            }
            _ => true,
        }
    }
}
