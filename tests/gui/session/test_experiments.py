"""Experiments and the window: what fails is told in a message, and closing ends every process."""

from __future__ import annotations

import math
import multiprocessing
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from micronn_core.common.errors import ConfigError
from micronn_core.experiments.jobs import Failed
from micronn_core.runs.record import RunRecord
from micronn_core.settings.config import TrainingConfig
from micronn_gui.main_window import MainWindow
from micronn_gui.session import experiments
from micronn_gui.session.experiments import Experiments, variations
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from tests.gui.running import begin
from tests.gui.scripted import Scripted, metrics, record

ROWS = [("learning_rate", "0.05, 0.1")]


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Scripted:
    made = Scripted()
    monkeypatch.setattr(experiments, "run_sweep", lambda *_, **__: made)
    return made


def test_that_a_failure_is_told_in_a_message(qtbot: QtBot, window: MainWindow, scripted: Scripted) -> None:
    sweep = window._states.experiments.sweep
    sweep.start(TrainingConfig(epochs=4), ROWS)
    scripted.send(1, Failed("The memory is used up."))
    qtbot.waitUntil(lambda: window.toasts.newest is not None)
    assert "rate 0.1: The memory is used up." in window.toasts.text


def test_that_closing_the_window_ends_every_process(qtbot: QtBot, window: MainWindow) -> None:
    work: Experiments = window._states.experiments
    work.sweep.start(TrainingConfig(), [("epochs", "100000, 1000000")])
    work.cross_validation.start(TrainingConfig(), 2)
    qtbot.waitUntil(lambda: len(multiprocessing.active_children()) >= 2)
    window.close()
    assert multiprocessing.active_children() == []
    assert not work.sweep.running
    assert not work.cross_validation.running


def test_that_the_settings_that_differ_are_put_in_the_place_of_those_of_the_run() -> None:
    base = TrainingConfig(seed=5, hidden=(7,), learning_rate=0.3)
    first, second = variations(base, [("seed", "1, 2")])
    assert (first.seed, second.seed) == (1, 2)
    assert first.hidden == (7,)
    assert first.learning_rate == 0.3
    assert variations(base, [("learning_rate", "0.5")]) == [replace(base, learning_rate=0.5)]
    with pytest.raises(ConfigError, match="Write a value of rate"):
        variations(base, [("learning_rate", " ")])


def test_that_a_second_sweep_begins_with_nothing_of_the_first(
    qtbot: QtBot, training: TrainingState, states: States, scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(states.runs, "add", lambda run: None)
    begin(qtbot, training, epochs=4)
    sweep = states.experiments.sweep
    sweep.start(TrainingConfig(epochs=4), ROWS)
    scripted.send(0, record(sweep.configs[0], 0.5))
    scripted.send(1, metrics(2))
    qtbot.waitUntil(lambda: sweep.share == 0.75)
    sweep.start(TrainingConfig(epochs=4), ROWS)
    assert sweep.share == 0.0
    assert sweep.done == 0
    assert sweep.under_way() == []


def test_that_the_runs_know_their_experiment_and_where_they_came_from(
    qtbot: QtBot, training: TrainingState, states: States, scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[RunRecord] = []
    monkeypatch.setattr(states.runs, "add", kept.append)
    sweep = states.experiments.sweep
    sweep.start(TrainingConfig(epochs=4), ROWS, origin="run")
    for job in (0, 1):
        scripted.send(job, record(sweep.configs[job], 0.5))
    qtbot.waitUntil(lambda: len(kept) == 2)
    assert [run.name for run in kept] == ["rate 0.05", "rate 0.1"]
    assert {run.origin for run in kept} == {"run"}
    assert len({run.experiment for run in kept}) == 1
    assert kept[0].experiment


def test_that_a_run_under_way_has_a_curve_until_it_is_kept(
    qtbot: QtBot, states: States, scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(states.runs, "add", lambda run: None)
    sweep = states.experiments.sweep
    sweep.start(TrainingConfig(epochs=4), ROWS)
    scripted.send(1, metrics(1, accuracy=0.25))
    scripted.send(1, metrics(2, accuracy=0.5))
    scripted.send(1, metrics(2.5)._replace(validation_loss=math.nan))
    qtbot.waitUntil(lambda: sweep.share > 0.3)
    (run,) = sweep.under_way()
    assert run.name == "rate 0.1"
    assert run.column("validation_accuracy").tolist() == [0.25, 0.5]
    scripted.send(1, record(sweep.configs[1], 0.5))
    qtbot.waitUntil(lambda: sweep.done == 1)
    assert sweep.under_way() == []


def test_that_a_run_that_fails_is_told_and_the_others_go_on(
    qtbot: QtBot, states: States, scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[RunRecord] = []
    monkeypatch.setattr(states.runs, "add", kept.append)
    sweep = states.experiments.sweep
    sweep.start(TrainingConfig(epochs=4), ROWS)
    scripted.send(0, record(sweep.configs[0], 0.9, ending="failed"))
    scripted.send(0, Failed("the learning rate is too large."))
    scripted.send(1, record(sweep.configs[1], 0.5))
    with qtbot.waitSignal(states.experiments.refused) as told:
        pass
    assert told.args == ["rate 0.05: the learning rate is too large."]
    assert sweep.running
    assert len(kept) == 2
