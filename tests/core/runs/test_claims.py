"""A run whose program was killed is told of once; one that is under way anywhere is not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from micronn_core.runs.record import INTERRUPTED
from micronn_core.runs.store import RunStore
from tests.core.runs.run_records import record
from tests.paths import CHECKOUT

KILLED = """
import os, sys
from dataclasses import replace
from pathlib import Path
from micronn_core.runs.store import RunStore
from tests.core.runs.run_records import record
store = RunStore(Path(sys.argv[1]))
for ending in sys.argv[2:]:
    store.add(record(ending=ending))
os.kill(os.getpid(), 9)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "runs"


def killed(folder: Path, *endings: str) -> None:
    subprocess.run([sys.executable, "-c", KILLED, folder, *endings], cwd=CHECKOUT, check=False)


def test_that_a_run_whose_program_was_killed_is_told_of_once(folder: Path) -> None:
    killed(folder, "finished", INTERRUPTED)
    (found,) = RunStore(folder).interrupted()
    assert (found.number, found.ending) == (2, INTERRUPTED)
    assert RunStore(folder).interrupted() == ()


def test_that_several_are_told_of_the_newest_first(folder: Path) -> None:
    for _ in range(2):
        killed(folder, INTERRUPTED)
    assert [run.number for run in RunStore(folder).interrupted()] == [2, 1]


def test_that_a_run_under_way_in_a_program_that_runs_is_not_interrupted(folder: Path) -> None:
    here, there = RunStore(folder), RunStore(folder)
    run, _ = here.add(record(ending=INTERRUPTED))
    assert there.interrupted() == here.interrupted() == ()
    here.add(record(id=run.id, ending="stopped"))
    here.close()
    assert there.interrupted() == ()


def test_that_a_run_that_could_not_be_kept_to_its_end_was_interrupted(folder: Path) -> None:
    here = RunStore(folder)
    here.add(record(ending=INTERRUPTED))
    here.close()
    assert len(RunStore(folder).interrupted()) == 1


def test_that_a_run_that_was_deleted_or_damaged_meanwhile_is_not_told_of(folder: Path) -> None:
    killed(folder, INTERRUPTED, INTERRUPTED)
    first, second = RunStore(folder).list()
    RunStore(folder).delete(first.id)
    (folder / f"{second.id}.npz").write_bytes(b"torn")
    assert RunStore(folder).interrupted() == ()


def test_that_a_run_is_claimed_again_where_its_claim_was_deleted(folder: Path) -> None:
    store = RunStore(folder)
    run, _ = store.add(record(ending=INTERRUPTED))
    (claim,) = folder.glob(".*.under-way")
    claim.unlink()
    store.add(record(id=run.id, ending=INTERRUPTED, number=1))
    assert claim.exists()
    assert RunStore(folder).interrupted() == ()
    store.close()


def test_that_there_is_nothing_to_tell_where_there_is_no_folder(folder: Path) -> None:
    assert RunStore(folder).interrupted() == ()
    assert not folder.exists()
