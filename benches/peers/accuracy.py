#!/usr/bin/env python3
"""Recomputes the accuracy that the README claims, beside a baseline trained in the same run.

    OMP_NUM_THREADS=1 python benches/peers/accuracy.py --data DIR [--only haikou,teddy,annotated] [--no-baseline]

DIR holds haikou.jsonl, teddy_subject.jsonl, annotated.jsonl, invented.jsonl and what else
models/recipe/prepare.py reads. Ours is trained by `paidan train` (the default model's recipe for the
annotated letters and calls) and measured by `paidan evaluate`; each figure is computed once more here, from
what `paidan predict` writes, and must be the same. The baseline is TF-IDF of characters 1-3 and of jieba's
words 1-2 with LinearSVC, all at scikit-learn's defaults. Splits depend on the texts alone.

Nothing of the data is printed, and what is written goes to a temporary folder that is removed.
"""

import argparse
import hashlib
import json
import logging
import os
import re
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections import Counter
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

from common import REPOSITORY, Run, add_paidan, machine, paidan_command, read_table, table, write_jsonl

PARTS = ["haikou", "teddy", "annotated"]
LATER = "2018-05"
HELD_OUT_FOLD = "0"
SHORT = 45
# What a mapping from unit names gives to whatever a town hall or the hotline itself answered.
UNSCORED = {"gov_service", "local_government", "state_owned", "other"}


class Figure:
    """A figure that the project has promised: its name in `paidan evaluate --json`, what is asked, and the
    baseline that was stated when it was asked."""

    def __init__(self, name, asked=None, stated=None):
        self.name, self.asked, self.stated = name, asked, stated


ACCURACY, TOP3, MACRO_F1 = "accuracy", "top3_accuracy", "macro_f1"
NAMES = {ACCURACY: "accuracy", TOP3: "top-3", MACRO_F1: "macro-F1"}


def bare(text):
    return re.sub(r"\W+", "", text or "")


def in_fifth(key):
    return int(hashlib.md5(key.encode()).hexdigest(), 16) % 5 == 0


def split(rows, held_out):
    return [row for row in rows if not held_out(row)], [row for row in rows if held_out(row)]


# ---- ours -------------------------------------------------------------------------------------------------


class Ours:
    """A model trained by the command, with what the training took."""

    def __init__(self, command, folder, train):
        self.command, self.folder = command, folder
        self.training = Run(train)
        self.mib = sum(file.stat().st_size for file in folder.iterdir()) / 2**20

    def measure(self, file, task, column):
        """The figures of `paidan evaluate`, checked against those of `paidan predict`."""
        label = ["--label", f"{task}={column}"]
        data = ["--model", self.folder, "--data", file]
        report = json.loads(Run([self.command, "evaluate", *data, *label, "--json"]).stdout)["tasks"][task]
        predicted = [json.loads(line) for line in Run([self.command, "predict", *data]).stdout.splitlines()]
        truth = [row.get(column) for row in read_table(file)]
        return cross_check(report, [row[task] for row in predicted], truth)

    def costs(self):
        return [f"{self.mib:.1f}", f"{self.training.seconds:.1f}", f"{self.training.peak_mib:.0f}"]


def cross_check(report, predicted, truth):
    """The figures as computed here; fails where the `report` of `paidan evaluate` says something else."""
    rows = [(key(label), given) for label, given in zip(truth, predicted, strict=True) if key(label)]
    right = [label == key(given["label"]) for label, given in rows]
    within = sum(label in {key(other) for other, _ in given["top"][:3]} for label, given in rows)
    bins = {}
    for (_, given), hit in zip(rows, right):
        bins.setdefault(min(int(given["probability"] * 15), 14), []).append(given["probability"] - hit)
    own = {
        "rows": len(rows),
        ACCURACY: sum(right) / len(rows),
        TOP3: within / len(rows),
        MACRO_F1: macro_f1([label for label, _ in rows], [key(given["label"]) for _, given in rows]),
        "expected_calibration_error": sum(abs(sum(gaps)) for gaps in bins.values()) / len(rows),
    }
    for name, value in own.items():
        # Labels that the model has never seen count as classes here, as with scikit-learn.
        if name == MACRO_F1 and report["unknown_labels"]:
            continue
        # A probability at the edge of a bin may fall to either side of it.
        tolerance = 2e-3 if name == "expected_calibration_error" else 1e-9
        assert abs(value - report[name]) <= tolerance, f"{name}: evaluate says {report[name]}, predict {value}"
    return own


def key(label):
    """As paidan compares labels: without blanks, invisible characters and width."""
    text = unicodedata.normalize("NFKC", "" if label is None else str(label))
    return "".join(char for char in text if not char.isspace() and unicodedata.category(char) != "Cf")


