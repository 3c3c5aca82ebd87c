"""The Inspect workspace: its keys, that it works only while seen, and how quick it is."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from micronn_core.explain.derivations import Number
from micronn_gui.main_window import MainWindow
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from tests.gui.inspecting import heat_map, press, words
from tests.gui.running import begin, part, train_to

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(qtbot: QtBot, window: MainWindow) -> MainWindow:
    qtbot.keyClick(window, Qt.Key.Key_3, CONTROL)
    assert window.workspace("inspect").isVisible()
    return window


def present(states: States) -> str:
    assert states.inspection.step is not None
    return states.inspection.step.key


def test_that_it_explains_only_while_it_is_seen(
    qtbot: QtBot, training: TrainingState, states: States, window: MainWindow
) -> None:
    assert states.inspection.explanation is None
    qtbot.keyClick(window, Qt.Key.Key_3, CONTROL)
    first = states.inspection.explanation
    assert first is not None
    qtbot.keyClick(window, Qt.Key.Key_1, CONTROL)
    told = QSignalSpy(states.inspection.changed)
    begin(qtbot, training, seed=8)
    states.inspection.show_test(3)
    assert states.inspection.explanation in (None, first)
    worked_out = told.count()
    qtbot.keyClick(window, Qt.Key.Key_3, CONTROL)
    assert states.inspection.explanation not in (None, first)
    assert told.count() == worked_out + 1


def test_that_arrows_go_from_step_to_step_and_space_still_plays(
    qtbot: QtBot, training: TrainingState, states: States, page: MainWindow
) -> None:
    assert training.newest is not None
    states.inspection.open_step("z1")
    qtbot.keyClick(page, Qt.Key.Key_Right)
    assert present(states) == "a1"
    qtbot.keyClick(page, Qt.Key.Key_Left)
    qtbot.keyClick(page, Qt.Key.Key_Left)
    assert present(states) == "x"
    assert training.newest.metrics.step == 0
    qtbot.keyClick(page, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: training.trained)
    training.pause()


def test_that_in_a_matrix_arrows_go_from_number_to_number_instead(
    qtbot: QtBot, states: States, page: MainWindow
) -> None:
    press(qtbot, page.workspace("inspect"), "Numbers")
    states.inspection.open_step("dW2")
    view = heat_map(page.workspace("inspect"), "dW2")
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Home, CONTROL)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert present(states) == "dW2"
    assert states.inspection.number == Number("dW2", 1, 1)


def test_that_playing_through_the_steps_ends_when_the_window_is_closed(
    states: States, page: MainWindow, qtbot: QtBot
) -> None:
    states.inspection.open_step("x")
    press(qtbot, page.workspace("inspect"), "Go through the stages slowly")
    press(qtbot, page.workspace("inspect"), "check all")
    page.close()  # that no timer is left is checked after every test


def test_that_closing_in_the_middle_of_training_leaves_nothing_running(
    qtbot: QtBot, training: TrainingState, page: MainWindow
) -> None:
    begin(qtbot, training, epochs=1_000_000)
    train_to(qtbot, training, 2)
    page.close()
    assert not page.isVisible()


def test_that_a_part_leads_to_its_number_in_all_panels(
    qtbot: QtBot, states: States, page: MainWindow
) -> None:
    press(qtbot, page.workspace("inspect"), "Numbers")
    press(qtbot, page.workspace("inspect"), "Maths")
    states.inspection.open_step("a2")
    states.inspection.follow(Number("z2", 3))
    assert "Why z2[3] is " in words(page.workspace("inspect").origin)
    assert heat_map(page.workspace("inspect"), "z2").selected == (3, 0)
    assert part(page.workspace("inspect"), QLabel, "The number written out").text().startswith("z2[3] = ")
