"""A real Spark of two workers gives what one machine gives, also when a worker is killed."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import paidan

if os.environ.get("PAIDAN_SKIP_SPARK"):
    pytest.skip("PAIDAN_SKIP_SPARK is set", allow_module_level=True)

import pyspark
from pyspark.sql import SparkSession

from paidan import spark as on_spark

# 200,000 by hand: PAIDAN_SPARK_ROWS=200000.
ROWS = int(os.environ.get("PAIDAN_SPARK_ROWS", "20000"))

# Spark and py4j leave sockets and pipes to the garbage collector.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:pyspark"),
    pytest.mark.filterwarnings("ignore::FutureWarning:pyspark"),
    pytest.mark.filterwarnings("ignore::UserWarning:pyspark"),
]


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    # Without Java this fails, and is not skipped: PAIDAN_SKIP_SPARK=1 leaves it out.
    assert shutil.which("java"), "expected Java 17 for Spark, found none: install openjdk-17-jre-headless"
    os.environ["PYSPARK_PYTHON"] = sys.executable
    settings = {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.driver.memory": "1g",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "2000",
        "spark.sql.shuffle.partitions": "4",
    }
    # Two cores; a task may fail three times.
    builder = SparkSession.builder.master("local[2,4]").appName("paidan tests")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def tickets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Invented tickets in Parquet, some of them null or blank."""
    places = ["东门", "西门", "小区里", "学校旁", "河边", "桥下", "地铁口"]
    matters = ["路灯坏了", "垃圾没人清运", "夜里施工噪音太大", "水管爆了", "想咨询居住证怎么续签", "公交不停站"]
    texts: list[str | None] = [
        None if row % 97 == 0 else f"{places[row % 7]}{matters[row // 7 % 6]}，第{row % 1000}次反映" for row in range(ROWS)
    ]
    table = pa.table({"编号": pa.array(range(ROWS)), "内容": texts, "标题": pa.array(["市民反映"] * ROWS)})
    path = tmp_path_factory.mktemp("spark") / "tickets.parquet"
    import pyarrow.parquet

    pyarrow.parquet.write_table(table, path, row_group_size=5_000)
    return path


def by_number(table: pa.Table) -> pa.Table:
    return table.sort_by("编号").combine_chunks()


def expected(engine: paidan.Engine, tickets: Path) -> pa.Table:
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(tickets)
    results = engine.dispatch(table, text="内容").to_pyarrow()
    for name in results.column_names:
        table = table.append_column(name, results[name])
    return by_number(table)


def test_spark_gives_what_one_machine_gives(session: Any, engine: paidan.Engine, tickets: Path) -> None:
    frame = session.read.parquet(str(tickets)).repartition(4)
    found = on_spark.dispatch(frame, text_col="内容")
    assert found.columns[:3] == ["编号", "内容", "标题"]
    assert by_number(found.toArrow()).cast(expected(engine, tickets).schema).equals(expected(engine, tickets))


class KillsItsWorkerOnce:
    """As the work on Spark, but the first worker to come half way kills itself."""

    def __init__(self, work: Any, marker: str) -> None:
        self.work = work
        self.marker = marker

    def __call__(self, batches: Iterable[Any]) -> Iterator[Any]:
        for place, batch in enumerate(self.work(batches)):
            if place == 1:
                try:
                    Path(self.marker).touch(exist_ok=False)
                except FileExistsError:
                    pass
                else:
                    os.kill(os.getpid(), signal.SIGKILL)
            yield batch


def test_a_killed_worker_is_tried_again(
    session: Any, engine: paidan.Engine, tickets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pyspark import cloudpickle

    # The class is sent along: workers cannot import the tests.
    cloudpickle.register_pickle_by_value(sys.modules[__name__])  # type: ignore[no-untyped-call]
    marker = tmp_path / "killed"
    frame = session.read.parquet(str(tickets)).repartition(2)
    plain = on_spark.dispatch(frame, text_col="内容")
    work = on_spark._Work(on_spark._ship(frame, engine), "内容", None, 1)
    found = frame.mapInArrow(KillsItsWorkerOnce(work, str(marker)), plain.schema)
    result = by_number(found.toArrow())
    assert marker.exists()
    assert result.num_rows == ROWS
    assert result.cast(expected(engine, tickets).schema).equals(expected(engine, tickets))


def test_a_worker_loads_the_model_once(session: Any, engine: paidan.Engine, tickets: Path) -> None:
    frame = session.read.parquet(str(tickets)).limit(4_000).repartition(8)
    found = on_spark.dispatch(frame.withColumnRenamed("内容", "text"), title_col="标题", model=engine)
    assert found.count() == 4_000

    def loaded(_: Iterable[Any]) -> Iterator[tuple[int, int]]:
        from paidan import spark

        yield os.getpid(), len(spark._ENGINES)

    counts = session.sparkContext.parallelize(range(8), 8).mapPartitions(loaded).collect()
    assert max(count for _, count in counts) <= 3


def test_what_cannot_be_dispatched(session: Any, engine: paidan.Engine) -> None:
    frame = session.createDataFrame([("路灯不亮", 1)], "text string, number int")
    with pytest.raises(paidan.DataError, match="expected a column `content`"):
        on_spark.dispatch(frame, text_col="content", model=engine)
    with pytest.raises(paidan.DataError, match="expected text, found Int32"):
        on_spark.dispatch(frame, text_col="number", model=engine)
    with pytest.raises(paidan.DataError, match="expected no column `outcome`"):
        on_spark.dispatch(frame.withColumnRenamed("number", "outcome"), model=engine)
    with pytest.raises(paidan.ModelNotFoundError):
        on_spark.dispatch(frame, model="/nowhere")


def test_the_spark_tested_is_a_recent_one() -> None:
    assert int(pyspark.__version__.split(".")[0]) >= 4
