"""A file that is saved over another one gives that back, byte for byte, until the program ends."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtTest import QSignalSpy

from micronn_core.common import trash
from micronn_core.common.errors import StorageError
from micronn_core.common.files import write_atomically
from micronn_gui.session.saved_files import SavedFiles
from micronn_gui.session.states import States
from micronn_gui.session.undo import FILES


@pytest.fixture
def files(states: States) -> SavedFiles:
    return states.files


def save(files: SavedFiles, path: Path, content: bytes) -> None:
    files.tell(files.save(path, lambda path: write_atomically(path, content)), "Saved.")


def no_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on another disk."""

    def fail(*_: object) -> None:
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))

    monkeypatch.setattr(os, "link", fail)


def leave_alone(_: pytest.MonkeyPatch) -> None:
    pass


@pytest.mark.parametrize("where", [leave_alone, no_links])
def test_that_what_was_replaced_is_put_back_version_by_version(
    states: States,
    files: SavedFiles,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    where: Callable[..., None],
) -> None:
    where(monkeypatch)
    path, done = tmp_path / "a.npz", QSignalSpy(files.done)
    save(files, path, b"one")
    assert states.undo.last((FILES,)) is None
    for content in (b"two", b"three"):
        save(files, path, content)
    for content in (b"two", b"one", b"one"):
        states.undo.undo((FILES,))
        assert path.read_bytes() == content
    assert done.at(done.count() - 1)[0].endswith("a.npz is as it was before.")


def test_that_a_link_is_followed(states: States, files: SavedFiles, tmp_path: Path) -> None:
    target, link = tmp_path / "target.npz", tmp_path / "link.npz"
    target.write_bytes(b"old")
    link.symlink_to(target)
    save(files, link, b"new")
    states.undo.undo((FILES,))
    assert link.is_symlink()
    assert target.read_bytes() == b"old"


def test_that_a_file_that_somebody_has_changed_since_is_left_as_it_is(
    states: States, files: SavedFiles, tmp_path: Path
) -> None:
    path, refused = tmp_path / "a.npz", QSignalSpy(files.refused)
    path.write_bytes(b"old")
    save(files, path, b"new")
    path.write_bytes(b"of somebody else")
    states.undo.undo((FILES,))
    assert path.read_bytes() == b"of somebody else"
    assert "has been changed since" in refused.at(0)[0]
    assert states.undo.last((FILES,)) is None


def test_that_a_file_comes_back_though_the_new_one_is_gone(
    states: States, files: SavedFiles, tmp_path: Path
) -> None:
    path = tmp_path / "a.npz"
    path.write_bytes(b"old")
    save(files, path, b"new")
    path.unlink()
    states.undo.undo((FILES,))
    assert path.read_bytes() == b"old"


def test_that_while_its_folder_is_away_it_stays_in_the_trash(
    states: States, files: SavedFiles, tmp_path: Path
) -> None:
    stick, refused = tmp_path / "stick", QSignalSpy(files.refused)
    stick.mkdir()
    (stick / "a.npz").write_bytes(b"old")
    save(files, stick / "a.npz", b"new")
    stick.rename(tmp_path / "away")
    states.undo.undo((FILES,))
    assert "folder does not exist" in refused.at(0)[0]
    (tmp_path / "away").rename(stick)
    states.undo.undo((FILES,))
    assert (stick / "a.npz").read_bytes() == b"old"


def test_that_what_could_not_be_saved_has_replaced_nothing(
    states: States, files: SavedFiles, tmp_path: Path
) -> None:
    path = tmp_path / "a.npz"
    path.write_bytes(b"old")

    def fail(path: Path) -> None:
        raise StorageError("full")

    with pytest.raises(StorageError):
        files.save(path, fail)
    assert path.read_bytes() == b"old"
    assert not [kept for kept in tmp_path.rglob("*.npz") if trash.FOLDER in kept.parts]


def test_that_what_is_too_large_to_be_kept_is_said_to_be_gone(
    states: States, files: SavedFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_links(monkeypatch)
    monkeypatch.setattr(trash, "MOST_COPIED", 2)
    path, done = tmp_path / "a.npz", QSignalSpy(files.done)
    path.write_bytes(b"old")
    save(files, path, b"new")
    assert "too large to be kept" in done.at(0)[0]
    assert states.undo.last((FILES,)) is None


def test_that_nothing_is_left_when_the_program_ends(
    states: States, files: SavedFiles, tmp_path: Path
) -> None:
    path = tmp_path / "a.npz"
    for content in (b"old", b"new"):
        save(files, path, content)
    assert list((tmp_path / "data").rglob("*.npz"))
    files.close()
    assert not list((tmp_path / "data").rglob("*.npz"))
