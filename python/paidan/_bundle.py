"""A model as bytes: its bundle's files in a zip archive. Data, never code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from paidan.errors import ModelError

if TYPE_CHECKING:
    from paidan._paidan import Engine

# As for the files of a bundle itself.
_MAX_FILE = 1 << 30
_MAX_FILES = 64
_ROOT_FILES = {"manifest.json"}


def pack(engine: Engine) -> bytes:
    """The bundle of `engine`; the same model gives the same bytes."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="paidan-") as folder:
        bundle = Path(folder, "bundle")
        engine.save(bundle)
        return pack_folder(bundle)


def pack_folder(folder: Path) -> bytes:
    """The files of a bundle on disk."""
    import io
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            # Without the time of day: the same files give the same bytes.
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), (1980, 1, 1, 0, 0, 0))
            archive.writestr(entry, path.read_bytes())
    return buffer.getvalue()


def unpack(content: bytes, threads: int | None = None) -> Engine:
    """An engine of what :func:`pack` gave.

    Size and SHA-256 of every file are checked against the manifest as they are for a bundle on disk.

    Raises
    ------
    ModelError
        The bytes are something else, or were altered.
    """
    import io
    import tempfile
    import zipfile

    from paidan._paidan import Engine

    with tempfile.TemporaryDirectory(prefix="paidan-") as folder:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                _unpack(archive, Path(folder))
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
            message = "expected the bytes of a model bundle, found something else: pickle the model again"
            raise ModelError(message) from error
        return Engine.load(folder, threads=threads)


def _unpack(archive: object, folder: Path) -> None:
    import zipfile

    assert isinstance(archive, zipfile.ZipFile)
    entries = archive.infolist()
    if len(entries) > _MAX_FILES or not _ROOT_FILES <= {entry.filename for entry in entries}:
        raise ModelError("expected the files of a model bundle, found others")
    for entry in entries:
        parts = entry.filename.split("/")
        if any(part in ("", ".", "..") or "\\" in part or ":" in part or "\0" in part for part in parts):
            raise ModelError("expected plain names of files in a model bundle, found a path that leaves it")
        if entry.compress_type != zipfile.ZIP_STORED or entry.file_size > _MAX_FILE:
            raise ModelError(f"expected stored files of at most {_MAX_FILE} bytes in a model bundle")
        target = folder.joinpath(*parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(archive.read(entry))
