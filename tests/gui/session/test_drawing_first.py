"""The window goes first from a change until it has been painted."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from micronn_gui.session.drawing_first import DrawingFirst
from micronn_gui.session.throttle import Throttle
from micronn_gui.worker.right_of_way import RIGHT_OF_WAY


class Painted(QWidget):
    """Notes whether it is painted before anybody else may go."""

    def __init__(self) -> None:
        super().__init__()
        self.first: list[bool] = []

    def paintEvent(self, event: QPaintEvent) -> None:
        self.first.append(not RIGHT_OF_WAY.is_free)


@pytest.fixture
def widget(qtbot: QtBot) -> Painted:
    made = Painted()
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    qtbot.waitUntil(lambda: bool(made.first))
    made.first.clear()
    return made


def test_that_nobody_else_goes_before_the_change_has_been_painted(qtbot: QtBot, widget: Painted) -> None:
    DrawingFirst(widget).claim()
    widget.update()
    qtbot.waitUntil(lambda: RIGHT_OF_WAY.is_free)
    assert widget.first == [True]


def test_that_what_is_done_at_intervals_goes_first(qtbot: QtBot, widget: Painted) -> None:
    said: list[bool] = []

    def do() -> None:
        said.append(not RIGHT_OF_WAY.is_free)
        widget.update()

    Throttle(do, 10, parent=widget).ask()
    qtbot.waitUntil(lambda: RIGHT_OF_WAY.is_free)
    assert said == widget.first == [True]
