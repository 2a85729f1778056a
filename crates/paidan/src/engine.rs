use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use paidan_catalogue::Catalogue;
use paidan_classify::{Embedder, Embeddings, EncoderError, Model, Observer, Progress, embed_tickets};
use paidan_text::{Dictionary, JiebaSegmenter, PreparedText, PreparedTicket, TextPipeline, Ticket};
use rayon::ThreadPool;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::decide::decide;
use crate::decision::{Decision, Explanation};
use crate::desk::decide_by_catalogue;
use crate::device::EncoderSettings;
use crate::emergency::{Emergencies, Raised};
use crate::error::{Error, ErrorKind};
use crate::evidence::evidence;
use crate::locate::locate_bundle;
use crate::prediction::Prediction;
use crate::text_encoder::open_files;

/// Ready to run: reads tickets, predicts, decides.
///
/// Shared by all threads through `&self`. The bundle is an immutable snapshot: [`reload`](Self::reload)
/// swaps it while calls in flight finish with the one they began with.
pub struct Engine {
    snapshot: RwLock<Arc<Snapshot>>,
    catalogue: RwLock<Option<Arc<Catalogue>>>,
    at: Option<String>,
    pool: Option<ThreadPool>,
    encoder: EncoderSettings,
}

/// A model with the pipeline that prepares text for it.
pub(crate) struct Snapshot {
    model: Model,
    pipeline: TextPipeline,
    emergencies: Emergencies,
    /// Where the model has one.
    embedder: Option<Box<dyn Embedder>>,
    /// Of the manifest of the bundle; `None` for a model that was never written.
    hash: Option<String>,
}

/// Settings of an [`Engine`]. None need be set.
#[derive(Clone, Debug, Default)]
pub struct EngineBuilder {
    threads: Option<usize>,
    encoder: EncoderSettings,
    catalogue: Option<PathBuf>,
    at: Option<String>,
}

impl EngineBuilder {
    /// Threads that batches run on; by default all cores. Results do not depend on it.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = Some(threads);
        self
    }

    /// Where and how the bundle's encoder runs, if it has one; by default on the processor in single precision.
    #[must_use]
    pub fn encoder(mut self, settings: EncoderSettings) -> Self {
        self.encoder = settings;
        self
    }

    /// Decides with the dispatch catalogue in `folder`; without one the model alone decides.
    #[must_use]
    pub fn catalogue(mut self, folder: impl Into<PathBuf>) -> Self {
        self.catalogue = Some(folder.into());
        self
    }

    /// Time of receipt of tickets that have none, such as `2026-03-02T10:00`. No clock is read.
    #[must_use]
    pub fn at(mut self, time: impl Into<String>) -> Self {
        self.at = Some(time.into());
        self
    }

    /// Loads the bundle in `folder`.
    ///
    /// # Errors
    ///
    /// The bundle or the catalogue cannot be used, or 0 threads are asked for.
    pub fn load(self, folder: impl AsRef<Path>) -> Result<Engine, Error> {
        let pool = self.threads.map(thread_pool).transpose()?;
        let catalogue = self.catalogue.map(Catalogue::load).transpose()?;
        let snapshot = RwLock::new(Arc::new(Snapshot::load(folder.as_ref(), self.encoder)?));
        let catalogue = RwLock::new(catalogue.map(Arc::new));
        Ok(Engine { snapshot, catalogue, at: self.at, pool, encoder: self.encoder })
    }

    /// An engine for a model in memory, as [`Trainer::fit`](crate::Trainer::fit) gives it.
    ///
    /// # Errors
    ///
    /// 0 threads are asked for, or the model's encoder cannot be used.
    pub fn build(self, model: Model) -> Result<Engine, Error> {
        let pool = self.threads.map(thread_pool).transpose()?;
        let embedder = Snapshot::open_encoder(&model, self.encoder)?;
        let segmenter = JiebaSegmenter::new(&Dictionary::default());
        let catalogue = self.catalogue.map(Catalogue::load).transpose()?;
        let snapshot = RwLock::new(Arc::new(Snapshot::new(model, embedder, segmenter)?));
        let catalogue = RwLock::new(catalogue.map(Arc::new));
        Ok(Engine { snapshot, catalogue, at: self.at, pool, encoder: self.encoder })
    }
}

