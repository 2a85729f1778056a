"""scikit-learn's side of paidan. Imported on first use, because scikit-learn takes its time."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from paidan import _bundle
from paidan._paidan import Engine, train
from paidan.errors import DataError

__all__ = ["TicketClassifier"]

# The one task of a classifier's model.
_TASK = "label"


class TicketClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Classifier of tickets for scikit-learn: takes texts as they are, no vectoriser before it.

    ``X`` is a list, NumPy array, Series or Arrow array of `n_samples` texts, or a table with a column of
    texts and perhaps one of titles.

    Parameters
    ----------
    cost : float, default 0.7
        Cost of an error against the size of the weights, above 0.
    class_balance : float, default 0.25
        0 counts every row alike, 1 every class alike; 0 to 2.
    folds : int, default 5
        Folds of the cross-validation that calibrates the probabilities; 0 leaves them uncalibrated and fits
        about five times as fast.
    max_features : int, optional
        The most n-grams kept.
    random_state : int, default 0
        The same number gives the same model.
    text, title : str, optional
        Columns where ``X`` is a table; by default those of this name.
    threads : int, optional
        By default all cores; results do not depend on it.
    verbose : bool, default False
        Whether a bar shows how far the fit is.

    Attributes
    ----------
    classes_ : numpy.ndarray of shape (n_classes,)
        The labels, sorted.
    engine_ : Engine
        The trained model; ``engine_.save(folder)`` writes its bundle.

    Notes
    -----
    Pickled as the bytes of its bundle: unpickling checks the SHA-256 of every file and runs no code of the
    model.

    Examples
    --------
    >>> import paidan
    >>> texts = ["路灯坏了", "路灯不亮", "路灯一直闪", "水管爆了", "水管漏水", "水压太低"] * 5
    >>> units = (["照明"] * 3 + ["供水"] * 3) * 5
    >>> classifier = paidan.TicketClassifier().fit(texts, units)
    >>> classifier.predict(["门口的路灯又坏了", "水管一直漏水"]).tolist()
    ['照明', '供水']
    >>> classifier.predict_proba(["门口的路灯又坏了"]).shape
    (1, 2)
    """

    classes_: np.ndarray[Any, Any]
    # The model where it was trained or read, and its bundle once it was asked for.
    _engine: Engine | None
    _bundle: bytes | None

    def __init__(
        self,
        *,
        cost: float = 0.7,
        class_balance: float = 0.25,
        folds: int = 5,
        max_features: int | None = None,
        random_state: int = 0,
        text: str | None = None,
        title: str | None = None,
        threads: int | None = None,
        verbose: bool = False,
    ) -> None:
        self.cost = cost
        self.class_balance = class_balance
        self.folds = folds
        self.max_features = max_features
        self.random_state = random_state
        self.text = text
        self.title = title
        self.threads = threads
        self.verbose = verbose

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> TicketClassifier:
        """Trains on labelled tickets.

        Parameters
        ----------
        X : array-like of str of shape (n_samples,), or table
            The tickets.
        y : array-like of shape (n_samples,)
            Their labels, of one type, at least two different.
        sample_weight : array-like of shape (n_samples,), optional
            How much each counts, at least 0.

        Returns
        -------
        TicketClassifier
            This object.
        """
        labels = _labels(y)
        classes, places = np.unique(labels, return_inverse=True)
        if len(classes) < 2:
            raise DataError(f"expected labels of at least 2 classes, got {len(classes)} class")
        names = [str(label) for label in classes]
        engine = train(
            X,
            {_TASK: [names[place] for place in places]},
            text=self.text,
            title=self.title,
            weights=None if sample_weight is None else np.asarray(sample_weight, dtype=np.float64),
            seed=self.random_state,
            folds=self.folds,
            cost=self.cost,
            class_balance=self.class_balance,
            max_features=self.max_features,
            threads=self.threads,
            progress=bool(self.verbose),
        )
        learnt = engine.tasks[_TASK].labels
        if len(learnt) != len(classes) or {name.strip() for name in names} != set(learnt):
            raise DataError(
                f"expected {len(classes)} classes that differ in more than blanks, width and invisible "
                f"characters, found {len(learnt)}: spell each class in one way"
            )
        self.classes_ = classes
        self._columns = [learnt.index(name.strip()) for name in names]
        self._bundle = None
        self._keep(engine)
        return self

    def predict(self, X: Any) -> np.ndarray[Any, Any]:
        """The most probable class of each ticket.

        Parameters
        ----------
        X : array-like of str of shape (n_samples,), or table
            The tickets.

        Returns
        -------
        numpy.ndarray of shape (n_samples,)
            Of the type of ``y``.
        """
        probabilities = self.predict_proba(X)
        return np.asarray(self.classes_[probabilities.argmax(axis=1)])

    def predict_proba(self, X: Any) -> np.ndarray[Any, Any]:
        """Calibrated probabilities.

        Parameters
        ----------
        X : array-like of str of shape (n_samples,), or table
            The tickets.

        Returns
        -------
        numpy.ndarray of shape (n_samples, n_classes), float64
            0 to 1, each row adding up to 1; columns in the order of ``classes_``.
        """
        check_is_fitted(self, "classes_")
        found = self.engine_.probabilities(X, _TASK, text=self.text, title=self.title, progress=bool(self.verbose))
        probabilities = found[:, self._columns].astype(np.float64)
        return np.asarray(probabilities / probabilities.sum(axis=1, keepdims=True))

    def decision_function(self, X: Any) -> np.ndarray[Any, Any]:
        """Logarithms of the probabilities: the larger, the surer.

        Parameters
        ----------
        X : array-like of str of shape (n_samples,), or table
            The tickets.

        Returns
        -------
        numpy.ndarray of shape (n_samples, n_classes), or (n_samples,) for two classes
            For two classes the log-odds of ``classes_[1]``.
        """
        logarithms = np.log(np.clip(self.predict_proba(X), 1e-30, None))
        return np.asarray(logarithms[:, 1] - logarithms[:, 0] if len(self.classes_) == 2 else logarithms)

    @property
    def engine_(self) -> Engine:
        """The trained model, in this process."""
        check_is_fitted(self, "classes_")
        if self._engine is None or self._process != os.getpid():
            # Threads do not outlive a fork: a model in memory is written out and read again.
            self._keep(_bundle.unpack(self._packed(), threads=self.threads))
        assert self._engine is not None
        return self._engine

    def _keep(self, engine: Engine) -> None:
        self._engine = engine
        self._process = os.getpid()

    def _packed(self) -> bytes:
        if self._bundle is None:
            assert self._engine is not None
            self._bundle = _bundle.pack(self._engine)
        return self._bundle

    def __getstate__(self) -> dict[str, Any]:
        state = dict(super().__getstate__())
        if "classes_" in state:
            state["_bundle"] = self._packed()
            state["_engine"] = None
        return state

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "classes_")

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.no_validation = True
        return tags


def _labels(y: Any) -> np.ndarray[Any, Any]:
    """`y` as an array of one dimension; refuses missing labels and mixed types."""
    labels = np.asarray(y.to_numpy() if hasattr(y, "to_numpy") else y)
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim != 1:
        raise DataError(f"expected labels of one dimension, got {labels.ndim}")
    if labels.dtype.kind == "f" and not np.isfinite(labels).all():
        raise DataError("expected a label in every row, found NaN")
    if labels.dtype.kind == "O":
        kinds = {type(label) for label in labels.tolist()}
        if len(kinds) > 1 or any(label is None or label != label for label in labels.tolist()[:1]):
            shown = ", ".join(sorted(kind.__name__ for kind in kinds))
            raise DataError(f"expected labels of one type, none missing, found {shown}")
    return labels
