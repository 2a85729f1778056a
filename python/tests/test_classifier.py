"""TicketClassifier keeps scikit-learn's conventions, on text."""

from __future__ import annotations

import io
import pickle
import subprocess
import sys
import zipfile
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone, is_classifier
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer

import paidan
from invented import UNITS, tickets
from paidan import _bundle

@pytest.fixture(scope="module", params=[2, 6])
def data(request: pytest.FixtureRequest) -> tuple[list[str], list[str]]:
    return tickets(request.param)


@pytest.fixture(scope="module")
def fitted(data: tuple[list[str], list[str]]) -> paidan.TicketClassifier:
    return paidan.TicketClassifier().fit(*data)


def test_default_constructible_and_nothing_set_in_init() -> None:
    classifier = paidan.TicketClassifier()
    assert vars(classifier) == classifier.get_params()
    assert is_classifier(classifier)


def test_repr_get_params_and_set_params() -> None:
    classifier = paidan.TicketClassifier(cost=2.0)
    assert repr(classifier) == "TicketClassifier(cost=2.0)"
    assert classifier.set_params(cost=3.0, folds=0) is classifier
    assert (classifier.get_params()["cost"], classifier.get_params()["folds"]) == (3.0, 0)
    with pytest.raises(ValueError, match="Invalid parameter 'colour'"):
        classifier.set_params(colour="red")


def test_clone(fitted: paidan.TicketClassifier) -> None:
    copy = clone(fitted.set_params(cost=0.7))
    assert copy.get_params() == fitted.get_params()
    assert not hasattr(copy, "classes_")


def test_fit_predict_and_shapes(fitted: paidan.TicketClassifier, data: tuple[list[str], list[str]]) -> None:
    texts, units = data
    classes = len(set(units))
    assert fitted.classes_.tolist() == sorted(set(units))
    assert fitted.score(texts, units) > 0.95
    probabilities = fitted.predict_proba(texts)
    assert probabilities.shape == (len(texts), classes)
    assert probabilities.dtype == np.float64
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    predicted = fitted.predict(texts)
    assert predicted.shape == (len(texts),)
    assert (predicted == fitted.classes_[probabilities.argmax(axis=1)]).all()
    scores = fitted.decision_function(texts)
    if classes == 2:
        assert scores.shape == (len(texts),)
        assert ((scores > 0) == (predicted == fitted.classes_[1])).all()
    else:
        assert scores.shape == (len(texts), classes)
        assert (scores.argmax(axis=1) == probabilities.argmax(axis=1)).all()


def test_fit_is_idempotent(fitted: paidan.TicketClassifier, data: tuple[list[str], list[str]]) -> None:
    again = clone(fitted).fit(*data)
    expected = fitted.predict_proba(data[0])
    np.testing.assert_array_equal(again.predict_proba(data[0]), expected)
    np.testing.assert_array_equal(again.fit(*data).predict_proba(data[0]), expected)


def test_sample_order_and_subset_invariance(
    fitted: paidan.TicketClassifier, data: tuple[list[str], list[str]]
) -> None:
    texts = np.array(data[0], dtype=object)
    order = np.random.default_rng(0).permutation(len(texts))
    expected = fitted.predict_proba(texts)
    np.testing.assert_array_equal(fitted.predict_proba(texts[order]), expected[order])
    np.testing.assert_array_equal(fitted.predict_proba(texts[3:4]), expected[3:4])


def test_inputs_unchanged(data: tuple[list[str], list[str]]) -> None:
    texts, units = (np.array(part, dtype=object) for part in data)
    before = texts.copy(), units.copy()
    weights = np.ones(len(texts))
    paidan.TicketClassifier(folds=0).fit(texts, units, sample_weight=weights).predict(texts)
    assert (texts == before[0]).all() and (units == before[1]).all() and (weights == 1).all()


def test_not_fitted_error() -> None:
    for call in ("predict", "predict_proba", "decision_function"):
        with pytest.raises(NotFittedError):
            getattr(paidan.TicketClassifier(), call)(["路灯不亮"])
    with pytest.raises(NotFittedError):
        paidan.TicketClassifier().engine_  # noqa: B018


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_pickle_round_trip(
    fitted: paidan.TicketClassifier, data: tuple[list[str], list[str]], protocol: int
) -> None:
    content = pickle.dumps(fitted, protocol)
    copy = pickle.loads(content)
    np.testing.assert_array_equal(copy.predict_proba(data[0]), fitted.predict_proba(data[0]))
    assert copy.classes_.tolist() == fitted.classes_.tolist()
    assert copy.engine_.path is None or not copy.engine_.path.exists()


def test_a_pickle_in_another_process(fitted: paidan.TicketClassifier, data: tuple[list[str], list[str]]) -> None:
    program = "import pickle, sys; c = pickle.load(sys.stdin.buffer); print(c.predict(['东门路灯坏了'])[0] == '照明')"
    done = subprocess.run(
        [sys.executable, "-c", program], input=pickle.dumps(fitted), capture_output=True, timeout=60, check=True
    )
    assert done.stdout.strip() == b"True"


