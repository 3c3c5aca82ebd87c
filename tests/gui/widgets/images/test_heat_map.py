"""The heat map: any matrix can be read, pointed at and walked through, cell by cell."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from micronn_gui.theme import LIGHT
from micronn_gui.widgets.images.heat_map import HeatMap
from tests.gui.widgets.images.heat_maps import SIZES, Make, color, framed, middle, numbers, shown, write

Key = Qt.Key


@pytest.fixture
def make(qtbot: QtBot) -> Make:
    return functools.partial(shown, qtbot)


def heard(spy: QSignalSpy) -> list[tuple[int, ...]]:
    return [tuple(spy.at(i)) for i in range(spy.count())]


# -- size --


@pytest.mark.parametrize("shape", SIZES, ids=str)
def test_that_any_matrix_fits_and_every_cell_has_a_pixel(make: Make, shape: tuple[int, int]) -> None:
    heat = make(numbers(*shape))
    inside = heat.rect()
    for corner in ((0, 0), (shape[0] - 1, shape[1] - 1)):
        assert inside.contains(heat.cell(*corner))
    assert heat.sizeHint().width() <= 640
    assert heat.sizeHint().height() <= 440


def test_that_rows_of_neighbours_align_whatever_is_named(make: Make) -> None:
    matrix = make(numbers(10, 10), (400, 300), column_names=list("abcdefghij"))
    vector = make(numbers(10, 1), (64, 300))
    for row in range(10):
        assert matrix.cell(row, 0).top() == vector.cell(row, 0).top()


def test_that_of_cells_in_one_pixel_the_farthest_from_zero_is_seen_and_said(qtbot: QtBot, make: Make) -> None:
    values = np.full((1, 784), 0.1)
    values[0, 401] = -1.0
    heat = make(values, (104, 60))
    spy = QSignalSpy(heat.hovered)
    qtbot.mouseMove(heat, middle(heat, 0, 401))
    assert heard(spy)[-1] == (0, 401)
    qtbot.mouseMove(heat, QPoint(1, 1))
    heat.select(-1, -1)
    assert color(heat, 0, 401) == LIGHT.color("negative")


# -- mouse --


@pytest.mark.parametrize("shape", SIZES[:6], ids=str)
@pytest.mark.parametrize("end", ["first", "last"])
def test_that_hovering_says_the_exact_cell(
    qtbot: QtBot, make: Make, shape: tuple[int, int], end: str
) -> None:
    heat = make(numbers(*shape), (max(1, shape[1]) * 40 if shape[1] < 100 else 1000, 400))
    at = (0, 0) if end == "first" else (shape[0] - 1, shape[1] - 1)
    qtbot.mouseMove(heat, QPoint(1, 1))
    spy = QSignalSpy(heat.hovered)
    qtbot.mouseMove(heat, middle(heat, *at))
    assert heard(spy) == [at]


def test_that_leaving_the_cells_is_said_once(qtbot: QtBot, make: Make) -> None:
    heat = make(numbers(2, 2))
    qtbot.mouseMove(heat, QPoint(1, 1))
    spy = QSignalSpy(heat.hovered)
    qtbot.mouseMove(heat, middle(heat, 1, 1))
    qtbot.mouseMove(heat, middle(heat, 1, 1) + QPoint(2, 2))
    qtbot.mouseMove(heat, QPoint(1, 1))
    QApplication.sendEvent(heat, QEvent(QEvent.Type.Leave))
    assert heard(spy) == [(1, 1), (-1, -1)]


def test_that_a_click_chooses_its_cell_and_only_the_left_button_does(qtbot: QtBot, make: Make) -> None:
    heat = make(numbers(4, 3))
    spy = QSignalSpy(heat.chosen)
    qtbot.mouseClick(heat, Qt.MouseButton.RightButton, pos=middle(heat, 1, 1))
    qtbot.mouseClick(heat, Qt.MouseButton.LeftButton, pos=QPoint(1, 1))
    assert heard(spy) == []
    qtbot.mouseClick(heat, Qt.MouseButton.LeftButton, pos=middle(heat, 3, 2))
    assert heard(spy) == [(3, 2)]
    assert heat.selected == (3, 2)


def test_that_another_shape_under_the_mouse_is_said_once_when_it_is_there(qtbot: QtBot, make: Make) -> None:
    heat = make(np.zeros((2, 2)))
    qtbot.mouseMove(heat, QPoint(1, 1))
    qtbot.mouseMove(heat, middle(heat, 1, 1))
    spy = QSignalSpy(heat.hovered)
    seen: list[str] = []
    heat.hovered.connect(lambda row, column: seen.append(heat.text_of(2, 1)))
    heat.show_matrix(np.ones((2, 2)), 1.0, write)
    assert heard(spy) == []
    heat.show_matrix(np.ones((3, 2)), 1.0, write)
    heat.show_matrix(np.ones((4, 2)), 1.0, write)
    assert heard(spy) == [(-1, -1)]
    assert seen == ["+1.00"]
    assert heat.cursor().shape() is Qt.CursorShape.ArrowCursor


# -- keys --


@pytest.mark.parametrize(
    ("start", "key", "end"),
    [
        ((-1, -1), Key.Key_Right, (0, 0)),
        ((5, 5), Key.Key_Left, (5, 4)),
        ((5, 5), Key.Key_Right, (5, 6)),
        ((5, 5), Key.Key_Up, (4, 5)),
        ((5, 5), Key.Key_Down, (6, 5)),
        ((25, 5), Key.Key_PageUp, (15, 5)),
        ((25, 5), Key.Key_PageDown, (29, 5)),
        ((5, 5), Key.Key_Home, (5, 0)),
        ((5, 5), Key.Key_End, (5, 19)),
    ],
    ids=str,
)
def test_that_keys_choose_the_next_cell(
    qtbot: QtBot, make: Make, start: tuple[int, int], key: Key, end: tuple[int, int]
) -> None:
    heat = make(numbers(30, 20))
    heat.select(*start)
    spy = QSignalSpy(heat.chosen)
    qtbot.keyClick(heat, key)
    assert heat.selected == end
    assert heard(spy) == [end]


def test_that_control_leads_to_the_corners(qtbot: QtBot, make: Make) -> None:
    heat = make(numbers(30, 20))
    qtbot.keyClick(heat, Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert heat.selected == (29, 19)
    qtbot.keyClick(heat, Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    assert heat.selected == (0, 0)


@pytest.mark.parametrize(("shape", "last"), [((30, 1), (29, 0)), ((1, 30), (0, 29))], ids=str)
def test_that_in_a_vector_home_and_end_are_its_ends_and_pages_go_along_it(
    qtbot: QtBot, make: Make, shape: tuple[int, int], last: tuple[int, int]
) -> None:
    heat = make(numbers(*shape))
    qtbot.keyClick(heat, Key.Key_End)
    assert heat.selected == last
    qtbot.keyClick(heat, Key.Key_PageUp)
    assert sum(heat.selected) == 19
    qtbot.keyClick(heat, Key.Key_Home)
    assert heat.selected == (0, 0)


def test_that_at_the_edge_nothing_is_chosen_again(qtbot: QtBot, make: Make) -> None:
    heat = make(numbers(2, 2))
    heat.select(0, 0)
    spy = QSignalSpy(heat.chosen)
    qtbot.keyClick(heat, Key.Key_Up)
    qtbot.keyClick(heat, Key.Key_Left)
    assert heard(spy) == []


def test_that_enter_chooses_the_selected_cell(qtbot: QtBot, make: Make) -> None:
    heat = make(numbers(2, 2))
    spy = QSignalSpy(heat.chosen)
    qtbot.keyClick(heat, Key.Key_Return)
    assert heard(spy) == []
    heat.select(1, 0)
    qtbot.keyClick(heat, Key.Key_Enter)
    assert heard(spy) == [(1, 0)]


def test_that_the_arrows_are_the_windows_unless_the_heat_map_has_the_focus(qtbot: QtBot) -> None:
    window, heat, other = QWidget(), HeatMap("W"), QPushButton("Other")
    qtbot.addWidget(window)
    layout = QHBoxLayout(window)
    layout.addWidget(other)
    layout.addWidget(heat)
    heat.show_matrix(numbers(3, 3), 1.0, write)
    steps = QSignalSpy(QShortcut(QKeySequence(Key.Key_Right), window).activated)
    chosen = QSignalSpy(heat.chosen)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    other.setFocus()
    qtbot.keyClick(window.windowHandle(), Key.Key_Right)
    assert (steps.count(), chosen.count()) == (1, 0)
    heat.setFocus()
    qtbot.keyClick(window.windowHandle(), Key.Key_Right)
    assert (steps.count(), chosen.count()) == (1, 1)


def test_that_focus_is_seen(make: Make) -> None:
    heat = make(numbers(2, 2))
    focused = heat.grab().toImage()
    heat.clearFocus()
    assert heat.grab().toImage() != focused


def test_that_a_heat_map_without_a_matrix_takes_mouse_and_keys(qtbot: QtBot) -> None:
    heat = HeatMap("W")
    qtbot.addWidget(heat)
    heat.show()
    spy = QSignalSpy(heat.chosen)
    qtbot.mouseClick(heat, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    qtbot.keyClick(heat, Key.Key_Down)
    heat.repaint()
    assert heard(spy) == []


# -- selection --


def test_that_the_selected_number_is_told_to_those_who_cannot_see_it(make: Make) -> None:
    heat = make(np.array([[0.5, -0.25]]), column_names=["h0", "h1"])
    assert heat.accessibleName() == "W"
    assert heat.accessibleDescription() == "1 × 2"
    heat.select(0, 1)
    assert heat.accessibleDescription() == "row 0, column h1: −0.25"
    heat.show_matrix(np.array([[0.5, 0.75]]), 1.0, write)
    assert heat.accessibleDescription() == "row 0, column 1: +0.75"


def test_that_another_shape_takes_the_selection_and_the_frames_away(make: Make) -> None:
    heat = make(np.zeros((4, 4)))
    heat.select(3, 3)
    heat.highlight([3], [3])
    heat.show_matrix(np.zeros((4, 5)), 1.0, write)
    assert heat.selected == (-1, -1)
    assert not framed(heat, heat.cell(3, 0).topLeft())
