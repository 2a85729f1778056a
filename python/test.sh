#!/usr/bin/env bash
# Builds the wheel, installs it into a venv of its own and tests it there.
# Needs Rust, a C compiler, Python 3.10 or newer (PYTHON names another than python3), and PyPI.
set -euo pipefail
cd "$(dirname "$0")"

target="${CARGO_TARGET_DIR:-$PWD/../target}"
mkdir -p "$target"
target="$(cd "$target" && pwd)"
venv="$target/python-venv"
wheels="$target/wheels"

"${PYTHON:-python3}" -c 'import sys; sys.exit(sys.version_info < (3, 10) and "python/test.sh: needs Python 3.10 or newer")'
"${PYTHON:-python3}" -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement requirements-test.txt

rm -f "$wheels"/paidan-*.whl
CARGO_TARGET_DIR="$target" "$venv/bin/maturin" build --release --locked --interpreter "$venv/bin/python" --out "$wheels"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps "$wheels"/paidan-*.whl
ls -l "$wheels"/paidan-*.whl

# From the venv's folder: here `import paidan` would find the sources, which have no extension module.
here="$PWD"
cd "$venv"
unset PAIDAN_MODEL
"$venv/bin/stubtest" --mypy-config-file "$here/pyproject.toml" --allowlist "$here/stubtest-allowlist.txt" paidan
"$venv/bin/mypy" --config-file "$here/pyproject.toml" --cache-dir "$target/mypy-cache" "$here/tests"
exec "$venv/bin/pytest" --config-file "$here/pyproject.toml" --rootdir "$here" -o cache_dir="$target/pytest-cache" "$here/tests" "$@"
