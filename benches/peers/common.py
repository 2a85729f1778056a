"""What the peer scripts share: the programs they run, how runs are measured, invented tickets."""

import csv
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


def add_paidan(parser):
    parser.add_argument(
        "--paidan", type=Path, metavar="COMMAND", help="the command `paidan`; by default this repository's, built now"
    )


def paidan_command(given):
    """The command that was named, else the one of this repository."""
    if given:
        return given.resolve()
    build("paidan-cli")
    return release("paidan")


def build(package):
    subprocess.run(
        ["cargo", "build", "--quiet", "--release", "--package", package, "--bins"], cwd=REPOSITORY, check=True
    )


def release(binary):
    folder = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target"))
    return (REPOSITORY / folder / "release" / binary).resolve()


class Run:
    """A finished command: wall and processor seconds, peak memory in MiB, standard output."""

    def __init__(self, command):
        command = [str(part) for part in command]
        with tempfile.TemporaryDirectory() as folder:
            measured = Path(folder) / "measured.json"
            measure = [sys.executable, "-I", "-S", Path(__file__).with_name("measure.py"), measured]
            self.stdout = subprocess.run(
                [*measure, *command], cwd=REPOSITORY, check=True, stdout=subprocess.PIPE, encoding="utf-8"
            ).stdout
            figures = json.loads(measured.read_text())
        self.seconds, self.cpu_seconds = figures["seconds"], figures["cpu_seconds"]
        self.peak_mib = figures["peak_mib"]
        if figures["status"] != 0:
            # Arguments only: the output may hold a citizen's words.
            sys.exit(f"exit status {figures['status']}: {' '.join(command)}")


def read_table(path):
    """The rows of a CSV (UTF-8) or JSONL file as dictionaries."""
    if Path(path).suffix == ".csv":
        with open(path, encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def write_jsonl(path, rows):
    with open(path, "w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def invent(count, source=None):
    """`count` tickets, the same ones always: each takes title, labels and first sentence of an invented
    ticket of `source` (by default examples/tickets.csv), then up to three times a sentence of another and
    three terms of the hotline dictionary, lest so few texts fit into the processor's caches."""
    tickets = read_table(source or REPOSITORY / "examples" / "tickets.csv")
    sentences = [re.findall(r"[^。？！；\n]+[。？！；\n]?", ticket["text"]) for ticket in tickets]
    pool = [sentence for some in sentences for sentence in some]
    dictionary = REPOSITORY / "crates" / "paidan-text" / "dictionaries" / "hotline.txt"
    terms = [line.split()[0] for line in dictionary.read_text(encoding="utf-8").splitlines()]
    choose = random.Random(20260101)
    for index in range(count):
        chosen = choose.randrange(len(tickets))
        ticket = tickets[chosen]
        text = "".join(sentences[chosen][:1])
        for _ in range(choose.randrange(4)):
            text += f"{choose.choice(pool)}还有{'、'.join(choose.choices(terms, k=3))}。"
        yield {
            "id": f"M{index:05}",
            "title": ticket.get("title") or "",
            "text": text,
            **{task: str(ticket[task]) for task in ("type", "department", "urgency")},
        }


def machine():
    model = platform_cpu()
    return f"{os.cpu_count()} cores{', ' + model if model else ''}; Python {sys.version.split()[0]}"


def platform_cpu():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "")
    except OSError:
        return ""


median = statistics.median


def table(heading, rows):
    """A Markdown table."""
    cells = [[str(cell) for cell in row] for row in [heading, *rows]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(heading))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |" for row in cells]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)
