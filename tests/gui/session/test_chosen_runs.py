"""What can be done with kept runs: naming, deleting, opening, choosing and exporting them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from micronn_core.settings.config import TrainingConfig
from micronn_core.training.trainer import StepSize
from micronn_gui.session.runs import MOST_CHOSEN, Runs
from micronn_gui.session.training import Session
from micronn_gui.worker.update import Status
from tests.core.runs.run_records import record
from tests.gui.keeping import on_disk, run_through, settle, stock
from tests.gui.running import LONG, begin, finish, ready, train_to


@pytest.fixture
def runs(session: Session) -> Runs:
    return session.runs


# -- names, stars, deletion --


def test_that_a_run_can_be_renamed_while_it_trains_and_afterwards(
    qtbot: QtBot, session: Session, runs: Runs
) -> None:
    begin(qtbot, session, epochs=LONG)
    train_to(qtbot, session, 2)
    qtbot.waitUntil(lambda: bool(runs.present_id))
    runs.rename(runs.present_id, "  wide   net ")
    session.set_epochs(int(session.history.column("epoch")[-1]) + 5)
    qtbot.waitUntil(lambda: session.status is Status.FINISHED)
    settle(qtbot, runs)
    assert on_disk(session)[0].name == "wide net"
    runs.rename(runs.present_id, "")
    runs.change(runs.present_id, starred=True)
    settle(qtbot, runs)
    assert (on_disk(session)[0].name, on_disk(session)[0].starred) == ("", True)
    session.add_epochs(1)
    qtbot.waitUntil(lambda: session.status is Status.FINISHED)
    settle(qtbot, runs)
    assert on_disk(session)[0].starred


def test_that_a_kept_run_can_be_deleted_but_not_the_present_one(
    qtbot: QtBot, session: Session, runs: Runs
) -> None:
    stock(runs.folder, 2)
    run_through(qtbot, session)
    runs.delete([run.id for run in runs.records() if run.number != 2])
    settle(qtbot, runs)
    assert [run.number for run in runs.records()] == [3, 2]
    assert [run.number for run in on_disk(session)] == [3, 2]


# -- opening --


@pytest.mark.parametrize("best", [False, True])
def test_that_weights_of_a_run_become_the_present_network(
    qtbot: QtBot, session: Session, runs: Runs, best: bool
) -> None:
    (made,) = stock(runs.folder, 1)
    begin(qtbot, session)
    with qtbot.waitSignal(runs.loaded) as news:
        runs.load(made.id, best)
    runs.open(news.args[0])
    ready(qtbot, session)
    moment = made.best if best else made.final
    assert moment is not None
    assert moment.parameters is not None
    assert session.newest is not None
    np.testing.assert_array_equal(session.newest.parameters.vector, moment.parameters.vector)
    assert session.config == made.config
    session.step(StepSize.BATCH)
    qtbot.waitUntil(lambda: bool(runs.present_id))
    assert [run.fresh for run in runs.records() if run.id == runs.present_id] == [False]


def test_that_the_present_run_can_go_back_to_its_best_weights(
    qtbot: QtBot, session: Session, runs: Runs
) -> None:
    begin(qtbot, session, epochs=5)
    finish(qtbot, session)
    with qtbot.waitSignal(runs.loaded) as news:
        runs.load(runs.present_id, best=True)
    assert session.newest is not None
    lowest = session.history.column("validation_loss").min()
    assert news.args[0].metrics["validation_loss"] == lowest


# -- the choice --


def test_that_a_new_run_is_chosen_by_itself_and_the_first_gives_way(
    qtbot: QtBot, session: Session, runs: Runs
) -> None:
    made = stock(runs.folder, MOST_CHOSEN + 1)
    runs.watch(True)
    settle(qtbot, runs)
    assert [run.number for run in runs.records() if runs.place(run.id) is not None] == [9, 8, 7]
    for run in made[: MOST_CHOSEN - 3]:
        runs.choose(run.id, True)
    told = QSignalSpy(runs.refused)
    runs.choose(made[MOST_CHOSEN - 3].id, True)
    assert told.count() == 1
    run_through(qtbot, session)
    places = [runs.place(run.id) for run in runs.records()]
    assert sorted(place for place in places if place is not None) == list(range(MOST_CHOSEN))
    assert runs.place(runs.present_id) is not None
    assert runs.place(made[6].id) is None  # which was chosen first


def test_that_growth_is_told_seldom_and_only_while_somebody_looks(
    qtbot: QtBot, session: Session, runs: Runs
) -> None:
    begin(qtbot, session, epochs=LONG)
    told = QSignalSpy(runs.grew)
    train_to(qtbot, session, 20)
    assert told.count() == 0
    runs.watch(True)
    with qtbot.waitSignals([runs.grew] * 2):
        pass
    runs.watch(False)
    count = told.count()
    train_to(qtbot, session, session.history.column("epoch")[-1] + 50)
    assert told.count() == count
    assert runs._timer.interval() >= 500


def test_that_a_table_is_exported_or_said_to_be_refused(
    qtbot: QtBot, session: Session, runs: Runs, tmp_path: Path
) -> None:
    made = stock(runs.folder, 2)
    with qtbot.waitSignal(runs.done) as news:
        runs.export(tmp_path / "runs.csv", made)
    assert str(tmp_path / "runs.csv") in news.args[0]
    assert len((tmp_path / "runs.csv").read_text("utf-8-sig").splitlines()) == 3
    with qtbot.waitSignal(runs.refused) as news:
        runs.export(tmp_path / "nowhere" / "runs.csv", made)
    assert "cannot be saved" in news.args[0]


def test_that_a_network_that_does_not_fit_is_refused(
    qtbot: QtBot, session: Session, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = record(sizes=(30, 5, 10), config=TrainingConfig(hidden=(5,)))
    runs.add(stranger)
    with qtbot.waitSignal(runs.loaded) as loaded:
        runs.load(stranger.id, best=False)
    told = QSignalSpy(runs.refused)
    runs.open(loaded.args[0])
    assert "30 pixels" in told.at(0)[0]
