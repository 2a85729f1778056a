#!/usr/bin/env python3
"""What paidan's choices buy on your own labelled tickets, beside fastText, TF-IDF + LinearSVC and TF-IDF + logistic
regression trained on the same rows.

    OMP_NUM_THREADS=1 python benches/accuracy/compare.py --data tickets.jsonl --label unit \\
        [--test FILE | --from TIME] [--corpus FILE ...] [--path | --set] [--paidan COMMAND]

The files are CSV (UTF-8) or JSONL with columns `text`, `title` (may be missing) and the label. Without `--test` a
fifth of the rows is held out, chosen by a hash of the first 30 letters of the text, so that copies stay on one side;
with `--from` the rows whose `time` is not before TIME. fastText is left out where the package `fasttext` is missing.
Each line of the second table undoes one choice of `paidan train`. Of paths and sets paidan's figures only are told,
with those of its levels. Nothing of the data is printed, and what is written goes to a temporary folder that is
removed.
"""

import argparse
import hashlib
import json
import os
import re
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "peers"))

from common import Run, add_paidan, machine, paidan_command, read_table, table, write_jsonl  # noqa: E402

# One choice of `paidan train` undone by each; {} stands for the task.
UNDONE = [
    ("without naive Bayes relevance", ["--relevance", "{}=0"]),
    ("without class centroids", ["--centroid", "{}=0"]),
    ("every row alike (no class balance)", ["--class-balance", "{}=0"]),
    ("every class alike (full class balance)", ["--class-balance", "{}=1"]),
]
FIGURES = ["accuracy", "top3_accuracy", "macro_f1", "expected_calibration_error"]
HEADING = ["", "top-1", "top-3", "macro-F1", "ECE", "seconds"]


def held_out(row):
    bare = re.sub(r"\W+", "", row.get("text") or "")
    key = bare[:30] if len(bare) >= 15 else re.sub(r"\W+", "", row.get("title") or "") + bare
    return int(hashlib.md5(key.encode()).hexdigest(), 16) % 5 == 0


def split(args):
    rows = [row for path in args.data for row in read_table(path)]
    if args.test:
        return rows, [row for path in args.test for row in read_table(path)]
    test = (lambda row: (row.get("time") or "") >= args.since) if args.since else held_out
    return [row for row in rows if not test(row)], [row for row in rows if test(row)]


def text_of(row):
    return f"{row.get('title') or ''} {row.get('text') or ''}"


class Paidan:
    """Trains and measures with the command."""

    def __init__(self, args, folder, train, test):
        self.args, self.folder = args, folder
        self.train, self.test = folder / "train.jsonl", folder / "test.jsonl"
        keep = ("title", "text", args.label)
        for path, rows in ((self.train, train), (self.test, test)):
            write_jsonl(path, [{name: row.get(name) for name in keep} for row in rows])
        self.kind = ":path" if args.path else ":set" if args.set else ""

    def run(self, options):
        label = ["--label", f"task={self.args.label}{self.kind}"]
        model = self.folder / "model"
        options = [option.format("task") for option in options]
        train = [self.args.paidan, "train", "--data", self.train, *label, "--out", model, "--force", *options]
        training = Run(train)
        evaluate = [self.args.paidan, "evaluate", "--model", model, "--data", self.test, *label, "--json"]
        report = json.loads(Run(evaluate).stdout)["tasks"]["task"]
        return report, training.seconds


