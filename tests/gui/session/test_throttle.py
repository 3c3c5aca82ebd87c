"""The one throttle: at once or after a pause, once for many, and never forgotten."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from micronn_gui.session import throttle
from micronn_gui.session.throttle import Throttle


class Clock:
    """Stands in the place of the time: it goes on when the test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(throttle, "time", made)
    return made


def test_that_it_is_done_at_once_and_then_after_a_pause(clock: Clock) -> None:
    done: list[float] = []
    seldom = Throttle(lambda: done.append(clock.now), 250)
    seldom.ask()
    assert done == [100.0]
    for clock.now in (100.1, 100.2):
        seldom.ask()
    assert done == [100.0]
    assert seldom.waiting
    clock.now = 100.3
    seldom.ask()
    assert done == [100.0, 100.3]
    assert not seldom.waiting


def test_that_what_was_asked_in_the_pause_is_done_once_after_it(qtbot: QtBot) -> None:
    done: list[int] = []
    seldom = Throttle(lambda: done.append(1), 20)
    for _ in range(5):
        seldom.ask()
    assert len(done) == 1
    qtbot.waitUntil(lambda: not seldom.waiting)
    assert len(done) == 2


def test_that_the_pause_is_as_long_as_what_was_done_demands(clock: Clock) -> None:
    done: list[float] = []

    def slow() -> None:
        done.append(clock.now)
        clock.now += 0.5

    seldom = Throttle(slow, 250, share=4)
    seldom.ask()
    clock.now = 102.4
    seldom.ask()
    assert done == [100.0]
    clock.now = 102.6
    seldom.ask()
    assert done == [100.0, 102.6]
    seldom.stop()


def test_that_now_waits_for_no_pause(clock: Clock) -> None:
    done: list[int] = []
    seldom = Throttle(lambda: done.append(1), 250)
    seldom.ask()
    seldom.ask()
    seldom.now()
    assert len(done) == 2
    assert not seldom.waiting


def test_that_no_pause_follows_where_there_was_nothing_to_do(clock: Clock) -> None:
    asked: list[int] = []

    def nothing() -> bool:
        asked.append(1)
        return False

    seldom = Throttle(nothing, 250)
    seldom.ask()
    seldom.ask()
    assert len(asked) == 2
    assert not seldom.waiting


def test_that_what_asks_while_it_is_done_comes_after_the_pause(clock: Clock) -> None:
    done: list[int] = []

    def again() -> None:
        done.append(1)
        seldom.ask()

    seldom = Throttle(again, 250)
    seldom.ask()
    assert len(done) == 1
    assert seldom.waiting
    seldom.stop()
    assert not seldom.waiting


def test_that_later_moves_nothing_that_waits(qtbot: QtBot) -> None:
    done: list[int] = []
    seldom = Throttle(lambda: done.append(1), 20)
    seldom.later(20)
    for _ in range(10):
        seldom.later(100_000)
    qtbot.waitUntil(lambda: bool(done))
