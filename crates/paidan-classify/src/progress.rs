use crate::Error;

/// What a long call is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The stage, in English lower case, for instance `fit`.
    pub stage: &'static str,
    /// Steps of the stage that are done.
    pub done: usize,
    /// All steps of the stage, where known.
    pub total: Option<usize>,
}

/// Watches a long call and may end it.
///
/// Closures `Fn(Progress) -> bool` are observers; `false` asks the call to stop. Calls may come from any
/// thread, but stages follow each other in order.
pub trait Observer: Sync {
    /// Takes note of progress; `false` stops the work soon, leaving nothing half done.
    fn on_progress(&self, progress: Progress) -> bool;
}

impl<F: Fn(Progress) -> bool + Sync> Observer for F {
    fn on_progress(&self, progress: Progress) -> bool {
        self(progress)
    }
}

/// An observer that watches nothing and never stops anything.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Observer for Silent {
    fn on_progress(&self, _: Progress) -> bool {
        true
    }
}

/// Reports one step and turns a wish to stop into an error.
pub(crate) fn report(
    observer: &dyn Observer,
    stage: &'static str,
    done: usize,
    total: Option<usize>,
) -> Result<(), Error> {
    if observer.on_progress(Progress { stage, done, total }) { Ok(()) } else { Err(Error::cancelled()) }
}
