"""The health of the run as the window tells it: what is found when, and what is left unsaid."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from micronn_core.common.errors import DataError
from micronn_core.data.catalog import DATASETS
from micronn_core.data.dataset import Dataset
from micronn_core.diagnostics.findings import Finding
from micronn_core.settings.config import TrainingConfig
from micronn_gui.session import health, probe
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from micronn_gui.worker.update import Status
from tests.gui.running import LONG, begin, finish, train_to


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Examine often, so that no test waits for long."""
    monkeypatch.setattr(health, "INTERVAL", 15)
    monkeypatch.setattr(health, "SHARE", 1)
    monkeypatch.setattr(health, "SOON", 5)


def kinds(states: States, figure: str = "") -> list[str]:
    return [finding.kind for finding in states.health.findings if figure in ("", finding.figure)]


def until(qtbot: QtBot, states: States, expected: list[str]) -> None:
    qtbot.waitUntil(lambda: kinds(states) == expected)


def test_that_a_sound_run_has_no_findings(qtbot: QtBot, training: TrainingState, states: States) -> None:
    begin(qtbot, training, epochs=100)
    spy = QSignalSpy(states.health.changed)
    finish(qtbot, training)
    with qtbot.waitSignal(states.health.probed, raising=False, timeout=50):
        pass
    assert kinds(states) == []
    assert spy.count() == 0


def test_that_faults_are_found_each_for_its_curve(
    qtbot: QtBot, training: TrainingState, states: States
) -> None:
    begin(qtbot, training, learning_rate=20.0, epochs=60)
    finish(qtbot, training)
    until(qtbot, states, ["learning rate", "dead"])
    assert kinds(states, "loss") == ["learning rate"]
    assert kinds(states, "accuracy") == ["dead"]


def test_that_pictures_are_scaled_as_the_config_says(
    qtbot: QtBot, training: TrainingState, states: States
) -> None:
    begin(qtbot, training, pixels="0 to 255")
    until(qtbot, states, ["unscaled"])
    assert training.newest is not None
    pictures = states.health.pictures(training.newest.parameters)
    assert pictures is not None
    assert pictures.shape == (784, 256)
    assert pictures.max() == 255
    assert pictures.dtype == training.newest.parameters.vector.dtype
    begin(qtbot, training, dtype="float64")
    until(qtbot, states, [])
    pictures = states.health.pictures(training.newest.parameters)
    assert pictures is not None
    assert (pictures.max(), str(pictures.dtype)) == (1, "float64")


def test_that_a_new_run_begins_without_findings_and_with_nothing_dismissed(
    qtbot: QtBot, training: TrainingState, states: States
) -> None:
    begin(qtbot, training, initializer="zeros")
    until(qtbot, states, ["symmetric"])
    states.health.dismiss("symmetric")
    assert kinds(states) == []
    training.new_network(training.config)
    assert kinds(states) == []
    until(qtbot, states, ["symmetric"])


def test_that_what_is_dismissed_stays_away_for_the_run(
    qtbot: QtBot, training: TrainingState, states: States
) -> None:
    begin(qtbot, training, initializer="zeros", epochs=LONG)
    until(qtbot, states, ["symmetric"])
    states.health.dismiss("symmetric")
    train_to(qtbot, training, 40)
    assert kinds(states) == []


def test_that_a_changed_learning_rate_is_judged_by_what_comes_after_it(
    qtbot: QtBot, training: TrainingState, states: States
) -> None:
    begin(qtbot, training, learning_rate=20.0, epochs=30)
    finish(qtbot, training)
    until(qtbot, states, ["learning rate", "dead"])
    training.change({"learning_rate": 0.1})
    assert "learning rate" not in kinds(states)
    assert "dead" in kinds(states)


def test_that_a_finding_that_comes_and_goes_does_not_flicker(
    qtbot: QtBot, training: TrainingState, states: States, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(qtbot, training)
    finding = Finding("swing", "loss", "It swings.", "Calm it")
    answers = iter([(finding,), (), (), (finding,), (), (), ()])
    monkeypatch.setattr(health, "examine", lambda run, ignored: next(answers))
    states.health._examination.stop()
    training.status = Status.RUNNING
    seen = []
    for _ in range(7):
        states.health._examine()
        states.health._examination.stop()
        seen.append(len(states.health.findings))
    training.status = Status.PAUSED
    assert seen == [1, 1, 1, 1, 1, 1, 0]


def test_that_between_two_examinations_there_is_a_pause(
    qtbot: QtBot, training: TrainingState, states: States, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = []
    monkeypatch.setattr(states.health._examination, "_interval", 100.0)
    monkeypatch.setattr(health, "examine", lambda run, ignored: times.append(len(run.history)) or ())
    begin(qtbot, training, epochs=LONG)
    qtbot.waitUntil(lambda: len(times) == 1)
    train_to(qtbot, training, 30)
    assert len(times) == 1
    assert states.health._examination.waiting


def test_that_pictures_that_cannot_be_read_leave_the_curves_to_be_judged(
    qtbot: QtBot, training: TrainingState, states: States, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> Dataset:
        raise DataError("The test pictures are missing.")

    source = DATASETS["mnist"]
    monkeypatch.setitem(DATASETS, "mnist", replace(source, load_test=missing))
    begin(qtbot, training, learning_rate=20.0, epochs=30)
    finish(qtbot, training)
    until(qtbot, states, ["learning rate"])
    assert training.newest is not None
    assert states.health.pictures(training.newest.parameters) is None


def test_that_the_pictures_are_read_on_another_thread_which_closing_waits_for(
    qtbot: QtBot, training: TrainingState, states: States, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads, go_on = [], threading.Event()

    def slow(config: TrainingConfig) -> Dataset:
        threads.append(threading.current_thread())
        assert go_on.wait(5)
        return DATASETS[config.dataset].load_test()

    monkeypatch.setattr(probe, "held_out", slow)
    begin(qtbot, training)
    qtbot.waitUntil(lambda: len(threads) == 1)
    assert threads[0] is not threading.main_thread()
    threading.Timer(0.05, go_on.set).start()
    states.close()
    assert not threads[0].is_alive()


def test_that_after_closing_nothing_is_examined_whoever_asks(
    qtbot: QtBot, training: TrainingState, states: States, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(qtbot, training, epochs=3)
    finish(qtbot, training)
    states.close()
    monkeypatch.setattr(states.health, "_layers", lambda moment: pytest.fail("it was examined"))
    states.health.dismiss("learning rate")
