#!/usr/bin/env bash
# Fuzzes every target, or those named, for SECONDS each:  bash tests/fuzz/run.sh 10 [TARGET…]
#
# The same seed (FUZZ_SEED, else 1) and an empty corpus give the same runs, so that a test does not fail by chance.
# Compiles what `cargo fuzz run --sanitizer none` compiles, with a stable compiler; needs a C++ compiler for
# libFuzzer. What is found is kept in tests/fuzz/corpus, a crash in tests/fuzz/artifacts.
set -euo pipefail
cd "$(dirname "$0")"
seconds=${1:?seconds for each target}
shift
seed=${FUZZ_SEED:-1}
targets=("$@")
[ ${#targets[@]} -gt 0 ] || mapfile -t targets < <(cd targets && ls *.rs | sed 's/\.rs$//')

host=$(rustc -vV | sed -n 's/^host: //p')
export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
  -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
  -Cllvm-args=-sanitizer-coverage-trace-compares -Cllvm-args=-simplifycfg-branch-fold-threshold=0"
export CARGO_TARGET_DIR=${FUZZ_TARGET_DIR:-../../target/fuzz}
cargo build --quiet --release --target "$host"

for target in "${targets[@]}"; do
  mkdir -p "corpus/$target" "artifacts/$target"
  seeds=()
  [ -d "seeds/$target" ] && seeds=("seeds/$target")
  log=artifacts/$target/log
  if ! "$CARGO_TARGET_DIR/$host/release/$target" -seed="$seed" -max_total_time="$seconds" -timeout=60 -rss_limit_mb=2048 \
    -max_len=8192 -print_final_stats=1 -artifact_prefix="artifacts/$target/" "corpus/$target" "${seeds[@]}" >"$log" 2>&1; then
    tail -n 40 "$log"
    echo "$target crashed: see tests/fuzz/artifacts/$target"
    exit 1
  fi
  echo "$target: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") runs in $seconds s"
done
