"""Dispatching on a Spark cluster: Spark moves the rows, each of its Python workers holds one engine."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from paidan import _bundle
from paidan._paidan import Engine
from paidan.errors import DataError

if TYPE_CHECKING:
    import pyarrow
    from pyspark.sql import DataFrame

__all__ = ["dispatch"]

# The engine of this process, by the file it was shipped in: loaded once a worker.
_ENGINES: dict[tuple[int, str, int], Engine] = {}


def dispatch(
    df: DataFrame,
    *,
    text_col: str = "text",
    title_col: str | None = None,
    model: str | os.PathLike[str] | Engine | None = None,
    threads: int = 1,
) -> DataFrame:
    """Dispatches all tickets of a Spark DataFrame.

    The model is shipped to the workers with ``SparkContext.addFile``; each Python worker loads it once. The
    wheel must be installed where the workers run.

    Parameters
    ----------
    df : pyspark.sql.DataFrame
        The tickets.
    text_col : str, default "text"
        Column of texts.
    title_col : str, optional
        Column of titles.
    model : str, os.PathLike or Engine, optional
        The bundle; by default as for :meth:`Engine.load`, on the driver.
    threads : int, default 1
        Threads of a worker; Spark runs one worker a core.

    Returns
    -------
    pyspark.sql.DataFrame
        The columns of `df`, then those that :meth:`Engine.dispatch` gives for a table. Lazy, as all of Spark.

    Raises
    ------
    DataError
        A column is not there, or `df` has a column of the name of one of the results.
    ModelError
        The bundle cannot be used.
    """
    from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema
    from pyspark.sql.types import StructType

    for column in (text_col, title_col):
        if column is not None and column not in df.columns:
            raise DataError(f"expected a column `{column}`, found {len(df.columns)} others", column=column)
    engine = model if isinstance(model, Engine) else Engine.load(model)
    given = df.select([text_col, *([title_col] if title_col else [])]).schema
    results = _results(engine, to_arrow_schema(given).empty_table(), text_col, title_col)
    twice = sorted(set(df.columns) & set(results.schema.names))
    if twice:
        raise DataError(f"expected no column `{twice[0]}`, which the result has: rename it", column=twice[0])
    schema = StructType(df.schema.fields + from_arrow_schema(results.schema).fields)
    work = _Work(_ship(df, engine), text_col, title_col, threads)
    return df.mapInArrow(work, schema)


class _Work:
    """What a worker does with its batches; pickled by Spark, so that it names the model and does not hold it."""

    def __init__(self, file: str, text_col: str, title_col: str | None, threads: int) -> None:
        self.file = file
        self.text_col = text_col
        self.title_col = title_col
        self.threads = threads

    def __call__(self, batches: Iterable[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        import pyarrow as pa

        engine = _engine(self.file, self.threads)
        for batch in batches:
            results = _results(engine, batch, self.text_col, self.title_col).combine_chunks()
            columns = [*batch.columns]
            for column in results.columns:
                chunks = column.chunks
                columns.append(chunks[0] if chunks else pa.array([], column.type))
            yield pa.RecordBatch.from_arrays(columns, names=[*batch.schema.names, *results.schema.names])


def _results(engine: Engine, batch: Any, text_col: str, title_col: str | None) -> pyarrow.Table:
    # Only what is read: other columns may be of types that come back as they are.
    chosen = batch.select([text_col, *([title_col] if title_col else [])])
    table = engine.dispatch(chosen, text=text_col, title=title_col, progress=False)
    return table.to_pyarrow()


def _ship(df: DataFrame, engine: Engine) -> str:
    """Sends the model to all workers and returns the name of its file there."""
    import hashlib

    content = _bundle.pack(engine)
    name = f"paidan-{hashlib.sha256(content).hexdigest()[:16]}.zip"
    # Kept until the program ends: executors that come later fetch it then.
    path = Path(tempfile.mkdtemp(prefix="paidan-spark-"), name)
    path.write_bytes(content)
    df.sparkSession.sparkContext.addFile(str(path))
    return name


def _engine(file: str, threads: int) -> Engine:
    key = (os.getpid(), file, threads)
    if key not in _ENGINES:
        from pyspark import SparkFiles

        _ENGINES[key] = _bundle.unpack(Path(SparkFiles.get(file)).read_bytes(), threads=threads)
    return _ENGINES[key]
