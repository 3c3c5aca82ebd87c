"""The kept runs: every run with a step is on the disk, and nothing of it holds up the window."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import micronn_core.runs.store
from micronn_core.common.errors import StorageError
from micronn_core.runs import room
from micronn_core.runs.store import RunStore
from micronn_core.training.trainer import StepSize
from micronn_gui.session.runs import Runs
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from micronn_gui.worker.update import Status
from tests.core.runs.run_records import record
from tests.core.samples import numbered
from tests.gui.keeping import on_disk, run_through, settle, stock
from tests.gui.running import LONG, begin, finish, ready, train_to
from tests.small_disk import SmallDisk


@pytest.fixture
def runs(states: States) -> Runs:
    return states.runs


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def write(path: Path, content: bytes) -> None:
        raise StorageError(f"{path} cannot be saved: No space left on device.")

    monkeypatch.setattr(micronn_core.runs.store, "write_atomically", write)


def test_that_they_lie_in_the_folder_of_the_application(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    from micronn_gui.session.runs import default_folder

    assert default_folder().is_absolute()
    assert default_folder().parts[-2:] == ("MicroNN", "runs")


# -- what is kept --


def test_that_a_finished_run_is_kept_whole(
    qtbot: QtBot, training: TrainingState, states: States, runs: Runs
) -> None:
    run_through(qtbot, states, batch_size=64, seed=11)
    (kept,) = on_disk(states)
    assert training.newest is not None
    assert kept.config == training.config
    assert kept.ending == "finished"
    assert (kept.number, kept.fresh, kept.changed) == (1, True, ())
    assert 0 < kept.seconds < 60
    np.testing.assert_array_equal(kept.column("loss"), training.history.column("loss"))
    full = RunStore(runs.folder).read(kept.id)
    assert full.final.metrics == training.shown_metrics()
    assert full.final.parameters is not None
    np.testing.assert_array_equal(full.final.parameters.vector, training.newest.parameters.vector)


def test_that_the_best_weights_are_those_of_the_lowest_validation_loss(
    qtbot: QtBot, training: TrainingState, states: States, runs: Runs
) -> None:
    run_through(qtbot, states, learning_rate=5.0, epochs=30)
    (kept,) = on_disk(states)
    full = RunStore(runs.folder).read(kept.id)
    losses = training.history.column("validation_loss")
    assert full.best is not None
    assert full.best.metrics.validation_loss == losses.min()
    assert full.best.parameters is not None
    moment = training.history.snapshots[int(losses.argmin())]
    np.testing.assert_array_equal(full.best.parameters.vector, moment.parameters.vector)


def test_that_a_network_without_a_step_is_no_run(
    qtbot: QtBot, training: TrainingState, states: States, runs: Runs
) -> None:
    begin(qtbot, training)
    begin(qtbot, training)
    assert runs.records() == ()
    states.close()
    assert not runs.folder.exists()


def test_that_a_run_that_is_replaced_is_kept_as_it_stood(
    qtbot: QtBot, training: TrainingState, states: States, runs: Runs
) -> None:
    begin(qtbot, training, epochs=LONG, seed=42)
    train_to(qtbot, training, 5)
    training.pause()
    assert training.newest is not None
    last = training.newest
    steps = len(training.history)
    begin(qtbot, training, seed=2)
    settle(qtbot, runs)
    (kept,) = on_disk(states)
    assert kept.ending == "stopped"
    assert kept.config.seed == 42
    assert len(kept.curves) >= steps
    assert kept.final.metrics.step >= last.metrics.step


def test_that_closing_keeps_the_run(qtbot: QtBot, training: TrainingState, states: States) -> None:
    begin(qtbot, training, epochs=LONG)
    train_to(qtbot, training, 5)
    states.close()
    (kept,) = on_disk(states)
    assert kept.ending == "stopped"
    assert kept.final.metrics.epoch >= 5


def test_that_a_run_that_goes_on_stays_one_run(
    qtbot: QtBot, training: TrainingState, states: States, runs: Runs
) -> None:
    run_through(qtbot, states, epochs=3)
    (before,) = on_disk(states)
    training.add_epochs(4)
    qtbot.waitUntil(lambda: training.status is Status.FINISHED)
    settle(qtbot, runs)
    (kept,) = on_disk(states)
    assert (kept.id, kept.number, kept.began) == (before.id, before.number, before.began)
    assert kept.final.metrics.epoch == 7
    assert kept.config.epochs == 7
    assert kept.seconds > before.seconds


def test_that_an_overflow_makes_a_failed_run(
    qtbot: QtBot, training: TrainingState, states: States, runs: Runs
) -> None:
    begin(qtbot, training, activation="leaky_relu", learning_rate=1000.0, epochs=LONG)
    with qtbot.waitSignal(training.failed):
        training.play()
    assert [run.ending for run in runs.records()] == ["failed"]
    begin(qtbot, training)
    settle(qtbot, runs)
    assert [run.ending for run in on_disk(states)] == ["failed"]


def test_that_settings_that_change_under_way_are_remembered(
    qtbot: QtBot, training: TrainingState, states: States, runs: Runs
) -> None:
    begin(qtbot, training, epochs=3)
    training.change({"batch_size": 64})  # before the first step: it is just the setting
    training.step(StepSize.BATCH)
    qtbot.waitUntil(lambda: training.trained and training.status is Status.PAUSED)
    training.change({"learning_rate": 0.3})
    training.change({"epochs": 4})
    finish(qtbot, training)
    settle(qtbot, runs)
    (kept,) = on_disk(states)
    assert kept.changed == ("learning_rate",)
    assert kept.config.learning_rate == 0.3


def test_that_the_same_config_gives_the_same_run_again(
    qtbot: QtBot, training: TrainingState, states: States, runs: Runs
) -> None:
    run_through(qtbot, states, batch_size=32, optimizer="adam", learning_rate=0.01)
    (first,) = on_disk(states)
    training.new_network(first.config)
    ready(qtbot, training)
    finish(qtbot, training)
    settle(qtbot, runs)
    again = on_disk(states)[0]
    assert again.id != first.id
    np.testing.assert_array_equal(again.curves, first.curves)


def test_that_other_runs_can_be_added(qtbot: QtBot, states: States, runs: Runs) -> None:
    run_through(qtbot, states)
    runs.add(record(name="rate 0.3"))
    runs.add(record())
    settle(qtbot, runs)
    assert [(run.number, runs.title(run)) for run in on_disk(states)] == [
        (3, "Run 3"),
        (2, "rate 0.3"),
        (1, "Run 1"),
    ]


# -- the disk --


def test_that_nothing_is_read_before_somebody_looks_and_then_beside_the_window(
    qtbot: QtBot, training: TrainingState, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock(runs.folder, 2)
    threads: list[str] = []
    read = RunStore._known

    def known(store: RunStore) -> object:
        threads.append(threading.current_thread().name)
        return read(store)

    monkeypatch.setattr(RunStore, "_known", known)
    begin(qtbot, training)
    assert threads == []
    runs.watch(True)
    qtbot.waitUntil(lambda: runs.is_read)
    assert len(runs.records()) == 2
    assert all(name.startswith("micronn-runs") for name in threads)


def test_that_a_full_disk_is_told_once_until_it_is_over_and_training_goes_on(
    qtbot: QtBot, training: TrainingState, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, disk = QSignalSpy(runs.refused), SmallDisk(runs.folder, monkeypatch, capacity=0)
    begin(qtbot, training, epochs=2)
    finish(qtbot, training)
    qtbot.waitUntil(lambda: told.count() == 1)
    assert "the disk is full" in told.at(0)[0]
    for capacity, wanted in ((0, 1), (1 << 40, 1), (0, 2)):
        disk.capacity = capacity
        training.add_epochs(2)
        qtbot.waitUntil(lambda: training.status is Status.FINISHED)
        settle(qtbot, runs)
        assert told.count() == wanted
        assert bool(runs.unsaved) is (capacity == 0)
    assert len(runs.records()) == 1


def test_that_it_is_said_before_a_run_if_there_is_no_room_to_keep_it(
    qtbot: QtBot, training: TrainingState, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    SmallDisk(runs.folder, monkeypatch, capacity=1_000)
    begin(qtbot, training, epochs=LONG)
    with qtbot.waitSignal(runs.refused) as told:
        training.play()
    assert told.args[0].startswith("This run is not kept: ")
    assert training.status is Status.RUNNING
    training.pause()
    qtbot.waitUntil(lambda: training.status is Status.PAUSED)


def test_that_room_is_asked_for_the_samples_that_were_added_too(
    qtbot: QtBot, training: TrainingState, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = numbered(2_000)
    SmallDisk(runs.folder, monkeypatch, capacity=2_000_000)  # enough for the network, many times
    training.about_to_begin.connect(lambda next_run: setattr(next_run, "more", many))
    begin(qtbot, training, epochs=LONG)
    with qtbot.waitSignal(runs.refused) as told:
        training.play()
    assert told.args[0].startswith("This run is not kept: ")
    training.pause()
    qtbot.waitUntil(lambda: training.status is Status.PAUSED)


def test_that_a_folder_that_was_deleted_under_the_window_is_made_again(
    qtbot: QtBot, states: States, runs: Runs
) -> None:
    run_through(qtbot, states)
    shutil.rmtree(runs.folder)
    states.close()  # nothing has changed since it was kept, but it is there no longer
    (kept,) = on_disk(states)
    assert kept.ending == "finished"


def test_that_a_file_in_the_place_of_the_folder_is_told_once(
    qtbot: QtBot, states: States, runs: Runs
) -> None:
    told = QSignalSpy(runs.refused)
    runs.folder.write_bytes(b"")
    for _ in range(2):
        run_through(qtbot, states)
    assert told.count() == 1
    assert "a file is in the place of its folder" in told.at(0)[0]
    assert len(runs.records()) == 2


def test_that_the_newest_run_is_the_newest_also_when_the_clock_was_set_back(qtbot: QtBot, runs: Runs) -> None:
    stock(runs.folder, 2)
    runs.watch(True)
    settle(qtbot, runs)
    runs.add(record(began="2001-01-01T00:00:00+00:00"))
    settle(qtbot, runs)
    assert [run.number for run in runs.records()] == [3, 2, 1]


@pytest.mark.usefixtures("full_disk")
def test_that_runs_without_room_on_the_disk_stay_until_the_program_ends(
    qtbot: QtBot, training: TrainingState, runs: Runs
) -> None:
    runs.watch(True)
    first = None
    for _ in range(3):
        begin(qtbot, training, epochs=2)
        finish(qtbot, training)
        first = first or training.newest
    settle(qtbot, runs)
    assert len(runs.records()) == 3
    assert runs.title(runs.records()[-1]) == "Not saved"
    with qtbot.waitSignal(runs.loaded) as loaded:
        runs.load(runs.records()[-1].id, best=False)
    assert first is not None
    np.testing.assert_array_equal(loaded.args[0].network.parameters.vector, first.parameters.vector)


def test_that_runs_of_another_window_are_seen_and_counted_on(
    qtbot: QtBot, states: States, runs: Runs
) -> None:
    run_through(qtbot, states)
    settle(qtbot, runs)
    stock(runs.folder, 1)
    runs.watch(True)
    qtbot.waitUntil(lambda: len(runs.records()) == 2)
    taken = {run.number for run in runs.records()}
    run_through(qtbot, states)
    settle(qtbot, runs)
    assert {run.number for run in runs.records()} - taken == {max(taken) + 1}


def test_that_a_damaged_file_is_told_once_and_left(qtbot: QtBot, training: TrainingState, runs: Runs) -> None:
    stock(runs.folder, 2)
    (runs.folder / "torn.npz").write_bytes(b"PK torn")
    told = QSignalSpy(runs.refused)
    runs.watch(True)
    settle(qtbot, runs)
    settle(qtbot, runs)
    assert told.count() == 1
    assert "torn.npz" in told.at(0)[0]
    assert len(runs.records()) == 2
    assert (runs.folder / "torn.npz").exists()


def test_that_an_error_nobody_expected_is_told(
    qtbot: QtBot, training: TrainingState, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(RunStore, "save", fail)
    told = QSignalSpy(runs.refused)
    runs.add(record())
    qtbot.waitUntil(lambda: told.count() == 1)
    assert "ZeroDivisionError" in told.at(0)[0]


def test_that_it_is_said_which_run_made_room(
    qtbot: QtBot, training: TrainingState, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock(runs.folder, 3)
    runs.watch(True)
    settle(qtbot, runs)
    monkeypatch.setattr(runs._disk._store, "most", 3)
    runs.add(record())
    settle(qtbot, runs)
    assert "Run 1, the oldest" in runs.note
    assert [run.number for run in runs.records()] == [4, 3, 2]


def test_that_it_is_said_which_runs_made_room_on_a_small_disk(
    qtbot: QtBot, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock(runs.folder, 3)
    disk = SmallDisk(runs.folder, monkeypatch)
    monkeypatch.setattr(room, "SHARE", 1)
    monkeypatch.setattr(room, "LEFT_FREE", 0)
    runs.watch(True)
    settle(qtbot, runs)
    disk.capacity = disk.used + 1_000
    told = QSignalSpy(runs.refused)
    runs.add(record(lowest=10))
    settle(qtbot, runs)
    wanted = (
        "There is little room on the disk: Run 1, the oldest run without a star, made room for the newest."
    )
    assert [told.at(i)[0] for i in range(told.count())] == [wanted]
    assert runs.note == wanted
    assert [run.number for run in runs.records()] == [4, 3, 2]
