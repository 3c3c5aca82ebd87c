"""Experiments and the window: what fails is told in the banner, and closing ends every process."""

from __future__ import annotations

import multiprocessing

import pytest
from pytestqt.qtbot import QtBot

from micronn_core.experiments.jobs import Failed
from micronn_gui.main_window import MainWindow
from micronn_gui.session import experiments
from micronn_gui.session.experiments import Experiments
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


def test_that_a_failure_is_told_in_the_banner(qtbot: QtBot, window: MainWindow, scripted: Scripted) -> None:
    sweep = window._states.experiments.sweep
    sweep.start(ROWS)
    scripted.send(1, Failed("The memory is used up."))
    qtbot.waitUntil(lambda: window.toasts.newest is not None)
    assert "rate 0.1: The memory is used up." in window.toasts.text


def test_that_closing_the_window_ends_every_process(qtbot: QtBot, window: MainWindow) -> None:
    work: Experiments = window._states.experiments
    work.sweep.start([("epochs", "100000, 1000000")])
    work.cross_validation.start(2)
    qtbot.waitUntil(lambda: len(multiprocessing.active_children()) >= 2)
    window.close()
    assert multiprocessing.active_children() == []
    assert not work.sweep.running
    assert not work.cross_validation.running


def test_that_a_sweep_is_of_the_settings_of_the_present_run(
    qtbot: QtBot, training: TrainingState, states: States
) -> None:
    begin(qtbot, training, seed=5, hidden=(7,))
    training.change({"learning_rate": 0.3})
    first, second = states.experiments.sweep.plan([("seed", "1, 2")])
    assert (first.seed, second.seed) == (1, 2)
    assert first.hidden == (7,)
    assert first.learning_rate == 0.3


def test_that_a_second_sweep_begins_with_nothing_of_the_first(
    qtbot: QtBot, training: TrainingState, states: States, scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(states.runs, "add", lambda run: None)
    begin(qtbot, training, epochs=4)
    sweep = states.experiments.sweep
    sweep.start(ROWS)
    scripted.send(0, record(sweep.configs[0], 0.5))
    scripted.send(1, metrics(2))
    qtbot.waitUntil(lambda: sweep.share == 0.75)
    sweep.start(ROWS)
    assert sweep.share == 0.0
    assert sweep.best is None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 s"), (45, "45 s"), (89, "89 s"), (95, "2 min"), (3600, "60 min"), (7200, "2 h")],
)
def test_that_a_length_of_time_is_told_as_people_say_it(states: States, seconds: float, words: str) -> None:
    assert states.experiments.sweep.duration(seconds) == words
