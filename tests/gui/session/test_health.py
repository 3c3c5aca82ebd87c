"""The health of the run as the session tells it: what is found when, and what is left unsaid."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from micronn_core.common.errors import DataError
from micronn_core.data.dataset import DATASETS, Dataset, DatasetSource
from micronn_core.diagnostics.findings import Finding
from micronn_gui.session import health, probe, samples
from micronn_gui.session.training import Session
from micronn_gui.worker.update import Status
from tests.gui.running import LONG, begin, finish, train_to


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Examine often, so that no test waits for long."""
    monkeypatch.setattr(health, "INTERVAL", 15)
    monkeypatch.setattr(health, "SHARE", 1)
    monkeypatch.setattr(health, "SOON", 5)


def kinds(session: Session, figure: str = "") -> list[str]:
    found = session.health.of(figure) if figure else session.health.findings
    return [finding.kind for finding in found]


def until(qtbot: QtBot, session: Session, expected: list[str]) -> None:
    qtbot.waitUntil(lambda: kinds(session) == expected)


def test_that_a_sound_run_has_no_findings(qtbot: QtBot, session: Session) -> None:
    begin(qtbot, session, epochs=100)
    spy = QSignalSpy(session.health.changed)
    finish(qtbot, session)
    with qtbot.waitSignal(session.health.probed, raising=False, timeout=50):
        pass
    assert kinds(session) == []
    assert spy.count() == 0


def test_that_faults_are_found_each_for_its_curve(qtbot: QtBot, session: Session) -> None:
    begin(qtbot, session, learning_rate=20.0, epochs=60)
    finish(qtbot, session)
    until(qtbot, session, ["learning rate", "dead"])
    assert kinds(session, "loss") == ["learning rate"]
    assert kinds(session, "accuracy") == ["dead"]


def test_that_pictures_are_scaled_as_the_config_says(qtbot: QtBot, session: Session) -> None:
    begin(qtbot, session, pixels="0 to 255")
    until(qtbot, session, ["unscaled"])
    assert session.newest is not None
    pictures = session.health.pictures(session.newest.parameters)
    assert pictures is not None
    assert pictures.shape == (784, 256)
    assert pictures.max() == 255
    assert pictures.dtype == session.newest.parameters.vector.dtype
    begin(qtbot, session, dtype="float64")
    until(qtbot, session, [])
    pictures = session.health.pictures(session.newest.parameters)
    assert pictures is not None
    assert (pictures.max(), str(pictures.dtype)) == (1, "float64")


def test_that_a_new_run_begins_without_findings_and_with_nothing_dismissed(
    qtbot: QtBot, session: Session
) -> None:
    begin(qtbot, session, initializer="zeros")
    until(qtbot, session, ["symmetric"])
    session.health.dismiss("symmetric")
    assert kinds(session) == []
    session.new_network(session.config)
    assert kinds(session) == []
    until(qtbot, session, ["symmetric"])


def test_that_what_is_dismissed_stays_away_for_the_run(qtbot: QtBot, session: Session) -> None:
    begin(qtbot, session, initializer="zeros", epochs=LONG)
    until(qtbot, session, ["symmetric"])
    session.health.dismiss("symmetric")
    train_to(qtbot, session, 40)
    assert kinds(session) == []


def test_that_a_changed_learning_rate_is_judged_by_what_comes_after_it(
    qtbot: QtBot, session: Session
) -> None:
    begin(qtbot, session, learning_rate=20.0, epochs=30)
    finish(qtbot, session)
    until(qtbot, session, ["learning rate", "dead"])
    session.set_learning_rate(0.1)
    assert "learning rate" not in kinds(session)
    assert "dead" in kinds(session)


def test_that_a_finding_that_comes_and_goes_does_not_flicker(
    qtbot: QtBot, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(qtbot, session)
    finding = Finding("swing", "loss", "It swings.", "Calm it")
    answers = iter([(finding,), (), (), (finding,), (), (), ()])
    monkeypatch.setattr(health, "examine", lambda run, ignored: next(answers))
    session.health._timer.stop()
    session.status = Status.RUNNING
    seen = []
    for _ in range(7):
        session.health._examine()
        session.health._timer.stop()
        seen.append(len(session.health.findings))
    session.status = Status.PAUSED
    assert seen == [1, 1, 1, 1, 1, 1, 0]


def test_that_between_two_examinations_there_is_a_pause(
    qtbot: QtBot, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = []
    monkeypatch.setattr(health, "INTERVAL", 100_000)
    monkeypatch.setattr(health, "examine", lambda run, ignored: times.append(len(run.history)) or ())
    begin(qtbot, session, epochs=LONG)
    qtbot.waitUntil(lambda: len(times) == 1)
    train_to(qtbot, session, 30)
    assert len(times) == 1


def test_that_pictures_that_cannot_be_read_leave_the_curves_to_be_judged(
    qtbot: QtBot, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> Dataset:
        raise DataError("The test pictures are missing.")

    source = DATASETS["mnist"]
    monkeypatch.setitem(DATASETS, "mnist", DatasetSource("mnist", "Small", source.load_train, missing))
    samples.held_out.cache_clear()
    begin(qtbot, session, learning_rate=20.0, epochs=30)
    finish(qtbot, session)
    until(qtbot, session, ["learning rate"])
    assert session.newest is not None
    assert session.health.pictures(session.newest.parameters) is None


def test_that_the_pictures_are_read_on_another_thread_which_closing_waits_for(
    qtbot: QtBot, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads, go_on = [], threading.Event()

    def slow(name: str) -> Dataset:
        threads.append(threading.current_thread())
        assert go_on.wait(5)
        return DATASETS[name].load_test()

    monkeypatch.setattr(probe, "held_out", slow)
    begin(qtbot, session)
    qtbot.waitUntil(lambda: len(threads) == 1)
    assert threads[0] is not threading.main_thread()
    threading.Timer(0.05, go_on.set).start()
    session.close()
    assert not threads[0].is_alive()
