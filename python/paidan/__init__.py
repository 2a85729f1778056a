"""paidan 派单: reads citizens' complaints in Chinese and dispatches them.

Examples
--------
>>> import paidan
>>> engine = paidan.Engine.load()
>>> decision = engine.dispatch("小区门口路灯坏了一周没人修，晚上老人出门很危险")
>>> decision.predictions["department"].label in engine.tasks["department"].labels
True
"""

from paidan._paidan import Decision, Engine, Prediction, Task, Ticket, __version__, mask
from paidan.errors import DataError, ModelError, ModelNotFoundError, PaidanError, SettingError

__all__ = [
    "DataError",
    "Decision",
    "Engine",
    "ModelError",
    "ModelNotFoundError",
    "PaidanError",
    "Prediction",
    "SettingError",
    "Task",
    "Ticket",
    "__version__",
    "mask",
]
