#!/usr/bin/env bash
# The training command of the default model:  bash models/recipe/train.sh TRAIN.jsonl OUT [CORPUS.jsonl ...]
#
# People disagree most on the type of a ticket, so that errors there cost less; 表扬 is rare, so that it
# counts more. The weight of a row holds for all tasks: weak rows have no type and no urgency.
# Tickets without labels in CORPUS teach which words are alike.
set -euo pipefail
recipe=$(dirname "$0")
# PAIDAN names another command than the one of this repository.
${PAIDAN:-cargo run --quiet --release --bin paidan --} train --data "$1" --out "$2" --force --encoder none --seed 0 \
  --label type=type --label department=department --label urgency=urgency \
  --weight weight --cost type=0.2 --class-balance type=0.75 \
  --label-names "department=$recipe/departments.csv" --label-names "urgency=$recipe/urgency.csv" \
  --for-sharing --group-column origin ${3:+--corpus "${@:3}"}
