#!/usr/bin/env bash
# Every test of the project: formatting, lints, Rust, documentation.
# Needs Rust and a C compiler; works from a clean clone.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s\n' "$*"; }

step "formatting"
cargo fmt --all --check

step "lints"
cargo clippy --release --workspace --all-targets -- -D warnings

step "Rust tests"
cargo test --release --workspace

step "documentation"
RUSTDOCFLAGS="-D warnings" cargo doc --release --workspace --no-deps
