"""The image grid: colours mean numbers, and what the mouse or the keys point at is said."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from micronn_gui.theme import DARK, LIGHT, THEMES, themes
from micronn_gui.widgets.images.image_grid import ImageGrid

VALUES = np.array([[[1.0, -1.0], [0.0, 0.5]], [[0.0, 0.0], [0.0, -2.0]]], np.float32)


@pytest.fixture
def grid(qtbot: QtBot) -> ImageGrid:
    made = ImageGrid("Images")
    qtbot.addWidget(made)
    made.resize(500, 260)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    show(made, np.ones(2))
    return made


def show(grid: ImageGrid, limits: np.ndarray) -> None:
    grid.show_images(VALUES, limits, [("a", "b"), ("c", "d")], np.array([[0.5], [-0.5]]), ["x"])


def middle(grid: ImageGrid, i: int, row: int, column: int) -> QPoint:
    cell, side = grid.widget().cell(i), grid.widget().cell(i).width()
    layout_side = min(side, cell.height() - 20)
    return cell.topLeft() + QPoint(layout_side * (2 * column + 1) // 4, layout_side * (2 * row + 1) // 4)


def color(grid: ImageGrid, i: int, row: int, column: int) -> QColor:
    return grid.widget().grab().toImage().pixelColor(middle(grid, i, row, column))


@pytest.mark.parametrize("name", ["light", "dark"])
def test_that_blue_is_positive_orange_negative_and_the_ground_zero(grid: ImageGrid, name: str) -> None:
    theme = THEMES[name]
    themes.use(theme)
    assert color(grid, 0, 0, 0) == theme.color("positive")
    assert color(grid, 0, 0, 1) == theme.color("negative")
    assert color(grid, 0, 1, 0) == theme.color("zero")
    assert color(grid, 1, 1, 1) == theme.color("negative")  # beyond the limit


def test_that_the_limit_gets_the_full_colour(grid: ImageGrid) -> None:
    show(grid, np.array([0.5, 2.0]))
    assert color(grid, 0, 1, 1) == LIGHT.color("positive")
    assert color(grid, 1, 1, 1) == LIGHT.color("negative")


def test_that_the_theme_recolours_what_is_shown(grid: ImageGrid) -> None:
    themes.use(DARK)
    assert color(grid, 0, 0, 0) == DARK.color("positive")


@pytest.mark.parametrize("at", [(0, 0, 0), (0, 1, 0), (1, 0, 1)])
def test_that_hovering_says_image_row_and_column(
    qtbot: QtBot, grid: ImageGrid, at: tuple[int, int, int]
) -> None:
    spy = QSignalSpy(grid.hovered)
    qtbot.mouseMove(grid.widget(), middle(grid, *at))
    assert tuple(spy.at(spy.count() - 1)) == at


def test_that_beside_the_images_nothing_is_hovered_or_clicked(qtbot: QtBot, grid: ImageGrid) -> None:
    hovered, activated = QSignalSpy(grid.hovered), QSignalSpy(grid.activated)
    corner = QPoint(grid.widget().width() - 1, grid.widget().height() - 1)
    qtbot.mouseMove(grid.widget(), corner)
    qtbot.mouseClick(grid.widget(), Qt.MouseButton.LeftButton, pos=corner)
    assert tuple(hovered.at(hovered.count() - 1)) == (-1, -1, -1)
    assert activated.count() == 0


def test_that_only_the_left_button_activates(qtbot: QtBot, grid: ImageGrid) -> None:
    activated = QSignalSpy(grid.activated)
    qtbot.mouseClick(grid.widget(), Qt.MouseButton.RightButton, pos=middle(grid, 1, 0, 0))
    assert activated.count() == 0
    qtbot.mouseClick(grid.widget(), Qt.MouseButton.LeftButton, pos=middle(grid, 1, 0, 0))
    assert activated.at(0) == [1]
    assert grid.selected == 1


def test_that_the_keys_stay_within_the_images(qtbot: QtBot, grid: ImageGrid) -> None:
    for key, selected in (
        (Qt.Key.Key_Left, 0),
        (Qt.Key.Key_Left, 0),
        (Qt.Key.Key_Right, 1),
        (Qt.Key.Key_Right, 1),
    ):
        qtbot.keyClick(grid.widget(), key)
        assert grid.selected == selected


def test_that_enter_without_a_selection_activates_nothing(qtbot: QtBot, grid: ImageGrid) -> None:
    activated = QSignalSpy(grid.activated)
    qtbot.keyClick(grid.widget(), Qt.Key.Key_Return)
    assert activated.count() == 0
    qtbot.keyClick(grid.widget(), Qt.Key.Key_Right)
    qtbot.keyClick(grid.widget(), Qt.Key.Key_Enter)
    assert activated.at(0) == [0]


def test_that_an_empty_grid_takes_mouse_and_keys(qtbot: QtBot) -> None:
    empty = ImageGrid("Images")
    qtbot.addWidget(empty)
    empty.show()
    qtbot.mouseClick(empty.widget(), Qt.MouseButton.LeftButton)
    qtbot.keyClick(empty.widget(), Qt.Key.Key_Right)
    empty.repaint()
    assert empty.selected == -1


def test_that_rows_that_are_no_pictures_are_bars_with_labels(qtbot: QtBot, grid: ImageGrid) -> None:
    values = np.array([[1.0, -0.5, 0.0, 0.25]], np.float32).reshape(1, 4, 1)
    names = ["sepal length", "sepal width", "petal length", "petal width"]
    grid.show_images(values, np.ones(1), [("h0", "b")], np.zeros((1, 0)), (), names)
    image = grid.grab().toImage()
    canvas = grid.widget()
    cell, side = canvas.cell(0), canvas._layout.side
    colors = [LIGHT.color("positive"), LIGHT.color("negative"), None, LIGHT.color("positive")]
    lengths = []
    for row, color in enumerate(colors):
        y = round(cell.y() + (row + 0.5) * side / 4)
        found = [
            x
            for x in range(cell.x(), cell.x() + side)
            if color is not None and image.pixelColor(x, y) == color
        ]
        lengths.append(len(found))
    assert lengths[0] > 0.2 * side
    assert lengths[1] == pytest.approx(lengths[0] / 2, abs=2)
    assert lengths[3] == pytest.approx(lengths[0] / 4, abs=2)
    spy = QSignalSpy(grid.hovered)
    qtbot.mouseMove(canvas, QPoint(cell.x() + 3, round(cell.y() + 2.5 * side / 4)))
    qtbot.waitUntil(lambda: spy.count() > 0)
    assert spy.at(spy.count() - 1) == [0, 2, 0]
