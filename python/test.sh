#!/usr/bin/env bash
# Builds the wheel, installs it into a venv of its own and tests it there; builds the documentation; builds the
# source distribution and uses it and the wheel in clean venvs.
# Needs Rust, a C compiler, Python 3.11 or newer for the tests (PYTHON names another than python3), PyPI, and Java
# 17 for Spark, which is installed where that can be done, else Spark is left out, as with PAIDAN_SKIP_SPARK=1.
set -euo pipefail
cd "$(dirname "$0")"

target="${CARGO_TARGET_DIR:-$PWD/../target}"
mkdir -p "$target"
target="$(cd "$target" && pwd)"
venv="$target/python-venv"
wheels="$target/wheels"
here="$PWD"

"${PYTHON:-python3}" -c 'import sys; sys.exit(sys.version_info < (3, 11) and "python/test.sh: needs Python 3.11 or newer")'
"${PYTHON:-python3}" -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement requirements-test.txt

if [ -z "${PAIDAN_SKIP_SPARK:-}" ] && ! command -v java >/dev/null; then
  as_root=""
  if [ "$(id -u)" != 0 ]; then as_root="sudo -n"; fi
  if ! { $as_root apt-get update -qq && $as_root apt-get install -qq -y --no-install-recommends openjdk-17-jre-headless; }; then
    echo "python/test.sh: Java 17 is not there and cannot be installed: the tests with Spark are SKIPPED" >&2
    export PAIDAN_SKIP_SPARK=1
  fi
fi

rm -f "$wheels"/paidan-*.whl "$wheels"/paidan-*.tar.gz
CARGO_TARGET_DIR="$target" "$venv/bin/maturin" build --release --locked --interpreter "$venv/bin/python" --out "$wheels"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps "$wheels"/paidan-*.whl
ls -l "$wheels"/paidan-*.whl

# From the venv's folder: here `import paidan` would find the sources, which have no extension module.
cd "$venv"
unset PAIDAN_MODEL
"$venv/bin/stubtest" --mypy-config-file "$here/pyproject.toml" --allowlist "$here/stubtest-allowlist.txt" paidan
"$venv/bin/mypy" --config-file "$here/pyproject.toml" --cache-dir "$target/mypy-cache" "$here/tests"
"$venv/bin/pytest" --config-file "$here/pyproject.toml" --rootdir "$here" -o cache_dir="$target/pytest-cache" "$here/tests" "$@"
"$venv/bin/sphinx-build" -q -W -d "$target/python-doctrees" "$here/docs" "$target/python-docs"

# Without NumPy or anything else beside: the wheel, and what the source distribution is built into.
"$venv/bin/maturin" sdist --manifest-path "$here/Cargo.toml" --out "$wheels"
rm -rf "$wheels/from-source"
CARGO_TARGET_DIR="$target" PATH="$venv/bin:$PATH" "$venv/bin/python" -m pip wheel --quiet --disable-pip-version-check \
  --no-build-isolation --no-deps --wheel-dir "$wheels/from-source" "$wheels"/paidan-*.tar.gz
for wheel in "$wheels"/paidan-*.whl "$wheels"/from-source/paidan-*.whl; do
  rm -rf "$target/python-clean"
  "$venv/bin/python" -m venv "$target/python-clean"
  "$target/python-clean/bin/python" -m pip install --quiet --disable-pip-version-check "$wheel"
  "$target/python-clean/bin/python" -I -c '
import paidan
decision = paidan.Engine.load().dispatch("小区门口路灯坏了一周没人修，晚上老人出门很危险")
assert decision.predictions["department"].label == "urban_management", decision
print(paidan.__file__, decision.outcome)'
done
