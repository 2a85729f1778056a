"""Figures of a model on labelled tickets, and thresholds that keep a promise."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from paidan import _paidan
from paidan.errors import SettingError

if TYPE_CHECKING:
    from os import PathLike

    import pandas
    from matplotlib.axes import Axes

    from paidan._paidan import Engine

__all__ = [
    "AuditReport",
    "EvaluationReport",
    "ThresholdReport",
    "audit_labels",
    "evaluate",
    "find_thresholds",
]


def evaluate(
    model: Any,
    tickets: Any,
    labels: Any,
    *,
    text: str | None = None,
    title: str | None = None,
    progress: Any = None,
) -> EvaluationReport:
    """Measures a model on labelled tickets that it was not trained on.

    Parameters
    ----------
    model : Engine or TicketClassifier
        The model.
    tickets : list of str, column of texts, or table
        As for :meth:`Engine.predict`; every row must be readable.
    labels : dict of str to column or str, or column
        By task a column of true labels (None leaves a row out), or the name of a column of `tickets`. Where
        the model has one task, its labels by themselves.
    text, title : str, optional
        As for :meth:`Engine.predict`.
    progress : bool or callable, optional
        As for :meth:`Engine.predict`.

    Returns
    -------
    EvaluationReport

    Raises
    ------
    DataError
        A row cannot be read, or the columns differ in length.
    SettingError
        The model has no such task.

    Examples
    --------
    >>> import paidan
    >>> texts = ["夜里工地施工噪音太大，没法休息", "想咨询居住证怎么续签", "感谢窗口的小姑娘耐心帮忙"]
    >>> report = paidan.evaluate(paidan.Engine.load(), texts, {"type": ["投诉", "咨询", "表扬"]})
    >>> report["type"]["accuracy"]
    1.0
    """
    engine = _engine(model)
    by_task = _by_task(engine, labels)
    figures, answers = _paidan.evaluate(engine, tickets, by_task, text=text, title=title, progress=progress)
    names = {task: _names(engine, task) for task in by_task}
    return EvaluationReport(figures, answers, names)


def find_thresholds(
    model: Any,
    tickets: Any,
    labels: Any,
    *,
    target_precision: float = 0.95,
    confidence: float = 0.95,
    per_class: bool = False,
    candidate_coverage: float = 0.9,
    text: str | None = None,
    title: str | None = None,
    progress: Any = None,
) -> ThresholdReport:
    """Finds the least probabilities from which on answers need no person.

    Parameters
    ----------
    model : Engine or TicketClassifier
        The model.
    tickets, labels, text, title, progress
        As for :func:`evaluate`. The tickets must not have been used in training.
    target_precision : float, default 0.95
        Share of the accepted answers that must be right, between 0 and 1.
    confidence : float, default 0.95
        Probability, over the draw of the tickets, with which that holds.
    per_class : bool, default False
        Whether classes get a threshold of their own where their rows suffice.
    candidate_coverage : float, default 0.9
        Share of the tickets left to a person whose short list holds the true label.

    Returns
    -------
    ThresholdReport
        What was found; its ``engine`` keeps to it. The model handed over stays as it is.

    Raises
    ------
    DataError, SettingError
        As for :func:`evaluate`; a share does not lie between 0 and 1.

    Examples
    --------
    >>> import paidan
    >>> engine = paidan.Engine.load()
    >>> texts = ["夜里工地施工噪音太大，没法休息", "想咨询居住证怎么续签"]
    >>> found = paidan.find_thresholds(engine, texts, {"type": ["投诉", "咨询"]})
    >>> found["type"]["threshold"] is None  # two rows prove nothing
    True
    """
    engine = _engine(model)
    found, applied = _paidan.find_thresholds(
        engine,
        tickets,
        _by_task(engine, labels),
        target_precision=target_precision,
        confidence=confidence,
        per_class=per_class,
        candidate_coverage=candidate_coverage,
        text=text,
        title=title,
        progress=progress,
    )
    return ThresholdReport(found, applied, target_precision, confidence)


def audit_labels(
    tickets: Any,
    labels: Mapping[str, Any],
    *,
    text: str | None = None,
    title: str | None = None,
    groups: Any = None,
    seed: int = 0,
    folds: int = 5,
    threads: int | None = None,
    progress: Any = None,
) -> AuditReport:
    """Finds the tickets whose labels are probably wrong, by cross-validation (confident learning).

    Parameters
    ----------
    tickets, labels, text, title, groups, seed, folds, threads, progress
        As for :func:`train`; labels must be single labels.

    Returns
    -------
    AuditReport

    Raises
    ------
    DataError, SettingError
        As for :func:`train`.

    Examples
    --------
    >>> import paidan
    >>> texts = ["路灯坏了", "路灯不亮", "路灯一直闪", "水管爆了", "水管漏水", "水压太低"] * 20
    >>> units = (["照明"] * 3 + ["供水"] * 3) * 20
    >>> units[0] = "供水"
    >>> paidan.audit_labels(texts, {"unit": units}, progress=False).doubts()["row"].tolist()[0]
    0
    """
    found = _paidan.audit_labels(
        tickets,
        dict(labels),
        text=text,
        title=title,
        groups=groups,
        seed=seed,
        folds=folds,
        threads=threads,
        progress=progress,
    )
    return AuditReport(found)


def _engine(model: Any) -> Engine:
    engine = model if isinstance(model, _paidan.Engine) else getattr(model, "engine_", None)
    if not isinstance(engine, _paidan.Engine):
        raise SettingError(f"expected an Engine or a fitted TicketClassifier, got {type(model).__name__}")
    return engine


def _by_task(engine: Engine, labels: Any) -> dict[str, Any]:
    if isinstance(labels, Mapping):
        return dict(labels)
    tasks = list(engine.tasks)
    if len(tasks) != 1:
        raise SettingError(f"expected labels by task, a dict, because the model has the tasks {', '.join(tasks)}")
    return {tasks[0]: labels}


def _names(engine: Engine, task: str) -> dict[str, str]:
    known = engine.tasks[task]
    return {label: name for label, name in zip(known.labels, known.names, strict=True) if name}


class EvaluationReport:
    """Figures of a model on labelled tickets; made by :func:`evaluate`.

    ``report[task]`` is the object that ``paidan evaluate --json`` prints for the task. Methods take the task
    where there are several. DataFrames need pandas, plots matplotlib.

    Examples
    --------
    >>> import paidan
    >>> texts = ["夜里工地施工噪音太大，没法休息", "想咨询居住证怎么续签"] * 10
    >>> report = paidan.evaluate(paidan.Engine.load(), texts, {"type": ["投诉", "咨询"] * 10})
    >>> report.tasks
    ('type',)
    >>> report.per_class().set_index("label").loc["咨询", "support"].item()
    10
    """

    def __init__(
        self,
        figures: dict[str, Any],
        answers: Mapping[str, tuple[list[float], list[bool]]],
        names: Mapping[str, Mapping[str, str]],
    ) -> None:
        self._figures = figures
        self._answers = answers
        self._names = names

    @property
    def tasks(self) -> tuple[str, ...]:
        """The tasks measured."""
        return tuple(self._figures["tasks"])

    def __getitem__(self, task: str) -> dict[str, Any]:
        return dict(self._figures["tasks"][task])

    def to_dict(self) -> dict[str, Any]:
        """The object that ``paidan evaluate --json`` prints."""
        return dict(self._figures)

    def __repr__(self) -> str:
        shown = [f"{task}={self._figures['tasks'][task]['accuracy']:.4f}" for task in self.tasks]
        return f"EvaluationReport(rows={self._figures['rows']}, accuracy: {', '.join(shown)})"

    def summary(self) -> pandas.DataFrame:
        """One row a task: rows, accuracy, F1, calibration error and the like."""
        import pandas as pd

        scalar = (int, float)
        rows = {
            task: {name: value for name, value in figures.items() if isinstance(value, scalar)}
            for task, figures in self._figures["tasks"].items()
        }
        return pd.DataFrame.from_dict(rows, orient="index")

    def per_class(self, task: str | None = None) -> pandas.DataFrame:
        """One row a label, the most frequent first: precision, recall, F1, support."""
        import pandas as pd

        chosen = self._task(task)
        frame = pd.DataFrame(self._figures["tasks"][chosen]["per_class"])
        frame.insert(1, "name", [self._names[chosen].get(label) for label in frame["label"]])
        return frame.sort_values(["support", "label"], ascending=[False, True], ignore_index=True)

    def confusion(self, task: str | None = None) -> pandas.DataFrame:
        """The most frequent mistakes, at most 50: ``true``, ``given``, ``rows``."""
        import pandas as pd

        mistakes = self._figures["tasks"][self._task(task)]["confusion"]
        return pd.DataFrame(mistakes, columns=["true", "given", "rows"])

    def risk_coverage(self, task: str | None = None) -> pandas.DataFrame:
        """For every threshold the share of rows that reach it (``coverage``) and are right (``precision``).

        Chosen on the rows it is measured on, a threshold of this table promises nothing: see
        :func:`find_thresholds`.
        """
        import numpy as np
        import pandas as pd

        probabilities, right = self._answers[self._task(task)]
        order = np.argsort(-np.asarray(probabilities), kind="stable")
        ranked = np.asarray(probabilities, dtype=float)[order]
        hits = np.cumsum(np.asarray(right, dtype=float)[order])
        count = np.arange(1, len(ranked) + 1)
        # A threshold cannot tell equal probabilities apart.
        last = np.append(ranked[1:] < ranked[:-1], True)[: len(ranked)]
        frame = {"threshold": ranked, "coverage": count / max(len(ranked), 1), "precision": hits / count}
        return pd.DataFrame(frame)[last].reset_index(drop=True)

    def reliability(self, task: str | None = None, bins: int = 10) -> pandas.DataFrame:
        """In bins of stated probability: its mean, the share that is right, and the rows."""
        import numpy as np
        import pandas as pd

        probabilities, right = self._answers[self._task(task)]
        stated = np.asarray(probabilities, dtype=float)
        place = np.minimum((stated * bins).astype(int), bins - 1)
        frame = pd.DataFrame({"bin": place, "stated": stated, "right": np.asarray(right, dtype=float)})
        grouped = frame.groupby("bin").agg(stated=("stated", "mean"), right=("right", "mean"), rows=("right", "size"))
        return grouped.reset_index(drop=True)

    def plot_risk_coverage(self, task: str | None = None, ax: Axes | None = None) -> Axes:
        """Draws precision over coverage; needs matplotlib."""
        from paidan import _plots

        chosen = self._task(task)
        return _plots.risk_coverage(self.risk_coverage(chosen), chosen, ax)

    def plot_reliability(self, task: str | None = None, ax: Axes | None = None) -> Axes:
        """Draws how often answers are right over the stated probability; needs matplotlib."""
        from paidan import _plots

        chosen = self._task(task)
        return _plots.reliability(self.reliability(chosen), chosen, ax)

    def plot_confusion(self, task: str | None = None, top: int = 12, ax: Axes | None = None) -> Axes:
        """Draws the most frequent mistakes by the names of the labels; needs matplotlib.

        Where no font with Chinese characters is installed, labels are numbered and a note says so.
        """
        from paidan import _plots

        chosen = self._task(task)
        names = self._names[chosen]
        mistakes = self._figures["tasks"][chosen]["confusion"][:top]
        named = [(names.get(true, true), names.get(given, given), rows) for true, given, rows in mistakes]
        return _plots.mistakes(named, chosen, ax)

    def _repr_html_(self) -> str:
        heading = ["任务", "条数", "准确率", "前三命中", "宏平均 F1", "校准误差"]
        keys = ["rows", "accuracy", "top3_accuracy", "macro_f1", "expected_calibration_error"]
        rows = [
            [task] + [_shown(self._figures["tasks"][task][key]) for key in keys] for task in self.tasks
        ]
        return f'<div class="paidan-report">{_table(heading, rows)}</div>'

    def _task(self, task: str | None) -> str:
        if task is None and len(self.tasks) == 1:
            return self.tasks[0]
        if task not in self.tasks:
            raise SettingError(f"expected one of the tasks {', '.join(self.tasks)}, got {task}")
        return task


class ThresholdReport:
    """Thresholds and what they promise; made by :func:`find_thresholds`.

    ``report[task]`` is a dict: ``threshold`` (None where nothing could be certified, and for classes by
    themselves in ``per_class``), ``rows``, ``accepted``, ``accepted_right``, ``candidates``.

    Attributes
    ----------
    engine : Engine
        The model with these thresholds: ``accepted`` of its predictions is true or false.

    Examples
    --------
    >>> import paidan
    >>> texts = ["夜里工地施工噪音太大，没法休息", "想咨询居住证怎么续签"] * 100
    >>> found = paidan.find_thresholds(paidan.Engine.load(), texts, {"type": ["投诉", "咨询"] * 100})
    >>> found.engine.predict(texts[0])["type"].accepted
    True
    """

    def __init__(
        self, found: Mapping[str, dict[str, Any]], engine: Engine, target_precision: float, confidence: float
    ) -> None:
        self._found = found
        self._promise = (target_precision, confidence)
        self.engine = engine

    @property
    def tasks(self) -> tuple[str, ...]:
        """The tasks searched."""
        return tuple(self._found)

    def __getitem__(self, task: str) -> dict[str, Any]:
        return dict(self._found[task])

    def to_dict(self) -> dict[str, Any]:
        """What was found, by task."""
        return {task: dict(found) for task, found in self._found.items()}

    def save(self, path: str | PathLike[str]) -> None:
        """Writes the model with these thresholds, as :meth:`Engine.save` does."""
        self.engine.save(path)

    def summary(self) -> pandas.DataFrame:
        """One row a task: threshold, rows, accepted, and of these right."""
        import pandas as pd

        keys = ["threshold", "rows", "accepted", "accepted_right"]
        return pd.DataFrame.from_dict(
            {task: {key: found[key] for key in keys} for task, found in self._found.items()}, orient="index"
        )

    def per_class(self, task: str) -> pandas.DataFrame:
        """One row a class, where they were searched by themselves."""
        import pandas as pd

        return pd.DataFrame(self._found[task].get("per_class", []))

    def __repr__(self) -> str:
        shown = [f"{task}={_shown(found['threshold'])}" for task, found in self._found.items()]
        return f"ThresholdReport(precision={self._promise[0]}, confidence={self._promise[1]}, {', '.join(shown)})"

    def _repr_html_(self) -> str:
        heading = ["任务", "阈值", "条数", "自动处理", "其中正确"]
        rows = []
        for task, found in self._found.items():
            threshold = "见各类" if "per_class" in found else _shown(found["threshold"])
            counts = [str(found[key]) for key in ("rows", "accepted", "accepted_right")]
            rows.append([task, threshold, *counts])
        precision, confidence = self._promise
        note = f"承诺：自动处理的准确率不低于 {precision:.1%}，置信度 {confidence:.1%}；这批工单不能用于训练"
        if any(found["looks_learnt"] for found in self._found.values()):
            note += "。准确率远高于交叉验证结果：若模型用这批工单训练过，承诺无效"
        return f'<div class="paidan-report"><p>{escape(note)}</p>{_table(heading, rows)}</div>'


class AuditReport:
    """Labels that are probably wrong; made by :func:`audit_labels`. DataFrames need pandas.

    Examples
    --------
    >>> import paidan
    >>> texts = ["路灯坏了", "路灯不亮", "路灯一直闪", "水管爆了", "水管漏水", "水压太低"] * 20
    >>> report = paidan.audit_labels(texts, {"unit": (["照明"] * 3 + ["供水"] * 3) * 20}, progress=False)
    >>> report.tasks, len(report.doubts())
    (('unit',), 0)
    """

    def __init__(self, found: Mapping[str, tuple[dict[str, Any], list[dict[str, Any]]]]) -> None:
        self._found = found

    @property
    def tasks(self) -> tuple[str, ...]:
        """The tasks audited."""
        return tuple(self._found)

    def __getitem__(self, task: str) -> dict[str, Any]:
        return dict(self._found[task][0])

    def doubts(self, task: str | None = None) -> pandas.DataFrame:
        """The rows in doubt, the most doubtful first.

        ``row`` counts from 0; ``words`` are dictionary words that speak for the suggested label.
        """
        import pandas as pd

        columns = ["row", "given", "suggested", "given_probability", "suggested_probability"]
        columns += ["confident", "duplicates", "words"]
        return pd.DataFrame(self._found[self._task(task)][1], columns=columns)

    def classes(self, task: str | None = None) -> pandas.DataFrame:
        """One row a label: its rows, and how many of them are in doubt."""
        import pandas as pd

        return pd.DataFrame(self._found[self._task(task)][0]["classes"])

    def __repr__(self) -> str:
        shown = [f"{task}={len(doubts)}" for task, (_, doubts) in self._found.items()]
        return f"AuditReport(doubts: {', '.join(shown)})"

    def _repr_html_(self) -> str:
        heading = ["任务", "条数", "存疑", "估计错标"]
        rows = [
            [task, str(figures["rows"]), str(len(doubts)), f"{figures['estimated_errors']:.1f}"]
            for task, (figures, doubts) in self._found.items()
        ]
        return f'<div class="paidan-report">{_table(heading, rows)}</div>'

    def _task(self, task: str | None) -> str:
        if task is None and len(self.tasks) == 1:
            return self.tasks[0]
        if task not in self.tasks:
            raise SettingError(f"expected one of the tasks {', '.join(self.tasks)}, got {task}")
        return task


def _shown(value: float | int | None) -> str:
    if value is None:
        return "–"
    return str(value) if isinstance(value, int) else f"{value:.4f}"


def _table(heading: list[str], rows: list[list[str]]) -> str:
    cells = "".join(f"<th>{escape(cell)}</th>" for cell in heading)
    lines = ["<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows]
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