def baselines(train, test, column):
    """(name, top-1, top-3, macro-F1, seconds) of each peer."""
    import logging
    import time

    import jieba
    import numpy
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import f1_score
    from sklearn.pipeline import make_union
    from sklearn.svm import LinearSVC

    jieba.setLogLevel(logging.ERROR)
    train = [row for row in train if row.get(column)]
    test = [row for row in test if row.get(column)]
    known, truth = [str(row[column]) for row in train], numpy.array([str(row[column]) for row in test])

    def figures(name, classes, scores, seconds):
        best = numpy.argsort(-scores, axis=1)[:, :3]
        first = numpy.array(classes)[best[:, 0]]
        within = (numpy.array(classes)[best] == truth[:, None]).any(axis=1)
        f1 = f1_score(truth, first, average="macro", zero_division=0)
        return [name, (first == truth).mean(), within.mean(), f1, None, seconds]

    begun = time.perf_counter()
    words = TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None, ngram_range=(1, 2))
    union = make_union(TfidfVectorizer(analyzer="char", ngram_range=(1, 3)), words)
    features, unseen = union.fit_transform(map(text_of, train)), union.transform(map(text_of, test))
    counted = time.perf_counter() - begun
    for name, model in (
        ("TF-IDF + LinearSVC", LinearSVC()),
        ("TF-IDF + logistic regression", LogisticRegression(C=10, max_iter=200)),
    ):
        begun = time.perf_counter()
        model.fit(features, known)
        scores = model.decision_function(unseen)
        scores = numpy.stack([-scores, scores], axis=1) if scores.ndim == 1 else scores
        yield figures(name, model.classes_, scores, counted + time.perf_counter() - begun)
    try:
        import fasttext
    except ImportError:
        return
    begun = time.perf_counter()
    names = sorted(set(known))
    number = {name: index for index, name in enumerate(names)}
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as lines:
        for row, label in zip(train, known):
            lines.write(f"__label__{number[label]} {' '.join(jieba.lcut(text_of(row)))}\n".replace("\r", " "))
        lines.flush()
        model = fasttext.train_supervised(lines.name, epoch=25, lr=0.5, wordNgrams=2, dim=100, thread=1, verbose=0)
    scores = numpy.full((len(test), len(names)), -1.0)
    for row, into in zip(test, scores):
        # `f.predict` of the model itself: the wrapper does not know the array rules of newer numpy.
        text = " ".join(jieba.lcut(text_of(row))).replace("\n", " ") + "\n"
        for probability, label in model.f.predict(text, 3, 0.0, "strict"):
            into[int(label.removeprefix("__label__"))] = probability
    yield figures("fastText (25 epochs, word pairs)", names, scores, time.perf_counter() - begun)


def line(name, report, seconds, base=None):
    cells = [name]
    for figure in FIGURES:
        value = report[figure]
        change = f" ({value - base[figure]:+.4f})" if base else ""
        cells.append(f"{value:.4f}{change}")
    return [*cells, f"{seconds:.1f}"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, nargs="+", required=True, metavar="FILE")
    parser.add_argument("--test", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--from", dest="since", metavar="TIME")
    parser.add_argument("--label", required=True, metavar="COLUMN")
    parser.add_argument("--corpus", type=Path, nargs="+", default=[], metavar="FILE", help="tickets without labels")
    parser.add_argument("--path", action="store_true", help="the labels are paths")
    parser.add_argument("--set", action="store_true", help="the labels are sets")
    parser.add_argument("--no-peers", dest="peers", action="store_false")
    parser.add_argument("--no-choices", dest="choices", action="store_false")
    parser.add_argument("--option", action="append", default=[], metavar="OPTION", help="for every `paidan train`")
    add_paidan(parser)
    args = parser.parse_args()
    args.paidan = paidan_command(args.paidan)
    train, test = split(args)
    print(f"{machine()}; {len(train)} rows train, {len(test)} rows test\n")
    with tempfile.TemporaryDirectory() as folder:
        ours = Paidan(args, Path(folder), train, test)
        corpus = [part for path in args.corpus for part in ("--corpus", path.resolve())]
        options = [part for option in args.option for part in option.split("=", 1)]
        plain, seconds = ours.run(options)
        rows = [line("paidan", plain, seconds)]
        base = plain
        if corpus:
            base, seconds = ours.run([*options, *map(str, corpus)])
            rows.append(line("paidan --corpus", base, seconds))
        if args.peers and not ours.kind:
            for name, top1, top3, f1, _, seconds in baselines(train, test, args.label):
                rows.append([name, f"{top1:.4f}", f"{top3:.4f}", f"{f1:.4f}", "–", f"{seconds:.1f}"])
        print(table(HEADING, rows))
        for level in base.get("levels") or []:
            print(f"level {level['level']}: {level['labels']} labels, top-1 {level['accuracy']:.4f}, "
                  f"top-3 {level['top3_accuracy']:.4f}, ECE {level['expected_calibration_error']:.4f}")
        if found := base.get("set"):
            print(f"set: micro-F1 {found['micro_f1']:.4f}, macro-F1 {base['macro_f1']:.4f}, "
                  f"exact {base['accuracy']:.4f}")
        if args.choices:
            undone = []
            for name, more in UNDONE:
                report, seconds = ours.run([*options, *map(str, corpus), *more])
                undone.append(line(name, report, seconds, base))
            print(f"\n{table(HEADING, undone)}")


if __name__ == "__main__":
    main()
