"""The Inspect workspace: its keys, that it works only while seen, and how quick it is."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from micronn_core.explain.derivations import Number
from micronn_gui.main_window import MainWindow
from micronn_gui.preferences import Preferences
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from micronn_gui.widgets.diagram.diagram import NetworkDiagram
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


def test_that_plain_words_or_maths_are_remembered(
    qtbot: QtBot, states: States, page: MainWindow, settings: QSettings
) -> None:
    states.inspection.open_step("z2")
    assert "Each neuron votes, and the votes are added" in words(page.workspace("inspect").step)
    press(qtbot, page.workspace("inspect"), "Maths")
    assert "Output layer, weighted sum" in words(page.workspace("inspect").step)
    assert "W2 (10×10) · a1 (10×1) + b2 (10×1) = z2 (10×1)" in words(page.workspace("inspect").step)
    page.close()
    assert Preferences(settings).maths


def test_that_a_click_in_the_diagram_opens_its_numbers_and_escape_closes_them(
    qtbot: QtBot, states: States, page: MainWindow
) -> None:
    inspect = page.workspace("inspect")
    inspect.close_origin()
    states.inspection.open_step("a1")
    diagram = inspect.step.findChild(NetworkDiagram)
    diagram.setFocus()
    for _ in range(2):
        qtbot.keyClick(diagram, Qt.Key.Key_Right)
    qtbot.keyClick(diagram, Qt.Key.Key_Return)
    assert inspect.origin.isVisible()
    assert diagram.isVisible()
    assert present(states) == "a1"
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not inspect.origin.isVisible())


@pytest.mark.parametrize("key", ["update", "check"])
def test_that_the_last_stages_show_the_answer_before_and_after(
    qtbot: QtBot, states: States, page: MainWindow, key: str
) -> None:
    inspect = page.workspace("inspect")
    inspect.close_origin()
    states.inspection.open_step("dW1")
    assert not inspect.training.isVisible()
    states.inspection.open_step(key)
    assert inspect.training.isVisible()
    assert "One learning step on this picture" in words(inspect.training)


def test_that_numbers_stand_beside_the_diagram_where_there_is_room_until_somebody_decides(
    qtbot: QtBot, page: MainWindow
) -> None:
    inspect = page.workspace("inspect")
    for width, shown in ((1500, True), (1100, False), (1500, True)):
        page.resize(width, 760)
        qtbot.waitUntil(lambda shown=shown: inspect.origin.isVisible() == shown)
    inspect.close_origin()
    page.resize(1600, 760)
    qtbot.waitUntil(lambda: inspect.width() > 1450)
    assert not inspect.origin.isVisible()


@pytest.mark.parametrize("hidden", [(10,), (64, 32, 16)], ids=str)
@pytest.mark.parametrize("view", ["Diagram", "Numbers"])
@pytest.mark.parametrize("words", ["Plain", "Maths"])
def test_that_the_page_fits_into_the_smallest_window(
    qtbot: QtBot,
    training: TrainingState,
    states: States,
    page: MainWindow,
    hidden: tuple[int, ...],
    view: str,
    words: str,
) -> None:
    inspect = page.workspace("inspect")
    begin(qtbot, training, hidden=hidden)
    inspect.open_origin()
    for text in (view, words):
        press(qtbot, inspect, text)
    assert states.inspection.explanation is not None
    for step in states.inspection.explanation.steps:
        states.inspection.open_step(step.key)
        QApplication.processEvents()
        least = inspect.minimumSizeHint()
        assert least.width() <= 952, step.key
        assert least.height() <= 584, step.key


def test_that_the_titles_of_sample_and_step_stand_at_one_height_and_the_diagram_stays_in_its_place(
    qtbot: QtBot, states: States, page: MainWindow
) -> None:
    inspect = page.workspace("inspect")
    diagram = inspect.step.findChild(NetworkDiagram)
    assert states.inspection.explanation is not None
    places = set()
    for step in states.inspection.explanation.steps:
        states.inspection.open_step(step.key)
        QApplication.processEvents()
        places.add((diagram.mapTo(inspect, QPoint(0, 0)).y(), diagram.height()))
        headline = inspect.step.findChild(QLabel, "headline")
        if "\n" not in headline.text():
            middles = [
                made.mapTo(inspect, made.rect().center()).y() for made in (headline, inspect.sample.title)
            ]
            assert abs(middles[0] - middles[1]) <= 2, step.key
    assert len(places) == 1
