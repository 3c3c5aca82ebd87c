"""What was deleted can be got back until the program ends, and each program empties its own trash alone."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from micronn_core.common import trash as module
from micronn_core.common.errors import StorageError
from micronn_core.common.locks import FolderLock
from micronn_core.common.trash import FOLDER, NotInTrashError, Trash
from tests.paths import CHECKOUT

THROW_AWAY = """
import sys
from pathlib import Path
from micronn_core.common.locks import FolderLock
from micronn_core.common.trash import Trash
folder = Path(sys.argv[1])
trash = Trash(folder, FolderLock(folder))
print(trash.throw_away(folder / "theirs"), flush=True)
sys.stdin.read()
trash.close()
"""


def trash_of(folder: Path) -> Trash:
    return Trash(folder, FolderLock(folder))


def file(folder: Path, name: str = "mine", content: bytes = b"content") -> Path:
    (folder / name).write_bytes(content)
    return folder / name


def fails_with(monkeypatch: pytest.MonkeyPatch, code: int, *names: str) -> None:
    """Let calls of the system fail."""

    def fail(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    for name in names:
        monkeypatch.setattr(os, name, fail)


@pytest.fixture
def other_program(tmp_path: Path) -> subprocess.Popen[str]:
    """Another one that has thrown a file away and still runs."""
    file(tmp_path, "theirs")
    env = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    words = [sys.executable, "-c", THROW_AWAY, str(tmp_path)]
    program = subprocess.Popen(words, env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert program.stdout is not None
    assert program.stdout.readline() == "True\n"
    return program


def theirs(folder: Path) -> list[Path]:
    return list((folder / FOLDER).glob("*/theirs"))


def test_that_what_was_thrown_away_is_got_back_byte_for_byte(tmp_path: Path) -> None:
    trash, path = trash_of(tmp_path), file(tmp_path)
    before = path.stat()
    assert trash.throw_away(path)
    assert not path.exists()
    trash.get_back("mine", path)
    after = path.stat()
    assert path.read_bytes() == b"content"
    for what in ("st_ino", "st_mtime_ns", "st_mode"):
        assert getattr(after, what) == getattr(before, what)
    trash.close()


def test_that_a_file_that_is_gone_already_is_no_error(tmp_path: Path) -> None:
    assert not trash_of(tmp_path).throw_away(tmp_path / "never was")


def test_that_nothing_is_left_when_the_program_ends(tmp_path: Path) -> None:
    trash, path = trash_of(tmp_path), file(tmp_path)
    trash.throw_away(path)
    trash.close()
    assert not (tmp_path / FOLDER).exists()
    with pytest.raises(NotInTrashError, match="no longer in the trash"):
        trash.get_back("mine", path)
    assert trash.throw_away(file(tmp_path))  # and it can be used again
    trash.close()


def test_that_a_file_that_is_there_again_is_left_as_it_is(tmp_path: Path) -> None:
    trash, path = trash_of(tmp_path), file(tmp_path)
    trash.throw_away(path)
    file(tmp_path, content=b"other")
    with pytest.raises(NotInTrashError, match="there again"):
        trash.get_back("mine", path)
    assert path.read_bytes() == b"other"
    trash.close()


def test_that_a_file_that_was_emptied_or_deleted_in_the_trash_is_said_to_be_gone(tmp_path: Path) -> None:
    trash, path = trash_of(tmp_path), file(tmp_path)
    trash.throw_away(path)
    trash.empty()
    with pytest.raises(NotInTrashError):
        trash.get_back("mine", path)
    assert trash.throw_away(file(tmp_path))  # its part of the trash is still its own
    trash.close()


def test_that_the_trash_of_another_program_that_runs_is_left_alone(
    tmp_path: Path, other_program: subprocess.Popen[str]
) -> None:
    trash = trash_of(tmp_path)
    trash.sweep()
    assert trash.throw_away(file(tmp_path))
    trash.sweep()
    trash.close()
    assert len(theirs(tmp_path)) == 1
    other_program.communicate("")
    assert not (tmp_path / FOLDER).exists()


def test_that_what_a_killed_program_has_left_is_swept(
    tmp_path: Path, other_program: subprocess.Popen[str]
) -> None:
    other_program.kill()
    other_program.communicate()
    assert len(theirs(tmp_path)) == 1
    trash_of(tmp_path).sweep()
    assert not (tmp_path / FOLDER).exists()


def test_that_what_somebody_has_put_there_is_not_swept(tmp_path: Path) -> None:
    notes = tmp_path / FOLDER / "notes"
    notes.mkdir(parents=True)
    file(notes)
    trash_of(tmp_path).sweep()
    assert (notes / "mine").exists()


def test_that_to_sweep_makes_no_folder_and_needs_none(tmp_path: Path) -> None:
    trash_of(tmp_path / "never").sweep()
    assert not (tmp_path / "never").exists()


def test_that_on_a_full_disk_files_are_deleted_still(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trash, first, second = trash_of(tmp_path), file(tmp_path, "first"), file(tmp_path, "second")
    with monkeypatch.context() as patch:
        fails_with(patch, errno.ENOSPC, "mkdir")
        assert not trash.throw_away(first)  # for good
    assert trash.throw_away(file(tmp_path))
    with monkeypatch.context() as patch:
        fails_with(patch, errno.ENOSPC, "replace")
        assert not trash.throw_away(second)
    assert not first.exists()
    assert not second.exists()
    trash.close()


def test_that_in_a_read_only_folder_nothing_is_deleted_and_the_reason_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trash, path = trash_of(tmp_path), file(tmp_path)
    fails_with(monkeypatch, errno.EACCES, "mkdir", "unlink")
    with pytest.raises(StorageError, match="cannot be deleted: Permission denied"):
        trash.throw_away(path)
    assert path.read_bytes() == b"content"


def test_that_a_folder_that_is_deleted_under_the_program_is_no_end(tmp_path: Path) -> None:
    folder = tmp_path / "runs"
    folder.mkdir()
    trash = trash_of(folder)
    trash.throw_away(file(folder))
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()
    with pytest.raises(NotInTrashError):
        trash.get_back("mine", folder / "mine")
    assert trash.throw_away(file(folder))
    trash.close()


# -- copies of what is about to be replaced --


@pytest.mark.parametrize("linked", [True, False])
def test_that_a_file_that_was_replaced_comes_back_byte_for_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, linked: bool
) -> None:
    trash, path = trash_of(tmp_path / "data"), file(tmp_path)
    if not linked:  # as on another disk
        fails_with(monkeypatch, errno.EXDEV, "link")
    name = trash.copy(path)
    assert name is not None
    file(tmp_path, "new", b"new").replace(path)
    trash.get_back(name, path, replace=True)
    assert path.read_bytes() == b"content"
    trash.close()


def test_that_a_copy_goes_back_to_another_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trash, path, replace = trash_of(tmp_path / "data"), file(tmp_path), os.replace
    name = trash.copy(path)
    assert name is not None
    file(tmp_path, "new", b"new").replace(path)

    def across(source: Path, target: Path) -> None:
        if FOLDER in Path(source).parts:
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        replace(source, target)

    monkeypatch.setattr(os, "replace", across)
    trash.get_back(name, path, replace=True)
    assert path.read_bytes() == b"content"
    with pytest.raises(NotInTrashError):
        trash.get_back(name, path, replace=True)
    trash.close()


def test_that_what_cannot_be_copied_is_not_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trash, path = trash_of(tmp_path / "data"), file(tmp_path)
    assert trash.copy(tmp_path) is None
    assert trash.copy(tmp_path / "never was") is None
    monkeypatch.setattr(module, "MOST_COPIED", 3)
    fails_with(monkeypatch, errno.EXDEV, "link")
    assert trash.copy(path) is None
    assert not list((tmp_path / "data").rglob("*.txt"))
    trash.close()
