"""Figures of the wheel beside the command: `python python/bench.py target/release/paidan [ROWS]`.

Run it with the wheel, pandas and pyarrow installed, on a machine with nothing else to do. Tickets are invented.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.csv

import paidan

PLACES = ["东门外", "西门外", "小区里", "学校旁边", "河边", "桥下", "地铁口", "菜市场"]
MATTERS = ["路灯坏了没人修", "垃圾没人清运", "夜里施工噪音太大", "水管爆了", "想咨询居住证怎么续签", "公交车不停站"]


def texts(rows: int) -> list[str]:
    return [f"{PLACES[row % 8]}{MATTERS[row // 8 % 6]}，已经反映{row % 9973}次了，请尽快处理" for row in range(rows)]


def best(work: Callable[[], object], times: int = 3) -> float:
    """The least time of some runs, in seconds."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found)


def imports() -> None:
    def run(program: str) -> float:
        return best(lambda: subprocess.run([sys.executable, "-c", program], check=True), 9)

    bare, imported = run("pass"), run("import paidan")
    print(f"import paidan: {(imported - bare) * 1e3:.0f} ms over bare python ({bare * 1e3:.0f} ms)")


def single(engine: paidan.Engine) -> None:
    rows = texts(2_000)
    for text in rows[:200]:
        engine.predict(text)
    times = []
    for text in rows:
        start = time.perf_counter()
        engine.predict(text)
        times.append(time.perf_counter() - start)
    # What it takes beside the model's own work: the same tickets in a column on one thread.
    one = paidan.Engine.load(threads=1)
    column = pa.array(rows)
    bulk = best(lambda: one.predict(column)) / len(rows)
    print(f"one ticket: {statistics.median(times) * 1e6:.0f} µs; in a column on one thread {bulk * 1e6:.0f} µs a ticket")


def batches(engine: paidan.Engine, command: str, rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        data, out = Path(folder, "tickets.csv"), Path(folder, "out.jsonl")
        pyarrow.csv.write_csv(pa.table({"text": texts(rows)}), data)
        arguments = [command, "predict", "--model", str(engine.path), "--data", str(data), "--out", str(out)]
        quiet = subprocess.DEVNULL
        by_command = best(lambda: subprocess.run([*arguments, "--force"], check=True, stderr=quiet))
        in_python = best(lambda: engine.predict(pyarrow.csv.read_csv(data)))
        first = json.loads(out.read_text(encoding="utf-8").splitlines()[0])
        table = engine.predict(pyarrow.csv.read_csv(data)).to_pyarrow()
        assert table["type"][0].as_py() == first["type"]["label"]
    share = by_command / in_python
    print(f"{rows} rows of CSV: command {by_command:.2f} s, Python {in_python:.2f} s: {share:.0%} of its throughput")


def threads(rows: int) -> None:
    engine = paidan.Engine.load(threads=1)
    other = paidan.Engine.load(threads=1)
    column = pa.array(texts(rows))
    alone = best(lambda: engine.predict(column))
    with ThreadPoolExecutor(2) as pool:
        together = best(lambda: list(pool.map(lambda used: used.predict(column), [engine, other])))
    print(f"two calling threads: {2 * alone / together:.2f} times the throughput of one")


def memory(engine: paidan.Engine, rows: int) -> None:
    column = pa.array(texts(rows))
    start = time.perf_counter()
    table = engine.predict(column)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)
    print(f"{len(table)} tickets in {seconds:.0f} s, at most {peak:.2f} GiB resident")


if __name__ == "__main__":
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    loaded = paidan.Engine.load()
    imports()
    single(loaded)
    batches(loaded, sys.argv[1], count)
    threads(count // 4)
    memory(loaded, count)
