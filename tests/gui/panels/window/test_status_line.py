"""Where the run is not driven, a line tells how it goes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton
from pytestqt.qtbot import QtBot

from micronn_gui.main_window import MainWindow
from micronn_gui.session.training import TrainingState
from micronn_gui.worker.update import Status
from tests.gui.running import LONG, begin, finish


def words(window: MainWindow) -> str:
    return " ".join(part.text() for part in window.status_line.findChildren(QLabel))


def test_that_it_stands_in_the_place_of_the_transport(window: MainWindow) -> None:
    for name, driven in (("train", True), ("runs", False), ("draw", True)):
        window.open_workspace(name)
        assert window.transport.isVisible() is driven
        assert window.status_line.isVisible() is not driven


def test_that_it_tells_how_far_the_run_is(qtbot: QtBot, training: TrainingState, window: MainWindow) -> None:
    begin(qtbot, training, epochs=4)
    window.open_workspace("runs")
    assert words(window) == "New network waits at epoch 0 of 4"
    finish(qtbot, training)
    qtbot.waitUntil(lambda: "is finished: epoch 4 of 4" in words(window))
    bar = window.status_line.findChild(QProgressBar)
    assert bar.value() == bar.maximum()


def test_that_a_click_plays_and_pauses(qtbot: QtBot, training: TrainingState, window: MainWindow) -> None:
    begin(qtbot, training, epochs=LONG)
    window.open_workspace("runs")
    button = window.status_line.findChild(QPushButton)
    assert button.text() == "Play"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: button.text() == "Pause")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: training.status is Status.PAUSED)
    qtbot.waitUntil(lambda: button.text() == "Play")
