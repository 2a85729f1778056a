#!/usr/bin/env python3
"""File to file: `paidan predict` against Python jieba + scikit-learn with the same features, by turns.

    python benches/peers/speed_predict.py [--data FILE --label TASK=COLUMN...] [--model DIR] [--rounds 5]

Both read the same file of tickets and write one JSON object a ticket, with the five best labels of each
task. Without --data 20,000 invented tickets are read.

What is timed is not the same, in favour of Python: paidan's time is that of the whole command, its start
and loading included; Python's runs from reading the input file to the written output within one process
that has already imported everything, loaded jieba's dictionary and been fitted on these very tickets.
paidan also masks personal data and states calibrated probabilities; Python does neither.
"""

import argparse
import json
import logging
import os
import tempfile
import time
import warnings
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
import jieba
import numpy
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion
from sklearn.svm import LinearSVC

from common import REPOSITORY, Run, add_paidan, invent, machine, median, paidan_command, read_table, table, write_jsonl

# As the vocabulary policy of paidan: what occurs in two tickets, 150,000 n-grams at most.
LEAST, MOST = 2, 75_000


def cut(text):
    return jieba.lcut(text, HMM=False)


class Peer:
    """jieba + TfidfVectorizer + LinearSVC, as it would be written for this purpose."""

    def __init__(self, rows, text_column, title_column, tasks):
        self.text_column, self.title_column = text_column, title_column
        kept = dict(min_df=LEAST, max_features=MOST, sublinear_tf=True, dtype=numpy.float32)
        self.features = FeatureUnion([
            ("characters", TfidfVectorizer(analyzer="char", ngram_range=(1, 2), **kept)),
            ("words", TfidfVectorizer(tokenizer=cut, token_pattern=None, ngram_range=(1, 1), **kept)),
        ])
        matrix = self.features.fit_transform(self.texts(rows))
        self.heads = {}
        for task, column in tasks.items():
            labels = ["" if row.get(column) is None else str(row[column]) for row in rows]
            known = [index for index, label in enumerate(labels) if label]
            with warnings.catch_warnings():
                # Fewer iterations than would converge: the time to predict is the same.
                warnings.simplefilter("ignore", ConvergenceWarning)
                head = LinearSVC(max_iter=30).fit(matrix[known], [labels[index] for index in known])
            self.heads[task] = head

    def texts(self, rows):
        return [(row.get(self.title_column) or "") + " " + (row[self.text_column] or "") for row in rows]

    def predict(self, source, target):
        rows = read_table(source)
        matrix = self.features.transform(self.texts(rows))
        ranked = {task: best_five(head, matrix) for task, head in self.heads.items()}
        with open(target, "w", encoding="utf-8") as file:
            for index, row in enumerate(rows):
                line = {"schema": 1, "id": str(row.get("id") or index + 1)}
                for task, (labels, scores) in ranked.items():
                    top = list(zip(labels[index], scores[index]))
                    line[task] = {"label": top[0][0], "score": top[0][1], "top": top}
                file.write(json.dumps(line, ensure_ascii=False) + "\n")


def best_five(head, matrix):
    scores = head.decision_function(matrix)
    if scores.ndim == 1:
        scores = numpy.stack([-scores, scores], axis=1)
    order = numpy.argsort(-scores, axis=1)[:, :5]
    return head.classes_[order].tolist(), numpy.take_along_axis(scores, order, axis=1).tolist()


