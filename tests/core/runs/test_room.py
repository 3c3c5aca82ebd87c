"""A full or a small disk: the oldest runs make room, and what cannot help is not deleted."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import pytest

from micronn_core.common.errors import NoRoomError
from micronn_core.runs import room
from micronn_core.runs.record import INTERRUPTED, RunRecord
from micronn_core.runs.run_file import run_bytes
from micronn_core.runs.store import RunStore
from tests.core.runs.run_records import record
from tests.paths import CHECKOUT
from tests.small_disk import SmallDisk, on_a_small_disk

SIZE = len(run_bytes(record()))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "runs"


@pytest.fixture
def disk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> SmallDisk:
    """A disk without a limit as yet, of which runs may take all."""
    monkeypatch.setattr(room, "SHARE", 1)
    monkeypatch.setattr(room, "LEFT_FREE", 0)
    return SmallDisk(folder, monkeypatch)


def filled(folder: Path, *runs: RunRecord) -> RunStore:
    store = RunStore(folder)
    for run in runs:
        store.add(run)
    return store


def numbers(folder: Path) -> set[int]:
    return {run.number for run in RunStore(folder).list()}


def test_that_the_oldest_without_a_star_make_room_on_a_full_disk(folder: Path, disk: SmallDisk) -> None:
    store = filled(folder, record(starred=True), record(), record(), record())
    disk.capacity = disk.used
    run, dropped = store.add(record())
    assert ([old.number for old in dropped], run.number) == ([2], 5)
    assert numbers(folder) == {1, 3, 4, 5}
    assert store.read(run.id).final.parameters is not None


def test_that_a_share_of_the_disk_that_is_used_up_is_no_room_either(
    folder: Path, disk: SmallDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system then says that much is free, and refuses all the same."""
    monkeypatch.setattr(room, "free_bytes", lambda _: 1 << 40)
    store = filled(folder, record(), record(), record())
    disk.capacity, disk.full = disk.used, errno.EDQUOT
    _, dropped = store.add(record())
    assert [old.number for old in dropped] == [1]


def test_that_nothing_is_deleted_where_that_would_not_be_enough(folder: Path, disk: SmallDisk) -> None:
    store = filled(folder, record(), record(starred=True), record())
    disk.capacity = disk.used
    with pytest.raises(NoRoomError, match="the disk is full"):
        store.add(record(sizes=(784, 60, 10)))
    assert numbers(folder) == {1, 2, 3}


def test_that_neither_the_run_itself_nor_one_under_way_nor_one_that_is_spared_goes(
    folder: Path, disk: SmallDisk
) -> None:
    elsewhere = filled(folder, record(ending=INTERRUPTED))
    store = filled(folder, record(), record(), record())
    mine, spared = sorted(store.list(), key=lambda run: run.number)[1:3]
    disk.capacity = disk.used
    _, dropped = store.add(store.read(mine.id), [spared.id])  # its old file stays until the new one is there
    assert [old.number for old in dropped] == [4]
    elsewhere.close()
    assert numbers(folder) == {1, 2, 3}


def test_that_the_last_run_that_was_kept_on_its_way_never_goes(folder: Path, disk: SmallDisk) -> None:
    store = RunStore(folder)
    first, last = record(ending=INTERRUPTED, number=1), record(ending=INTERRUPTED, number=2)
    for run in (first, last):
        store.save(run)
    disk.capacity = disk.used
    _, dropped = store.add(record())
    assert [old.id for old in dropped] == [first.id]
    with pytest.raises(NoRoomError):
        store.add(record(), [run.id for run in store.list()])


def test_that_runs_leave_the_half_of_the_disk_free(
    folder: Path, disk: SmallDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "SHARE", 2)
    store = filled(folder, record(), record(), record())
    disk.capacity = 7 * SIZE
    assert store.add(record())[1][0].number == 1
    assert disk.used <= disk.free


def test_that_runs_leave_room_to_everybody_else_as_long_as_that_is_in_their_power(
    folder: Path, disk: SmallDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = filled(folder, record(), record(), record())
    disk.capacity = disk.used + 10 * SIZE
    monkeypatch.setattr(room, "LEFT_FREE", 11 * SIZE)  # two runs too many
    assert len(store.add(record())[1]) == 2
    monkeypatch.setattr(
        room, "LEFT_FREE", 100 * SIZE
    )  # others have filled the disk: no run would change that
    assert store.add(record())[1] == ()


def test_that_room_is_looked_for_with_real_bytes_twice_before_a_run_begins(
    folder: Path, disk: SmallDisk
) -> None:
    store = filled(folder, record(starred=True))
    before = disk.used
    disk.capacity = before + 2 * SIZE
    store.check_room(SIZE)
    disk.capacity -= 1
    with pytest.raises(NoRoomError):
        store.check_room(SIZE)
    assert disk.used == before
    store.change(store.list()[0].id, starred=False)
    store.check_room(SIZE)  # the old run would make room


def test_that_room_for_a_file_on_another_disk_is_not_made_here(
    folder: Path, tmp_path: Path, disk: SmallDisk
) -> None:
    store = filled(folder, record(), record())
    disk.capacity = disk.used
    other = Path("/dev/shm")
    if other.is_dir() and other.stat().st_dev != tmp_path.stat().st_dev:
        assert store.make_room(other / "network.npz", SIZE) == ()
    assert [run.number for run in store.make_room(tmp_path / "network.npz", SIZE)] == [1]
    assert RunStore(tmp_path / "none").make_room(tmp_path / "network.npz", SIZE) == ()


def test_that_the_command_line_makes_room_on_a_real_disk_that_is_full_and_says_so(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    runs = disk / "MicroNN" / "MicroNN" / "runs"
    filled(runs, *(record(sizes=(784, 50, 10), starred=i == 0) for i in range(6)))
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "XDG_DATA_HOME": str(disk), "LANGUAGE": "en"}
    words = [sys.executable, "-m", "micronn_gui", "train", "--hidden", "40", "--epochs", "1", "--quiet"]
    words += ["--output", str(disk / "network")]
    ended = on_a_small_disk(disk, 1, words, environment)
    assert (ended.returncode, ended.stdout) == (0, "")
    assert "The disk was full: Run 2" in ended.stderr
    assert (disk / "network.npz").is_file()
    assert 1 in numbers(runs)
    assert 2 not in numbers(runs)


def test_that_what_was_deleted_makes_room_before_what_is_kept(folder: Path, disk: SmallDisk) -> None:
    store = filled(folder, record(), record(), record())
    store.delete(store.list()[0].id)
    disk.capacity = disk.used
    assert store.add(record())[1] == ()
    assert len(store.list()) == 3
    store.close()
