#!/usr/bin/env bash
# Every test of the project: formatting, lints, Rust, documentation, the Python wheel.
# Needs Rust, a C compiler, Python 3.10 or newer, crates.io and PyPI; works from a clean clone.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s\n' "$*"; }

step "formatting"
cargo fmt --all --check

step "lints"
cargo clippy --release --workspace --all-targets -- -D warnings

step "Rust tests"
cargo test --release

step "documentation"
RUSTDOCFLAGS="-D warnings" cargo doc --release --no-deps

step "Python wheel"
bash python/test.sh
