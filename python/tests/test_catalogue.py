"""A dispatch catalogue decides where one is given."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import paidan

CITY = Path(__file__).resolve().parents[2] / "examples" / "city"


@pytest.fixture(scope="module")
def desk() -> paidan.Engine:
    return paidan.Engine.load(threads=1, catalogue=CITY, at="2026-03-02T10:00")


def test_a_catalogue_decides(desk: paidan.Engine, engine: paidan.Engine, texts: list[str]) -> None:
    decision = desk.dispatch(texts[0]).to_dict()
    assert {"lead", "deadline", "catalogue", "bundle"} <= set(decision)
    assert "lead" not in engine.dispatch(texts[0]).to_dict()
    # Asked again it decides the same, and after the bundle is loaded again as well.
    desk.reload()
    assert desk.dispatch(texts[0]).to_dict() == decision


def test_outcomes_in_columns_are_those_of_the_decisions(desk: paidan.Engine, texts: list[str]) -> None:
    outcomes = [decision.outcome for decision in desk.dispatch(texts)]
    assert desk.dispatch(pd.Series(texts)).to_pandas()["outcome"].tolist() == outcomes


def test_a_catalogue_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(paidan.CatalogueError) as error:
        paidan.Engine.load(catalogue=tmp_path / "nowhere")
    assert not isinstance(error.value, paidan.ModelError)