/// Tickets read between two reports of progress.
const READ_AT_ONCE: usize = 1024;
/// The same with an encoder, which takes thousands of times as long.
const ENCODED_AT_ONCE: usize = 256;

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
    fn load(folder: &Path, encoder: EncoderSettings) -> Result<Self, Error> {
        let (read, segmenter) = std::thread::scope(|scope| {
            let segmenter = scope.spawn(|| JiebaSegmenter::new(&Dictionary::default()));
            let read = Self::read_bundle(folder, encoder);
            (read, segmenter.join())
        });
        let (model, embedder) = read?;
        // The thread cannot fail but by a panic inside jieba; then it is tried here, where it is seen.
        let segmenter = segmenter.unwrap_or_else(|_| JiebaSegmenter::new(&Dictionary::default()));
        log::debug!("loaded a bundle of {} tasks", model.tasks().len());
        let hash =
            |manifest: Vec<u8>| Sha256::digest(manifest).iter().map(|byte| format!("{byte:02x}")).collect();
        let hash = std::fs::read(folder.join("manifest.json")).ok().map(hash);
        Ok(Self { hash, ..Self::new(model, embedder, segmenter)? })
    }

    /// A model with jieba's own words, to which those of the model are added.
    fn new(
        model: Model,
        embedder: Option<Box<dyn Embedder>>,
        mut segmenter: JiebaSegmenter,
    ) -> Result<Self, Error> {
        segmenter.add(model.dictionary());
        let emergencies = Emergencies::new(&model)?;
        let pipeline = TextPipeline::new(Arc::new(segmenter));
        Ok(Self { model, pipeline, emergencies, embedder, hash: None })
    }

    fn read_bundle(
        folder: &Path,
        settings: EncoderSettings,
    ) -> Result<(Model, Option<Box<dyn Embedder>>), Error> {
        let model = Model::load(folder)?;
        let embedder = Self::open_encoder(&model, settings)?;
        Ok((model, embedder))
    }

    /// The encoder that `model` was trained with, if it was.
    fn open_encoder(model: &Model, settings: EncoderSettings) -> Result<Option<Box<dyn Embedder>>, Error> {
        let embedder = model.encoder().map(|files| open_files(files, settings)).transpose()?;
        let found = embedder.as_ref().map_or(0, |embedder| embedder.width());
        if found != model.embedding_width() {
            let expected = model.embedding_width();
            let problem = format!(
                "the bundle's heads expect embeddings of {expected} numbers, its encoder gives {found}: train again"
            );
            return Err(paidan_classify::Error::from(EncoderError::new(problem)).into());
        }
        Ok(embedder)
    }

    pub(crate) fn model(&self) -> &Model {
        &self.model
    }

    fn predict(&self, prepared: &PreparedTicket, embedding: &[f32]) -> Vec<Prediction> {
        self.predict_raised(prepared, embedding).0
    }

    /// The predictions, and how far words have raised their urgency.
    fn predict_raised(&self, prepared: &PreparedTicket, embedding: &[f32]) -> (Vec<Prediction>, Raised) {
        let (probabilities, raised) = self.probabilities(prepared, embedding);
        let tasks = self.model.tasks().iter().zip(&probabilities);
        let mut predictions: Vec<Prediction> =
            tasks.map(|(task, probabilities)| Prediction::new(task, probabilities)).collect();
        self.emergencies.sign(raised, &mut predictions);
        (predictions, raised)
    }

    /// What model and words say together.
    pub(crate) fn probabilities(
        &self,
        prepared: &PreparedTicket,
        embedding: &[f32],
    ) -> (Vec<Vec<f32>>, Raised) {
        let mut probabilities = self.model.probabilities_with(prepared, embedding);
        let raised = self.emergencies.raise(prepared, &mut probabilities);
        (probabilities, raised)
    }

    fn dispatch(
        &self,
        ticket: &Ticket,
        prepared: &PreparedTicket,
        embedding: &[f32],
        by: Option<(&Catalogue, Option<&str>)>,
    ) -> Decision {
        let (predictions, raised) = self.predict_raised(prepared, embedding);
        let alarms = self.emergencies.alarms(ticket, prepared);
        let (outcome, reasons) = decide(&predictions, raised.level(), &alarms);
        let explanation = Explanation {
            reasons,
            masked_title: prepared.title.masked().to_owned(),
            masked_text: prepared.text.masked().to_owned(),
            alarms,
            evidence: evidence(&self.model, ticket, prepared, embedding, &predictions),
            contributions: None,
        };
        let decision = Decision {
            id: ticket.id.clone(),
            outcome,
            predictions,
            dispatch: None,
            bundle: None,
            explanation,
        };
        match by {
            Some((catalogue, at)) => Decision {
                bundle: self.hash.clone(),
                ..decide_by_catalogue(catalogue, ticket, prepared, at, decision)
            },
            None => decision,
        }
    }

    pub(crate) fn pipeline(&self) -> &TextPipeline {
        &self.pipeline
    }

    fn prepare(&self, ticket: &Ticket) -> Result<PreparedTicket, Error> {
        if ticket.is_readable() {
            Ok(self.pipeline.prepare_ticket(ticket))
        } else {
            Err(Error::new(ErrorKind::EmptyTicket))
        }
    }

    /// What `one` makes of each ticket and of its embedding, which is empty where the model has no encoder, on the
    /// threads of the current pool.
    fn read<T: Send>(
        &self,
        tickets: &[Ticket],
        one: impl Fn(&Ticket, &PreparedTicket, &[f32]) -> T + Sync,
    ) -> Vec<Result<T, Error>> {
        let Some(embedder) = &self.embedder else {
            return tickets.par_iter().map(|ticket| Ok(one(ticket, &self.prepare(ticket)?, &[]))).collect();
        };
        let prepared: Vec<_> = tickets.par_iter().map(|ticket| self.prepare(ticket)).collect();
        let mut embeddings = embed_each(embedder.as_ref(), prepared.iter().flatten()).into_iter();
        let embedded: Vec<_> = prepared
            .into_iter()
            .map(|prepared| {
                let prepared = prepared?;
                Ok((prepared, embeddings.next().unwrap_or_else(|| Ok(Vec::new()))?))
            })
            .collect();
        let pairs = tickets.par_iter().zip(embedded);
        pairs
            .map(|(ticket, read)| read.map(|(prepared, embedding)| one(ticket, &prepared, &embedding)))
            .collect()
    }
}

