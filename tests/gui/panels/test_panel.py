"""The panels' contract: a hidden one does nothing, and catches up when it is shown."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget
from pytestqt.qtbot import QtBot

from micronn_gui.panels.panel import Panel, Refreshing, while_seen


class State(QObject):
    changed = Signal()
    part_changed = Signal()


class Shown(Panel):
    """Counts what it does."""

    def __init__(self, state: State) -> None:
        super().__init__("Shown")
        self.refreshed = self.parts = 0
        self.seen: list[bool] = []
        state.changed.connect(self.touch)
        state.part_changed.connect(self.refresh_part)

    def refresh(self) -> None:
        self.refreshed += 1

    @while_seen
    def refresh_part(self) -> None:
        self.parts += 1

    def watch(self, seen: bool) -> None:
        self.seen.append(seen)


@pytest.fixture
def state() -> State:
    return State()


@pytest.fixture
def panel(qtbot: QtBot, state: State) -> Shown:
    made = Shown(state)
    qtbot.addWidget(made)
    return made


def test_that_a_hidden_panel_does_nothing(state: State, panel: Shown) -> None:
    state.changed.emit()
    state.part_changed.emit()
    assert (panel.refreshed, panel.parts, panel.seen) == (0, 0, [])


def test_that_a_panel_catches_up_when_it_is_shown(state: State, panel: Shown) -> None:
    panel.show()
    assert (panel.refreshed, panel.seen) == (1, [True])
    panel.hide()
    state.changed.emit()
    assert (panel.refreshed, panel.seen) == (1, [True, False])
    panel.show()
    assert (panel.refreshed, panel.seen) == (2, [True, False, True])


def test_that_a_panel_follows_while_it_is_seen(state: State, panel: Shown) -> None:
    panel.show()
    state.changed.emit()
    state.part_changed.emit()
    assert (panel.refreshed, panel.parts) == (2, 1)


def test_that_a_panel_behind_another_is_hidden(qtbot: QtBot, state: State) -> None:
    panel = Shown(state)
    stack = QStackedWidget()
    qtbot.addWidget(stack)
    stack.addWidget(QWidget())
    stack.addWidget(panel)
    stack.show()
    state.changed.emit()
    assert panel.refreshed == 0
    stack.setCurrentWidget(panel)
    assert panel.refreshed == 1


class Seldom(Refreshing, QWidget):
    """Pauses after each refresh."""

    def __init__(self) -> None:
        super().__init__()
        self.refreshed = 0
        self.refresh_seldom(100_000, 0)

    def refresh(self) -> bool:
        self.refreshed += 1
        return True


def test_that_what_takes_time_is_done_seldom_and_never_while_hidden(qtbot: QtBot) -> None:
    view = Seldom()
    qtbot.addWidget(view)
    view.show()
    view.touch()
    assert view.refreshed == 1
    assert view._throttle is not None
    assert view._throttle.waiting
    view.hide()
    assert not view._throttle.waiting
    view.touch()
    assert not view._throttle.waiting


def test_that_a_panel_that_fails_to_refresh_is_shown_and_the_failure_reported(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Failing(Panel):
        def refresh(self) -> None:
            raise ValueError("nothing to show")

    reported: list[str] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: reported.append(str(error)))
    panel = Failing("Failing")
    qtbot.addWidget(panel)
    panel.show()
    assert panel.isVisible()
    assert reported == ["nothing to show"]
