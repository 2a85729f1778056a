#!/usr/bin/env python3
"""Writes the training file of the default model from the labelled letters and calls.

    python3 models/recipe/prepare.py --data DIR --out FILE.jsonl [--held-out K FILE.jsonl]

DIR holds annotated.jsonl, invented.jsonl and the weakly labelled haikou.jsonl, jiamusi.jsonl,
shanghai.jsonl and dalian.jsonl. Rows whose texts begin alike share one of five folds; --held-out keeps
fold K out of the training file and writes its rows to a file of its own.

Only the standard library is used.
"""

import argparse
import hashlib
import json
import re
import sys
from pathlib import Path

# How much a row counts: invented tickets are simpler than real ones, and a department that was mapped
# from the name of a unit is often not the one that the matter belongs to.
INVENTED_WEIGHT = 0.7
WEAK_WEIGHT = 0.05
# Functions that a mapping from unit names gives to whatever a town hall or the hotline itself answered.
UNRELIABLE = {"gov_service", "local_government", "state_owned", "other"}
WEAK_FILES = ["haikou", "jiamusi", "shanghai", "dalian"]
FOLDS = 5


def bare(text):
    return re.sub(r"\W+", "", text or "")


def fold(row):
    body = bare(row["text"])
    key = body[:30] if len(body) >= 15 else bare(row.get("title")) + body
    return int(hashlib.md5(key.encode()).hexdigest(), 16) % FOLDS


def read(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def trusted(row, source, weight):
    return {
        "id": row["id"],
        "title": row.get("title") or "",
        "text": row["text"],
        "origin": row.get("city") or source,
        "source": source,
        "type": None if row["type"] == "无法判断" else row["type"],
        "department": row["department"],
        "urgency": row["urgency"],
        "weight": weight,
        "trusted": True,
        "fold": fold(row),
    }


def weak(row):
    return {
        "id": row["id"],
        "title": row.get("title") or "",
        "text": row["text"],
        "origin": row["city"],
        "source": row["source"],
        "department": row["department"],
        "weight": WEAK_WEIGHT,
        "trusted": False,
        "fold": fold(row),
    }


def rows(data):
    annotated = read(data / "annotated.jsonl")
    for row in annotated:
        yield trusted(row, row["source"] or "other", 1.0)
    for row in read(data / "invented.jsonl"):
        yield trusted({**row, "city": "invented"}, "invented", INVENTED_WEIGHT)
    ids = {row["id"] for row in annotated}
    texts = {bare(row["text"]) for row in annotated}
    for name in WEAK_FILES:
        for row in read(data / f"{name}.jsonl"):
            known = row["id"] in ids or bare(row["text"]) in texts
            if not known and row["department"] and row["department"] not in UNRELIABLE:
                yield weak(row)


def write(path, selected):
    with open(path, "w", encoding="utf-8") as file:
        for row in selected:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    print(f"{path}: {len(selected)} rows", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--held-out", nargs=2, metavar=("K", "FILE"))
    args = parser.parse_args()
    everything = list(rows(args.data))
    if not args.held_out:
        write(args.out, everything)
        return
    held_out, file = int(args.held_out[0]), args.held_out[1]
    write(args.out, [row for row in everything if row["fold"] != held_out])
    # Weak labels teach, but nothing is measured on them.
    write(file, [row for row in everything if row["fold"] == held_out and row["trusted"]])


if __name__ == "__main__":
    main()
