//! The command `paidan`: the library's verbs for files and the terminal.
//!
//! Exit status: 0 done; 1 wrong use or unreadable input; 2 finished, with some rows failed; 130 interrupted.

mod args;
mod commands;
mod crash;
mod failure;
mod labels;
mod output;
mod progress;
mod report;
mod table;
mod wrong_use;

use std::process::ExitCode;

use clap::Parser;

use args::{CatalogueCommand, Cli, Command};
use failure::Failure;
use output::say;

/// How a command that did not fail ended.
pub(crate) enum Ending {
    /// All rows were read.
    Done,
    /// This many rows could not be read.
    RowsFailed(usize),
    /// Something was found that somebody should look at, and has been told.
    Noticed,
}

fn main() -> ExitCode {
    crash::report_place_only();
    env_logger::init();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let is_mistake = error.use_stderr();
            // Help and version are no errors. A closed terminal cannot be told anything.
            let _ = wrong_use::without_texts(error).print();
            return if is_mistake { ExitCode::from(1) } else { ExitCode::SUCCESS };
        }
    };
    let ending = match cli.command {
        Command::Train(args) => commands::train(&args, &cli.machine),
        Command::Predict(args) => commands::predict(&args, &cli.machine),
        Command::Evaluate(args) => commands::evaluate(&args, &cli.machine),
        Command::Dispatch(args) => commands::dispatch(&args, &cli.machine),
        Command::Mask(args) => commands::mask(&args, &cli.machine),
        Command::FindThresholds(args) => commands::find_thresholds(&args, &cli.machine),
        Command::AuditLabels(args) => commands::audit_labels(&args, &cli.machine),
        Command::Info(args) => commands::info(&args, &cli.machine),
        Command::Catalogue(CatalogueCommand::Lint(args)) => commands::lint(&args),
        Command::Catalogue(CatalogueCommand::Backtest(args)) => commands::backtest(&args, &cli.machine),
        Command::Catalogue(CatalogueCommand::Diff(args)) => commands::diff(&args),
        Command::Replay(args) => commands::replay(&args, &cli.machine),
        Command::Feedback(args) => commands::feedback(&args),
    };
    match ending {
        Ok(Ending::Done) => ExitCode::SUCCESS,
        Ok(Ending::RowsFailed(rows)) => {
            say(format_args!("{rows} rows could not be read"));
            ExitCode::from(2)
        }
        Ok(Ending::Noticed) => ExitCode::from(2),
        Err(failure) => end(&failure),
    }
}

fn end(failure: &Failure) -> ExitCode {
    match failure {
        // Whoever read our output has seen enough.
        Failure::Output { source, .. } if source.kind() == std::io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Failure::Interrupted => {
            say("interrupted, nothing was written");
            ExitCode::from(130)
        }
        _ => {
            say(failure.in_full());
            ExitCode::from(1)
        }
    }
}
