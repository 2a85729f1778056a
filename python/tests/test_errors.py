"""The exception tree, and what a missing or damaged bundle raises."""

from __future__ import annotations

import errno
import pickle
import shutil
from pathlib import Path

import pytest

import paidan


@pytest.fixture
def bundle(engine: paidan.Engine, tmp_path: Path) -> Path:
    assert engine.path is not None
    return Path(shutil.copytree(engine.path, tmp_path / "bundle"))


def test_the_tree() -> None:
    for error in (paidan.DataError, paidan.ModelError, paidan.SettingError, paidan.CatalogueError):
        assert issubclass(error, paidan.PaidanError)
    assert issubclass(paidan.DataError, ValueError)
    assert issubclass(paidan.SettingError, ValueError)
    assert issubclass(paidan.ModelNotFoundError, paidan.ModelError)
    assert issubclass(paidan.ModelNotFoundError, FileNotFoundError)


def test_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(paidan.ModelNotFoundError, match="paidan train --out") as error:
        paidan.Engine.load(tmp_path / "nowhere")
    assert error.value.errno == errno.ENOENT
    assert Path(error.value.filename) == tmp_path / "nowhere"


def test_a_missing_folder_in_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAIDAN_MODEL", str(tmp_path / "nowhere"))
    with pytest.raises(FileNotFoundError, match="nowhere"):
        paidan.Engine.load()


@pytest.mark.parametrize("file", ["manifest.json", "heads.safetensors", "vocabulary.txt"])
def test_a_missing_file(bundle: Path, file: str) -> None:
    (bundle / file).unlink()
    with pytest.raises(paidan.ModelNotFoundError, match=file):
        paidan.Engine.load(bundle)


def test_a_damaged_file(bundle: Path) -> None:
    heads = bundle / "heads.safetensors"
    content = bytearray(heads.read_bytes())
    content[-1] ^= 1
    heads.write_bytes(content)
    with pytest.raises(paidan.ModelError, match="SHA-256") as error:
        paidan.Engine.load(bundle)
    assert not isinstance(error.value, OSError)


def test_a_file_in_place_of_the_folder(bundle: Path) -> None:
    with pytest.raises(paidan.ModelError) as error:
        paidan.Engine.load(bundle / "manifest.json")
    assert isinstance(error.value.__cause__, NotADirectoryError)


@pytest.mark.parametrize("threads", [0, -1, 5000])
def test_threads_out_of_range(threads: int) -> None:
    with pytest.raises(paidan.SettingError, match=f"expected 1 to 4096 threads, got {threads}"):
        paidan.Engine.load(threads=threads)


def test_errors_are_pickled_whole() -> None:
    raised = paidan.DataError("expected text", index=3, column="text", file="tickets.csv", row=4)
    error = pickle.loads(pickle.dumps(raised))
    assert isinstance(error, paidan.DataError)
    assert (str(error), error.index, error.column) == ("expected text", 3, "text")
    assert (error.file, error.row) == ("tickets.csv", 4)
