"""Runs a command and writes its exit status, wall and processor seconds and peak memory to a file, as JSON.

A process of its own, because a child's peak begins with the memory of the process that forks it: measured
from a script that holds a fitted model, every command would seem to need as much.
"""

import json
import os
import subprocess
import sys
import time

target, *command = sys.argv[1:]
started = time.perf_counter()
process = subprocess.Popen(command)
_, status, usage = os.wait4(process.pid, 0)
seconds = time.perf_counter() - started
# Linux counts in KiB, macOS in bytes.
peak_mib = usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
figures = {
    "status": os.waitstatus_to_exitcode(status),
    "seconds": seconds,
    "cpu_seconds": usage.ru_utime + usage.ru_stime,
    "peak_mib": peak_mib,
}
with open(target, "w", encoding="utf-8") as file:
    json.dump(figures, file)
