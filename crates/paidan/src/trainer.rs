use std::sync::Arc;

use paidan_classify::{
    Dataset, Example, Model, Observer, TaskAudit, TaskKind, TrainSettings, TrainingEncoder,
};
use paidan_text::{Dictionary, JiebaSegmenter, Segmenter, TextPipeline, Ticket};
use rayon::ThreadPool;
use rayon::prelude::*;

use crate::engine::thread_pool;
use crate::error::{Error, ErrorKind};
use crate::text_encoder::TextEncoder;

/// Makes a model of labelled tickets: push them one by one, then [`fit`](Self::fit).
///
/// Only masked text is kept. Memory grows with the tickets, to about ten times the size of their text.
pub struct Trainer {
    settings: TrainSettings,
    dictionary: Dictionary,
    pipeline: TextPipeline,
    dataset: Dataset,
    waiting: Vec<(Ticket, Option<Example>)>,
    pool: Option<ThreadPool>,
    encoder: Option<TextEncoder>,
}

/// Tickets prepared at once.
const BATCH: usize = 2048;

impl Trainer {
    /// A trainer for `tasks`, each a column of labels, with our hotline dictionary and the words of
    /// `user_dictionary`.
    ///
    /// # Errors
    ///
    /// No task, a task twice, or a name that is blank, reserved or not made of letters, digits, `_`, `-`.
    pub fn new(
        tasks: impl IntoIterator<Item = impl Into<String>>,
        settings: TrainSettings,
        user_dictionary: Dictionary,
    ) -> Result<Self, Error> {
        let dataset = Dataset::new(tasks)?;
        let mut dictionary = Dictionary::hotline();
        dictionary.merge(user_dictionary);
        let pipeline = TextPipeline::new(Arc::new(JiebaSegmenter::new(&dictionary)));
        Ok(Self { settings, dictionary, pipeline, dataset, waiting: Vec::new(), pool: None, encoder: None })
    }

    /// Threads to train on; by default all cores. The model does not depend on it.
    ///
    /// # Errors
    ///
    /// 0 threads are asked for.
    pub fn threads(mut self, threads: usize) -> Result<Self, Error> {
        self.pool = Some(thread_pool(threads)?);
        Ok(self)
    }

    /// An encoder to read the tickets beside their words; the bundle will carry it. Each task weighs it as a part of
    /// the tickets shows that it helps. Embeddings take 8 bytes × hidden size for each ticket more.
    #[must_use]
    pub fn encoder(mut self, encoder: TextEncoder) -> Self {
        self.encoder = Some(encoder);
        self
    }

    /// Says that the labels of `task` are paths or sets; `false` where there is no such task.
    pub fn set_kind(&mut self, task: &str, kind: TaskKind) -> bool {
        self.dataset.set_kind(task, kind)
    }

    /// Adds a labelled ticket.
    pub fn push(&mut self, ticket: Ticket, example: Example) {
        self.wait((ticket, Some(example)));
    }

    /// Adds a ticket without labels, of the same city or another: it teaches which words are alike, and heads make use
    /// of that. Of rare tickets with labels and many without, it finds more right.
    pub fn push_unlabelled(&mut self, ticket: Ticket) {
        self.wait((ticket, None));
    }

    fn wait(&mut self, waiting: (Ticket, Option<Example>)) {
        self.waiting.push(waiting);
        if self.waiting.len() >= BATCH {
            self.prepare_waiting();
        }
    }

    /// Trains on all tickets pushed.
    ///
    /// # Errors
    ///
    /// See [`paidan_classify::Trainer::fit_with`]; no ticket was pushed.
    pub fn fit(mut self, observer: &dyn Observer) -> Result<Model, Error> {
        let encoder = self.encoder.take();
        self.run(|trainer, dataset, dictionary, segmenter| {
            let encoder = encoder.as_ref().map(|encoder| TrainingEncoder {
                embedder: encoder.embedder.as_ref(),
                files: &encoder.files,
            });
            trainer.fit_with(dataset, dictionary, segmenter, encoder, observer)
        })
    }

    /// Finds the tickets whose labels are probably wrong; rows are numbered in the order of the pushes, from 0.
    ///
    /// # Errors
    ///
    /// See [`paidan_classify::Trainer::audit`]; no ticket was pushed.
    pub fn audit(self, observer: &dyn Observer) -> Result<Vec<TaskAudit>, Error> {
        self.run(|trainer, dataset, dictionary, segmenter| {
            trainer.audit(dataset, dictionary, segmenter, observer)
        })
    }

    fn run<T: Send>(
        mut self,
        work: impl FnOnce(
            paidan_classify::Trainer,
            &Dataset,
            &Dictionary,
            &dyn Segmenter,
        ) -> Result<T, paidan_classify::Error>
        + Send,
    ) -> Result<T, Error> {
        self.prepare_waiting();
        if self.dataset.is_empty() {
            let problem = "expected tickets to train on, got none".to_owned();
            return Err(Error::new(ErrorKind::Setting { problem }));
        }
        let trainer = paidan_classify::Trainer::new(self.settings);
        let (dataset, dictionary, segmenter) = (&self.dataset, &self.dictionary, self.pipeline.segmenter());
        let work = || work(trainer, dataset, dictionary, segmenter);
        Ok(match &self.pool {
            Some(pool) => pool.install(work),
            None => work(),
        }?)
    }

    fn prepare_waiting(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        let pipeline = &self.pipeline;
        let prepare =
            || waiting.par_iter().map(|(ticket, _)| pipeline.prepare_ticket(ticket)).collect::<Vec<_>>();
        let prepared = match &self.pool {
            Some(pool) => pool.install(prepare),
            None => prepare(),
        };
        for (prepared, (_, example)) in prepared.into_iter().zip(waiting) {
            match example {
                Some(example) => self.dataset.push(prepared, example),
                None => self.dataset.push_unlabelled(prepared),
            }
        }
    }
}
