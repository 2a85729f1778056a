"""What paidan raises: one tree under :class:`PaidanError`. No message holds the text of a ticket."""

from __future__ import annotations

__all__ = ["CatalogueError", "DataError", "ModelError", "ModelNotFoundError", "PaidanError", "SettingError"]


class PaidanError(Exception):
    """Anything that goes wrong in paidan."""


class DataError(PaidanError, ValueError):
    """A ticket, a column or a file that cannot be read.

    Attributes
    ----------
    index : int or None
        The ticket's 0-based place in the list or column; None where there was one ticket.
    column : str or None
        The column of the table, where there was one.
    file : str or None
        The file, where tickets were read from one.
    row : int or None
        The 1-based row of the file.

    Examples
    --------
    >>> import paidan
    >>> engine = paidan.Engine.load()
    >>> try:
    ...     engine.predict(["路灯不亮", None])
    ... except paidan.DataError as error:
    ...     print(error, error.index)
    ticket at index 1: expected a str, a Ticket or a dict, got NoneType 1
    """

    index: int | None
    column: str | None
    file: str | None
    row: int | None

    def __init__(
        self,
        message: str,
        *,
        index: int | None = None,
        column: str | None = None,
        file: str | None = None,
        row: int | None = None,
    ) -> None:
        super().__init__(message)
        self.index = index
        self.column = column
        self.file = file
        self.row = row


class SettingError(PaidanError, ValueError):
    """A setting that is out of range."""


class ModelError(PaidanError):
    """A model bundle that cannot be used: damaged, altered, or of a newer format."""


class ModelNotFoundError(ModelError, FileNotFoundError):
    """A model bundle, or a file of it, that is not there."""


class CatalogueError(PaidanError):
    """A dispatch catalogue (派单目录) that cannot be used."""
