"""A file is written whole or not at all, and whatever goes wrong is said in words."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from micronn_core.common.errors import DataError, StorageError
from micronn_core.common.files import check_writable, delete, make_folder, reading, write_atomically

TROUBLES = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your share of the disk is used up",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "there is no permission",
    errno.EIO: "Input/output error. Choose another place",
}


@pytest.mark.parametrize(("number", "words"), TROUBLES.items(), ids=errno.errorcode.get)
@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_that_trouble_while_writing_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str, call: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    path = tmp_path / "kept"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, call, fail)
    with pytest.raises(StorageError, match=words) as caught:
        write_atomically(path, b"new")
    assert str(caught.value).startswith(f"{path} cannot be saved: ")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_that_a_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_bytes(b"old")
    link.symlink_to(real)
    assert write_atomically(link, b"new") == real
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


def test_that_a_file_can_be_new_and_has_the_permissions_of_any_other(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.touch()
    path = write_atomically(tmp_path / "new", b"content")
    assert path.read_bytes() == b"content"
    assert path.stat().st_mode == other.stat().st_mode


@pytest.mark.parametrize("function", [check_writable, lambda path: write_atomically(path, b"")])
def test_that_what_must_not_be_replaced_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: Callable[[Path], object]
) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name in ("folder", "pipe"):
        with pytest.raises(StorageError, match=f"{name} is a folder, a device or a pipe"):
            function(tmp_path / name)
    kept = tmp_path / "kept"
    kept.write_text("old")
    monkeypatch.setattr(os, "access", lambda *_: False)  # the tests may run as root, who may write anywhere
    with pytest.raises(StorageError, match="kept is write-protected"):
        function(kept)
    assert kept.read_text() == "old"


def test_that_to_look_whether_a_file_can_be_written_changes_nothing(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text("old")
    check_writable(kept)
    check_writable(tmp_path / "new")
    assert list(tmp_path.iterdir()) == [kept]
    assert kept.read_text() == "old"


def test_that_a_folder_is_made_with_those_above_it(tmp_path: Path) -> None:
    for _ in range(2):
        make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()


def test_that_a_file_in_the_place_of_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="a file is in the place of its folder"):
        make_folder(tmp_path / "file")
    with pytest.raises(StorageError, match="a part of its path is not a folder"):
        make_folder(tmp_path / "file" / "below")


def test_that_deleting_twice_is_no_error_and_a_folder_is_never_deleted(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch()
    delete(path)
    delete(path)
    path.mkdir()
    with pytest.raises(StorageError, match="file cannot be deleted: "):
        delete(path)
    assert path.is_dir()


UNREADABLE: dict[str, tuple[BaseException, str]] = {
    "missing": (FileNotFoundError(errno.ENOENT, "x"), "f: there is no such file. Check its name."),
    "folder": (IsADirectoryError(errno.EISDIR, "x"), "f is a folder. Choose a file in it."),
    "forbidden": (PermissionError(errno.EACCES, "x"), "f: no permission to read it. Change its permissions."),
    "broken": (
        OSError(errno.EIO, "Input/output error"),
        "f cannot be read: Input/output error. Copy it again.",
    ),
    "too large": (MemoryError(), "f does not fit into memory. Close other programs first."),
}


@pytest.mark.parametrize(("error", "text"), UNREADABLE.values(), ids=UNREADABLE)
@pytest.mark.parametrize("kind", [StorageError, DataError])
def test_that_trouble_while_reading_is_said_in_words(
    error: BaseException, text: str, kind: type[StorageError] | type[DataError]
) -> None:
    with pytest.raises(kind) as caught, reading("f", kind):
        raise error
    assert str(caught.value) == text
