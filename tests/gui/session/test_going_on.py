"""Kept runs go on where they were, bit for bit, and the run under way is kept while it trains."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from micronn_core.nn.network import Parameters
from micronn_core.runs.record import RunRecord
from micronn_core.runs.saved_network import SavedNetwork, load_network
from micronn_core.runs.store import RunStore
from micronn_core.training.history import epoch_text
from micronn_core.training.trainer import StepSize
from micronn_gui.session import runs as session_runs
from micronn_gui.session.my_digits import MyDigitsState
from micronn_gui.session.runs import Runs
from micronn_gui.session.states import States, make_states
from micronn_gui.session.training import TrainingState
from micronn_gui.worker.training_worker import TrainingWorker
from micronn_gui.worker.update import Status
from tests.gui.keeping import on_disk, run_through, settle, stock
from tests.gui.running import LONG, TRAIN, begin, finish, ready, train_to

SETTINGS = {
    "optimizer": "adam",
    "learning_rate": 0.01,
    "schedule": "cosine",
    "batch_size": 32,
    "dropout": 0.2,
    "epochs": 12,
    "hidden": (7,),
}

SLOW = 100.0
"""Steps per second, so that a run of some steps does not end before somebody has looked."""


@pytest.fixture
def runs(states: States) -> Runs:
    return states.runs


@pytest.fixture
def next_program(qtbot: QtBot) -> Iterator[States]:
    """The program as it is started the next time."""
    worker = TrainingWorker()
    states = make_states(worker)
    yield states
    states.close()
    worker.close()


def weights(training: TrainingState) -> Parameters:
    assert training.newest is not None
    return training.newest.parameters


def loaded(qtbot: QtBot, runs: Runs, id_: str, best: bool = False) -> SavedNetwork:
    with qtbot.waitSignal(runs.loaded) as blocker:
        runs.load(id_, best)
    saved: SavedNetwork = blocker.args[0]
    return saved


def whole(qtbot: QtBot, training: TrainingState, **settings: object) -> tuple[Parameters, np.ndarray]:
    """The weights and the losses of a run that is never stopped."""
    begin(qtbot, training, **settings)
    finish(qtbot, training)
    return weights(training), training.history.column("loss").copy()


def part(qtbot: QtBot, states: States, epoch: float, **settings: object) -> RunRecord:
    """A run that gave way to another on its way, as it is kept."""
    begin(qtbot, states.training, **settings)
    states.training.set_speed(SLOW)
    train_to(qtbot, states.training, epoch)
    begin(qtbot, states.training, seed=77)
    states.training.set_speed(None)
    settle(qtbot, states.runs)
    kept = on_disk(states)[0]
    assert kept.ending == "stopped"
    assert kept.config.seed != 77
    return kept


@pytest.mark.parametrize("epoch", [0.05, 3.3, 9])
def test_that_a_run_goes_on_where_it_was_bit_for_bit(
    qtbot: QtBot, states: States, runs: Runs, next_program: States, epoch: float
) -> None:
    wanted, losses = whole(qtbot, states.training, **SETTINGS)
    kept = part(qtbot, states, epoch, **SETTINGS)
    states.close()
    training = next_program.training
    begin(qtbot, training)
    next_program.runs.open(loaded(qtbot, next_program.runs, kept.id))
    ready(qtbot, training)
    assert training.newest is not None
    assert training.newest.metrics.step == kept.final.metrics.step
    assert len(training.history) == kept.final.metrics.step + 1
    assert training.config == kept.config
    finish(qtbot, training)
    np.testing.assert_array_equal(weights(training).vector, wanted.vector)
    np.testing.assert_array_equal(training.history.column("loss"), losses)


def test_that_a_run_that_was_stopped_grows_and_keeps_what_it_is_called(
    qtbot: QtBot, states: States, runs: Runs
) -> None:
    kept = part(qtbot, states, 3, **SETTINGS)
    runs.change(kept.id, name="mine", starred=True)
    runs.open(loaded(qtbot, runs, kept.id))
    assert runs.present_id == kept.id
    assert [run.id for run in runs.records()] == [kept.id]  # also while it is loading
    ready(qtbot, states.training)
    settle(qtbot, runs)
    assert on_disk(states)[0].ending == "stopped"  # opening it changes nothing
    finish(qtbot, states.training)
    settle(qtbot, runs)
    (grown,) = on_disk(states)
    names = ("id", "number", "began", "starred", "name", "fresh", "changed")
    wanted = {**{name: getattr(kept, name) for name in names}, "name": "mine", "starred": True}
    assert {name: getattr(grown, name) for name in names} == wanted
    assert (grown.ending, grown.final.metrics.epoch) == ("finished", 12)
    assert grown.seconds > kept.seconds
    assert len(grown.curves) == 12 * 10 + 1


def test_that_a_run_that_had_come_to_its_end_stays_and_another_goes_on_from_there(
    qtbot: QtBot, states: States, runs: Runs
) -> None:
    run_through(qtbot, states, **{**SETTINGS, "epochs": 3, "schedule": "constant"})
    (kept,) = on_disk(states)
    wanted, _ = whole(qtbot, states.training, **{**SETTINGS, "epochs": 5, "schedule": "constant"})
    begin(qtbot, states.training)
    saved = loaded(qtbot, runs, kept.id)
    runs.open(saved)
    qtbot.waitUntil(lambda: states.training.status is Status.FINISHED)
    assert runs.present() is None  # it has not gone on yet
    states.training.add_epochs(2)
    qtbot.waitUntil(lambda: states.training.status is Status.FINISHED)
    np.testing.assert_array_equal(weights(states.training).vector, wanted.vector)
    settle(qtbot, runs)
    grown = on_disk(states)[0]
    assert (grown.name, grown.final.metrics.epoch) == ("Run 1, continued", 5)
    assert grown.number == 3
    before = next(run for run in on_disk(states) if run.id == kept.id)
    assert (before.final.metrics.epoch, before.ending) == (3, "finished")


def test_that_the_best_weights_begin_a_new_run_and_this_is_said(
    qtbot: QtBot, states: States, runs: Runs
) -> None:
    run_through(qtbot, states, **SETTINGS)
    (kept,) = on_disk(states)
    with qtbot.waitSignal(states.training.noticed) as noticed:
        runs.open(loaded(qtbot, runs, kept.id, best=True))
    assert "momentum and schedule begin anew" in noticed.args[0]
    ready(qtbot, states.training)
    assert states.training.newest is not None
    assert states.training.newest.metrics.step == 0


def test_that_the_run_that_is_open_is_not_opened_twice(qtbot: QtBot, states: States, runs: Runs) -> None:
    begin(qtbot, states.training, epochs=LONG)
    train_to(qtbot, states.training, 3)
    states.training.show_epoch(0)
    with qtbot.waitSignal(runs.done) as done:
        runs.load(runs.present_id, best=False)
    assert done.args[0].startswith("This run is open")
    assert states.training.live
    assert states.training.status is Status.RUNNING


def test_that_a_network_that_was_saved_while_it_trained_goes_on_in_another_program(
    qtbot: QtBot, states: States, runs: Runs, next_program: States, tmp_path: Path
) -> None:
    wanted, losses = whole(qtbot, states.training, **SETTINGS)
    begin(qtbot, states.training, **SETTINGS)
    states.training.set_speed(SLOW)
    train_to(qtbot, states.training, 4)
    path = runs.save_network(tmp_path / "on-its-way")
    assert states.training.status is Status.RUNNING
    training = next_program.training
    training.open_network(load_network(path))
    ready(qtbot, training)
    assert next_program.runs.present() is None  # it is no run of its own before its next step
    finish(qtbot, training)
    np.testing.assert_array_equal(weights(training).vector, wanted.vector)
    np.testing.assert_array_equal(training.history.column("loss"), losses)


def test_that_a_moment_before_the_newest_is_saved_without_the_run(
    qtbot: QtBot, states: States, runs: Runs, tmp_path: Path
) -> None:
    begin(qtbot, states.training, epochs=9)
    finish(qtbot, states.training)
    states.training.show_epoch(4)
    assert states.training.shown is not None
    saved = load_network(runs.save_network(tmp_path / "earlier"))
    assert saved.run is None
    np.testing.assert_array_equal(saved.network.parameters.vector, states.training.shown.parameters.vector)


def test_that_what_it_began_with_is_known_again(qtbot: QtBot, states: States, runs: Runs) -> None:
    begin(qtbot, states.training, **SETTINGS)
    first = states.training.start_parameters
    assert first is not None
    kept = part(qtbot, states, 3, **SETTINGS)
    runs.open(loaded(qtbot, runs, kept.id))
    ready(qtbot, states.training)
    start = states.training.start_parameters
    assert start is not None
    np.testing.assert_array_equal(start.vector, first.vector)


def test_that_a_run_goes_on_with_the_digits_that_it_learned_from_whatever_has_become_of_them(
    qtbot: QtBot, states: States, runs: Runs
) -> None:
    kept: MyDigitsState = states.my_digits
    kept.train_with_them(True)
    for label in (1, 2):
        states.drawing.show([((0.3, 0.2), (0.7, 0.2), (0.4, 0.8)), ((label / 9, 0.5), (0.9, 0.5))])
        assert kept.keep(label)
    wanted, _ = whole(qtbot, states.training, **SETTINGS)
    run = part(qtbot, states, 3, **SETTINGS)
    kept.delete(kept.digits[0].name)
    kept.train_with_them(False)
    runs.open(loaded(qtbot, runs, run.id))
    finish_after_ready(qtbot, states.training)
    np.testing.assert_array_equal(weights(states.training).vector, wanted.vector)
    assert run.config.my_digits.startswith("2-")


def finish_after_ready(qtbot: QtBot, training: TrainingState) -> None:
    ready(qtbot, training)
    finish(qtbot, training)


def test_that_a_run_whose_samples_are_others_now_goes_on_by_its_weights_and_says_so(
    qtbot: QtBot, states: States, runs: Runs
) -> None:
    run = part(qtbot, states, 3, **SETTINGS)
    saved = loaded(qtbot, runs, run.id)
    assert saved.run is not None
    assert saved.run.checkpoint is not None
    other = replace(saved.run, checkpoint=replace(saved.run.checkpoint, samples="0123456789abcdef"))
    with qtbot.waitSignal(states.training.noticed) as noticed:
        states.training.open_network(replace(saved, run=other))
    assert noticed.args[0].startswith("The samples are not those that this run has learned from")
    ready(qtbot, states.training)
    assert states.training.newest is not None
    assert states.training.newest.metrics.step == 0
    assert states.training.newest.metrics.samples <= TRAIN
    settle(qtbot, runs)
    assert on_disk(states)[0].final.metrics.step == run.final.metrics.step  # it is as it was


# -- the run under way --


def kept_now(states: States) -> RunRecord | None:
    found = on_disk(states)
    return found[0] if found else None


def test_that_a_run_is_kept_at_every_pause_as_one_that_was_interrupted(
    qtbot: QtBot, states: States, runs: Runs
) -> None:
    begin(qtbot, states.training, epochs=LONG)
    train_to(qtbot, states.training, 3)
    states.training.pause()
    qtbot.waitUntil(lambda: kept_now(states) is not None)
    kept = RunStore(runs.folder).read(on_disk(states)[0].id)
    assert kept.ending == "interrupted"
    assert kept.checkpoint is not None
    assert states.training.newest is not None
    assert kept.final.metrics.step == states.training.newest.metrics.step
    states.training.step(StepSize.BATCH)
    qtbot.waitUntil(lambda: on_disk(states)[0].final.metrics.step == kept.final.metrics.step + 1)
    states.close()
    assert on_disk(states)[0].ending == "stopped"


def test_that_a_run_is_kept_again_and_again_while_it_trains(
    qtbot: QtBot, states: States, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_runs, "AUTOSAVE", 20)
    begin(qtbot, states.training, epochs=LONG)
    states.training.play()
    qtbot.waitUntil(lambda: kept_now(states) is not None)
    first = on_disk(states)[0]
    qtbot.waitUntil(lambda: on_disk(states)[0].final.metrics.step > first.final.metrics.step)
    assert states.training.status is Status.RUNNING
    again = RunStore(runs.folder).read(first.id)
    assert again.ending == "interrupted"
    assert again.checkpoint is not None
    assert again.curves[-1, 0] == again.final.metrics.step
    (present,) = runs.records()
    assert (present.id, present.ending) == (first.id, "")  # to whoever sees it train, it goes on
    training_on(qtbot, states)


def training_on(qtbot: QtBot, states: States) -> None:
    """What was kept while it trained goes on to the same as what went on."""
    training, runs = states.training, states.runs
    training.pause()
    qtbot.waitUntil(lambda: training.status is Status.PAUSED)
    settle(qtbot, runs)


def test_that_saving_never_takes_more_than_a_hundredth_of_the_training(
    qtbot: QtBot, states: States, runs: Runs
) -> None:
    begin(qtbot, states.training, epochs=LONG)
    train_to(qtbot, states.training, 3)
    assert runs._pace == session_runs.AUTOSAVE
    runs._cost = 3.0
    assert runs._pace == 300_000
    states.training.pause()


def test_that_two_windows_that_go_on_with_one_run_keep_both(
    qtbot: QtBot, states: States, runs: Runs, next_program: States
) -> None:
    begin(qtbot, states.training, epochs=LONG)
    train_to(qtbot, states.training, 3)
    states.training.pause()
    qtbot.waitUntil(lambda: kept_now(states) is not None)
    shared = on_disk(states)[0]
    other = next_program.training
    begin(qtbot, other)
    next_program.runs.open(loaded(qtbot, next_program.runs, shared.id))
    ready(qtbot, other)
    other.step(StepSize.BATCH)
    qtbot.waitUntil(lambda: on_disk(states)[0].final.metrics.step == shared.final.metrics.step + 1)
    with qtbot.waitSignal(runs.refused) as told:
        train_to(qtbot, states.training, shared.final.metrics.epoch + 2)
        states.training.pause()
    assert told.args[0] == (
        "Run 1 was trained on in another window and is kept as it is there. Here it goes on as Run 2."
    )
    states.close()
    next_program.close()
    found = {run.number: run for run in on_disk(states)}
    assert found.keys() == {1, 2}
    assert found[1].id == shared.id
    assert found[1].final.metrics.step == shared.final.metrics.step + 1
    assert found[2].final.metrics.step > found[1].final.metrics.step


def test_that_runs_are_found_where_they_lay_before(
    qtbot: QtBot, states: States, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    former = stock(tmp_path / "roaming", 2)
    monkeypatch.setattr(session_runs, "former_folder", lambda: tmp_path / "roaming")
    monkeypatch.setattr(session_runs, "runs_folder", lambda: states.runs.folder)
    states.runs.watch(True)
    settle(qtbot, states.runs)
    assert {run.id for run in states.runs.records()} == {run.id for run in former}
    assert not list((tmp_path / "roaming").glob("*.npz"))


def test_that_an_interrupted_run_is_told_of_once_at_the_next_start_and_goes_on(
    qtbot: QtBot, states: States, runs: Runs, next_program: States
) -> None:
    begin(qtbot, states.training, epochs=LONG)
    train_to(qtbot, states.training, 3)
    states.training.pause()
    qtbot.waitUntil(lambda: kept_now(states) is not None)
    begin(qtbot, next_program.training)
    told = QSignalSpy(next_program.runs.interrupted)
    next_program.runs.look_for_interrupted()
    settle(qtbot, next_program.runs)
    assert told.count() == 0  # it is under way in a window
    runs._disk._store.close()  # as the system does when a program is killed
    for _ in range(2):
        next_program.runs.look_for_interrupted()
        settle(qtbot, next_program.runs)
    kept = on_disk(states)[0]
    epoch = epoch_text(kept.final.metrics.epoch)
    assert [told.at(i) for i in range(told.count())] == [
        [kept.id, f"Run 1 was interrupted at epoch {epoch}. It is among the runs: go on from there."]
    ]
    next_program.runs.go_on(kept.id)
    training = next_program.training
    qtbot.waitUntil(lambda: next_program.runs.present_id == kept.id)
    ready(qtbot, training)
    assert training.newest is not None
    assert training.newest.metrics.step == kept.final.metrics.step
