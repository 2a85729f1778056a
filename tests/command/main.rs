//! The command `paidan` as other programs use it: arguments, files and exit status.
//!
//! Every run goes through [`support::Paidan`], which fails the test when the command panics. All tickets
//! are invented; the models are trained on them while the tests run.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that meets the unexpected has failed")]

mod arguments;
mod audit_labels;
mod bundles;
mod canary;
mod catalogue;
mod determinism;
mod dispatch;
mod encoder;
mod evaluate;
mod files;
mod formats;
mod interrupt;
mod kinds;
mod lexical;
mod mask;
mod pipes;
mod predict;
mod rows;
mod support;
mod thresholds;
mod train;
