"""A cleared pad: it is said, and what lay on it can be put back until somebody draws again."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from micronn_gui.main_window import MainWindow
from micronn_gui.session.states import States
from tests.gui.running import part
from tests.pen import draw

SEVEN = [[(60, 60), (150, 70), (90, 160)]]
SAID = "The pad is cleared."


@pytest.fixture
def drawn(qtbot: QtBot, window: MainWindow) -> MainWindow:
    """The page Draw with a drawing that has been cleared."""
    window.open_workspace("draw")
    draw(window.current.draw.canvas, SEVEN)
    qtbot.keyClick(window.current.draw.canvas, Qt.Key.Key_Escape)
    return window


def test_that_what_was_cleared_can_be_put_back(qtbot: QtBot, states: States, drawn: MainWindow) -> None:
    assert states.drawing.is_empty
    toast = drawn.toasts.newest
    assert toast is not None
    assert toast.text == SAID
    qtbot.mouseClick(part(toast, QPushButton, "Undo"), Qt.MouseButton.LeftButton)
    assert len(states.drawing.lines) == 1
    assert SAID not in drawn.toasts.texts


def test_that_whoever_draws_again_is_not_asked_any_more(
    qtbot: QtBot, states: States, drawn: MainWindow
) -> None:
    draw(drawn.current.draw.canvas, SEVEN)
    assert SAID not in drawn.toasts.texts
    qtbot.keyClick(drawn, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert states.drawing.is_empty
    qtbot.keyClick(drawn, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(states.drawing.lines) == 1


def test_that_a_drawing_that_is_kept_is_not_called_cleared(
    qtbot: QtBot, states: States, window: MainWindow
) -> None:
    window.open_workspace("draw")
    draw(window.current.draw.canvas, SEVEN)
    qtbot.keyClick(window, Qt.Key.Key_7)
    assert states.drawing.is_empty
    assert SAID not in window.toasts.texts
