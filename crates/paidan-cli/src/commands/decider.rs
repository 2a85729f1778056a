use std::path::Path;

use paidan::{Decision, Desk, Engine, PredictionFile, Silent, Ticket, catalogue};

use crate::args::{DeciderArgs, Machine};
use crate::failure::Failure;

/// Who decides upon tickets: a model, with a catalogue or without; or a catalogue with predictions of a file or none.
pub(super) enum Decider {
    Engine(Box<Engine>),
    Desk(Box<Desk>, PredictionFile),
}

impl Decider {
    pub(super) fn new(args: &DeciderArgs, machine: &Machine) -> Result<Self, Failure> {
        Self::with_catalogue(args, args.catalogue.as_deref(), machine)
    }

    /// As `args` say, but with this catalogue.
    pub(super) fn with_catalogue(
        args: &DeciderArgs,
        folder: Option<&Path>,
        machine: &Machine,
    ) -> Result<Self, Failure> {
        if let Some(at) = args.at.as_deref().filter(|at| !catalogue::is_time(at)) {
            let shown: String = at.chars().take(40).collect();
            return Err(Failure::usage(format!(
                "expected a time such as `2026-03-02T10:00` for --at, got `{shown}`"
            )));
        }
        let without_model = args.model.as_deref() == Some(Path::new("none"));
        let Some(folder) = folder else {
            if without_model {
                return Err(Failure::usage(
                    "--model none needs --catalogue: without both nothing can decide",
                ));
            }
            return Ok(Self::Engine(Box::new(args.engine(None, machine)?)));
        };
        if !without_model && args.predictions.is_none() {
            return Ok(Self::Engine(Box::new(args.engine(Some(folder), machine)?)));
        }
        let mut builder = Desk::builder();
        if let Some(threads) = machine.threads()? {
            builder = builder.threads(threads);
        }
        if let Some(at) = &args.at {
            builder = builder.at(at);
        }
        let predictions = args.predictions.as_ref().map(PredictionFile::read).transpose()?;
        Ok(Self::Desk(Box::new(builder.load(folder)?), predictions.unwrap_or_default()))
    }

    pub(super) fn dispatch_batch(
        &self,
        tickets: &[Ticket],
    ) -> Result<Vec<Result<Decision, paidan::Error>>, paidan::Error> {
        match self {
            Self::Engine(engine) => engine.dispatch_batch(tickets, &Silent),
            Self::Desk(desk, predictions) => {
                Ok(desk.dispatch_batch(tickets, &|ticket| predictions.of(&ticket.id).to_vec()))
            }
        }
    }

    /// The engine, where a model decides.
    pub(super) fn engine(&self) -> Option<&Engine> {
        match self {
            Self::Engine(engine) => Some(engine),
            Self::Desk(..) => None,
        }
    }

    /// The engine, where a model decides alone.
    pub(super) fn engine_alone(&self) -> Option<&Engine> {
        self.engine().filter(|engine| engine.catalogue().is_none())
    }
}
