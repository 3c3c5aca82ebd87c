"""The Inspect workspace: its keys, that it works only while seen, and how quick it is."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from micronn_core.explain.explanation import Number
from micronn_gui.main_window import MainWindow
from micronn_gui.session.training import Session
from tests.gui.inspecting import heat_map, press
from tests.gui.running import begin, part, train_to

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(qtbot: QtBot, window: MainWindow) -> MainWindow:
    qtbot.keyClick(window, Qt.Key.Key_3, CONTROL)
    assert window.inspect.isVisible()
    return window


def present(session: Session) -> str:
    assert session.inspection.step is not None
    return session.inspection.step.key


def test_that_it_explains_only_while_it_is_seen(qtbot: QtBot, session: Session, window: MainWindow) -> None:
    assert session.inspection.explanation is None
    qtbot.keyClick(window, Qt.Key.Key_3, CONTROL)
    first = session.inspection.explanation
    assert first is not None
    qtbot.keyClick(window, Qt.Key.Key_1, CONTROL)
    told = QSignalSpy(session.inspection.changed)
    begin(qtbot, session, seed=8)
    session.inspection.show_test(3)
    assert session.inspection.explanation in (None, first)
    worked_out = told.count()
    qtbot.keyClick(window, Qt.Key.Key_3, CONTROL)
    assert session.inspection.explanation not in (None, first)
    assert told.count() == worked_out + 1


def test_that_arrows_go_from_step_to_step_and_space_still_plays(
    qtbot: QtBot, session: Session, page: MainWindow
) -> None:
    assert session.newest is not None
    session.inspection.open_step("z1")
    qtbot.keyClick(page, Qt.Key.Key_Right)
    assert present(session) == "a1"
    qtbot.keyClick(page, Qt.Key.Key_Left)
    qtbot.keyClick(page, Qt.Key.Key_Left)
    assert present(session) == "x"
    assert session.newest.metrics.step == 0
    qtbot.keyClick(page, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: session.trained)
    session.pause()


def test_that_in_a_matrix_arrows_go_from_number_to_number_instead(
    qtbot: QtBot, session: Session, page: MainWindow
) -> None:
    session.inspection.open_step("dW2")
    view = heat_map(page.inspect, "dW2")
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Home, CONTROL)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert present(session) == "dW2"
    assert session.inspection.number == Number("dW2", 1, 1)


def test_that_playing_through_the_steps_ends_when_the_window_is_closed(
    session: Session, page: MainWindow, qtbot: QtBot
) -> None:
    session.inspection.open_step("x")
    press(qtbot, page.inspect, "Go through the steps slowly")
    press(qtbot, page.inspect, "check all")
    page.close()  # that no timer is left is checked after every test


def test_that_closing_in_the_middle_of_training_leaves_nothing_running(
    qtbot: QtBot, session: Session, page: MainWindow
) -> None:
    begin(qtbot, session, epochs=1_000_000)
    train_to(qtbot, session, 2)
    page.close()
    assert not page.isVisible()


def test_that_a_part_leads_to_its_number_in_all_panels(
    qtbot: QtBot, session: Session, page: MainWindow
) -> None:
    session.inspection.open_step("a2")
    session.inspection.follow(Number("z2", 3))
    assert "Where z2[3] comes from" in {made.text() for made in page.inspect.findChildren(QLabel)}
    assert heat_map(page.inspect, "z2").selected == (3, 0)
    assert part(page.inspect, QLabel, "The number written out").text().startswith("z2[3] = ")
