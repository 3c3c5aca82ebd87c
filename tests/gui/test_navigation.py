"""From workspace to workspace: what is taken along, and what the arrows mean there."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from micronn_gui.main_window import MainWindow
from micronn_gui.session.inspection import DRAWING
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from tests.gui.running import begin, enter, part

CONTROL = Qt.KeyboardModifier.ControlModifier


def test_that_the_drawing_is_taken_along_to_be_inspected(
    qtbot: QtBot, training: TrainingState, states: States, window: MainWindow
) -> None:
    begin(qtbot, training)
    inspect = part(window.workspace("train").draw, QPushButton, "Follow it")
    assert not inspect.isEnabled()
    states.drawing.show([((0.5, 0.1), (0.5, 0.9))])
    qtbot.mouseClick(inspect, Qt.MouseButton.LeftButton)
    assert window.pages.currentWidget() is window.workspace("inspect")
    assert states.inspection.source == DRAWING
    assert states.inspection.sample is not None
    np.testing.assert_array_equal(states.inspection.sample.x[:, 0], states.drawing.picture.ravel())


def test_that_in_inspect_the_arrows_go_through_the_steps_and_train_nothing(
    qtbot: QtBot, training: TrainingState, states: States, window: MainWindow
) -> None:
    begin(qtbot, training)
    qtbot.keyClick(window, Qt.Key.Key_3, CONTROL)
    inspection = states.inspection
    inspection.open_step("z1")
    qtbot.keyClick(window, Qt.Key.Key_Right)
    assert inspection.step is not None
    assert inspection.step.key == "a1"
    qtbot.keyClick(window, Qt.Key.Key_Left)
    assert inspection.step.key == "z1"
    assert len(training.history) == 1


def test_that_nothing_is_explained_while_nobody_looks(
    qtbot: QtBot, training: TrainingState, states: States, window: MainWindow
) -> None:
    begin(qtbot, training)
    assert states.inspection.explanation is None
    qtbot.keyClick(window, Qt.Key.Key_3, CONTROL)
    assert states.inspection.explanation is not None
    explained = states.inspection.explanation
    qtbot.keyClick(window, Qt.Key.Key_1, CONTROL)
    training.shown_changed.emit()
    assert states.inspection.explanation is explained


def test_that_enter_gives_the_keys_back_to_the_window_unless_a_value_must_be_mended(
    qtbot: QtBot, training: TrainingState, window: MainWindow
) -> None:
    begin(qtbot, training)
    rate = part(window, QLineEdit, "Learning rate")
    enter(qtbot, rate, "0.2")
    assert not rate.hasFocus()
    assert training.config.learning_rate == 0.2
    rate.setFocus()
    enter(qtbot, rate, "fast")
    assert rate.hasFocus()
