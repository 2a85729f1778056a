"""Every public name has a docstring; the examples in them, and those of the README, run."""

from __future__ import annotations

import doctest
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

import paidan


def documented() -> Iterator[tuple[str, str]]:
    """Names and docstrings of the package, its public objects, and their public methods and attributes."""
    yield "paidan", paidan.__doc__ or ""
    for name in paidan.__all__:
        thing = getattr(paidan, name)
        if isinstance(thing, str):
            continue
        yield f"paidan.{name}", thing.__doc__ or ""
        if inspect.isclass(thing) and not issubclass(thing, Exception):
            for member, value in vars(thing).items():
                if inspect.isroutine(value) and not member.startswith("_"):
                    yield f"paidan.{name}.{member}", inspect.getdoc(getattr(thing, member)) or ""


DOCUMENTED = dict(documented())
README = Path(__file__).parent.parent / "README.md"


def run(name: str, text: str) -> int:
    """How many examples there are in `text`; fails the test where one of them does."""
    test = doctest.DocTestParser().get_doctest(inspect.cleandoc(text), {}, name, None, None)
    failures: list[str] = []
    runner = doctest.DocTestRunner(verbose=False)
    runner.run(test, out=failures.append)
    assert not failures, "".join(failures)
    return len(test.examples)


@pytest.mark.parametrize("name", DOCUMENTED)
def test_docstring(name: str) -> None:
    examples = run(name, DOCUMENTED[name])
    assert DOCUMENTED[name].strip()
    is_error = name.endswith("Error")
    # Of the classes written in Python the class as a whole has one.
    is_method = name.count(".") == 2 and not name.startswith(("paidan.Engine.", "paidan.Decision."))
    assert examples > 0 or is_error or is_method


def test_readme() -> None:
    # A prompt inside a fenced block; the fence itself is no expected output.
    assert run("README.md", README.read_text(encoding="utf-8").replace("\n```", "\n\n```")) > 3


@pytest.mark.parametrize("page", ["index", "columns", "training"])
def test_page(page: str) -> None:
    path = Path(__file__).parent.parent / "docs" / f"{page}.rst"
    assert run(path.name, path.read_text(encoding="utf-8")) > 2


def test_methods_are_among_the_documented() -> None:
    assert {"paidan.Engine.load", "paidan.Engine.predict", "paidan.Decision.to_dict", "paidan.mask"} <= set(
        DOCUMENTED
    )
