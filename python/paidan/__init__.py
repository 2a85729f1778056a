"""paidan 派单: reads citizens' complaints in Chinese and dispatches them.

Examples
--------
>>> import paidan
>>> engine = paidan.Engine.load()
>>> decision = engine.dispatch("小区门口路灯坏了一周没人修，晚上老人出门很危险")
>>> decision.predictions["department"].label in engine.tasks["department"].labels
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from paidan._paidan import Decision, Engine, Prediction, Table, Task, Ticket, __version__, mask, train
from paidan.errors import (
    CatalogueError,
    DataError,
    ModelError,
    ModelNotFoundError,
    PaidanError,
    SettingError,
)
from paidan.evaluation import (
    AuditReport,
    EvaluationReport,
    ThresholdReport,
    audit_labels,
    evaluate,
    find_thresholds,
)

if TYPE_CHECKING:
    from paidan.classifier import TicketClassifier

__all__ = [
    "AuditReport",
    "CatalogueError",
    "DataError",
    "Decision",
    "Engine",
    "EvaluationReport",
    "ModelError",
    "ModelNotFoundError",
    "PaidanError",
    "Prediction",
    "SettingError",
    "Table",
    "Task",
    "ThresholdReport",
    "Ticket",
    "TicketClassifier",
    "__version__",
    "audit_labels",
    "evaluate",
    "find_thresholds",
    "mask",
    "train",
]


def __getattr__(name: str) -> object:
    # scikit-learn is imported with the first use of the class, not with the package.
    if name == "TicketClassifier":
        from paidan.classifier import TicketClassifier

        return TicketClassifier
    raise AttributeError(f"module 'paidan' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