def forget_peak():
    """Makes the kernel count this process's peak memory anew; Linux only."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        pass


def peak_mib():
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return float("nan")
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def labels(path, tasks):
    # A row that could not be read has an error in place of labels.
    return [(row["id"], *(row.get(task, {}).get("label") for task in tasks)) for row in read_table(path)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, metavar="FILE", help="tickets with labels, CSV or JSONL in UTF-8")
    parser.add_argument("--text-column", default="text", metavar="COLUMN")
    parser.add_argument("--title-column", default="title", metavar="COLUMN")
    parser.add_argument(
        "--label", action="append", metavar="TASK=COLUMN", help="labels to fit Python on: name all tasks of the model"
    )
    parser.add_argument("--invented", type=Path, metavar="FILE", help="tickets to invent the input from")
    parser.add_argument("--tickets", type=int, default=20_000, metavar="N", help="how many to invent")
    parser.add_argument("--model", type=Path, default=REPOSITORY / "models" / "default", metavar="DIR")
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    add_paidan(parser)
    args = parser.parse_args()
    if bool(args.data) != bool(args.label):
        parser.error("--data and --label belong together")
    given = args.label or [f"{task}={task}" for task in ("type", "department", "urgency")]
    tasks = dict(label.split("=", 1) for label in given)
    command = paidan_command(args.paidan)
    with tempfile.TemporaryDirectory() as folder:
        measure(args, tasks, command, Path(folder))


def measure(args, tasks, command, folder):
    source = args.data.resolve() if args.data else folder / "invented.jsonl"
    if not args.data:
        write_jsonl(source, invent(args.tickets, args.invented))
    rows = read_table(source)
    columns = ["--text-column", args.text_column]
    if args.title_column in rows[0]:
        columns += ["--title-column", args.title_column]
    info = json.loads(Run([command, "info", "--json", "--model", args.model.resolve()]).stdout)
    known = {task["task"] for task in info["tasks"]}
    jieba.setLogLevel(logging.ERROR)
    jieba.initialize()
    peer = Peer(rows, args.text_column, args.title_column, tasks)

    chars = sum(map(len, peer.texts(rows))) / len(rows)
    what = "invented tickets" if not args.data else "tickets"
    print(f"{len(rows)} {what}, {chars:.0f} characters on average, {source.stat().st_size / 2**20:.1f} MiB; {machine()}")
    sizes = ", ".join(f"{task} {len(head.classes_)}" for task, head in peer.heads.items())
    print(f"Python: {sum(len(v.vocabulary_) for _, v in peer.features.transformer_list)} n-grams; labels: {sizes}")
    print(f"paidan: tasks {', '.join(sorted(known))}; its time includes start and loading, Python's does not\n")

    variants = {"paidan, 1 thread": ["--threads", "1"], f"paidan, {os.cpu_count()} threads": []}
    speeds = {name: [] for name in [*variants, "Python"]}
    cpu, peaks = {name: [] for name in speeds}, {name: 0.0 for name in speeds}
    ours, theirs = folder / "paidan.jsonl", folder / "python.jsonl"
    del rows
    for _ in range(args.rounds):
        for name, threads in variants.items():
            run = Run([
                command, "predict", "--model", args.model.resolve(), "--data", source, *columns,
                "--out", ours, "--force", *threads,
            ])  # fmt: skip
            tickets = len(labels(ours, []))
            speeds[name].append(tickets / run.seconds)
            cpu[name].append(1e6 * run.cpu_seconds / tickets)
            peaks[name] = max(peaks[name], run.peak_mib)
        forget_peak()
        started, cpu_started = time.perf_counter(), time.process_time()
        peer.predict(source, theirs)
        speeds["Python"].append(tickets / (time.perf_counter() - started))
        cpu["Python"].append(1e6 * (time.process_time() - cpu_started) / tickets)
        peaks["Python"] = max(peaks["Python"], peak_mib())
    shared = [task for task in tasks if task in known]
    check(labels(ours, shared), labels(theirs, shared), shared)

    def line(name):
        ratios = [own / python for own, python in zip(speeds[name], speeds["Python"])]
        spread = f"{min(ratios):.1f} to {max(ratios):.1f}"
        figures = [f"{median(speeds[name]):.0f}", f"{median(ratios):.1f}", spread]
        return [name, *figures, f"{median(cpu[name]):.0f}", f"{peaks[name]:.0f}"]

    heading = ["", "tickets/s, median", "times Python, median of rounds", "range", "CPU µs/ticket", "peak MiB"]
    print(table(heading, [line(name) for name in speeds]))
    print(f"\n{args.rounds} rounds by turns. Target: at least 15 times Python.")


def check(ours, theirs, tasks):
    """Both must have answered every ticket, in order; how often they agree shows that both do the work."""
    ids = [row[0] for row in ours]
    assert ids == [row[0] for row in theirs], "both answer the same tickets in the same order"
    for index, task in enumerate(tasks, start=1):
        equal = sum(a[index] == b[index] for a, b in zip(ours, theirs)) / len(ids)
        print(f"{task}: both give the same label to {equal:.1%} of the tickets")
    print()


if __name__ == "__main__":
    main()
