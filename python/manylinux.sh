#!/usr/bin/env bash
# A wheel for any Linux of the last ten years (manylinux2014, glibc 2.17), linked by zig, which PyPI carries: no
# container is needed. Needs Rust, Python 3.10 or newer and PyPI; TARGET names another processor, for instance
# aarch64-unknown-linux-gnu, whose standard library rustup must have.
set -euo pipefail
cd "$(dirname "$0")"

target="${CARGO_TARGET_DIR:-$PWD/../target}"
venv="$target/manylinux-venv"
"${PYTHON:-python3}" -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check 'maturin[zig]==1.16.0'
# maturin finds zig as the module of this Python.
PATH="$venv/bin:$PATH" "$venv/bin/maturin" build --release --locked --zig --compatibility manylinux2014 \
  --target "${TARGET:-x86_64-unknown-linux-gnu}" --interpreter "$venv/bin/python" --out "$target/wheels/manylinux"
ls -l "$target/wheels/manylinux"
