"""Both workspaces show one drawing and one answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from micronn_core.settings.config import TrainingConfig
from micronn_gui.main_window import MainWindow
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from tests.gui.running import begin, part, ready
from tests.pen import draw, lift, move, press

STROKE = [[(60, 60), (150, 70), (90, 160)]]
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


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
    answers = {part(panel, QLabel, "Answer").text() for panel in panels.values()}
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
    assert part(window.workspace("train").draw, QLabel, "Answer").text() == str(states.answer.digit)


def test_that_one_can_draw_before_the_data_are_there(
    qtbot: QtBot, training: TrainingState, states: States, open_window: Callable[[States], MainWindow]
) -> None:
    window = open_window(states)
    for number, page in ((1, window.workspace("train")), (2, window.workspace("draw"))):
        open_page(qtbot, window, number)
        draw(page.draw.canvas, STROKE)
        assert not part(page.draw, QLabel, "Answer").isVisible()
    begin(qtbot, training)
    assert part(window.workspace("draw").draw, QLabel, "Answer").text() == str(states.answer.digit)
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
