"""Spans are code points of the original, whatever stands before them."""

from __future__ import annotations

from typing import Any

import pytest

import paidan

# What must be found stands in ⸨ ⸩. All numbers are invented.
CASES = [
    ("电话⸨13800001234⸩，请回电", ["phone"]),
    ("😀👨‍👩‍👧漏水，打⸨１３８００００１２３４⸩找我😀", ["phone"]),
    ("𠮷先生 ⸨138-0000-1234⸩ 或 ⸨li.ming@example.com⸩", ["phone", "email"]),
    ("e\u0301 ⸨１３８ ００００ １２３４⸩", ["phone"]),
    ("⸨11010119000307728X⸩", ["id_card"]),
    ("没有隐私内容，３号楼", []),
    ("", []),
]


@pytest.mark.parametrize(("case", "kinds"), CASES)
def test_spans(case: str, kinds: list[str]) -> None:
    original = case.replace("⸨", "").replace("⸩", "")
    expected = [part.split("⸩")[0] for part in case.split("⸨")[1:]]
    masked = paidan.mask(original)
    assert [original[span["start"] : span["end"]] for span in masked["spans"]] == expected
    assert [span["kind"] for span in masked["spans"]] == kinds
    for kind, secret in zip(kinds, expected, strict=True):
        assert f"⟦{kind}⟧" in masked["text"]
        assert secret not in masked["text"]


def test_masking_twice_changes_nothing() -> None:
    once = paidan.mask("电话１３８００００１２３４")["text"]
    twice = paidan.mask(once)
    assert twice["text"] == once
    assert twice["spans"] == []


@pytest.mark.parametrize("bad", [None, 5, b"abc", ["路灯", 5], "路灯\udfff"])
def test_what_is_no_text(bad: Any) -> None:
    with pytest.raises(paidan.DataError, match="expected the text to be"):
        paidan.mask(bad)
