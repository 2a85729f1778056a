"""What cannot be read is a DataError that says where it stood, and shows no text."""

from __future__ import annotations

from typing import Any

import pytest

import paidan

BAD: list[tuple[Any, str]] = [
    (None, "got NoneType"),
    (float("nan"), "got float"),
    (5, "got int"),
    (b"\xe8\xb7\xaf", "got bytes"),
    ("", "both are blank"),
    (" \u3000\n", "both are blank"),
    ("路灯\ud800不亮", "lone surrogate"),
    ({}, "expected the key `text` or `title`"),
    ({"路灯不亮": "投诉"}, "got 1 other keys"),
    ({"text": None, "title": float("nan")}, "both are blank"),
    ({"text": b"abc"}, "expected `text` to be a str, got bytes"),
    ({"text": "路灯不亮", "address": 7}, "expected `address` to be a str, got int"),
    (paidan.Ticket(address="柳荫路"), "both are blank"),
]


@pytest.mark.parametrize(("bad", "problem"), BAD)
def test_a_bad_ticket(engine: paidan.Engine, bad: Any, problem: str) -> None:
    for call in (engine.predict, engine.dispatch):
        with pytest.raises(paidan.DataError) as single:
            call(bad)
        assert problem in str(single.value)
        assert single.value.index is None
        with pytest.raises(paidan.DataError, match="^ticket at index 2: ") as listed:
            call(["路灯不亮", "水管爆了", bad, None])
        assert problem in str(listed.value)
        assert listed.value.index == 2
        assert "路灯" not in str(listed.value)


@pytest.mark.parametrize("given", [{"路灯不亮"}, iter(["路灯不亮"]), range(2), object(), 5, b"abc", None])
def test_what_is_neither_a_ticket_nor_a_list(engine: paidan.Engine, given: Any) -> None:
    with pytest.raises(paidan.DataError, match="or a list of them, got"):
        engine.predict(given)
    with pytest.raises(paidan.DataError, match="expected the text to be a str, got"):
        engine.segment(given)


def test_a_list_inside_a_list(engine: paidan.Engine) -> None:
    nested: Any = [["路灯不亮"]]
    with pytest.raises(paidan.DataError, match="index 0: .* got list"):
        engine.predict(nested)


@pytest.mark.parametrize("bad", [None, 5, b"abc", "路灯\ud800"])
def test_a_ticket_is_made_of_str_only(bad: Any) -> None:
    with pytest.raises(paidan.DataError) as error:
        paidan.Ticket("路灯不亮", title=bad)
    # Neither in the message nor in a UnicodeEncodeError behind it.
    assert error.value.__cause__ is None
    assert error.value.__context__ is None
    assert "路灯" not in str(error.value)