/// The embeddings of `tickets` all at once; where that fails each by itself, so that none is lost to another.
fn embed_each<'t>(
    embedder: &dyn Embedder,
    tickets: impl Iterator<Item = &'t PreparedTicket> + Clone,
) -> Vec<Result<Vec<f32>, Error>> {
    if let Ok(embeddings) = embed_tickets(embedder, tickets.clone()) {
        let rows = embeddings.as_slice().chunks_exact(embeddings.width().max(1));
        return rows.map(|row| Ok(row.to_vec())).collect();
    }
    let alone = |ticket| {
        let embedding = embed_tickets(embedder, std::iter::once(ticket));
        Ok(embedding.map_err(paidan_classify::Error::from)?.into_vec())
    };
    tickets.map(alone).collect()
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
        let (snapshot, catalogue) = (self.snapshot(), self.catalogue());
        let by = catalogue.as_deref().map(|catalogue| (catalogue, self.at.as_deref()));
        let one =
            |ticket: &_, prepared: &_, embedding: &_| snapshot.dispatch(ticket, prepared, embedding, by);
        self.one(&snapshot, ticket, one)
    }

    /// What the model says of one ticket, one prediction a task.
    ///
    /// # Errors
    ///
    /// The ticket has neither title nor text.
    pub fn predict(&self, ticket: &Ticket) -> Result<Vec<Prediction>, Error> {
        let snapshot = self.snapshot();
        self.one(&snapshot, ticket, |_, prepared, embedding| snapshot.predict(prepared, embedding))
    }

    /// The embeddings of the texts of tickets by the bundle's encoder, (texts, hidden size). Like those of a
    /// prediction they are of the normalised and masked text, and do not depend on the texts beside.
    ///
    /// # Errors
    ///
    /// The bundle has no encoder, or it failed.
    pub fn embed<T: AsRef<str> + Sync>(&self, texts: &[T]) -> Result<Embeddings, Error> {
        let snapshot = self.snapshot();
        let Some(embedder) = &snapshot.embedder else {
            let problem = "expected a model with an encoder, this one has none: train with --encoder DIR";
            return Err(Error::new(ErrorKind::Setting { problem: problem.to_owned() }));
        };
        let (mut values, mut truncated) = (Vec::new(), 0);
        for chunk in texts.chunks(ENCODED_AT_ONCE) {
            let embeddings = self.on_pool(|| {
                let prepare = |text: &T| snapshot.pipeline.prepare_ticket(&Ticket::new(text.as_ref()));
                let prepared: Vec<_> = chunk.par_iter().map(prepare).collect();
                embed_tickets(embedder.as_ref(), &prepared)
            });
            let embeddings = embeddings.map_err(paidan_classify::Error::from)?;
            truncated += embeddings.truncated();
            values.append(&mut embeddings.into_vec());
        }
        Ok(Embeddings::new(embedder.width(), values, truncated))
    }

    /// Numbers in an embedding of the bundle's encoder; 0 where it has none.
    pub fn embedding_width(&self) -> usize {
        self.snapshot().model.embedding_width()
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
        let (snapshot, catalogue) = (self.snapshot(), self.catalogue());
        let by = catalogue.as_deref().map(|catalogue| (catalogue, self.at.as_deref()));
        let one =
            |ticket: &_, prepared: &_, embedding: &_| snapshot.dispatch(ticket, prepared, embedding, by);
        self.batch(&snapshot, tickets, observer, one)
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
        self.batch(&snapshot, tickets, observer, |_, prepared, embedding| {
            snapshot.predict(prepared, embedding)
        })
    }

    /// Probabilities of all labels of `task`, in the order of its labels, for many tickets on all threads.
    ///
    /// # Errors
    ///
    /// There is no such task, or `observer` asked to stop. Tickets that cannot be read are errors in their
    /// own place.
    pub fn label_probabilities(
        &self,
        task: &str,
        tickets: &[Ticket],
        observer: &dyn Observer,
    ) -> Result<Vec<Result<Vec<f32>, Error>>, Error> {
        let snapshot = self.snapshot();
        let tasks = snapshot.model.tasks();
        let Some(place) = tasks.iter().position(|other| other.name() == task) else {
            let known = tasks.iter().map(|task| task.name().to_owned()).collect();
            return Err(Error::new(ErrorKind::UnknownTask { task: task.to_owned(), known }));
        };
        self.batch(&snapshot, tickets, observer, |_, prepared, embedding| {
            let (mut probabilities, _) = snapshot.probabilities(prepared, embedding);
            probabilities.swap_remove(place)
        })
    }

    /// Probabilities of all labels of all tasks by the bundle of `snapshot`, for evaluation.
    pub(crate) fn probabilities_batch(
        &self,
        snapshot: &Snapshot,
        tickets: &[Ticket],
    ) -> Result<Vec<Vec<Vec<f32>>>, Error> {
        let chunks = tickets.chunks(ENCODED_AT_ONCE).map(|chunk| {
            self.on_pool(|| {
                let prepare = |ticket: &Ticket| snapshot.pipeline.prepare_ticket(ticket);
                let prepared: Vec<_> = chunk.par_iter().map(prepare).collect();
                let embeddings = match &snapshot.embedder {
                    Some(embedder) => Some(
                        embed_tickets(embedder.as_ref(), &prepared).map_err(paidan_classify::Error::from)?,
                    ),
                    None => None,
                };
                let embedding =
                    |row| embeddings.as_ref().and_then(|embeddings| embeddings.row(row)).unwrap_or_default();
                let rows = prepared.par_iter().enumerate();
                Ok(rows
                    .map(|(row, ticket)| snapshot.probabilities(ticket, embedding(row)).0)
                    .collect::<Vec<_>>())
            })
        });
        Ok(chunks.collect::<Result<Vec<_>, Error>>()?.concat())
    }

    /// Replaces the bundle by the one in `folder`. On an error the old one stays.
    ///
    /// # Errors
    ///
    /// The new bundle cannot be used.
    pub fn reload(&self, folder: impl AsRef<Path>) -> Result<(), Error> {
        let snapshot = Arc::new(Snapshot::load(folder.as_ref(), self.encoder)?);
        *self.snapshot.write().unwrap_or_else(PoisonError::into_inner) = snapshot;
        Ok(())
    }

    /// The first three stages of one text: normalised, masked, in words.
    pub fn prepare(&self, text: &str) -> PreparedText {
        self.snapshot().pipeline.prepare(text)
    }

    /// Replaces the dispatch catalogue by the one in `folder`. On an error the old one stays in force.
    ///
    /// # Errors
    ///
    /// The new catalogue cannot be used.
    pub fn reload_catalogue(&self, folder: impl AsRef<Path>) -> Result<(), Error> {
        let catalogue = Arc::new(Catalogue::load(folder)?);
        *self.catalogue.write().unwrap_or_else(PoisonError::into_inner) = Some(catalogue);
        Ok(())
    }

    /// The dispatch catalogue in use.
    pub fn catalogue(&self) -> Option<Arc<Catalogue>> {
        self.catalogue.read().unwrap_or_else(PoisonError::into_inner).clone()
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

    /// A ticket without an encoder is read on the calling thread, with one on all threads.
    pub(crate) fn one<T: Send>(
        &self,
        snapshot: &Snapshot,
        ticket: &Ticket,
        one: impl Fn(&Ticket, &PreparedTicket, &[f32]) -> T + Sync,
    ) -> Result<T, Error> {
        if snapshot.embedder.is_none() {
            return Ok(one(ticket, &snapshot.prepare(ticket)?, &[]));
        }
        let read = self.on_pool(|| snapshot.read(std::slice::from_ref(ticket), &one));
        read.into_iter().next().unwrap_or_else(|| Err(Error::new(ErrorKind::EmptyTicket)))
    }

    fn batch<T: Send>(
        &self,
        snapshot: &Snapshot,
        tickets: &[Ticket],
        observer: &dyn Observer,
        one: impl Fn(&Ticket, &PreparedTicket, &[f32]) -> T + Sync,
    ) -> Result<Vec<Result<T, Error>>, Error> {
        let at_once = if snapshot.embedder.is_some() { ENCODED_AT_ONCE } else { READ_AT_ONCE };
        let mut results = Vec::with_capacity(tickets.len());
        for chunk in tickets.chunks(at_once) {
            let progress =
                Progress { stage: "read tickets", done: results.len(), total: Some(tickets.len()) };
            if !observer.on_progress(progress) {
                return Err(paidan_classify::Error::cancelled().into());
            }
            results.extend(self.on_pool(|| snapshot.read(chunk, &one)));
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
