"""The store of runs: kept whole or not at all, listed without weights, opened with suspicion."""

from __future__ import annotations

import errno
import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from micronn_core.common import files, locks
from micronn_core.common.errors import StorageError
from micronn_core.common.files import _beside
from micronn_core.common.locks import FolderLock
from micronn_core.common.trash import NotInTrashError
from micronn_core.nn.optimizers import OPTIMIZERS
from micronn_core.runs.store import RunStore
from micronn_core.settings.config import TrainingConfig
from tests.content import assert_same_bytes
from tests.core.runs.run_records import record, with_checkpoint
from tests.paths import CHECKOUT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "runs"


@pytest.fixture
def store(folder: Path) -> RunStore:
    return RunStore(folder)


def file_of(folder: Path) -> Path:
    (path,) = folder.glob("*.npz")
    return path


def altered(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Write the same file with its JSON values or its arrays changed."""
    with np.load(path, allow_pickle=False) as archive:
        content: dict[str, Any] = dict(archive)
    content["micronn"] = json.loads(str(content["micronn"]))
    change(content)
    content["micronn"] = np.array(json.dumps(content["micronn"]))
    np.savez(path, **content)


def test_that_a_run_comes_back_bit_for_bit(store: RunStore, folder: Path) -> None:
    run = record(
        lowest=8, name="ours", number=7, fresh=False, changed=("batch_size",), starred=True, ending="stopped"
    )
    store.save(run)
    found = RunStore(folder).read(run.id)
    plain = ("config", "seconds", "ending", "name", "number", "id", "began", "fresh", "changed", "starred")
    for name in plain:
        assert getattr(found, name) == getattr(run, name), name
    np.testing.assert_array_equal(found.curves, run.curves)
    for there, here in ((found.final, run.final), (found.best, run.best)):
        assert there is not None
        assert here is not None
        assert there.metrics == here.metrics
        assert there.parameters is not None
        assert here.parameters is not None
        assert there.parameters.sizes == here.parameters.sizes
        np.testing.assert_array_equal(there.parameters.vector, here.parameters.vector)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_that_a_run_comes_back_with_what_it_takes_to_go_on(
    optimizer: str, store: RunStore, folder: Path
) -> None:
    config = TrainingConfig(hidden=(5,), optimizer=optimizer)
    run = with_checkpoint(record(lowest=8, config=config), more=4)
    store.save(run)
    found = RunStore(folder).read(run.id)
    kept, there, more = run.checkpoint, found.checkpoint, found.more
    assert kept is not None
    assert there is not None
    assert there.best is not None
    assert more is not None
    assert run.more is not None
    names = ("epoch", "position", "optimizer_steps", "waiting_since", "stopped")
    assert [getattr(there, name) for name in names] == [getattr(kept, name) for name in names]
    assert repr(there.metrics) == repr(kept.metrics)  # what was not measured was not measured
    assert there.parameters is found.final.parameters
    assert there.best == found.best
    assert there.averages.dtype == kept.averages.dtype
    np.testing.assert_array_equal(there.averages, kept.averages)
    np.testing.assert_array_equal(more.values, run.more.values)
    np.testing.assert_array_equal(more.labels, run.more.labels)
    assert (more.name, more.spec) == (run.more.name, run.more.spec)
    (listed,) = RunStore(folder).list()
    assert (listed.checkpoint, listed.more) == (None, None)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"epoch": -1}, "its checkpoint is not of its last moment"),
        ({"optimizer_steps": True}, "its optimizer_steps: True is no whole number that can be used"),
        ({"waiting_since": float("nan")}, "its waiting_since: nan is no number"),
        ({"stopped": None}, "its stopped: None is of the wrong kind"),
        ({"metrics": None}, "its metrics: None has no names"),
        ({"later": 3}, "'later' of its checkpoint is not known"),
    ],
    ids=str,
)
def test_that_a_checkpoint_that_cannot_be_is_refused_in_words(
    change: dict[str, Any], reason: str, store: RunStore, folder: Path
) -> None:
    run = with_checkpoint(record())
    store.save(run)
    altered(file_of(folder), lambda content: content["micronn"]["checkpoint"].update(change))
    with pytest.raises(StorageError, match=re.escape(reason)):
        RunStore(folder).read(run.id)


def test_that_a_checkpoint_of_another_optimizer_or_network_is_refused(store: RunStore, folder: Path) -> None:
    run = with_checkpoint(record(config=TrainingConfig(hidden=(5,), optimizer="adam")), more=2)
    store.save(run)
    whole = file_of(folder).read_bytes()
    for change, reason in (
        (
            lambda content: content.update(averages=content["averages"][:1]),
            "averages are not those of its optimizer",
        ),
        (lambda content: content.pop("averages"), "averages is missing"),
        (lambda content: content["micronn"]["config"].update(optimizer="momentum"), "would unpack to"),
        (lambda content: content["micronn"]["config"].update(hidden=[6]), "its settings are not those of"),
        (
            lambda content: content["micronn"]["more"].update(count=3),
            "the samples that it learned from are not",
        ),
    ):
        file_of(folder).write_bytes(whole)
        altered(file_of(folder), change)
        with pytest.raises(StorageError, match=reason):
            RunStore(folder).read(run.id)


@pytest.mark.parametrize(
    "change",
    [
        {"seconds": 10**400},
        {"seconds": -1},
        {"seconds": 1e300},
        {"began": "0001-01-01T00:00:00+14:00"},
        {"began": "9999-12-31T23:59:59-12:00"},
        {"began": "1" * 5000},
        {"number": 10**400},
    ],
    ids=lambda change: next(iter(change)),
)
def test_that_numbers_and_dates_beyond_all_bounds_are_that_file_s_fault_alone(
    change: dict[str, Any], store: RunStore, folder: Path
) -> None:
    other = record(name="other")
    store.save(record())
    altered(file_of(folder), lambda content: content["micronn"].update(change))
    store.save(other)
    fresh = RunStore(folder)
    assert [run.name for run in fresh.list()] == ["other"]
    (problem,) = fresh.problems
    assert len(problem) < 500
    fresh.add(record())
    assert len(fresh.list()) == 2


def test_that_figures_that_were_not_measured_come_back_as_such(store: RunStore, folder: Path) -> None:
    run = record()
    unmeasured = run.final.metrics._replace(validation_loss=float("nan"), validation_accuracy=float("nan"))
    store.save(replace(run, final=run.final._replace(metrics=unmeasured), best=None))
    (found,) = RunStore(folder).list()
    assert np.isnan(found.final.metrics.validation_loss)
    assert found.best is None


def test_that_a_run_whose_last_moment_is_its_best_is_not_written_twice(store: RunStore, folder: Path) -> None:
    run = record()
    store.save(run)
    with np.load(file_of(folder)) as archive:
        assert set(archive) == {"micronn", "curves", "final"}
    found = store.read(run.id)
    assert found.best is not None
    assert found.best.parameters is not None


def test_that_the_newest_run_is_the_newest_also_when_the_clock_was_set_back(store: RunStore) -> None:
    before, _ = store.add(record(began="2026-03-05T10:00:00+00:00"))
    after, _ = store.add(record(began="2024-01-01T10:00:00+00:00"))
    assert [run.id for run in store.list()] == [after.id, before.id]


def test_that_a_folder_that_was_deleted_under_the_program_is_made_again(
    store: RunStore, folder: Path
) -> None:
    store.add(record())
    shutil.rmtree(folder.parent)
    assert store.list() == ()
    run, _ = store.add(record())
    assert [found.id for found in RunStore(folder).list()] == [run.id]


def test_that_runs_are_listed_newest_first_without_their_weights(store: RunStore, folder: Path) -> None:
    days = ("2026-03-02", "2026-03-01", "2026-03-03")
    for day in days:
        store.save(record(began=f"{day}T10:00:00.000+00:00", name=day))
    for listed in (store.list(), RunStore(folder).list()):
        assert [run.name for run in listed] == sorted(days, reverse=True)
        assert all(run.final.parameters is None for run in listed)


def test_that_to_list_runs_no_weight_is_read(store: RunStore, folder: Path) -> None:
    store.save(record(lowest=3))
    path = file_of(folder)
    with zipfile.ZipFile(path) as archive:
        place = archive.getinfo("final.npy").header_offset
    content = bytearray(path.read_bytes())
    content[place + 5000] ^= 0xFF
    path.write_bytes(content)
    fresh = RunStore(folder)
    (run,) = fresh.list()
    with pytest.raises(StorageError, match="damaged"):
        fresh.read(run.id)


def test_that_a_run_that_goes_on_takes_its_own_place(store: RunStore, folder: Path) -> None:
    run = record(steps=10)
    store.save(run)
    store.save(replace(record(steps=30), id=run.id))
    (found,) = RunStore(folder).list()
    assert found.final.metrics.step == 30
    assert len(list(folder.glob("*.npz"))) == 1


def test_that_a_run_can_be_renamed_and_keeps_its_weights(store: RunStore, folder: Path) -> None:
    run = record(lowest=5)
    store.save(run)
    store.change(run.id, name="a better name", starred=True)
    found = RunStore(folder).read(run.id)
    assert (found.name, found.starred) == ("a better name", True)
    assert found.final.parameters is not None
    assert run.final.parameters is not None
    np.testing.assert_array_equal(found.final.parameters.vector, run.final.parameters.vector)


def test_that_a_deleted_run_is_gone_and_deleting_twice_is_no_error(store: RunStore, folder: Path) -> None:
    run, other = record(), record()
    for made in (run, other):
        store.save(made)
    for _ in range(2):
        store.delete(run.id)
    assert [found.id for found in store.list()] == [other.id]
    assert [found.id for found in RunStore(folder).list()] == [other.id]
    with pytest.raises(StorageError, match="is gone"):
        store.read(run.id)


def test_that_the_oldest_without_a_star_go_when_there_are_too_many(folder: Path) -> None:
    store = RunStore(folder, most=3)
    runs = [record(began=f"2026-03-0{day}T10:00:00+00:00", starred=day == 1) for day in range(1, 6)]
    dropped = [store.save(run) for run in runs]
    assert [[old.id for old in olds] for olds in dropped] == [[], [], [], [runs[1].id], [runs[2].id]]
    assert {run.id for run in RunStore(folder).list()} == {runs[0].id, runs[3].id, runs[4].id}


def test_that_there_are_no_runs_where_there_is_no_folder(store: RunStore, folder: Path) -> None:
    assert store.list() == ()
    assert not folder.exists()


def test_that_a_full_disk_leaves_what_was_there(
    store: RunStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = record(steps=10)
    store.save(run)
    before = file_of(folder).read_bytes()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    for changed in (replace(record(steps=30), id=run.id), record()):
        with pytest.raises(StorageError, match="the disk is full"):
            store.save(changed)
    assert_same_bytes(file_of(folder).read_bytes(), before)
    assert [found.final.metrics.step for found in store.list()] == [10]


def test_that_weights_that_are_no_numbers_are_refused(store: RunStore) -> None:
    run = record()
    assert run.final.parameters is not None
    bad = run.final.parameters.writable_copy()
    bad.vector[3] = np.nan
    with pytest.raises(StorageError, match="not numbers"):
        store.save(replace(run, final=run.final._replace(parameters=bad)))
    assert store.list() == ()


FAULTS: dict[str, Callable[[dict[str, Any]], object]] = {
    "another format": lambda c: c["micronn"].update(format=9),
    "an unknown setting": lambda c: c["micronn"]["config"].update(magic=1),
    "a setting out of range": lambda c: c["micronn"]["config"].update(epochs=-1),
    "an unknown ending": lambda c: c["micronn"].update(ending="eaten"),
    "no time": lambda c: c["micronn"].update(began="yesterday"),
    "a time without a zone": lambda c: c["micronn"].update(began="2026-03-01T10:00:00"),
    "a number that is none": lambda c: c["micronn"].update(number="7"),
    "endless seconds": lambda c: c["micronn"].update(seconds=float("inf")),
    "a figure that is none": lambda c: c["micronn"]["final"].update(loss="low"),
    "a figure too many": lambda c: c["micronn"]["final"].update(luck=1.0),
    "no final figures": lambda c: c["micronn"].pop("final"),
    "no curves": lambda c: c.pop("curves"),
    "curves of another shape": lambda c: c.update(curves=c["curves"][:, :5]),
    "curves that run back": lambda c: c.update(curves=c["curves"][::-1]),
    "endless curves": lambda c: c.update(curves=np.zeros((100_000, 7))),
    "an object": lambda c: c.update(curves=np.array([{}], object)),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_that_a_damaged_run_is_skipped_and_told_and_left_alone(
    store: RunStore, folder: Path, fault: str
) -> None:
    store.save(record())
    path = file_of(folder)
    altered(path, FAULTS[fault])
    before = path.read_bytes()
    good = record(name="good")
    store.save(good)
    fresh = RunStore(folder, most=1)
    assert [run.name for run in fresh.list()] == ["good"]
    (problem,) = fresh.problems
    assert str(path) in problem
    fresh.save(record())
    assert_same_bytes(path.read_bytes(), before)


WRONG_WEIGHTS: dict[str, Callable[[dict[str, Any]], object]] = {
    "too few": lambda c: c.update(final=c["final"][:-1]),
    "too many": lambda c: c.update(final=np.zeros(10_000_000, np.float32)),
    "not numbers": lambda c: c.update(final=np.full_like(c["final"], np.nan)),
    "of another kind": lambda c: c.update(final=c["final"].astype(np.float64)),
    "for a giant": lambda c: c["micronn"].update(sizes=[784, 10**9, 10]),
    "for nothing": lambda c: c["micronn"].update(sizes=[784]),
    "missing": lambda c: c.pop("best"),
}


@pytest.mark.parametrize("fault", WRONG_WEIGHTS)
def test_that_wrong_weights_are_refused(store: RunStore, folder: Path, fault: str) -> None:
    run = record(lowest=4)
    store.save(run)
    altered(file_of(folder), WRONG_WEIGHTS[fault])
    with pytest.raises(StorageError):
        store.read(run.id)


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 torn"])
def test_that_what_is_no_run_is_told(folder: Path, content: bytes) -> None:
    folder.mkdir(parents=True)
    (folder / "notes.npz").write_bytes(content)
    store = RunStore(folder)
    assert store.list() == ()
    assert "no run of MicroNN's" in store.problems[0]


def test_that_an_archive_without_a_run_is_told(folder: Path) -> None:
    folder.mkdir(parents=True)
    content = io.BytesIO()
    np.savez(content, W1=np.zeros(3))
    (folder / "network.npz").write_bytes(content.getvalue())
    store = RunStore(folder)
    assert store.list() == ()
    assert len(store.problems) == 1


@pytest.mark.parametrize("id_", ["../../etc", "a/b", "", "-", "x" * 65])
def test_that_an_id_never_leads_out_of_the_folder(store: RunStore, id_: str) -> None:
    for refused in (store.read, store.delete, lambda i: store.save(record(id=i))):
        with pytest.raises(StorageError, match="no name of a run"):
            refused(id_)


def test_that_any_config_can_be_kept(store: RunStore, folder: Path) -> None:
    config = TrainingConfig(hidden=(5,), dropout=0.2, l2=1e-4, schedule="cosine", batch_size=64)
    store.save(record(config=config))
    assert RunStore(folder).list()[0].config == config


ADD = """
import sys
from pathlib import Path
from micronn_core.runs.store import RunStore
from tests.core.runs.run_records import record
store = RunStore(Path(sys.argv[1]))
for _ in range(int(sys.argv[2])):
    print(store.add(record(sizes=(784, 2, 10)))[0].number)
"""


def test_that_no_number_is_given_twice_when_several_programs_keep_runs_at_once(folder: Path) -> None:
    count, programs = 8, 4
    words = [sys.executable, "-c", ADD, str(folder), str(count)]
    env = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    running = [subprocess.Popen(words, env=env, stdout=subprocess.PIPE, text=True) for _ in range(programs)]
    said = [int(line) for program in running for line in program.communicate(timeout=60)[0].split()]
    assert sorted(said) == list(range(1, count * programs + 1))
    assert sorted(run.number for run in RunStore(folder).list()) == sorted(said)


# -- what else lies in the folder, and other programs --


def copy_of_a_run(folder: Path) -> Path:
    return Path(shutil.copy(next(folder.glob("*.npz")), folder / "x (copy).npz"))


def damaged_header(folder: Path) -> Path:
    path = folder / "damaged.npz"
    path.write_bytes(next(folder.glob("*.npz")).read_bytes()[:200])
    return path


def pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pipe.npz")
    return folder / "pipe.npz"


def subfolder(folder: Path) -> Path:
    (folder / "folder.npz").mkdir()
    return folder / "folder.npz"


def link_to_nothing(folder: Path) -> Path:
    (folder / "link.npz").symlink_to("nowhere")
    return folder / "link.npz"


def device(folder: Path) -> Path:
    (folder / "zero.npz").symlink_to("/dev/zero")
    return folder / "zero.npz"


def name_of_half_a_letter(folder: Path) -> Path:
    path = folder / os.fsdecode(b"\xff.npz")
    path.write_bytes(b"")
    return path


LYING_THERE = (
    copy_of_a_run,
    damaged_header,
    pipe,
    subfolder,
    link_to_nothing,
    device,
    name_of_half_a_letter,
)


@pytest.mark.parametrize("lay", LYING_THERE)
def test_that_whatever_lies_in_the_folder_is_that_file_s_fault_alone(
    lay: Callable[[Path], Path], folder: Path
) -> None:
    RunStore(folder).add(record(began="2025-01-01T00:00:00+00:00"))
    path = lay(folder)
    store = RunStore(folder, most=2)
    assert len(store.list()) == 1
    (problem,) = store.problems
    assert problem.startswith(os.fsencode(path).decode("utf-8", "replace"))
    for _ in range(3):  # room is made for the newest all the same
        store.add(record())
    assert len(store.list()) == 2
    assert len(store.problems) == 1
    assert os.path.lexists(path)


def test_that_all_of_it_at_once_keeps_no_run_from_being_kept(folder: Path) -> None:
    store = RunStore(folder)
    store.add(record())
    for lay in LYING_THERE:
        lay(folder)
    run, _ = store.add(record())
    assert run.number == 2
    assert len(store.problems) == len(LYING_THERE)
    store.change(run.id, starred=True)
    store.delete(run.id)
    assert len(store.list()) == 1


def test_that_a_file_that_was_mended_is_read_again(folder: Path) -> None:
    store = RunStore(folder)
    run, _ = store.add(record())
    path = file_of(folder)
    whole = path.read_bytes()
    path.write_bytes(whole[:-100])
    assert (len(store.list()), len(store.problems)) == (0, 1)
    path.write_bytes(whole)
    assert ([found.id for found in store.list()], store.problems) == ([run.id], ())


def test_that_what_another_program_has_trained_on_is_not_replaced(folder: Path) -> None:
    here, there = RunStore(folder), RunStore(folder)
    run, _ = here.add(record(steps=20))
    elsewhere, _ = there.add(replace(record(steps=30), id=there.read(run.id).id, number=run.number))
    assert elsewhere.id == run.id
    mine, _ = here.add(replace(record(steps=25), id=run.id, number=run.number, name="mine"))
    assert (mine.id == run.id, mine.number, mine.name) == (False, 2, "mine")
    steps = {found.id: found.final.metrics.step for found in RunStore(folder).list()}
    assert steps == {run.id: 30, mine.id: 25}
    again, _ = here.add(replace(record(steps=26), id=mine.id, number=mine.number))
    assert again.id == mine.id


def test_that_a_name_that_another_program_has_given_stays(folder: Path) -> None:
    here, there = RunStore(folder), RunStore(folder)
    run, _ = here.add(record(steps=20))
    there.change(run.id, name="better", starred=True)
    grown, _ = here.add(replace(record(steps=25), id=run.id, number=run.number))
    assert (grown.id, grown.name, grown.starred) == (run.id, "better", True)
    (found,) = RunStore(folder).list()
    assert (found.name, found.final.metrics.step) == ("better", 25)


def test_that_runs_of_another_folder_are_taken_in(folder: Path, tmp_path: Path) -> None:
    former = RunStore(tmp_path / "former")
    one, _ = former.add(record())
    two, _ = former.add(record())
    (former.folder / "notes.txt").write_text("mine", "utf-8")
    pipe(former.folder)
    store = RunStore(folder)
    store.save(replace(two, name="here"))
    store.take_in(former.folder)
    assert {run.id: run.name for run in store.list()} == {one.id: "", two.id: "here"}
    left = {path.name for path in former.folder.iterdir()}
    assert {"notes.txt", "pipe.npz", f"{two.id}.npz"} <= left  # nothing is replaced, nothing else is moved
    store.take_in(tmp_path / "never was")


def test_that_what_a_killed_program_left_half_written_is_swept_but_not_what_is_being_written(
    folder: Path,
) -> None:
    RunStore(folder).add(record())
    left, foreign = folder / ".micronn-01.part", folder / "mine.part"
    for path in (left, foreign):
        path.write_bytes(b"half")
    with _beside(folder / "network.npz") as (_, written, _):
        RunStore(folder).list()
        assert [path.exists() for path in (left, foreign, written)] == [False, True, True]
    assert not written.exists()


def test_that_where_files_cannot_be_locked_only_old_ones_are_swept(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    RunStore(folder).add(record())
    monkeypatch.setattr(files, "fcntl", None)
    old, new = folder / ".micronn-01.part", folder / ".micronn-02.part"
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 7_200,) * 2)
    RunStore(folder).list()
    assert [path.exists() for path in (old, new)] == [False, True]
    RunStore(folder).add(record())
    assert len(RunStore(folder).list()) == 2


# -- what was deleted --


def test_that_a_deleted_run_can_be_restored_bit_for_bit(store: RunStore, folder: Path) -> None:
    run, other = record(number=1), record(number=2)
    for made in (run, other):
        store.save(made)
    before = {path.name: path.read_bytes() for path in folder.glob("*.npz")}
    assert store.delete(run.id)
    assert store.restore(run.id).number == 1
    assert {path.name: path.read_bytes() for path in folder.glob("*.npz")} == before
    assert {found.id for found in store.list()} == {found.id for found in RunStore(folder).list()}
    store.close()
    assert {path.name for path in folder.iterdir()} - before.keys() == {".lock"}


def test_that_a_closed_store_has_no_trash(store: RunStore, folder: Path) -> None:
    run = record()
    store.save(run)
    store.delete(run.id)
    store.close()
    with pytest.raises(NotInTrashError, match="no longer in the trash"):
        store.restore(run.id)
    assert [path.name for path in folder.iterdir()] == [".lock"]


def test_that_a_restored_run_has_another_number_if_its_own_was_given_again(
    store: RunStore, folder: Path
) -> None:
    first, second = store.add(record())[0], store.add(record())[0]
    store.delete(second.id)
    third, _ = RunStore(folder).add(record())
    assert (second.number, third.number) == (2, 2)
    assert store.restore(second.id).number == 3
    assert {run.id: run.number for run in RunStore(folder).list()} == {first.id: 1, third.id: 2, second.id: 3}
    store.close()


def test_that_a_run_that_another_program_has_kept_again_is_not_replaced(
    store: RunStore, folder: Path
) -> None:
    run, _ = store.add(record(steps=10))
    other = RunStore(folder)
    other.read(run.id)
    store.delete(run.id)
    other.add(replace(record(steps=30), id=run.id, number=run.number))
    with pytest.raises(NotInTrashError, match="there again"):
        store.restore(run.id)
    (found,) = store.list()
    assert found.final.metrics.step == 30
    store.close()


def test_that_many_are_restored_with_one_look_and_none_has_the_number_of_another(
    store: RunStore, folder: Path
) -> None:
    runs = [record(seed=i, number=i) for i in (1, 2, 3)]
    for run in runs:
        store.save(run)
        store.delete(run.id)
    RunStore(folder).add(record(seed=4))  # it gets the number 1, for there is no other
    with store.kept():
        for run in runs:
            store.restore(run.id)
    assert sorted(run.number for run in RunStore(folder).list()) == [1, 2, 3, 4]
    assert [run.id for run in store.list()] == [run.id for run in RunStore(folder).list()]


def test_that_each_of_two_stores_restores_what_it_has_deleted(store: RunStore, folder: Path) -> None:
    mine, theirs = store.add(record())[0], store.add(record())[0]
    other = RunStore(folder)
    assert other.delete(theirs.id)
    assert not store.delete(theirs.id)  # it is gone
    assert store.delete(mine.id)
    with pytest.raises(NotInTrashError):
        store.restore(theirs.id)
    store.close()
    RunStore(folder).list()  # which sweeps
    other.restore(theirs.id)
    assert [run.id for run in RunStore(folder).list()] == [theirs.id]
    other.close()


def test_that_a_run_is_deleted_while_nobody_else_changes_the_folder(
    store: RunStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, _ = store.add(record())
    monkeypatch.setattr(locks, "PATIENCE", 0.1)
    late = RunStore(folder)
    with FolderLock(folder).held(), pytest.raises(StorageError, match="changed by another program"):
        late.delete(run.id)
    assert [found.id for found in late.list()] == [run.id]


def test_that_what_makes_room_is_not_in_the_trash(folder: Path) -> None:
    store = RunStore(folder, most=1)
    for _ in range(2):
        store.add(record())
    assert len(list(folder.rglob("*.npz"))) == 1
