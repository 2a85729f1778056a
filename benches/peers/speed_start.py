#!/usr/bin/env python3
"""Start to first answer: `paidan dispatch --json` against a program that only loads jieba and cuts the text.

    python benches/peers/speed_start.py [--model DIR] [--runs 10]

Whole processes, by turns, files in the page cache. Only the standard library is used.
"""

import argparse
import json
from pathlib import Path

from common import REPOSITORY, Run, add_paidan, build, machine, median, paidan_command, release, table

TEXT = "小区门口路灯坏了一周没人修，晚上老人出门很危险，请尽快处理。"
TARGET_MS = 150


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=REPOSITORY / "models" / "default", metavar="DIR")
    parser.add_argument("--runs", type=int, default=10, metavar="N")
    add_paidan(parser)
    args = parser.parse_args()
    command = paidan_command(args.paidan)
    build("paidan-bench")
    bare = [release("bare_jieba"), TEXT]
    dispatch = [command, "dispatch", "--model", args.model.resolve(), "--json", "--text", TEXT]
    runs = {"bare Jieba::new and one cut": [], "paidan dispatch --json": []}
    for round in range(args.runs + 1):
        for name, program in zip(runs, [bare, dispatch]):
            run = Run(program)
            check(name, run.stdout)
            # The first round brings the files into the page cache.
            if round > 0:
                runs[name].append(run)

    def line(name):
        times = [1000 * run.seconds for run in runs[name]]
        peak = max(run.peak_mib for run in runs[name])
        return [name, f"{median(times):.0f}", f"{min(times):.0f} to {max(times):.0f}", f"{peak:.0f}"]

    print(machine())
    print(table(["", "ms, median", "range", "peak MiB"], [line(name) for name in runs]))
    jieba, paidan = (median(1000 * run.seconds for run in some) for some in runs.values())
    print(f"\n{args.runs} runs by turns. paidan takes {paidan - jieba:.0f} ms longer; target: at most {TARGET_MS} ms.")


def check(name, stdout):
    """The answers, so that no one measures a program that gives up early."""
    if name.startswith("bare"):
        assert stdout.strip().replace("/", "") == TEXT and "/" in stdout
    else:
        answer = json.loads(stdout)
        assert answer["schema"] == 1 and answer["department"]["label"], "an answer with a department"


if __name__ == "__main__":
    main()
