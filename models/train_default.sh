#!/usr/bin/env bash
# Trains the default model:  bash models/train_default.sh DATA [OUT [CORPUS.jsonl ...]]
# DATA holds the labelled letters and calls (see models/recipe/prepare.py); the same command with your own
# files in the same form makes a model of your own.
set -euo pipefail
cd "$(dirname "$0")/.."
data=${1:?usage: bash models/train_default.sh DATA [OUT [CORPUS.jsonl ...]]}
out=${2:-models/default}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 models/recipe/prepare.py --data "$data" --out "$work/train.jsonl"
bash models/recipe/train.sh "$work/train.jsonl" "$out" "${@:3}"
