"""The workspaces: each opens by key and by rail, and is built when it is first opened."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QToolButton, QVBoxLayout
from pytestqt.qtbot import QtBot

from micronn_gui import actions, main_window
from micronn_gui.main_window import MainWindow
from micronn_gui.session.states import States
from micronn_gui.workspaces.registry import WORKSPACES, WorkspaceEntry
from micronn_gui.workspaces.workspace import Workspace

CONTROL = Qt.KeyboardModifier.ControlModifier
NAMES = [entry.name for entry in WORKSPACES]


def tab(window: MainWindow, label: str) -> QToolButton:
    (found,) = [made for made in window.rail.findChildren(QToolButton) if made.text() == label]
    return found


def open_now(window: MainWindow) -> str:
    """Return the name of the workspace that is open, as the rail marks it."""
    (name,) = [entry.name for entry in WORKSPACES if tab(window, entry.label).isChecked()]
    assert window.pages.currentWidget() is window.workspace(name)
    return name


@pytest.mark.parametrize("first", NAMES)
def test_that_each_workspace_opens_in_any_order(window: MainWindow, first: str) -> None:
    for name in (first, *reversed(NAMES), *NAMES):
        window.open_workspace(name)
        assert open_now(window) == name
    assert window.pages.count() == len(NAMES)


def test_that_keys_and_rail_open_the_same(qtbot: QtBot, window: MainWindow) -> None:
    for place, entry in enumerate(WORKSPACES):
        qtbot.keyClick(window, Qt.Key(Qt.Key.Key_1 + place), CONTROL)
        assert open_now(window) == entry.name
    for entry in WORKSPACES:
        qtbot.mouseClick(tab(window, entry.label), Qt.MouseButton.LeftButton)
        assert open_now(window) == entry.name


def test_that_only_the_first_is_built_when_the_window_opens(window: MainWindow) -> None:
    assert window.pages.count() == 1
    assert open_now(window) == NAMES[0]


def test_that_tab_comes_to_the_transport_after_a_page_that_was_built_late(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.open_workspace("draw")
    order = []
    for _ in range(80):
        qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None
        for part in (window.header, window.rail, window.pages, window.transport):
            if part.isAncestorOf(focused) and order[-1:] != [part]:
                order.append(part)
    start = order.index(window.header)
    assert order[start : start + 4] == [window.header, window.rail, window.pages, window.transport]


class Added(Workspace):
    """A workspace that nobody has heard of."""

    def __init__(self, states: States) -> None:
        super().__init__()
        self.steps: list[int] = []
        self.states = states
        QVBoxLayout(self).addWidget(QLabel("something new"))

    def take_step(self, direction: int) -> bool:
        self.steps.append(direction)
        return True


@pytest.fixture
def with_another(
    states: States, monkeypatch: pytest.MonkeyPatch, open_window: Callable[[States], MainWindow]
) -> MainWindow:
    rows = (*WORKSPACES, WorkspaceEntry("added", "Added", "Something new", "info", "new", True, Added))
    for module in (main_window, actions):
        monkeypatch.setattr(module, "WORKSPACES", rows)
    return open_window(states)


def test_that_a_row_makes_a_workspace(qtbot: QtBot, with_another: MainWindow) -> None:
    window = with_another
    assert tab(window, "Added").toolTip() == f"Something new (Ctrl+{len(WORKSPACES) + 1})"
    qtbot.keyClick(window, Qt.Key(Qt.Key.Key_1 + len(WORKSPACES)), CONTROL)
    page = window.pages.currentWidget()
    assert isinstance(page, Added)
    assert tab(window, "Added").isChecked()
    qtbot.keyClick(window, Qt.Key.Key_Right)
    qtbot.keyClick(window, Qt.Key.Key_Left)
    assert page.steps == [1, -1]
    assert len(page.states.training.history) == 0


def test_that_the_window_does_what_a_workspace_asks_for(qtbot: QtBot, with_another: MainWindow) -> None:
    page = with_another.workspace("added")
    page.refused.emit("This is impossible.")
    assert with_another.toasts.text == "This is impossible."
    page.done.emit("It is done.")
    assert with_another.toasts.text == "It is done."
    page.workspace_wanted.emit("inspect")
    assert with_another.pages.currentWidget() is with_another.workspace("inspect")
