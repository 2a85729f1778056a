from collections.abc import Callable, Mapping
from os import PathLike
from pathlib import Path
from typing import (
    Any,
    ClassVar,
    Literal,
    NoReturn,
    Protocol,
    TypeAlias,
    TypedDict,
    TypeVar,
    final,
    overload,
    type_check_only,
)

import numpy as np

__all__ = [
    "Decision",
    "Engine",
    "Prediction",
    "Table",
    "Task",
    "Ticket",
    "__version__",
    "audit_labels",
    "evaluate",
    "find_thresholds",
    "mask",
    "train",
]

__version__: str

class _Span(TypedDict):
    start: int
    end: int
    kind: str

class _Masked(TypedDict):
    text: str
    spans: list[_Span]

# A pyarrow array or record batch, a nanoarrow array.
@type_check_only
class _ArrowArray(Protocol):
    def __arrow_c_array__(self, requested_schema: Any = None) -> Any: ...

# A pyarrow chunked array, table or reader, a Series or DataFrame of Polars or pandas.
@type_check_only
class _ArrowStream(Protocol):
    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any: ...

# A NumPy array.
@type_check_only
class _Array(Protocol):
    @property
    def ndim(self) -> int: ...
    def tolist(self) -> Any: ...

_Columns: TypeAlias = _ArrowArray | _ArrowStream | _Array
_Progress: TypeAlias = bool | Callable[[str, int, int | None], object] | None
_TicketLike: TypeAlias = str | Ticket | dict[str, Any]
_TicketLikeT = TypeVar("_TicketLikeT", bound=_TicketLike)

@final
class Ticket:
    def __new__(
        cls,
        text: str = "",
        title: str = "",
        *,
        id: str = "",
        requested_at: str | None = None,
        address: str | None = None,
        channel: str | None = None,
    ) -> Ticket: ...
    @property
    def text(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def requested_at(self) -> str | None: ...
    @property
    def address(self) -> str | None: ...
    @property
    def channel(self) -> str | None: ...
    def __getnewargs_ex__(self) -> tuple[tuple[str, str], dict[str, str | None]]: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    __hash__: ClassVar[None]  # type: ignore[assignment]

@final
class Task:
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def labels(self) -> tuple[str, ...]: ...
    @property
    def names(self) -> tuple[str | None, ...]: ...
    @property
    def threshold(self) -> float | None: ...

@final
class Prediction:
    @property
    def task(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def name(self) -> str | None: ...
    @property
    def probability(self) -> float: ...
    @property
    def accepted(self) -> bool | None: ...
    @property
    def top(self) -> list[tuple[str, float]]: ...
    @property
    def top_names(self) -> list[str | None]: ...
    @property
    def levels(self) -> list[tuple[str, float]] | None: ...
    @property
    def labels(self) -> list[tuple[str, float]] | None: ...
    def to_dict(self) -> dict[str, Any]: ...
    def __reduce__(self) -> NoReturn: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    __hash__: ClassVar[None]  # type: ignore[assignment]

@final
class Decision:
    @property
    def id(self) -> str: ...
    @property
    def outcome(self) -> Literal["assign", "review", "escalate"]: ...
    @property
    def predictions(self) -> dict[str, Prediction]: ...
    @property
    def explanation(self) -> dict[str, Any]: ...
    def to_dict(self) -> dict[str, Any]: ...
    def _repr_html_(self) -> str: ...
    def __reduce__(self) -> NoReturn: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    __hash__: ClassVar[None]  # type: ignore[assignment]

@final
class Table:
    @property
    def column_names(self) -> tuple[str, ...]: ...
    def __len__(self) -> int: ...
    def __getitem__(self, name: str, /) -> Any: ...
    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any: ...
    def to_pyarrow(self) -> Any: ...
    def to_pandas(self, index: Any = None) -> Any: ...
    def to_polars(self) -> Any: ...
    def _repr_html_(self) -> str: ...
    def __reduce__(self) -> NoReturn: ...

@final
class Engine:
    @staticmethod
    def load(
        path: str | PathLike[str] | None = None,
        threads: int | None = None,
        device: str = "cpu",
        precision: str = "f32",
        catalogue: str | PathLike[str] | None = None,
        at: str | None = None,
    ) -> Engine: ...
    @overload
    def predict(self, tickets: _TicketLike) -> dict[str, Prediction]: ...
    @overload
    def predict(
        self, tickets: list[_TicketLikeT] | tuple[_TicketLikeT, ...]
    ) -> list[dict[str, Prediction]]: ...
    @overload
    def predict(
        self,
        tickets: _Columns,
        *,
        text: str | None = None,
        title: str | None = None,
        id: str | None = None,
        progress: _Progress = None,
    ) -> Table: ...
    @overload
    def dispatch(self, tickets: _TicketLike) -> Decision: ...
    @overload
    def dispatch(self, tickets: list[_TicketLikeT] | tuple[_TicketLikeT, ...]) -> list[Decision]: ...
    @overload
    def dispatch(
        self,
        tickets: _Columns,
        *,
        text: str | None = None,
        title: str | None = None,
        id: str | None = None,
        progress: _Progress = None,
    ) -> Table: ...
    @overload
    def explain(self, tickets: _TicketLike) -> dict[str, Any]: ...
    @overload
    def explain(self, tickets: list[_TicketLikeT] | tuple[_TicketLikeT, ...]) -> list[dict[str, Any]]: ...
    @overload
    def segment(self, texts: str) -> list[str]: ...
    @overload
    def segment(self, texts: list[str] | tuple[str, ...]) -> list[list[str]]: ...
    @overload
    def segment(self, texts: _Columns) -> Table: ...
    def embed(
        self, texts: list[str] | tuple[str, ...] | _Columns
    ) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]: ...
    def probabilities(
        self,
        tickets: list[str] | tuple[str, ...] | _Columns,
        task: str,
        *,
        text: str | None = None,
        title: str | None = None,
        progress: _Progress = None,
    ) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]: ...
    def save(self, path: str | PathLike[str]) -> None: ...
    def reload(self, path: str | PathLike[str] | None = None) -> None: ...
    @property
    def tasks(self) -> dict[str, Task]: ...
    @property
    def path(self) -> Path | None: ...
    @property
    def threads(self) -> int: ...
    def __reduce__(self) -> NoReturn: ...

