"""Pickling, copying and forking: supported or refused in clear words, never a hang."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys

import pytest

import paidan


def test_a_ticket_is_pickled_and_copied() -> None:
    ticket = paidan.Ticket("路灯不亮", title="路灯", id="1", requested_at="2024-05-01T08:00:00+08:00", channel="电话")
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(ticket, protocol)) == ticket
    assert copy.deepcopy(ticket) == ticket


def test_results_and_engines_are_not(engine: paidan.Engine, texts: list[str]) -> None:
    decision = engine.dispatch(texts[0])
    for thing, remedy in [
        (engine, "Engine.load in each process"),
        (decision, "to_dict"),
        (decision.predictions["type"], "to_dict"),
    ]:
        with pytest.raises(TypeError, match=remedy):
            pickle.dumps(thing)
        with pytest.raises(TypeError, match=remedy):
            copy.copy(thing)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_fork_is_refused_where_it_would_hang() -> None:
    program = """
import os
import paidan

engine = paidan.Engine.load(threads=2)
before = engine.predict(["路灯不亮", "水管爆了"])
child = os.fork()
if child == 0:
    assert engine.predict("路灯不亮") == before[0]
    try:
        engine.predict(["路灯不亮", "水管爆了"])
    except paidan.PaidanError as error:
        assert "Engine.load" in str(error), error
        engine.reload()
        assert engine.predict(["路灯不亮", "水管爆了"]) == before
        assert paidan.Engine.load(threads=2).predict(["路灯不亮", "水管爆了"]) == before
        os._exit(7)
    os._exit(1)
_, status = os.waitpid(child, 0)
raise SystemExit(os.waitstatus_to_exitcode(status))
"""
    done = subprocess.run([sys.executable, "-c", program], timeout=60, check=False)
    assert done.returncode == 7


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_an_interrupt_ends_a_long_call() -> None:
    program = """
import signal
import paidan

engine = paidan.Engine.load(threads=1)
tickets = ["夜里十一点工地还在打桩，吵得孩子睡不着" * 5] * 200_000
signal.setitimer(signal.ITIMER_REAL, 0.2)
signal.signal(signal.SIGALRM, signal.default_int_handler)
try:
    engine.predict(tickets)
except KeyboardInterrupt:
    raise SystemExit(7)
"""
    done = subprocess.run([sys.executable, "-c", program], timeout=60, check=False)
    assert done.returncode == 7


def test_heavy_packages_are_imported_on_first_use_only() -> None:
    program = "import sys, paidan; print({'numpy', 'pandas', 'pyarrow', 'sklearn', 'matplotlib'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60, check=True)
    assert done.stdout.strip() == b"set()"