def test_bundle_bytes_are_data_and_checked(fitted: paidan.TicketClassifier) -> None:
    content = fitted._packed()
    assert content == fitted._packed() == _bundle.pack(fitted.engine_)
    names = set(zipfile.ZipFile(io.BytesIO(content)).namelist())
    assert {"manifest.json", "heads.safetensors"} <= names
    place = content.index(b"heads.safetensors") + 200
    altered = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
    for bad in (altered, b"", b"abc", content[:1000]):
        with pytest.raises(paidan.ModelError):
            _bundle.unpack(bad)


@pytest.mark.parametrize("name", ["../evil", "/evil", "a/../../evil", "a\\evil", "C:evil"])
def test_bundle_bytes_stay_in_their_folder(name: str) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("manifest.json", "{}")
        archive.writestr(name, "x")
    with pytest.raises(paidan.ModelError, match="plain names"):
        _bundle.unpack(buffer.getvalue())


def test_pipeline_and_cross_validation(data: tuple[list[str], list[str]]) -> None:
    texts, units = data
    strip = FunctionTransformer(lambda rows: [row.strip() for row in rows])
    pipeline = Pipeline([("strip", strip), ("classify", paidan.TicketClassifier(folds=0))])
    assert pipeline.fit(texts, units).score(texts, units) > 0.95
    scores = cross_val_score(paidan.TicketClassifier(folds=2), np.array(texts), units, cv=3)
    assert scores.shape == (3,)
    assert scores.min() > 0.5


def test_grid_search_in_two_processes() -> None:
    texts, units = tickets(2)
    search = GridSearchCV(paidan.TicketClassifier(folds=0, threads=1), {"cost": [0.1, 1.0]}, cv=2, n_jobs=2)
    search.fit(pd.Series(texts), pd.Series(units))
    assert search.best_params_["cost"] in (0.1, 1.0)
    assert search.predict(["西门路灯坏了"]).tolist() == ["照明"]


@pytest.mark.parametrize("labels", [[0, 10, 2], [False, True], [1.5, 2.5]])
def test_labels_keep_their_type(labels: list[Any]) -> None:
    texts, units = tickets(len(labels))
    by_unit = dict(zip(UNITS, labels, strict=False))
    y = np.array([by_unit[unit] for unit in units])
    classifier = paidan.TicketClassifier(folds=0).fit(texts, y)
    assert classifier.classes_.dtype == y.dtype
    assert classifier.classes_.tolist() == sorted(labels)
    assert (classifier.predict(texts) == y).mean() > 0.95


def test_tables_with_titles() -> None:
    texts, units = tickets(2)
    frame = pd.DataFrame({"标题": [text[-4:] for text in texts], "内容": texts})
    classifier = paidan.TicketClassifier(text="内容", title="标题", folds=0).fit(frame, units)
    assert classifier.score(frame, units) > 0.95
    with pytest.raises(paidan.DataError, match="expected a column `标题`"):
        classifier.predict(frame[["内容"]])


def test_weights_count() -> None:
    texts = ["路灯坏了", "路灯坏了", "水管爆了"] * 10
    units = ["照明", "供电", "供水"] * 10
    for unit in ("照明", "供电"):
        weights = [1.0 if label in (unit, "供水") else 0.0 for label in units]
        classifier = paidan.TicketClassifier(folds=0).fit(texts, units, sample_weight=weights)
        assert classifier.predict(["路灯坏了"]).tolist() == [unit]


BAD: list[tuple[Any, Any, str]] = [
    ([], [], "at least 2 classes"),
    (["路灯坏了"] * 3, ["照明"] * 3, "at least 2 classes, got 1"),
    (["路灯坏了", "水管爆了"], ["照明"], "at least 2 classes"),
    (["路灯坏了", "水管爆了", "停电"], ["照明", "供水"], "expected as many labels as tickets, 3, got 2"),
    (["路灯坏了", None], ["照明", "供水"], "index 1"),
    (["路灯坏了", 5], ["照明", "供水"], "index 1: expected a str, got int"),
    (["路灯坏了", "水管\ud800"], ["照明", "供水"], "lone surrogate"),
    (["路灯坏了", "水管爆了"], ["照明", None], "one type, none missing"),
    (["路灯坏了", "水管爆了"], [1.0, float("nan")], "found NaN"),
    (["路灯坏了", "水管爆了"], [["照明", "a"], ["供水", "b"]], "labels of one dimension"),
    (["路灯坏了", "水管爆了"] * 5, ["照明 局", "照明局"] * 5, "spell each class in one way"),
]


@pytest.mark.parametrize(("texts", "labels", "problem"), BAD)
def test_bad_training_data(texts: Any, labels: Any, problem: str) -> None:
    with pytest.raises(paidan.DataError, match=problem) as error:
        paidan.TicketClassifier(folds=0).fit(texts, labels)
    assert "路灯" not in str(error.value)


@pytest.mark.parametrize("setting", [{"folds": 1}, {"cost": 0.0}, {"class_balance": 3.0}, {"max_features": 0}, {"threads": 0}])
def test_settings_out_of_range(setting: dict[str, Any]) -> None:
    with pytest.raises(paidan.SettingError, match="expected"):
        paidan.TicketClassifier(**setting).fit(*tickets(2))
