//! The extension module `paidan._paidan`: crate `paidan` for Python.
//!
//! | file | what |
//! | --- | --- |
//! | `engine.rs` | `Engine`: load, predict, dispatch, and what else an engine can do |
//! | `input.rs` | what Python hands over → tickets, one by one |
//! | `arrow/` | what Python hands over in columns, and tables back |
//! | `columns.rs` | tickets in columns → a table, a portion at a time |
//! | `train.rs`, `evaluate.rs`, `thresholds.rs` | labelled tickets → engines and figures |
//! | `ticket.rs`, `task.rs`, `prediction.rs`, `decision.rs` | frozen classes around the crate's own |
//! | `html.rs` | decisions and tables in a notebook |
//! | `mask.rs` | `mask` |
//! | `detached.rs` | the one way to work without the GIL |
//! | `error.rs` | errors → `paidan.errors` |
//!
//! Anything that needs no Rust is Python, in `paidan/`.

mod arrow;
mod columns;
mod decision;
mod detached;
mod engine;
mod error;
mod evaluate;
mod html;
mod input;
mod json;
mod labelled;
mod locate;
mod mask;
mod prediction;
mod task;
mod thresholds;
mod ticket;
mod train;

/// Private: import `paidan` instead.
#[pyo3::pymodule]
mod _paidan {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::arrow::Table;
    #[pymodule_export]
    use crate::decision::Decision;
    #[pymodule_export]
    use crate::engine::Engine;
    #[pymodule_export]
    use crate::evaluate::evaluate;
    #[pymodule_export]
    use crate::mask::mask;
    #[pymodule_export]
    use crate::prediction::Prediction;
    #[pymodule_export]
    use crate::task::Task;
    #[pymodule_export]
    use crate::thresholds::find_thresholds;
    #[pymodule_export]
    use crate::ticket::Ticket;
    #[pymodule_export]
    use crate::train::{audit_labels, train};

    #[pymodule_export]
    #[expect(non_upper_case_globals, reason = "Python's own name")]
    const __version__: &str = env!("CARGO_PKG_VERSION");

    /// Hands what the crates log to Python's `logging`, under `paidan`, `paidan_classify` and so on.
    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        let logger = pyo3_log::Logger::new(module.py(), pyo3_log::Caching::Loggers)?;
        // A second interpreter in the process finds the first one's logger, which does as well.
        let _ = logger.filter(log::LevelFilter::Debug).install();
        Ok(())
    }
}
