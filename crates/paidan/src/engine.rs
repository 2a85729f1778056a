use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use paidan_classify::{Model, Observer, Progress};
use paidan_text::{Dictionary, JiebaSegmenter, PreparedTicket, TextPipeline, Ticket};
use rayon::ThreadPool;
use rayon::prelude::*;

use crate::decide::decide;
use crate::decision::{Decision, Explanation};
use crate::emergency::{Emergencies, Raised};
use crate::error::{Error, ErrorKind};
use crate::evidence::evidence;
use crate::locate::locate_bundle;
use crate::prediction::Prediction;

/// Ready to run: reads tickets, predicts, decides.
///
/// Shared by all threads through `&self`. The bundle is an immutable snapshot: [`reload`](Self::reload)
/// swaps it while calls in flight finish with the one they began with.
pub struct Engine {
    snapshot: RwLock<Arc<Snapshot>>,
    pool: Option<ThreadPool>,
}

/// A model with the pipeline that prepares text for it.
pub(crate) struct Snapshot {
    model: Model,
    pipeline: TextPipeline,
    emergencies: Emergencies,
}

/// Settings of an [`Engine`]. None need be set.
#[derive(Clone, Copy, Debug, Default)]
pub struct EngineBuilder {
    threads: Option<usize>,
}

impl EngineBuilder {
    /// Threads that batches run on; by default all cores. Results do not depend on it.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = Some(threads);
        self
    }

    /// Loads the bundle in `folder`.
    ///
    /// # Errors
    ///
    /// The bundle cannot be used, or 0 threads are asked for.
    pub fn load(self, folder: impl AsRef<Path>) -> Result<Engine, Error> {
        let pool = self.threads.map(thread_pool).transpose()?;
        let snapshot = RwLock::new(Arc::new(Snapshot::load(folder.as_ref())?));
        Ok(Engine { snapshot, pool })
    }
}

