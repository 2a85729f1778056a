"""A bundle with an encoder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import paidan

BUNDLE = Path(__file__).resolve().parents[2] / "tests" / "fixtures" / "bundle-v2"


@pytest.fixture(scope="module")
def encoded() -> paidan.Engine:
    return paidan.Engine.load(BUNDLE, threads=2)


def test_embeddings_are_an_array_and_do_not_depend_on_each_other(
    encoded: paidan.Engine, texts: list[str]
) -> None:
    all_at_once = encoded.embed(texts)
    assert all_at_once.shape == (len(texts), 32)
    assert all_at_once.dtype == np.float32
    assert np.isfinite(all_at_once).all()
    alone = np.concatenate([encoded.embed([text]) for text in texts])
    assert (alone == all_at_once).all()
    assert encoded.embed([]).shape == (0, 32)
    assert (encoded.embed(np.array(texts, dtype=object)) == all_at_once).all()
    bad: Any = [["路灯", None], ["路灯", 5], ["路灯\ud800"]]
    for given in bad:
        with pytest.raises(paidan.DataError) as error:
            encoded.embed(given)
        assert "路灯" not in str(error.value)


def test_a_column_is_read_as_its_tickets(encoded: paidan.Engine, texts: list[str]) -> None:
    found = encoded.predict(np.array(texts, dtype=object))["type"].to_pylist()
    assert found == [one["type"].label for one in encoded.predict(texts)]


def test_personal_data_is_masked_before_it_is_embedded(encoded: paidan.Engine) -> None:
    one, other = encoded.embed(["电话13800001234", "电话13900004321"])
    assert (one == other).all()


def test_a_list_is_read_as_its_tickets(encoded: paidan.Engine, texts: list[str]) -> None:
    assert encoded.predict(texts) == [encoded.predict(text) for text in texts]


def test_settings_of_the_encoder() -> None:
    integers = paidan.Engine.load(BUNDLE, precision="int8")
    assert integers.embed(["路灯不亮"]).shape == (1, 32)
    for settings in ({"device": "gpu"}, {"device": "cuda"}, {"precision": "int4"}, {"precision": "f16"}):
        with pytest.raises(paidan.SettingError):
            paidan.Engine.load(BUNDLE, **settings)  # type: ignore[arg-type]


def test_a_bundle_without_an_encoder_has_no_embeddings(engine: paidan.Engine) -> None:
    with pytest.raises(paidan.SettingError, match="--encoder"):
        engine.embed(["路灯不亮"])
    with pytest.raises(TypeError):
        engine.embed("路灯不亮")  # type: ignore[arg-type]
