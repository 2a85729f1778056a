"""How far a long call is, in a terminal or a notebook."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any, Protocol

# Short calls show nothing.
_DELAY = 2.0


class Bar(Protocol):
    """Given each move of a call, and closed at its end."""

    def __call__(self, stage: str, done: int, total: int | None) -> object: ...
    def close(self) -> None: ...


def watch(progress: bool | Callable[[str, int, int | None], object] | None) -> Bar | None:
    """The bar that the argument `progress` of a call asks for; None where it asks for none."""
    if callable(progress):
        return _Callback(progress)
    if progress is None:
        if not (_in_notebook() or _in_terminal()):
            return None
        return _bar(delay=_DELAY)
    return _bar(delay=0.0) if progress else None


def _in_notebook() -> bool:
    ipython: Any = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return type(shell).__name__ == "ZMQInteractiveShell"


def _in_terminal() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()


def _bar(delay: float) -> Bar:
    """tqdm's bar where it is installed, else a line of our own."""
    try:
        if _in_notebook():
            import ipywidgets  # noqa: F401
            from tqdm.notebook import tqdm
        else:
            from tqdm.std import tqdm
    except ImportError:
        return _Line(delay)
    return _Tqdm(tqdm, delay)


class _Callback:
    def __init__(self, function: Callable[[str, int, int | None], object]) -> None:
        self._function = function

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        self._function(stage, done, total)

    def close(self) -> None:
        pass


class _Tqdm:
    """One bar for each stage."""

    def __init__(self, tqdm: Any, delay: float) -> None:
        self._tqdm = tqdm
        self._visible_at = time.monotonic() + delay
        self._stage = ""
        self._bar: Any = None

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        if time.monotonic() < self._visible_at:
            return
        if self._bar is None or stage != self._stage:
            self.close()
            self._stage = stage
            self._bar = self._tqdm(desc=stage, total=total)
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


class _Line:
    """One line on standard error, written over."""

    def __init__(self, delay: float) -> None:
        self._visible_at = time.monotonic() + delay
        self._width = 0

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        if time.monotonic() < self._visible_at:
            return
        share = f" {done}/{total} ({done / total:.0%})" if total else f" {done}"
        self._write(stage + share)

    def close(self) -> None:
        if self._width:
            self._write("")
            sys.stderr.write("\r")
            self._width = 0

    def _write(self, text: str) -> None:
        sys.stderr.write("\r" + text.ljust(self._width))
        sys.stderr.flush()
        self._width = len(text)
