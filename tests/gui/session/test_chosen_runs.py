"""What can be done with kept runs: naming, deleting, opening, choosing and exporting them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from micronn_core.settings.config import TrainingConfig
from micronn_core.training.trainer import StepSize
from micronn_gui.session.choice import MOST_CHOSEN
from micronn_gui.session.runs import INTERVAL, Runs
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from micronn_gui.worker.update import Status
from tests.core.runs.run_records import record
from tests.gui.keeping import on_disk, run_through, settle, stock
from tests.gui.running import LONG, begin, finish, ready, train_to


@pytest.fixture
def runs(states: States) -> Runs:
    return states.runs


# -- names, stars, deletion --


def test_that_a_run_can_be_renamed_while_it_trains_and_afterwards(
    qtbot: QtBot, training: TrainingState, states: States, runs: Runs
) -> None:
    begin(qtbot, training, epochs=LONG)
    train_to(qtbot, training, 2)
    qtbot.waitUntil(lambda: bool(runs.present_id))
    runs.rename(runs.present_id, "  wide   net ")
    training.change({"epochs": int(training.history.column("epoch")[-1]) + 5})
    qtbot.waitUntil(lambda: training.status is Status.FINISHED)
    settle(qtbot, runs)
    assert on_disk(states)[0].name == "wide net"
    runs.rename(runs.present_id, "")
    runs.change(runs.present_id, starred=True)
    settle(qtbot, runs)
    assert (on_disk(states)[0].name, on_disk(states)[0].starred) == ("", True)
    training.add_epochs(1)
    qtbot.waitUntil(lambda: training.status is Status.FINISHED)
    settle(qtbot, runs)
    assert on_disk(states)[0].starred


def test_that_a_kept_run_can_be_deleted_but_not_the_present_one(
    qtbot: QtBot, states: States, runs: Runs
) -> None:
    stock(runs.folder, 2)
    run_through(qtbot, states)
    runs.delete([run.id for run in runs.records() if run.number != 2])
    settle(qtbot, runs)
    assert [run.number for run in runs.records()] == [3, 2]
    assert [run.number for run in on_disk(states)] == [3, 2]


# -- opening --


@pytest.mark.parametrize("best", [False, True])
def test_that_weights_of_a_run_become_the_present_network(
    qtbot: QtBot, training: TrainingState, runs: Runs, best: bool
) -> None:
    (made,) = stock(runs.folder, 1)
    begin(qtbot, training)
    with qtbot.waitSignal(runs.loaded) as news:
        runs.load(made.id, best)
    runs.open(news.args[0])
    ready(qtbot, training)
    moment = made.best if best else made.final
    assert moment is not None
    assert moment.parameters is not None
    assert training.newest is not None
    np.testing.assert_array_equal(training.newest.parameters.vector, moment.parameters.vector)
    assert training.config == made.config
    training.step(StepSize.BATCH)
    qtbot.waitUntil(lambda: bool(runs.present_id))
    assert [run.fresh for run in runs.records() if run.id == runs.present_id] == [False]


def test_that_the_present_run_can_go_back_to_its_best_weights(
    qtbot: QtBot, training: TrainingState, runs: Runs
) -> None:
    begin(qtbot, training, epochs=5)
    finish(qtbot, training)
    with qtbot.waitSignal(runs.loaded) as news:
        runs.load(runs.present_id, best=True)
    assert training.newest is not None
    lowest = training.history.column("validation_loss").min()
    assert news.args[0].metrics["validation_loss"] == lowest


# -- the choice --


def test_that_a_new_run_is_chosen_by_itself_and_the_first_gives_way(
    qtbot: QtBot, states: States, runs: Runs
) -> None:
    made = stock(runs.folder, MOST_CHOSEN + 1)
    runs.watch(True)
    settle(qtbot, runs)
    assert [run.number for run in runs.records() if runs.is_chosen(run.id)] == [9, 8, 7]
    for run in made[: MOST_CHOSEN - 3]:
        runs.choose(run.id, True)
    told = QSignalSpy(runs.refused)
    runs.choose(made[MOST_CHOSEN - 3].id, True)
    assert told.count() == 1
    run_through(qtbot, states)
    assert sum(runs.is_chosen(run.id) for run in runs.records()) == MOST_CHOSEN
    assert runs.is_chosen(runs.present_id)
    assert not runs.is_chosen(made[6].id)  # which was chosen first


def test_that_growth_is_told_seldom_and_only_while_somebody_looks(
    qtbot: QtBot, training: TrainingState, runs: Runs
) -> None:
    begin(qtbot, training, epochs=LONG)
    told = QSignalSpy(runs.grew)
    train_to(qtbot, training, 20)
    assert told.count() == 0
    runs.watch(True)
    with qtbot.waitSignals([runs.grew] * 2):
        pass
    runs.watch(False)
    count = told.count()
    train_to(qtbot, training, training.history.column("epoch")[-1] + 50)
    assert told.count() == count
    assert INTERVAL >= 500


def test_that_a_table_is_exported_or_said_to_be_refused(
    qtbot: QtBot, states: States, runs: Runs, tmp_path: Path
) -> None:
    made = stock(runs.folder, 2)
    with qtbot.waitSignal(states.files.done) as news:
        runs.export(tmp_path / "runs.csv", made)
    assert str(tmp_path / "runs.csv") in news.args[0]
    assert len((tmp_path / "runs.csv").read_text("utf-8-sig").splitlines()) == 3
    with qtbot.waitSignal(runs.refused) as news:
        runs.export(tmp_path / "nowhere" / "runs.csv", made)
    assert "cannot be saved" in news.args[0]


def test_that_a_network_that_does_not_fit_is_refused(
    qtbot: QtBot, training: TrainingState, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = record(sizes=(30, 5, 10), config=TrainingConfig(hidden=(5,)))
    runs.add(stranger)
    with qtbot.waitSignal(runs.loaded) as loaded:
        runs.load(stranger.id, best=False)
    told = QSignalSpy(runs.refused)
    runs.open(loaded.args[0])
    assert "30 pixels" in told.at(0)[0]
