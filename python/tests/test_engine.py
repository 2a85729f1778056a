"""Predicting and dispatching: types, order, and that neither batches nor threads change an answer."""

from __future__ import annotations

import json
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import paidan


def test_the_default_model_is_the_one_in_the_wheel(engine: paidan.Engine) -> None:
    assert engine.path == Path(paidan.__file__).parent / "models" / "default"


def test_the_environment_names_another_model(
    engine: paidan.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert engine.path is not None
    copy = Path(shutil.copytree(engine.path, tmp_path / "bundle"))
    monkeypatch.setenv("PAIDAN_MODEL", str(copy))
    assert paidan.Engine.load().path == copy
    assert paidan.Engine.load(engine.path).path == engine.path


def test_tasks_have_labels_and_names(engine: paidan.Engine) -> None:
    assert {"type", "department"} <= set(engine.tasks)
    assert all(task.name == name for name, task in engine.tasks.items())
    kinds = engine.tasks["type"]
    assert set(kinds.labels) == {"咨询", "求助", "投诉", "举报", "建议", "表扬"}
    assert kinds.names == (None,) * 6
    department = engine.tasks["department"]
    assert len(department.names) == len(department.labels)
    assert department.names[department.labels.index("education")] == "教育"
    assert department.threshold is None or 0 <= department.threshold <= 1


def test_a_prediction_has_the_types_it_says(engine: paidan.Engine, texts: list[str]) -> None:
    predictions = engine.predict(texts[0])
    assert list(predictions) == list(engine.tasks)
    for name, task in engine.tasks.items():
        prediction = predictions[name]
        assert isinstance(prediction, paidan.Prediction)
        assert prediction.task == name
        assert prediction.label in task.labels
        assert prediction.name == task.names[task.labels.index(prediction.label)]
        assert isinstance(prediction.probability, float)
        assert 0 <= prediction.probability <= 1
        assert prediction.accepted in (True, False, None)
        assert prediction.top[0] == (prediction.label, prediction.probability)
        assert len(prediction.top) == len(prediction.top_names) <= 5
        ranked = [probability for _, probability in prediction.top]
        assert ranked == sorted(ranked, reverse=True)


def test_a_decision_is_the_object_of_the_command(engine: paidan.Engine, texts: list[str]) -> None:
    decision = engine.dispatch(paidan.Ticket(texts[0], id="7"))
    written = decision.to_dict()
    assert list(written) == ["schema", "id", *engine.tasks, "outcome", "explanation"]
    assert written["schema"] == 1
    assert written["id"] == decision.id == "7"
    assert written["outcome"] == decision.outcome
    assert written["explanation"] == decision.explanation
    for task, prediction in decision.predictions.items():
        assert written[task] == prediction.to_dict()
        assert written[task]["probability"] == prediction.probability
        assert [tuple(pair) for pair in written[task]["top"]] == prediction.top
    assert json.loads(json.dumps(written)) == written


def test_predict_and_dispatch_agree(engine: paidan.Engine, texts: list[str]) -> None:
    assert [decision.predictions for decision in engine.dispatch(texts)] == engine.predict(texts)


def test_a_batch_equals_its_single_items_in_order(engine: paidan.Engine, texts: list[str]) -> None:
    many = texts * 200  # more than one chunk
    assert engine.predict(many) == [engine.predict(text) for text in texts] * 200
    decisions = engine.dispatch(many)
    assert [decision.id for decision in decisions] == [str(place + 1) for place in range(len(many))]
    for text, decision in zip(texts, decisions, strict=False):
        assert decision == engine.dispatch(paidan.Ticket(text, id=decision.id))


def test_every_kind_of_ticket_gives_the_same_answer(engine: paidan.Engine, texts: list[str]) -> None:
    text = texts[1]
    expected = engine.dispatch(paidan.Ticket(text, title="噪音", id="9"))
    nan = float("nan")
    assert engine.dispatch({"text": text, "title": "噪音", "id": "9"}) == expected
    assert engine.dispatch({"text": text, "title": "噪音", "id": 9, "town": "other column"}) == expected
    assert engine.dispatch(({"text": text, "title": "噪音", "id": "9", "address": nan},)) == [expected]
    assert engine.predict(text) == engine.predict({"text": text, "title": None})
    assert engine.predict(text) != engine.predict(texts[2])


def test_an_empty_list_gives_an_empty_list(engine: paidan.Engine) -> None:
    assert engine.predict([]) == []
    assert engine.dispatch(()) == []


def test_inputs_are_left_as_they_were(engine: paidan.Engine, texts: list[str]) -> None:
    tickets = [{"text": text, "extra": 1} for text in texts]
    engine.dispatch(tickets)
    assert tickets == [{"text": text, "extra": 1} for text in texts]


def test_threads_do_not_change_the_answer(texts: list[str]) -> None:
    one = paidan.Engine.load(threads=1)
    two = paidan.Engine.load(threads=2)
    assert (one.threads, two.threads) == (1, 2)
    assert one.dispatch(texts * 20) == two.dispatch(texts * 20)


def test_many_python_threads_share_an_engine(engine: paidan.Engine, texts: list[str]) -> None:
    expected = engine.predict(texts)

    def work(start: int) -> bool:
        for step in range(50):
            place = (start + step) % len(texts)
            if engine.predict(texts[place]) != expected[place]:
                return False
        return engine.predict(texts) == expected

    with ThreadPoolExecutor(max_workers=8) as pool:
        assert all(pool.map(work, range(8)))


def test_other_python_threads_run_meanwhile(texts: list[str]) -> None:
    engine = paidan.Engine.load(threads=1)
    many = texts * 2_000
    with ThreadPoolExecutor(max_workers=1) as pool:
        work = pool.submit(engine.predict, many)
        turns = 0
        while not work.done():
            time.sleep(0.005)
            turns += 1
        assert len(work.result()) == len(many)
    # With the GIL held there would be one or two.
    assert turns > 5


def test_reprs_show_no_text(engine: paidan.Engine) -> None:
    ticket = paidan.Ticket("楼上漏水，电话13800001234", title="漏水", id="张三-1", address="柳荫路9号")
    assert repr(ticket) == "Ticket(title_chars=2, text_chars=18)"
    decision = engine.dispatch(ticket)
    shown = repr(decision) + repr(decision.predictions) + repr(engine) + repr(engine.tasks)
    assert decision.predictions["type"].label in shown
    for secret in ["漏水", "1380", "张三", "柳荫"]:
        assert secret not in shown


def test_the_explanation_is_masked(engine: paidan.Engine) -> None:
    decision = engine.dispatch("楼上漏水没人管，电话13800001234")
    assert decision.explanation["masked_text"].endswith("⟦phone⟧")
    assert "1380" not in json.dumps(decision.to_dict())
    assert decision.explanation["reasons"][0]["code"]


def test_a_notebook_shows_a_table(engine: paidan.Engine) -> None:
    html = engine.dispatch("楼上漏水没人管，电话13800001234")._repr_html_()
    assert "诉求类型" in html
    assert "承办单位" in html
    assert "1380" not in html
    assert html.count("<tr>") == html.count("</tr>") == 1 + len(engine.tasks)


def test_a_notebook_runs_nothing_that_a_model_says(engine: paidan.Engine, tmp_path: Path) -> None:
    assert engine.path is not None
    copy = Path(shutil.copytree(engine.path, tmp_path / "bundle"))
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    for task in manifest["tasks"]:
        for label in task["labels"]:
            label["name"] = "<script>alert('&')</script>"
    (copy / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    html = paidan.Engine.load(copy).dispatch("楼上漏水没人管")._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;" in html


def test_objects_are_frozen(engine: paidan.Engine, texts: list[str]) -> None:
    decision = engine.dispatch(texts[0])
    for frozen in (engine, decision, decision.predictions["type"], paidan.Ticket("路灯不亮")):
        with pytest.raises(AttributeError):
            frozen.id = "1"  # type: ignore[union-attr,misc]
    with pytest.raises(TypeError):
        paidan.Engine()


def test_two_threads_reload_at_once_while_others_predict(texts: list[str], tmp_path: Path) -> None:
    engine = paidan.Engine.load(threads=1)
    assert engine.path is not None
    folders = [engine.path, Path(shutil.copytree(engine.path, tmp_path / "bundle"))]
    expected = engine.predict(texts)

    def reload(folder: Path) -> bool:
        for _ in range(3):
            engine.reload(folder)
        return True

    def predict(_: int) -> bool:
        return all(engine.predict(texts) == expected for _ in range(20))

    with ThreadPoolExecutor(max_workers=4) as pool:
        assert all([*pool.map(predict, range(2)), *pool.map(reload, folders)])
    assert engine.path in folders


def test_a_reload_that_fails_leaves_the_old_model(texts: list[str], tmp_path: Path) -> None:
    engine = paidan.Engine.load(threads=1)
    before = engine.predict(texts[0]), engine.path
    with pytest.raises(paidan.ModelNotFoundError):
        engine.reload(tmp_path / "nowhere")
    assert (engine.predict(texts[0]), engine.path) == before


def test_an_explanation_is_that_of_the_decision(engine: paidan.Engine, texts: list[str]) -> None:
    explanations = engine.explain(texts)
    assert explanations == [decision.explanation for decision in engine.dispatch(texts)]
    assert engine.explain(texts[0]) == explanations[0]