/// A pool of `threads` threads.
pub(crate) fn thread_pool(threads: usize) -> Result<ThreadPool, Error> {
    let setting = |problem: String| Error::new(ErrorKind::Setting { problem });
    if threads == 0 || threads > 4096 {
        return Err(setting(format!("expected 1 to 4096 threads, got {threads}")));
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    pool.map_err(|error| setting(format!("cannot start {threads} threads: {error}")))
}

impl Snapshot {
    /// Reads the bundle and jieba's dictionary side by side: both take about a tenth of a second.
    fn load(folder: &Path) -> Result<Self, Error> {
        let (model, segmenter) = std::thread::scope(|scope| {
            let segmenter = scope.spawn(|| JiebaSegmenter::new(&Dictionary::default()));
            let model = Model::load(folder);
            (model, segmenter.join())
        });
        let model = model?;
        // The thread cannot fail but by a panic inside jieba; then it is tried here, where it is seen.
        let mut segmenter = segmenter.unwrap_or_else(|_| JiebaSegmenter::new(&Dictionary::default()));
        segmenter.add(model.dictionary());
        log::debug!("loaded a bundle of {} tasks", model.tasks().len());
        let emergencies = Emergencies::new(&model)?;
        Ok(Self { model, pipeline: TextPipeline::new(Arc::new(segmenter)), emergencies })
    }

    pub(crate) fn model(&self) -> &Model {
        &self.model
    }

    fn predict(&self, prepared: &PreparedTicket) -> Vec<Prediction> {
        self.predict_raised(prepared).0
    }

    /// The predictions, and how far words have raised their urgency.
    fn predict_raised(&self, prepared: &PreparedTicket) -> (Vec<Prediction>, Raised) {
        let (probabilities, raised) = self.probabilities(prepared);
        let tasks = self.model.tasks().iter().zip(&probabilities);
        let mut predictions: Vec<Prediction> =
            tasks.map(|(task, probabilities)| Prediction::new(task, probabilities)).collect();
        self.emergencies.sign(raised, &mut predictions);
        (predictions, raised)
    }

    /// What model and words say together.
    fn probabilities(&self, prepared: &PreparedTicket) -> (Vec<Vec<f32>>, Raised) {
        let mut probabilities = self.model.probabilities(prepared);
        let raised = self.emergencies.raise(prepared, &mut probabilities);
        (probabilities, raised)
    }

    fn dispatch(&self, ticket: &Ticket) -> Result<Decision, Error> {
        let prepared = self.prepare(ticket)?;
        let (predictions, raised) = self.predict_raised(&prepared);
        let alarms = self.emergencies.alarms(ticket, &prepared);
        let (outcome, reasons) = decide(&predictions, raised.level(), &alarms);
        let explanation = Explanation {
            reasons,
            masked_title: prepared.title.masked().to_owned(),
            masked_text: prepared.text.masked().to_owned(),
            alarms,
            evidence: evidence(&self.model, ticket, &prepared, &predictions),
        };
        Ok(Decision { id: ticket.id.clone(), outcome, predictions, explanation })
    }

    fn prepare(&self, ticket: &Ticket) -> Result<PreparedTicket, Error> {
        if ticket.is_readable() {
            Ok(self.pipeline.prepare_ticket(ticket))
        } else {
            Err(Error::new(ErrorKind::EmptyTicket))
        }
    }
}

impl Engine {
    /// Loads the bundle in `folder` with default settings.
    ///
    /// # Errors
    ///
    /// The bundle is missing, damaged, or of a newer format.
    pub fn load(folder: impl AsRef<Path>) -> Result<Self, Error> {
        Self::builder().load(folder)
    }

    /// Loads the bundle that [`locate_bundle`] finds.
    ///
    /// # Errors
    ///
    /// There is none, or it cannot be used.
    pub fn load_default() -> Result<Self, Error> {
        Self::load(locate_bundle()?)
    }

    /// Settings, where the defaults do not do.
    pub fn builder() -> EngineBuilder {
        EngineBuilder::default()
    }

    /// Reads one ticket from text to decision.
    ///
    /// # Errors
    ///
    /// The ticket has neither title nor text.
    pub fn dispatch(&self, ticket: &Ticket) -> Result<Decision, Error> {
        self.snapshot().dispatch(ticket)
    }

    /// What the model says of one ticket, one prediction a task.
    ///
    /// # Errors
    ///
    /// The ticket has neither title nor text.
    pub fn predict(&self, ticket: &Ticket) -> Result<Vec<Prediction>, Error> {
        let snapshot = self.snapshot();
        Ok(snapshot.predict(&snapshot.prepare(ticket)?))
    }

    /// [`dispatch`](Self::dispatch) for many tickets on all threads, in their order.
    ///
    /// # Errors
    ///
    /// `observer` asked to stop. Tickets that cannot be read are errors in their own place.
    pub fn dispatch_batch(
        &self,
        tickets: &[Ticket],
        observer: &dyn Observer,
    ) -> Result<Vec<Result<Decision, Error>>, Error> {
        let snapshot = self.snapshot();
        self.batch(tickets, observer, |ticket| snapshot.dispatch(ticket))
    }

    /// [`predict`](Self::predict) for many tickets on all threads, in their order.
    ///
    /// # Errors
    ///
    /// `observer` asked to stop. Tickets that cannot be read are errors in their own place.
    pub fn predict_batch(
        &self,
        tickets: &[Ticket],
        observer: &dyn Observer,
    ) -> Result<Vec<Result<Vec<Prediction>, Error>>, Error> {
        let snapshot = self.snapshot();
        self.batch(tickets, observer, |ticket| Ok(snapshot.predict(&snapshot.prepare(ticket)?)))
    }

    /// Probabilities of all labels of all tasks by the bundle of `snapshot`, for evaluation.
    pub(crate) fn probabilities_batch(&self, snapshot: &Snapshot, tickets: &[Ticket]) -> Vec<Vec<Vec<f32>>> {
        let probabilities =
            |ticket: &Ticket| snapshot.probabilities(&snapshot.pipeline.prepare_ticket(ticket)).0;
        self.on_pool(|| tickets.par_iter().map(probabilities).collect())
    }

    /// Replaces the bundle by the one in `folder`. On an error the old one stays.
    ///
    /// # Errors
    ///
    /// The new bundle cannot be used.
    pub fn reload(&self, folder: impl AsRef<Path>) -> Result<(), Error> {
        let snapshot = Arc::new(Snapshot::load(folder.as_ref())?);
        *self.snapshot.write().unwrap_or_else(PoisonError::into_inner) = snapshot;
        Ok(())
    }

    /// Calls `read` with the model in use.
    pub fn with_model<T>(&self, read: impl FnOnce(&Model) -> T) -> T {
        read(&self.snapshot().model)
    }

    /// The bundle in use.
    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        // A poisoned lock only means that another thread panicked; the snapshot itself is whole.
        Arc::clone(&self.snapshot.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn batch<T: Send>(
        &self,
        tickets: &[Ticket],
        observer: &dyn Observer,
        one: impl Fn(&Ticket) -> Result<T, Error> + Sync,
    ) -> Result<Vec<Result<T, Error>>, Error> {
        const CHUNK: usize = 1024;
        let mut results = Vec::with_capacity(tickets.len());
        for chunk in tickets.chunks(CHUNK) {
            let progress =
                Progress { stage: "read tickets", done: results.len(), total: Some(tickets.len()) };
            if !observer.on_progress(progress) {
                return Err(paidan_classify::Error::cancelled().into());
            }
            results.extend(self.on_pool(|| chunk.par_iter().map(&one).collect::<Vec<_>>()));
        }
        Ok(results)
    }

    fn on_pool<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        match &self.pool {
            Some(pool) => pool.install(work),
            None => work(),
        }
    }
}