def macro_f1(truth, given):
    """Mean F1 of the labels that occur or were given, as scikit-learn's."""
    support, predicted = Counter(truth), Counter(given)
    hits = Counter(label for label, other in zip(truth, given) if label == other)
    labels = support.keys() | predicted.keys()
    return sum(2 * hits[label] / (support[label] + predicted[label]) for label in labels) / len(labels)


# ---- the baseline -----------------------------------------------------------------------------------------


class Baseline:
    """TF-IDF of characters 1-3 and jieba's words 1-2, LinearSVC at its defaults."""

    def __init__(self, rows, column):
        import jieba
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.pipeline import FeatureUnion
        from sklearn.svm import LinearSVC

        jieba.setLogLevel(logging.ERROR)
        started = time.perf_counter()
        words = TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None, ngram_range=(1, 2))
        characters = TfidfVectorizer(analyzer="char", ngram_range=(1, 3))
        self.features = FeatureUnion([("characters", characters), ("words", words)])
        rows = [row for row in rows if key(row.get(column))]
        matrix = self.features.fit_transform(texts(rows))
        self.head = LinearSVC().fit(matrix, [key(row[column]) for row in rows])
        self.seconds = time.perf_counter() - started

    def measure(self, rows, column):
        rows = [row for row in rows if key(row.get(column))]
        truth = [key(row[column]) for row in rows]
        scores = self.head.decision_function(self.features.transform(texts(rows)))
        top = self.head.classes_[(-scores).argsort(axis=1, kind="stable")[:, :3]]
        given = top[:, 0].tolist()
        return {
            ACCURACY: sum(a == b for a, b in zip(truth, given)) / len(rows),
            TOP3: sum(label in three for label, three in zip(truth, top.tolist())) / len(rows),
            MACRO_F1: macro_f1(truth, given),
        }


def texts(rows):
    return [(row.get("title") or "") + " " + (row["text"] or "") for row in rows]


# ---- the tables -------------------------------------------------------------------------------------------

HEADING = ["what", "rows", "figure", "target", "baseline", "ours", "ours - baseline", "asked difference", "ECE"]


def lines(what, figures, ours, baseline):
    for figure in figures:
        name, value = figure.name, ours[figure.name]
        target = "" if figure.asked is None else f"{figure.asked:.4f}"
        asked = "" if figure.stated is None else f"{figure.asked - figure.stated:+.4f}"
        against = ["-", "-"] if baseline is None else [f"{baseline[name]:.4f}", f"{value - baseline[name]:+.4f}"]
        row = [what, ours["rows"], NAMES[name], target, against[0], f"{value:.4f}", against[1], asked]
        yield [*row, f"{ours['expected_calibration_error']:.4f}" if name == ACCURACY else ""]


class Report:
    """Tables, printed as soon as a part is done."""

    def __init__(self):
        self.costs = []

    def table(self, title, heading, rows):
        print(f"\n{title}\n\n{table(heading, rows)}", flush=True)

    def cost(self, what, ours, baselines):
        seconds = ", ".join(f"{baseline.seconds:.0f}" for baseline in baselines if baseline) or "-"
        self.costs.append([what, *ours.costs(), seconds])

    def finish(self):
        heading = ["model", "MiB", "training, s", "training, peak MiB", "baseline training, s"]
        self.table("What the models take", heading, self.costs)


# ---- the parts --------------------------------------------------------------------------------------------


def one_task(args, report, what, column, train, test, figures, folder):
    """Trains `paidan train` and the baseline on `train`, measures both on `test`."""
    files = [folder / "train.jsonl", folder / "test.jsonl"]
    for file, rows in zip(files, [train, test]):
        write_jsonl(file, [{"title": row.get("title") or "", "text": row["text"], column: row[column]} for row in rows])
    command = [args.paidan, "train", "--data", files[0], "--label", f"{column}={column}"]
    model = folder / "model"
    ours = Ours(args.paidan, model, [*command, "--out", model, "--force", "--encoder", "none"])
    figures_of_ours = ours.measure(files[1], column, column)
    baseline = Baseline(train, column) if args.baseline else None
    report.cost(f"{what}, {len(train)} rows", ours, [baseline])
    return list(lines(what, figures, figures_of_ours, baseline and baseline.measure(test, column)))


def haikou(args, report, folder):
    rows = read_table(args.data / "haikou.jsonl")
    random = [Figure(ACCURACY, 0.686, 0.676), Figure(TOP3, 0.84, 0.824), Figure(MACRO_F1)]
    later = [Figure(ACCURACY, 0.690, 0.680), Figure(TOP3, 0.825, 0.809), Figure(MACRO_F1)]
    out = one_task(
        args, report, "units, random rows", "unit", *split(rows, lambda row: in_fifth(row["text"])), random, folder
    )
    out += one_task(
        args, report, "units, a later month", "unit", *split(rows, lambda row: row["time"] >= LATER), later, folder
    )
    report.table(f"Haikou (random: a fifth by hash of the text; later: from {LATER} on)", HEADING, out)


