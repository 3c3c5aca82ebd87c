"""A folder belongs to one program at a time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from micronn_core.common import locks
from micronn_core.common.errors import StorageError
from micronn_core.common.locks import FolderLock
from tests.paths import CHECKOUT

HOLD = """
import sys
from pathlib import Path
from micronn_core.common.locks import FolderLock
with FolderLock(Path(sys.argv[1])).held():
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other_program(tmp_path: Path) -> subprocess.Popen[str]:
    env = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    words = [sys.executable, "-c", HOLD, str(tmp_path)]
    program = subprocess.Popen(words, env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert program.stdout is not None
    assert program.stdout.readline() == "held\n"
    return program


def test_that_whoever_holds_a_folder_may_take_it_once_more(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path / "a" / "b")
    with lock.held(), lock.held():
        assert (tmp_path / "a" / "b").is_dir()


def test_that_a_program_that_does_not_let_go_is_said_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other_program: subprocess.Popen[str]
) -> None:
    monkeypatch.setattr(locks, "PATIENCE", 0.2)
    with (
        pytest.raises(StorageError, match="is being changed by another program"),
        FolderLock(tmp_path).held(),
    ):
        pass
    other_program.communicate("")
    with FolderLock(tmp_path).held():
        pass


def test_that_a_killed_program_holds_nothing(tmp_path: Path, other_program: subprocess.Popen[str]) -> None:
    other_program.kill()
    other_program.communicate()
    with FolderLock(tmp_path).held():
        pass


def test_that_a_folder_that_cannot_be_written_to_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / ".lock").mkdir()
    with (
        pytest.raises(StorageError, match=r"Nothing can be saved in .*: Is a directory"),
        FolderLock(tmp_path).held(),
    ):
        pass