@overload
def mask(text: str) -> _Masked: ...
@overload
def mask(text: list[str] | tuple[str, ...]) -> list[_Masked]: ...
@overload
def mask(text: _Columns) -> Table: ...
def train(
    tickets: list[str] | tuple[str, ...] | _Columns,
    labels: dict[str, Any],
    *,
    text: str | None = None,
    title: str | None = None,
    weights: Any = None,
    groups: Any = None,
    names: Mapping[str, Mapping[str, str]] | None = None,
    seed: int = 0,
    folds: int = 5,
    cost: float = 0.7,
    class_balance: float = 0.25,
    max_features: int | None = None,
    for_sharing: bool = False,
    kinds: Mapping[str, str] | None = None,
    encoder: str | PathLike[str] | None = None,
    dictionary: str | None = None,
    threads: int | None = None,
    progress: _Progress = None,
) -> Engine: ...
def audit_labels(
    tickets: Any,
    labels: dict[str, Any],
    *,
    text: str | None = None,
    title: str | None = None,
    groups: Any = None,
    seed: int = 0,
    folds: int = 5,
    threads: int | None = None,
    progress: _Progress = None,
) -> dict[str, tuple[dict[str, Any], list[dict[str, Any]]]]: ...
def evaluate(
    engine: Engine,
    tickets: Any,
    labels: dict[str, Any],
    *,
    text: str | None = None,
    title: str | None = None,
    progress: _Progress = None,
) -> tuple[dict[str, Any], dict[str, tuple[list[float], list[bool]]]]: ...
def find_thresholds(
    engine: Engine,
    tickets: Any,
    labels: dict[str, Any],
    *,
    target_precision: float,
    confidence: float,
    per_class: bool,
    candidate_coverage: float,
    text: str | None = None,
    title: str | None = None,
    progress: _Progress = None,
) -> tuple[dict[str, dict[str, Any]], Engine]: ...