def teddy(args, report, folder):
    rows = read_table(args.data / "teddy_subject.jsonl")
    figures = [Figure(ACCURACY), Figure(TOP3), Figure(MACRO_F1, 0.9155, 0.911)]
    parts = split(rows, lambda row: in_fifth(bare(row["title"])))
    out = one_task(args, report, "subject", "subject", *parts, figures, folder)
    report.table("Teddy (a fifth by hash of the bare title)", HEADING, out)


def annotated(args, report, folder):
    recipe, training, rest = REPOSITORY / "models" / "recipe", folder / "train.jsonl", folder / "rest.jsonl"
    prepare = [sys.executable, recipe / "prepare.py", "--data", args.data, "--out", training]
    subprocess.run([*prepare, "--held-out", HELD_OUT_FOLD, rest], check=True, stderr=subprocess.DEVNULL)
    model = folder / "model"
    ours = Ours(args.paidan, model, ["bash", recipe / "train.sh", training, model])

    held_out = read_table(rest)
    for row in held_out:
        row["scored_department"] = None if row["department"] in UNSCORED else row["department"]
    real, invented = split(held_out, lambda row: row["source"] == "invented")
    short = [row for row in invented if len(row["text"]) <= SHORT]
    trusted = [row for row in read_table(training) if row["trusted"]]
    letters = [row for row in trusted if row["source"] != "invented"]

    department = type_ = type_with = urgency = None
    if args.baseline:
        department, urgency = (Baseline(trusted, column) for column in ("department", "urgency"))
        type_, type_with = (Baseline(rows, "type") for rows in (letters, trusted))
    report.cost(f"annotated + invented + weak, {len(read_table(training))} rows", ours, [department, type_, urgency])

    def measure(what, rows, task, column, baseline, figures):
        if not any(key(row.get(column)) for row in rows):
            return []
        file = folder / "test.jsonl"
        write_jsonl(file, rows)
        return list(lines(what, figures, ours.measure(file, task, column), baseline and baseline.measure(rows, column)))

    main = [
        *measure(
            "department, without four", real, "department", "scored_department", department,
            [Figure(ACCURACY, 0.845, 0.836), Figure(TOP3), Figure(MACRO_F1)],
        ),
        *measure("department, all 33", real, "department", "department", department, [Figure(ACCURACY), Figure(TOP3)]),
        *measure(
            "type (baseline: annotated only)", real, "type", "type", type_,
            [Figure(ACCURACY), Figure(MACRO_F1, 0.834, 0.824)],
        ),
        *measure("type (baseline: with invented)", real, "type", "type", type_with, [Figure(MACRO_F1)]),
        *measure("urgency", real, "urgency", "urgency", urgency, [Figure(ACCURACY), Figure(MACRO_F1)]),
        *measure(
            "short stand-in: department", short, "department", "department", department, [Figure(ACCURACY, 0.94, 0.939)]
        ),
        *measure("short stand-in: type", short, "type", "type", type_with, [Figure(ACCURACY, 0.97, 0.982)]),
    ]  # fmt: skip
    about = f"fold {HELD_OUT_FOLD} of models/recipe/prepare.py; short stand-in: invented, at most {SHORT} characters"
    report.table(f"Annotated letters and calls ({about})", HEADING, main)

    by_source = []
    for source in sorted({row["source"] for row in real}):
        rows = [row for row in real if row["source"] == source]
        by_source += measure(
            f"{source}: department, without four", rows, "department", "scored_department", department,
            [Figure(ACCURACY)],
        )  # fmt: skip
        by_source += measure(f"{source}: type", rows, "type", "type", type_, [Figure(ACCURACY), Figure(MACRO_F1)])
    report.table("The same by source", HEADING, by_source)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, metavar="DIR")
    parser.add_argument("--only", default=",".join(PARTS), metavar="PART,...", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--no-baseline", dest="baseline", action="store_false")
    add_paidan(parser)
    args = parser.parse_args()
    only = args.only.split(",")
    if unknown := set(only) - set(PARTS):
        parser.error(f"expected parts of {', '.join(PARTS)}, got {', '.join(unknown)}")
    args.data = args.data.resolve()
    args.paidan = paidan_command(args.paidan)
    print(machine())
    report = Report()
    for name in only:
        with tempfile.TemporaryDirectory() as folder:
            {"haikou": haikou, "teddy": teddy, "annotated": annotated}[name](args, report, Path(folder))
    report.finish()


if __name__ == "__main__":
    main()
