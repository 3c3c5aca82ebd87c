"""Both workspaces show one drawing and one answer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from micronn_core.settings.config import TrainingConfig
from micronn_gui.main_window import MainWindow
from micronn_gui.session.answer import HOW, MY_DIGITS, WHY
from micronn_gui.session.inspection import DRAWING
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from micronn_gui.widgets.charts.big_answer import BigAnswer
from tests.gui.running import begin, part, ready
from tests.pen import draw, lift, move, press

STROKE = [[(60, 60), (150, 70), (90, 160)]]
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def answered(page: QWidget) -> str:
    """Return the answer that a page shows."""
    (found,) = page.findChildren(BigAnswer)
    return found.answer


def press_button(qtbot: QtBot, page: QWidget, text: str) -> None:
    (found,) = [b for b in page.findChildren(QPushButton) if b.text() == text and b.isVisible()]
    qtbot.mouseClick(found, Qt.MouseButton.LeftButton)


def open_page(qtbot: QtBot, window: MainWindow, number: int) -> None:
    qtbot.keyClick(window, getattr(Qt.Key, f"Key_{number}"), CONTROL)


@pytest.mark.parametrize("drawn_in", [1, 2])
def test_that_both_workspaces_show_the_same_drawing_and_answer(
    qtbot: QtBot, states: States, window: MainWindow, drawn_in: int
) -> None:
    panels = {1: window.workspace("train").draw, 2: window.workspace("draw").draw}
    open_page(qtbot, window, drawn_in)
    assert panels[drawn_in].isVisible()
    draw(panels[drawn_in].canvas, STROKE)
    (stroke,) = states.drawing.strokes
    open_page(qtbot, window, 3 - drawn_in)
    answers = {answered(window.workspace(name)) for name in ("train", "draw")}
    assert answers == {str(states.answer.digit)}
    counted = {panel.canvas.accessibleDescription() for panel in panels.values()}
    assert counted == {panels[drawn_in].canvas.accessibleDescription()}
    draw(panels[3 - drawn_in].canvas, [[(30, 30)]])
    assert states.drawing.strokes[0] == stroke
    assert len(states.drawing.strokes) == 2


@pytest.mark.parametrize("page", [1, 2])
def test_that_ctrl_z_undoes_and_ctrl_shift_z_redoes_in_both(
    qtbot: QtBot, states: States, window: MainWindow, page: int
) -> None:
    open_page(qtbot, window, page)
    canvas = (window.workspace("train"), window.workspace("draw"))[page - 1].draw.canvas
    draw(canvas, STROKE)
    drawn = states.drawing.strokes
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert states.drawing.is_empty
    qtbot.keyClick(canvas, Qt.Key.Key_Z, CONTROL)
    assert states.drawing.strokes == drawn
    qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL)
    assert states.drawing.is_empty
    qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL | SHIFT)
    assert states.drawing.strokes == drawn


def test_that_a_stroke_is_not_lost_when_the_workspace_changes_under_the_pen(
    qtbot: QtBot, states: States, window: MainWindow
) -> None:
    canvas = window.workspace("train").draw.canvas
    press(canvas, 60, 60)
    move(canvas, 120, 90)
    open_page(qtbot, window, 2)
    draw(window.workspace("draw").draw.canvas, [[(40, 40)]])
    lift(canvas, 120, 90)
    assert [len(stroke) for stroke in states.drawing.strokes] == [2, 1]


def test_that_space_still_plays_when_the_pad_has_the_keyboard(
    qtbot: QtBot, training: TrainingState, window: MainWindow
) -> None:
    canvas = window.workspace("train").draw.canvas
    draw(canvas, STROKE)
    canvas.setFocus()
    qtbot.keyClick(canvas, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: training.trained)


def test_that_a_new_network_keeps_the_drawing(
    qtbot: QtBot, training: TrainingState, states: States, window: MainWindow
) -> None:
    draw(window.workspace("train").draw.canvas, STROKE)
    drawn = states.drawing.strokes
    training.new_network(TrainingConfig(hidden=(12, 7)))
    ready(qtbot, training)
    assert states.drawing.strokes == drawn
    assert answered(window.workspace("train")) == str(states.answer.digit)


def test_that_one_can_draw_before_the_data_are_there(
    qtbot: QtBot, training: TrainingState, states: States, open_window: Callable[[States], MainWindow]
) -> None:
    window = open_window(states)
    for number, page in ((1, window.workspace("train")), (2, window.workspace("draw"))):
        open_page(qtbot, window, number)
        draw(page.draw.canvas, STROKE)
        assert answered(page) == ""
    begin(qtbot, training)
    assert answered(window.workspace("draw")) == str(states.answer.digit)
    assert len(states.drawing.strokes) == 2


@pytest.mark.parametrize("number", [200, 10_000])
def test_that_a_scribble_of_many_points_is_answered(
    qtbot: QtBot, states: States, window: MainWindow, number: int
) -> None:
    open_page(qtbot, window, 2)
    points = tuple((i * 0.618 % 1, i * 0.414 % 1) for i in range(number))
    states.drawing.show([points])
    assert states.answer.digit is not None
    assert 0 <= states.drawing.picture.min() <= states.drawing.picture.max() <= 1
    window.grab()


# -- the way on --


def test_that_from_the_pad_in_train_one_asks_why_and_follows_the_numbers(
    qtbot: QtBot, states: States, window: MainWindow
) -> None:
    train = window.workspace("train")
    draw(train.draw.canvas, STROKE)
    press_button(qtbot, train, f"Why {states.answer.digit}?")
    page = window.workspace("draw")
    assert window.pages.currentWidget() is page
    assert page.why.isVisible()
    window.open_workspace("train")
    press_button(qtbot, train, "Follow it")
    assert window.pages.currentWidget() is window.workspace("inspect")
    assert states.inspection.source == DRAWING


def test_that_from_draw_one_follows_the_numbers_of_the_drawing(
    qtbot: QtBot, states: States, window: MainWindow
) -> None:
    open_page(qtbot, window, 2)
    page = window.workspace("draw")
    press_button(qtbot, page, "Follow the numbers ›")
    assert window.pages.currentWidget() is page  # there is nothing to follow
    draw(page.draw.canvas, STROKE)
    press_button(qtbot, page, "Follow the numbers ›")
    assert window.pages.currentWidget() is window.workspace("inspect")
    assert states.inspection.source == DRAWING


def test_that_of_the_tabs_the_open_one_alone_is_worked_out(
    qtbot: QtBot, states: States, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_page(qtbot, window, 2)
    page = window.workspace("draw")
    pages = {HOW: page.how, WHY: page.why, MY_DIGITS: page.my_digits}
    texts = {HOW: "How it saw it", WHY: "Why", MY_DIGITS: "My digits"}
    for key, text in texts.items():
        press_button(qtbot, page, text)
        assert states.answer.beside == key
        assert [each for each in pages if pages[each].isVisible()] == [key]


# -- what it is --


def test_that_the_answer_is_the_first_guess_of_what_it_is_and_keep_keeps_it(
    qtbot: QtBot, states: States, window: MainWindow
) -> None:
    open_page(qtbot, window, 2)
    page = window.workspace("draw")
    press_button(qtbot, page, "keep")
    assert states.my_digits.digits == ()
    draw(page.draw.canvas, STROKE)
    guess = states.answer.digit
    (shown,) = [b for b in page.draw.keep.findChildren(QPushButton) if b.property("guess")]
    assert shown.text() == str(guess)
    press_button(qtbot, page, "keep")
    assert [digit.label for digit in states.my_digits.digits] == [guess]
    assert states.drawing.is_empty
    assert page.my_digits.isVisible()


def test_that_a_click_on_a_digit_says_what_it_is_until_the_pad_is_empty(
    qtbot: QtBot, states: States, window: MainWindow
) -> None:
    open_page(qtbot, window, 2)
    page = window.workspace("draw")
    draw(page.draw.canvas, STROKE)
    other = ((states.answer.digit or 0) + 1) % 10
    press_button(qtbot, page.draw.keep, str(other))
    assert states.my_digits.digits == ()
    assert not any(b.property("guess") for b in page.draw.keep.findChildren(QPushButton))
    press_button(qtbot, page, "keep")
    assert [digit.label for digit in states.my_digits.digits] == [other]
    draw(page.draw.canvas, STROKE)
    assert not any(b.isChecked() for b in page.draw.keep.findChildren(QPushButton))


# -- examples --


def test_that_a_click_lays_an_example_on_the_pad_and_others_can_be_had(
    qtbot: QtBot, states: States, window: MainWindow
) -> None:
    open_page(qtbot, window, 2)
    page = window.workspace("draw")
    qtbot.waitUntil(lambda: bool(states.examples.pictures))
    second = part(page, QPushButton, "Example 2")
    qtbot.mouseClick(second, Qt.MouseButton.LeftButton)
    np.testing.assert_array_equal(states.drawing.picture, states.examples.pictures[1])
    assert answered(page) == str(states.answer.digit)
    before = states.examples.pictures
    qtbot.mouseClick(part(page, QToolButton, "Other pictures to try"), Qt.MouseButton.LeftButton)
    assert not all(np.array_equal(a, b) for a, b in zip(before, states.examples.pictures, strict=True))
    states.drawing.undo()
    assert states.drawing.is_empty
