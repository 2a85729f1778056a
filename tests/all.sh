#!/usr/bin/env bash
# Every test of the project: formatting, lints, Rust, documentation, the Python wheel.
# Needs Rust, a C compiler, Python 3.10 or newer, crates.io and PyPI; works from a clean clone.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s\n' "$*"; }

# A minimal toolchain has neither; CI has both.
step "formatting"
if cargo fmt --version >/dev/null 2>&1; then cargo fmt --all --check; else echo "rustfmt is not installed: skipped"; fi

step "lints"
if cargo clippy --version >/dev/null 2>&1; then
  cargo clippy --release --workspace --all-targets -- -D warnings
else
  echo "clippy is not installed: skipped"
fi

step "Rust tests"
cargo test --release

step "the command without encoders"
cargo test --release -p paidan-cli --no-default-features --test command lexical

step "fuzzing"
if command -v c++ >/dev/null 2>&1; then bash tests/fuzz/run.sh 5; else echo "no C++ compiler for libFuzzer: skipped"; fi

step "documentation"
RUSTDOCFLAGS="-D warnings" cargo doc --release --no-deps

step "Python wheel"
bash python/test.sh
