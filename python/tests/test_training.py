"""Training, evaluating and finding thresholds from Python, and what reports show."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import paidan
from invented import tickets
from paidan import _plots, _progress


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    texts, units = tickets(6)
    return pd.DataFrame({"内容": texts, "单位": units, "类型": ["投诉", "求助"] * 75})


@pytest.fixture(scope="module")
def trained(frame: pd.DataFrame) -> paidan.Engine:
    labels = {"unit": "单位", "type": frame["类型"]}
    return paidan.train(frame, labels, text="内容", names={"unit": {"照明": "路灯所"}}, progress=False)


def test_a_model_of_two_tasks(trained: paidan.Engine, frame: pd.DataFrame, tmp_path: Path) -> None:
    assert list(trained.tasks) == ["unit", "type"]
    assert trained.path is None
    prediction = trained.predict("南门的路灯坏了")["unit"]
    assert (prediction.label, prediction.name) == ("照明", "路灯所")
    trained.save(tmp_path / "model")
    assert paidan.Engine.load(tmp_path / "model").predict(frame, text="内容").to_pyarrow().equals(
        trained.predict(frame, text="内容").to_pyarrow()
    )
    with pytest.raises(paidan.SettingError, match="this engine was trained here"):
        trained.reload()


def test_where_a_model_cannot_be_written(trained: paidan.Engine, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(paidan.DataError, match="is no bundle"):
        trained.save(tmp_path)
    with pytest.raises(paidan.DataError, match="does not exist"):
        trained.save(tmp_path / "no" / "where")
    assert (tmp_path / "notes.txt").exists()


def test_evaluation_agrees_with_scikit_learn(engine: paidan.Engine) -> None:
    from sklearn.metrics import accuracy_score, f1_score, log_loss

    texts = ["夜里工地噪音太大", "想咨询居住证怎么续签", "感谢窗口的小姑娘", "路灯坏了没人修", "建议加装减速带"] * 4
    truth = ["投诉", "咨询", "表扬", "咨询", "建议"] * 4
    report = paidan.evaluate(engine, texts, {"type": truth})
    given = [one["type"].label for one in engine.predict(texts)]
    labels = sorted(set(truth) | set(given))
    figures = report["type"]
    assert figures["accuracy"] == pytest.approx(accuracy_score(truth, given))
    assert figures["macro_f1"] == pytest.approx(f1_score(truth, given, labels=labels, average="macro", zero_division=0))
    stated = engine.probabilities(texts, "type").astype(float)
    order = np.argsort(engine.tasks["type"].labels)
    expected = log_loss(truth, (stated / stated.sum(axis=1, keepdims=True))[:, order], labels=sorted(engine.tasks["type"].labels))
    assert figures["log_loss"] == pytest.approx(expected, rel=1e-4)
    assert json.loads(json.dumps(report.to_dict()))["rows"] == 20


def test_report_tables(trained: paidan.Engine, frame: pd.DataFrame) -> None:
    report = paidan.evaluate(trained, frame, {"unit": "单位", "type": "类型"}, text="内容")
    assert set(report.tasks) == {"unit", "type"}
    assert report.summary().loc["unit", "rows"] == 150
    classes = report.per_class("unit")
    assert classes["support"].sum() == 150
    assert classes.set_index("label").loc["照明", "name"] == "路灯所"
    curve = report.risk_coverage("type")
    assert curve["coverage"].iloc[-1] == 1
    assert curve["precision"].iloc[-1] == pytest.approx(report["type"]["accuracy"])
    assert curve["threshold"].is_monotonic_decreasing and curve["threshold"].is_unique
    assert report.reliability("type")["rows"].sum() == 150
    assert list(report.confusion("unit").columns) == ["true", "given", "rows"]
    html = report._repr_html_()
    assert "准确率" in html and "150" in html
    with pytest.raises(paidan.SettingError, match="expected one of the tasks type, unit, got None"):
        report.per_class()


def test_rows_without_a_label_are_left_out(engine: paidan.Engine) -> None:
    report = paidan.evaluate(engine, ["路灯不亮", "水管爆了"], {"type": ["求助", None]})
    assert report["type"]["rows"] == 1
    with pytest.raises(paidan.DataError, match="expected as many labels as tickets, 2, got 1"):
        paidan.evaluate(engine, ["路灯不亮", "水管爆了"], {"type": ["求助"]})
    with pytest.raises(paidan.SettingError, match="no task `weather`"):
        paidan.evaluate(engine, ["路灯不亮"], {"weather": ["sunny"]})
    with pytest.raises(paidan.SettingError, match="expected labels by task"):
        paidan.evaluate(engine, ["路灯不亮"], ["求助"])
    with pytest.raises(paidan.SettingError, match="got str"):
        paidan.evaluate("model", ["路灯不亮"], ["求助"])


def test_plots(trained: paidan.Engine, frame: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = frame.assign(单位=np.roll(frame["单位"], 5))
    report = paidan.evaluate(trained, wrong, {"unit": "单位"}, text="内容")
    for ax in (report.plot_risk_coverage(), report.plot_reliability(), report.plot_confusion()):
        figure: Any = ax.figure
        figure.savefig(tmp_path / "plot.png")
        assert (tmp_path / "plot.png").stat().st_size > 5_000
    monkeypatch.setattr(_plots, "chinese_font", lambda: None)
    ax = report.plot_confusion()
    figure = ax.figure
    figure.savefig(tmp_path / "plot.png")
    assert [label.get_text() for label in ax.get_yticklabels()][:2] == ["1", "2"]
    assert "no installed font has Chinese characters" in ax.texts[0].get_text()


def test_a_chinese_font_is_used_where_there_is_one(trained: paidan.Engine, frame: pd.DataFrame) -> None:
    font = _plots.chinese_font()
    if font is None:
        pytest.skip("no installed font has Chinese characters")
    wrong = frame.assign(单位=np.roll(frame["单位"], 5))
    ax = paidan.evaluate(trained, wrong, {"unit": "单位"}, text="内容").plot_confusion()
    # A glyph that is missing is a warning, and a warning fails the test.
    ax.figure.canvas.draw()
    assert any("→" in label.get_text() and not label.get_text().isascii() for label in ax.get_yticklabels())


def test_thresholds_keep_what_they_promise(tmp_path: Path) -> None:
    texts, units = tickets(2)
    classifier = paidan.TicketClassifier().fit(texts, units)
    unseen = [f"{place}的{text[2:]}" for place in ("南门", "北门", "桥下") for text in texts]
    found = paidan.find_thresholds(classifier, unseen, units * 3, target_precision=0.9, confidence=0.9)
    (task,) = found.tasks
    assert found[task]["rows"] == 150
    assert found[task]["accepted_right"] >= 0.9 * found[task]["accepted"] > 0
    assert found.engine.tasks[task].threshold == found[task]["threshold"]
    assert found.engine.predict(unseen[0])[task].accepted is True
    assert classifier.engine_.predict(unseen[0])[task].accepted is None
    found.save(tmp_path / "model")
    assert paidan.Engine.load(tmp_path / "model").tasks[task].threshold == found[task]["threshold"]
    assert found.summary().loc[task, "rows"] == 150
    assert "承诺" in found._repr_html_()
    classes = paidan.find_thresholds(classifier, unseen, units * 3, target_precision=0.9, per_class=True)
    assert set(classes.per_class(task)["label"]) == set(units)
    for share in (0.0, 1.0):
        with pytest.raises(paidan.SettingError, match="expected a precision between 0 and 1"):
            paidan.find_thresholds(classifier, unseen, units * 3, target_precision=share)


def test_a_promise_that_cannot_be_kept_says_what_it_would_take(engine: paidan.Engine) -> None:
    found = paidan.find_thresholds(engine, ["路灯不亮", "水管爆了"], {"type": ["求助", "求助"]})
    assert found["type"]["threshold"] is None
    assert found["type"]["least_rows"] > 2


def test_wrong_labels_are_doubted(frame: pd.DataFrame) -> None:
    wrong = frame.copy()
    wrong.loc[[3, 60], "单位"] = ["教育", "照明"]
    report = paidan.audit_labels(wrong, {"unit": "单位"}, text="内容", progress=False)
    doubts = report.doubts().set_index("row")
    assert {3, 60} <= set(doubts.index[:6])
    assert doubts.loc[3, ["given", "suggested"]].tolist() == ["教育", "照明"]
    assert report.classes().set_index("label").loc["教育", "doubted"] >= 1
    assert report["unit"]["rows"] == 150
    assert "存疑" in report._repr_html_()


def test_paths_and_sets() -> None:
    texts, units = tickets(2)
    paths = [f"公共设施 > {unit}" for unit in units]
    sets = [f"{unit};急" if "坏" in text or "爆" in text else unit for text, unit in zip(texts, units, strict=True)]
    labels = {"category": paths, "tags": sets}
    engine = paidan.train(texts, labels, kinds={"category": "path", "tags": "set"}, folds=2, progress=False)
    assert [task.kind for task in engine.tasks.values()] == ["path", "set"]
    one = engine.predict("南门路灯坏了")
    assert one["category"].label == "公共设施 > 照明"
    assert one["category"].levels is not None and len(one["category"].levels) == 2
    found = engine.predict(pd.Series(["南门路灯坏了"])).to_pandas()
    assert found["category"].tolist() == [one["category"].label]
    assert found["tags"].tolist() == [one["tags"].label]
    assert paidan.evaluate(engine, texts, {"category": paths})["category"]["accuracy"] > 0.9
    with pytest.raises(paidan.SettingError, match="expected label, path or set for task `tags`, got `tree`"):
        paidan.train(texts, labels, kinds={"tags": "tree"})
    with pytest.raises(paidan.DataError, match="column `category`, index 0: expected a path"):
        paidan.train(texts, {"category": ["[1"] * 50}, kinds={"category": "path"})


def test_progress_is_told(frame: pd.DataFrame) -> None:
    moves: list[tuple[str, int, int | None]] = []
    engine = paidan.train(frame, {"unit": "单位"}, text="内容", folds=2, progress=lambda *move: moves.append(move))
    assert moves[0] == ("read tickets", 0, 150)
    assert len({stage for stage, _, _ in moves}) > 1
    moves.clear()
    engine.predict(pd.Series(["路灯不亮"] * 10), progress=lambda *move: moves.append(move))
    assert ("read tickets", 0, 10) in moves


def test_an_error_in_a_progress_function_ends_the_call(frame: pd.DataFrame) -> None:
    def stop(stage: str, done: int, total: int | None) -> None:
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        paidan.train(frame, {"unit": "单位"}, text="内容", progress=stop)
    with pytest.raises(RuntimeError, match="enough"):
        paidan.train(frame, {"unit": "单位"}, text="内容", progress=stop)


def test_bars(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    # Neither a terminal nor a notebook: silent unless asked.
    assert _progress.watch(None) is None
    assert _progress.watch(False) is None
    line = _progress._Line(0.0)
    line("read tickets", 5, 10)
    line("fit", 1, None)
    line.close()
    written = capsys.readouterr().err
    assert "read tickets 5/10 (50%)" in written
    assert written.endswith("\r")
    bar = _progress.watch(True)
    assert bar is not None
    bar("read tickets", 5, 10)
    bar("fit", 1, 2)
    bar.close()
    assert "read tickets" in capsys.readouterr().err
    monkeypatch.setattr(_progress, "_in_terminal", lambda: True)
    slow = _progress.watch(None)
    assert slow is not None
    slow("read tickets", 5, 10)
    slow.close()
    assert capsys.readouterr().err == ""


def test_logging_goes_to_python(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="paidan"):
        paidan.Engine.load(threads=1)
    assert any(record.name.startswith("paidan") and "bundle" in record.message for record in caplog.records)
    caplog.clear()
    with caplog.at_level(logging.WARNING, logger="paidan"):
        paidan.Engine.load(threads=1)
    assert not caplog.records


BAD: list[tuple[dict[str, Any], str]] = [
    ({"weights": [1.0]}, "expected as many labels as tickets"),
    ({"weights": [-1.0] * 150}, "index 0: expected a weight of at least 0"),
    ({"for_sharing": True}, "expected groups"),
    ({"names": {"weather": {"a": "b"}}}, "expected names of labels of a task, got task `weather`"),
    ({"folds": 1}, "expected 0 or 2 to 20 folds, got 1"),
]


@pytest.mark.parametrize(("setting", "problem"), BAD)
def test_wrong_settings_of_a_training(frame: pd.DataFrame, setting: dict[str, Any], problem: str) -> None:
    with pytest.raises(paidan.PaidanError, match=problem):
        paidan.train(frame, {"unit": "单位"}, text="内容", **setting)


def test_wrong_labels(frame: pd.DataFrame) -> None:
    with pytest.raises(paidan.SettingError, match="expected labels by task, got none"):
        paidan.train(frame, {}, text="内容")
    with pytest.raises(paidan.DataError, match="expected a column `部门`, found `内容`"):
        paidan.train(frame, {"unit": "部门"}, text="内容")
    with pytest.raises(paidan.DataError, match="expected a label as str or number, got list"):
        paidan.train(frame, {"unit": [["照明"]] * 150}, text="内容")
