"""While a new network is made, nothing of the one before is left beside its name."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from micronn_core.settings.config import TrainingConfig
from micronn_gui.main_window import MainWindow
from micronn_gui.session.states import States
from micronn_gui.workspaces.registry import WORKSPACES
from tests.gui.running import begin, ready, train_to
from tests.pen import draw

STROKE = [[(60, 40), (140, 40), (80, 160)]]
KEYS = (Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_End, Qt.Key.Key_Escape)


@pytest.fixture
def load(qtbot: QtBot, window: MainWindow, states: States) -> Callable[[], None]:
    """Train 32 neurons with a drawing on the pad, then ask for 10: they do not come until they are let in."""
    training = states.training
    begin(qtbot, training, hidden=(32,))
    draw(window.workspace("train").draw.canvas, STROKE)
    for entry in WORKSPACES:
        window.open_workspace(entry.name)
    train_to(qtbot, training, 3)
    training.pause()
    window.open_workspace("train")

    def ask() -> None:
        training.new_network(TrainingConfig(hidden=(10,)))
        training._timer.stop()

    return ask


def test_that_no_picture_no_mark_and_no_answer_of_the_network_before_is_left(
    qtbot: QtBot, window: MainWindow, states: States, load: Callable[[], None]
) -> None:
    train, how = window.workspace("train"), window.workspace("draw").how
    assert len(train.weights.grid._canvas.images) == 32
    window.open_workspace("draw")
    qtbot.waitUntil(lambda: all(line.text() for line in how.drawn.words.values()))
    load()
    assert [line.text() for line in how.drawn.words.values()] == [""] * len(how.drawn.words)
    window.open_workspace("train")
    assert len(train.weights.grid._canvas.images) == 0
    for figure in (train.curves.loss, train.curves.accuracy):
        assert not any(mark.isVisible() for mark in figure.chart._marks.values())
    states.training._timer.start()
    ready(qtbot, states.training)
    assert len(train.weights.grid._canvas.images) == 10


@pytest.mark.parametrize("name", [entry.name for entry in WORKSPACES])
def test_that_clicks_and_keys_do_no_harm_meanwhile(
    qtbot: QtBot,
    window: MainWindow,
    states: States,
    load: Callable[[], None],
    name: str,
) -> None:
    window.open_workspace(name)
    load()
    for part in window.workspace(name).findChildren(QWidget):
        if (
            part.isVisible()
            and min(part.width(), part.height()) > 4
            and not isinstance(part, QAbstractButton)
        ):
            for share in (0.1, 0.5, 0.9):
                place = QPoint(int(part.width() * share), int(part.height() * share))
                QTest.mouseMove(part, place)
                if part.focusPolicy() is not Qt.FocusPolicy.NoFocus and not hasattr(part, "showPopup"):
                    QTest.mouseClick(part, Qt.MouseButton.LeftButton, pos=place)
                    key = KEYS[round(share * 4)]
                    if (name, key) != ("runs", Qt.Key.Key_Return):  # which opens a run, as it should
                        QTest.keyClick(part, key)
    for entry in WORKSPACES:
        window.open_workspace(entry.name)
    states.training._timer.start()
    ready(qtbot, states.training)
    assert states.training.newest is not None
    assert states.training.newest.parameters.sizes == (784, 10, 10)
