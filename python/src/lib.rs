//! The extension module `paidan._paidan`: crate `paidan` for Python.
//!
//! | file | what |
//! | --- | --- |
//! | `engine.rs` | `Engine`: load, predict, dispatch |
//! | `input.rs` | what Python hands over → tickets |
//! | `ticket.rs`, `task.rs`, `prediction.rs`, `decision.rs` | frozen classes around the crate's own |
//! | `html.rs` | a decision in a notebook |
//! | `mask.rs` | `mask` |
//! | `detached.rs` | the one way to work without the GIL |
//! | `error.rs` | errors → `paidan.errors` |
//!
//! Anything that needs no Rust is Python, in `paidan/`.

mod decision;
mod detached;
mod engine;
mod error;
mod html;
mod input;
mod json;
mod locate;
mod mask;
mod prediction;
mod task;
mod ticket;

/// Private: import `paidan` instead.
#[pyo3::pymodule]
mod _paidan {
    #[pymodule_export]
    use crate::decision::Decision;
    #[pymodule_export]
    use crate::engine::Engine;
    #[pymodule_export]
    use crate::mask::mask;
    #[pymodule_export]
    use crate::prediction::Prediction;
    #[pymodule_export]
    use crate::task::Task;
    #[pymodule_export]
    use crate::ticket::Ticket;

    #[pymodule_export]
    #[expect(non_upper_case_globals, reason = "Python's own name")]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
