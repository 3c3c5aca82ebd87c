"""Draw has room for what it shows: in the smallest window, in large ones, and at every size of the text."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from micronn_gui.session.answer import HOW, MY_DIGITS, WHY
from micronn_gui.session.states import States
from micronn_gui.theme import px
from micronn_gui.workspaces.draw import DrawWorkspace
from tests.gui import test_layout as layout
from tests.gui.running import begin, finish
from tests.pen import draw

SMALLEST = (952, 584)
STROKE = (((0.3, 0.2), (0.7, 0.25), (0.4, 0.8)),)
SIZES = [SMALLEST, (1208, 604), (1368, 784), (1848, 964)]


@pytest.fixture
def holder(qtbot: QtBot, states: States, percent: int) -> QMainWindow:
    """The page alone in a window, about a drawing and a trained network."""
    made = QMainWindow()
    made.setCentralWidget(DrawWorkspace(states))
    qtbot.addWidget(made)
    begin(qtbot, states.training, epochs=5)
    finish(qtbot, states.training)
    made.show()
    return made


def test_that_it_fits_into_the_smallest_window(holder: QMainWindow) -> None:
    holder.resize(px(SMALLEST[0]), px(SMALLEST[1]))
    layout.settle(holder)
    least = holder.centralWidget().minimumSizeHint()
    assert least.width() <= px(SMALLEST[0])
    assert least.height() <= px(SMALLEST[1])


@pytest.mark.parametrize("beside", [HOW, WHY, MY_DIGITS])
def test_that_nothing_is_cut_off_and_nothing_overlaps(
    holder: QMainWindow, states: States, beside: str
) -> None:
    faults = []
    states.answer.look_at(beside)
    for drawn in (False, True):
        if drawn:
            states.drawing.show(STROKE)
        for width, height in SIZES:
            holder.resize(px(width), px(height))
            layout.settle(holder)
            found = (*layout.cut_off(holder), *layout.overlapping(holder), *layout.outside(holder))
            faults += [f"{width} x {height}: {fault}" for fault in found]
    assert faults == [], "\n".join(faults)


def test_that_the_pad_is_as_large_as_the_page_allows_and_stays_in_its_place(
    holder: QMainWindow, states: States
) -> None:
    page = holder.centralWidget()
    assert isinstance(page, DrawWorkspace)
    for width, height in SIZES:
        holder.resize(px(width), px(height))
        layout.settle(holder)
        place, side = page.draw.canvas.geometry(), page.draw.canvas.place().width()
        assert side >= 0.45 * px(height)
        draw(page.draw.canvas, [[(40, 40), (90, 90)]])
        for beside in (WHY, MY_DIGITS, HOW):
            states.answer.look_at(beside)
            layout.settle(holder)
            assert page.draw.canvas.geometry() == place
        states.drawing.clear()


def test_that_where_it_is_narrow_what_has_no_room_stands_below(holder: QMainWindow) -> None:
    page = holder.centralWidget()
    assert isinstance(page, DrawWorkspace)
    for width, below in ((SMALLEST[0], False), (880, True), (620, True)):
        holder.resize(px(width), px(1400))
        layout.settle(holder)
        side, pad = page.how, page.draw
        top = side.mapTo(page, QPoint()).y()
        assert (top > pad.geometry().bottom()) is below
        assert side.mapTo(page, QPoint(side.width(), 0)).x() <= page.width()
        assert page.minimumSizeHint().width() <= px(620)
