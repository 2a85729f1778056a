use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use paidan_catalogue::{Catalogue, Request};
use paidan_text::{Dictionary, JiebaSegmenter, PreparedTicket, TextPipeline, Ticket};
use rayon::ThreadPool;
use rayon::prelude::*;

use crate::decision::{Decision, Explanation, Reason};
use crate::engine::thread_pool;
use crate::error::{Error, ErrorKind};
use crate::prediction::{Prediction, for_catalogue};

/// Dispatches by a catalogue alone, and by predictions that come from elsewhere: an [`Engine`](crate::Engine)
/// without a model.
pub struct Desk {
    pipeline: TextPipeline,
    catalogue: RwLock<Arc<Catalogue>>,
    at: Option<String>,
    pool: Option<ThreadPool>,
}

/// Settings of a [`Desk`]. None need be set.
#[derive(Clone, Debug, Default)]
pub struct DeskBuilder {
    threads: Option<usize>,
    at: Option<String>,
}

impl DeskBuilder {
    /// Threads that batches run on; by default all cores. Results do not depend on it.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = Some(threads);
        self
    }

    /// Time of receipt of tickets that have none, such as `2026-03-02T10:00`. No clock is read.
    #[must_use]
    pub fn at(mut self, time: impl Into<String>) -> Self {
        self.at = Some(time.into());
        self
    }

    /// Loads the catalogue in `folder`.
    ///
    /// # Errors
    ///
    /// The catalogue cannot be used, or 0 threads are asked for.
    pub fn load(self, folder: impl AsRef<Path>) -> Result<Desk, Error> {
        let pool = self.threads.map(thread_pool).transpose()?;
        let catalogue = RwLock::new(Arc::new(Catalogue::load(folder)?));
        let pipeline = TextPipeline::new(Arc::new(JiebaSegmenter::new(&Dictionary::hotline())));
        Ok(Desk { pipeline, catalogue, at: self.at, pool })
    }
}

impl Desk {
    /// Settings, where the defaults do not do.
    pub fn builder() -> DeskBuilder {
        DeskBuilder::default()
    }

    /// Decides upon one ticket.
    ///
    /// # Errors
    ///
    /// The ticket has neither title nor text.
    pub fn dispatch(&self, ticket: &Ticket, predictions: &[Prediction]) -> Result<Decision, Error> {
        self.dispatch_with(&self.catalogue(), ticket, predictions)
    }

    /// [`dispatch`](Self::dispatch) for many tickets on all threads, in their order; `predictions` says what is
    /// predicted of each.
    pub fn dispatch_batch(
        &self,
        tickets: &[Ticket],
        predictions: &(dyn Fn(&Ticket) -> Vec<Prediction> + Sync),
    ) -> Vec<Result<Decision, Error>> {
        let catalogue = self.catalogue();
        let one = |ticket: &Ticket| self.dispatch_with(&catalogue, ticket, &predictions(ticket));
        let all = || tickets.par_iter().map(one).collect();
        match &self.pool {
            Some(pool) => pool.install(all),
            None => all(),
        }
    }

    /// Replaces the catalogue by the one in `folder`. On an error the old one stays in force.
    ///
    /// # Errors
    ///
    /// The new catalogue cannot be used.
    pub fn reload(&self, folder: impl AsRef<Path>) -> Result<(), Error> {
        let catalogue = Arc::new(Catalogue::load(folder)?);
        *self.catalogue.write().unwrap_or_else(PoisonError::into_inner) = catalogue;
        Ok(())
    }

    /// The catalogue in use.
    pub fn catalogue(&self) -> Arc<Catalogue> {
        Arc::clone(&self.catalogue.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn dispatch_with(
        &self,
        catalogue: &Catalogue,
        ticket: &Ticket,
        predictions: &[Prediction],
    ) -> Result<Decision, Error> {
        if !ticket.is_readable() {
            return Err(Error::new(ErrorKind::EmptyTicket));
        }
        let prepared = self.pipeline.prepare_ticket(ticket);
        let decision = Decision {
            id: ticket.id.clone(),
            outcome: paidan_catalogue::Outcome::Review,
            predictions: predictions.to_vec(),
            dispatch: None,
            bundle: None,
            explanation: Explanation {
                masked_title: prepared.title.masked().to_owned(),
                masked_text: prepared.text.masked().to_owned(),
                ..Explanation::default()
            },
        };
        Ok(decide_by_catalogue(catalogue, ticket, &prepared, self.at.as_deref(), decision))
    }
}

/// The decision as the catalogue takes it, with the predictions that `decision` has.
pub(crate) fn decide_by_catalogue(
    catalogue: &Catalogue,
    ticket: &Ticket,
    prepared: &PreparedTicket,
    at: Option<&str>,
    mut decision: Decision,
) -> Decision {
    let predictions = for_catalogue(&decision.predictions);
    let dispatch = catalogue.decide(&Request { ticket, prepared, predictions: &predictions, at });
    decision.outcome = dispatch.outcome;
    let reasons = dispatch.reasons.iter();
    decision.explanation.reasons =
        reasons.map(|reason| Reason { code: reason.code, message: reason.message.clone() }).collect();
    decision.dispatch = Some(Box::new(dispatch));
    decision
}
