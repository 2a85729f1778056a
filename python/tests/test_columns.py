"""Tickets in columns: every kind of column gives what a list gives, in the same places."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import paidan

# Null in the middle, and a row in which nothing is written.
ROWS = [
    "小区门口路灯坏了一周没人修",
    None,
    "夜里十一点工地还在打桩，吵得孩子睡不着",
    " \u3000",
    "想咨询一下居住证到期以后怎么续签",
]
BLANK = "expected a title or a text, both are blank"


def check(engine: paidan.Engine, given: Any, rows: list[str | None] = ROWS) -> None:
    table = engine.predict(given)
    assert isinstance(table, paidan.Table)
    found = table.to_pyarrow().to_pylist()
    assert len(found) == len(table) == len(rows)
    for row, text in zip(found, rows, strict=True):
        if text is None or not text.strip():
            assert row.pop("error") == BLANK
            assert set(row.values()) == {None}
            continue
        assert row["error"] is None
        for task, prediction in engine.predict(text).items():
            assert row[task] == prediction.label
            assert row[f"{task}_name"] == prediction.name
            assert row[f"{task}_accepted"] == prediction.accepted
            assert row[f"{task}_probability"] == pytest.approx(prediction.probability, abs=1e-7)
            top: Any = [(entry["label"], pytest.approx(entry["probability"], abs=1e-7)) for entry in row[f"{task}_top"]]
            assert prediction.top == top


OBJECTS = np.array(ROWS, dtype=object)
COLUMNS: dict[str, Any] = {
    "numpy objects": OBJECTS,
    "numpy objects in steps": np.repeat(OBJECTS, 2)[::2],
    "pandas": pd.Series(ROWS, index=list("edcba")),
    "pandas objects": pd.Series(ROWS, dtype=object),
    "pandas category": pd.Series(ROWS, dtype="category"),
    "pandas arrow": pd.Series(ROWS, dtype=pd.ArrowDtype(pa.large_string())),
    "pandas index": pd.Index(ROWS),
    "polars": pl.Series(ROWS),
    "polars categorical": pl.Series(ROWS, dtype=pl.Categorical),
    "string": pa.array(ROWS),
    "large_string": pa.array(ROWS, pa.large_string()),
    "string_view": pa.array(ROWS, pa.string_view()),
    "dictionary": pa.array(ROWS).dictionary_encode(),
    "dictionary of large_string": pa.array(ROWS, pa.large_string()).dictionary_encode(),
    "sliced": pa.array(["不读", *ROWS, "不读"])[1:-1],
    "sliced dictionary": pa.array(["不读", *ROWS, "不读"]).dictionary_encode()[1:-1],
    "chunked": pa.chunked_array([ROWS[:2], [], ROWS[2:]], pa.string()),
}


@pytest.mark.parametrize("kind", COLUMNS)
def test_every_kind_of_column(engine: paidan.Engine, kind: str) -> None:
    check(engine, COLUMNS[kind])


def test_fixed_width_str_of_numpy(engine: paidan.Engine, texts: list[str]) -> None:
    check(engine, np.array(texts), list(texts))
    check(engine, np.array(texts, dtype=np.dtypes.StringDType()), list(texts))


NUMBERS = [7, 7, 9, None, 3]
FRAME = pa.table({"id": pa.array(NUMBERS), "text": pa.array(ROWS), "extra": pa.array([{"a": 1}] * 5)})
TABLES: dict[str, Any] = {
    "pandas": pd.DataFrame({"id": pd.array(NUMBERS, dtype="Int64"), "text": ROWS, "extra": [object()] * 5}),
    "polars": pl.DataFrame({"id": NUMBERS, "text": ROWS}),
    "pyarrow": FRAME,
    "record batch": FRAME.to_batches()[0],
    "chunks of different lengths": pa.table(
        {"id": pa.chunked_array([NUMBERS[:1], NUMBERS[1:]]), "text": pa.chunked_array([ROWS[:3], ROWS[3:]])}
    ),
    "sliced": pa.concat_tables([FRAME, FRAME]).slice(5),
}


@pytest.mark.parametrize("kind", TABLES)
def test_every_kind_of_table_gives_ids_back(engine: paidan.Engine, kind: str) -> None:
    table = engine.predict(TABLES[kind])
    assert table.column_names[0] == "id"
    frame = table.to_pyarrow()
    assert frame["id"].to_pylist() == NUMBERS
    check(engine, frame.append_column("text", pa.array(ROWS)).select(["text"])["text"])
    assert frame.drop_columns("id").equals(engine.predict(pa.array(ROWS)).to_pyarrow())


def test_a_reader_is_read_to_its_end_and_not_twice(engine: paidan.Engine) -> None:
    reader = pa.RecordBatchReader.from_batches(FRAME.schema, FRAME.to_batches(max_chunksize=2))
    assert engine.predict(reader).to_pyarrow().equals(engine.predict(FRAME).to_pyarrow())
    assert len(engine.predict(reader)) == 0


def test_titles_count(engine: paidan.Engine) -> None:
    frame = pd.DataFrame({"内容": [ROWS[0], None, None], "标题": ["路灯", "噪音扰民", None]})
    found = engine.predict(frame, text="内容", title="标题").to_pandas()
    assert found["error"].isna().tolist() == [True, True, False]
    expected = [engine.predict({"text": ROWS[0], "title": "路灯"}), engine.predict({"title": "噪音扰民"})]
    assert found["type"].tolist()[:2] == [one["type"].label for one in expected]


def test_decisions_in_columns(engine: paidan.Engine) -> None:
    table = engine.dispatch(pa.array(ROWS))
    rows = table.to_pyarrow().to_pylist()
    assert table.column_names[-4:] == ("outcome", "reasons", "masked_text", "error")
    for row, text in zip(rows, ROWS, strict=True):
        if row["error"]:
            assert row["outcome"] is None
            continue
        assert text is not None
        decision = engine.dispatch(text)
        assert row["outcome"] == decision.outcome
        assert row["reasons"] == decision.explanation["reasons"]
        assert row["masked_text"] == decision.explanation["masked_text"]


def test_many_portions_are_one_table(engine: paidan.Engine, texts: list[str]) -> None:
    many = pa.array(texts * 2_000)
    found = engine.predict(many).to_pyarrow()
    assert found.num_rows == 16_000
    once = engine.predict(pa.array(texts)).to_pyarrow()
    assert found.equals(pa.concat_tables([once] * 2_000).combine_chunks())


EMPTY: dict[str, Any] = {
    "numpy": np.array([], dtype=object),
    "pandas": pd.Series([], dtype=object),
    "polars": pl.Series([], dtype=pl.String),
    "pyarrow": pa.array([], pa.string()),
    "no chunks": pa.chunked_array([], pa.string()),
    "frame": pd.DataFrame({"text": []}),
    "polars frame": pl.DataFrame({"text": []}, schema={"text": pl.String}),
    "table": FRAME.slice(0, 0),
    "table without batches": FRAME.schema.empty_table(),
}


@pytest.mark.parametrize("kind", EMPTY)
def test_no_rows(engine: paidan.Engine, kind: str) -> None:
    table = engine.predict(EMPTY[kind])
    assert len(table) == 0
    assert table.to_pyarrow().num_rows == 0
    assert {"type", "error"} <= set(table.column_names)


def test_nothing_but_nulls(engine: paidan.Engine) -> None:
    for nulls in (pa.nulls(3), pa.array([None] * 3, pa.string()), pa.array([None] * 3, pa.string()).dictionary_encode()):
        assert engine.predict(nulls).to_pyarrow()["error"].to_pylist() == [BLANK] * 3


LONE = "路灯\ud800不亮"
BAD: list[tuple[Any, str, int | None, str | None]] = [
    (np.array([1.5, float("nan")]), "index 0: expected a str, got float", 0, None),
    (np.array([b"abc"]), "index 0: expected a str, got bytes", 0, None),
    (np.array([["路灯"]]), "expected an array of one dimension, got 2", None, None),
    (np.array(["路灯", 5], dtype=object), "index 1: expected a str, got int", 1, None),
    (np.array(["路灯", LONE], dtype=object), "index 1: expected Unicode, found a lone surrogate", 1, None),
    (pd.Series(["路灯", b"x"], dtype=object), "index 1: expected a str, got bytes", 1, None),
    (pd.Series([1, 2]), "index 0: expected a str, got int", 0, None),
    (pd.DataFrame({"text": ["路灯", 5]}), "column `text`, index 1: expected a str, got int", 1, "text"),
    (pd.DataFrame({"text": ["路灯", LONE]}, dtype=object), "column `text`, index 1: expected Unicode", 1, "text"),
    (pd.DataFrame({"body": ["路灯"]}), "expected a column `text` or `title`, found `body`: name one with", None, None),
    (pd.DataFrame([["路灯", "路灯"]], columns=["text", "text"]), "expected one column, got a pandas DataFrame", None, None),
    (pa.table({"text": [1, 2]}), "expected text, found Int64", None, "text"),
    (pa.table([["路灯"], ["路灯"]], names=["text", "text"]), "expected one column `text`, found several", None, "text"),
    (pa.table({"小区门口路灯坏了一周没人修，晚上老人出门很危险": [1]}), "found of 23 characters", None, None),
    (pl.DataFrame({"text": ["路灯"]}).lazy(), "call collect", None, None),
]


@pytest.mark.parametrize(("bad", "problem", "index", "column"), BAD)
def test_what_is_no_column_of_texts(
    engine: paidan.Engine, bad: Any, problem: str, index: int | None, column: str | None
) -> None:
    for call in (engine.predict, engine.dispatch):
        with pytest.raises(paidan.DataError, match=re.escape(problem)) as error:
            call(bad)
        assert (error.value.index, error.value.column) == (index, column)
        assert "路灯" not in str(error.value)


def test_a_wrong_column(engine: paidan.Engine) -> None:
    frame = pd.DataFrame({"text": ["路灯不亮"]})
    for wrong in ({"text": "content"}, {"title": "content"}, {"id": "content"}):
        with pytest.raises(paidan.DataError, match="expected a column `content`, found `text`") as error:
            engine.predict(frame, **wrong)
        assert error.value.column == "content"
    with pytest.raises(paidan.SettingError, match="got texts or tickets"):
        engine.predict(frame["text"], text="text")
    with pytest.raises(paidan.SettingError, match="got texts or tickets"):
        engine.predict(["路灯不亮"], text="text")  # type: ignore[call-overload]


def test_bytes_that_are_no_text(engine: paidan.Engine) -> None:
    buffers = [None, pa.py_buffer(np.array([0, 3], dtype=np.int32)), pa.py_buffer(b"\xff\xfe\xfd")]
    broken = pa.Array.from_buffers(pa.string(), 1, buffers)
    with pytest.raises(paidan.DataError, match="expected UTF-8 in an intact Arrow array"):
        engine.predict(broken)


def test_a_stream_that_breaks_off(engine: paidan.Engine) -> None:
    def batches() -> Any:
        yield pa.record_batch({"text": ["路灯不亮"]})
        raise ValueError("路灯不亮")

    reader = pa.RecordBatchReader.from_batches(pa.schema({"text": pa.string()}), batches())
    with pytest.raises(paidan.DataError, match="the Arrow stream failed after 1 chunks") as error:
        engine.predict(reader)
    assert "路灯" not in str(error.value)


def test_inputs_are_left_as_they_were(engine: paidan.Engine) -> None:
    frame = TABLES["pandas"].copy()
    array = OBJECTS.copy()
    engine.dispatch(frame)
    engine.dispatch(array)
    pd.testing.assert_frame_equal(frame, TABLES["pandas"])
    assert array.tolist() == OBJECTS.tolist()


def test_a_table_goes_where_arrow_goes(engine: paidan.Engine) -> None:
    table = engine.predict(pd.Series(ROWS))
    arrow = pa.table(table)
    assert arrow.schema.field("type").type == pa.string()
    assert arrow.schema.field("type_probability").type == pa.float32()
    assert pa.table(pl.DataFrame(table))["type"].to_pylist() == arrow["type"].to_pylist()
    assert table["type"].to_pylist() == arrow["type"].to_pylist()
    assert pd.DataFrame.from_arrow(table).shape == (5, 16)
    assert repr(table) == "Table(rows=5, columns=16)"
    with pytest.raises(KeyError, match="expected one of the columns `type`"):
        table["weather"]
    index = pd.Index(list("abcde"))
    assert table.to_pandas(index=index).index.equals(index)


def test_a_notebook_shows_the_first_rows(engine: paidan.Engine) -> None:
    evil = pd.DataFrame({"id": ["<script>"] * 20, "text": ["电话13800001234，路灯不亮"] * 20})
    html = engine.dispatch(evil)._repr_html_()
    assert html.count("<tr>") == html.count("</tr>") == 11
    assert "20 行" in html
    assert "<script>" not in html
    assert "1380" not in html


def test_masking_columns() -> None:
    table = paidan.mask(pd.Series(["请打13800001234", None, "路灯"]))
    rows = table.to_pyarrow().to_pylist()
    assert rows[0] == {"text": "请打⟦phone⟧", "spans": [{"start": 2, "end": 13, "kind": "phone"}], "error": None}
    assert rows[1]["text"] is None and rows[1]["spans"] is None
    assert rows[2] == {"text": "路灯", "spans": [], "error": None}
    assert [masked["text"] for masked in paidan.mask(["请打13800001234", ""])] == ["请打⟦phone⟧", ""]


def test_segmenting(engine: paidan.Engine) -> None:
    words = engine.segment("小区门口路灯坏了")
    assert "".join(words) == "小区门口路灯坏了"
    assert "路灯" in words
    assert engine.segment(["小区门口路灯坏了", ""]) == [words, []]
    table = engine.segment(pl.Series(["小区门口路灯坏了", None]))
    assert table.to_pyarrow()["words"].to_pylist() == [words, None]
    bad: Any = ["路灯", None]
    with pytest.raises(paidan.DataError, match="ticket at index 1"):
        engine.segment(bad)


def test_probabilities_of_all_labels(engine: paidan.Engine, texts: list[str]) -> None:
    found = engine.probabilities(texts, "type")
    assert found.shape == (len(texts), 6)
    assert found.dtype == np.float32
    assert np.allclose(found.sum(axis=1), 1, atol=1e-5)
    labels = engine.tasks["type"].labels
    assert [labels[place] for place in found.argmax(axis=1)] == [one["type"].label for one in engine.predict(texts)]
    with pytest.raises(paidan.SettingError, match="no task `weather`"):
        engine.probabilities(texts, "weather")
    with pytest.raises(paidan.DataError, match="index 1") as error:
        engine.probabilities(pd.Series(["路灯", None]), "type")
    assert error.value.index == 1
