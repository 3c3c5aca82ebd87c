"""What a file is opened as is decided by its content."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from micronn_core.common.errors import DataError
from micronn_core.common.resources import resource
from micronn_core.drawing.photographs.decoding import FORMATS
from micronn_core.runs.file_kinds import FileKind, kind_of


@pytest.mark.parametrize("form", FORMATS)
def test_that_every_kind_of_picture_that_is_read_is_known(tmp_path: Path, form: str) -> None:
    Image.new("L", (9, 9)).save(tmp_path / "any", form)
    assert kind_of(tmp_path / "any") is FileKind.PICTURE


def test_that_archives_are_told_apart_by_their_members(tmp_path: Path) -> None:
    np.savez(tmp_path / "samples.npz", x=np.zeros((4, 2)), y=np.zeros(4))
    with zipfile.ZipFile(tmp_path / "digits.npz", "w") as archive:
        archive.writestr("digits/index.csv", "")
    assert kind_of(tmp_path / "samples.npz") is FileKind.SAMPLES
    assert kind_of(tmp_path / "digits.npz") is FileKind.DIGITS
    for ready in sorted(resource("models").glob("*.npz")):
        assert kind_of(ready) is FileKind.NETWORK


@pytest.mark.parametrize("content", [b"label,a\n1,2\n", b"PK is how this begins", b"\x1f\x8b"])
def test_that_all_else_is_taken_for_samples(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "any").write_bytes(content)
    assert kind_of(tmp_path / "any") is FileKind.SAMPLES


@pytest.mark.parametrize("name", ["page.png", "photo.JPG"])
def test_that_what_is_called_a_picture_is_refused_as_one(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"%!PS-Adobe-3.0")
    assert kind_of(tmp_path / name) is FileKind.PICTURE


def test_that_half_an_archive_is_said_to_be_one(tmp_path: Path) -> None:
    np.savez(tmp_path / "whole.npz", x=np.zeros((4, 2)), y=np.zeros(4))
    half = tmp_path / "half.npz"
    half.write_bytes((tmp_path / "whole.npz").read_bytes()[:200])
    with pytest.raises(DataError, match="is damaged"):
        kind_of(half)


def test_that_what_is_no_file_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    for path, said in (
        (tmp_path, "is a folder"),
        (tmp_path / "gone", "no such file"),
        (tmp_path / "empty", "is empty"),
        (Path("/dev/null"), "is a device"),
    ):
        with pytest.raises(DataError, match=said):
            kind_of(path)
