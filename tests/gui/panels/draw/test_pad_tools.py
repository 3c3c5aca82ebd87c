"""The tools below the large pad: in line with each other, in one row or in two."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QPushButton, QSlider, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from micronn_gui.panels.draw.pad_tools import PadTools
from micronn_gui.panels.draw.pictures import Pictures
from micronn_gui.session.states import States
from tests.gui.running import part
from tests.gui.visible_texts import painted_words

NAMES = ("Pen", "Eraser", "Undo", "Redo", "Picture", "Ink hints")


@pytest.fixture
def tools(qtbot: QtBot, states: States) -> PadTools:
    window = QWidget()
    window.resize(3000, 200)
    qtbot.addWidget(window)
    made = PadTools(states.drawing, Pictures(states.training, states.drawing, states.opened_picture, window))
    made.setParent(window)
    window.show()
    made.offer()
    return made


def fit(tools: PadTools, width: int) -> dict[str, QRect]:
    """Give them a width; return where each of them stands."""
    tools.fit(width)
    tools.resize(width, tools.height_at(width))
    tools.grab()  # lays them out
    found: dict[str, QWidget] = {made.text(): made for made in tools.findChildren(QToolButton)}
    found |= {"Clear": part(tools, QPushButton, "Clear"), "brush": tools.findChildren(QSlider)[0]}
    return {name: QRect(made.mapTo(tools, QPoint()), made.size()) for name, made in found.items()}


def test_that_in_two_rows_each_stands_below_another(tools: PadTools) -> None:
    places = fit(tools, tools.least_width)
    for above, below in (("Pen", "Undo"), ("Eraser", "Redo")):
        assert places[above].left() == places[below].left()
        assert places[above].bottom() < places[below].top()
    assert places["brush"].left() >= places["Picture"].left()
    assert places["brush"].right() <= places["Ink hints"].right()
    assert len({places[name].top() for name in ("Undo", "Redo", "Picture", "Ink hints")}) == 1


def test_that_where_there_is_room_they_stand_in_one_row_in_the_same_order(tools: PadTools) -> None:
    places = fit(tools, tools.width_in_one_row)
    assert len({places[name].top() for name in NAMES}) == 1
    order = sorted(places, key=lambda name: places[name].left())
    assert order == ["Pen", "Eraser", "brush", "Undo", "Redo", "Picture", "Ink hints", "Clear"]


@pytest.mark.parametrize("more", [0, 1, 60, 400, 2000])
def test_that_the_brush_is_neither_short_nor_long_and_clear_ends_the_row(tools: PadTools, more: int) -> None:
    for width in (tools.least_width + more, tools.width_in_one_row + more):
        places = fit(tools, width)
        assert 90 <= places["brush"].width() <= 160
        assert places["Clear"].right() == width - 1
        assert all(place.left() >= 0 and place.right() < width for place in places.values())


def test_that_clear_names_its_key_and_clears(qtbot: QtBot, states: States, tools: PadTools) -> None:
    clear = part(tools, QPushButton, "Clear")
    assert not clear.isEnabled()
    states.drawing.show((((0.3, 0.2), (0.7, 0.25)),))
    tools.offer()
    assert painted_words(clear) == ["Clear", "Esc"]
    qtbot.mouseClick(clear, Qt.MouseButton.LeftButton)
    assert states.drawing.is_empty
