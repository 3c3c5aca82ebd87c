"""The heat map: any matrix can be read, pointed at and walked through, cell by cell."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QKeySequence, QShortcut
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from micronn_gui.theme import DARK, LIGHT, Theme, diverging_colors, themes
from micronn_gui.widgets.heat_map import HeatMap, _luminance, _writing_colors

Key = Qt.Key
Make = Callable[..., HeatMap]
SIZES = [(1, 1), (2, 3), (10, 1), (1, 10), (10, 10), (10, 784), (784, 1), (512, 512), (512, 784)]


def write(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")


def numbers(rows: int, columns: int) -> np.ndarray:
    return np.random.default_rng(1).uniform(-1, 1, (rows, columns))


@pytest.fixture
def make(qtbot: QtBot) -> Make:
    def shown(values: np.ndarray, size: tuple[int, int] | None = None, **names: list[str]) -> HeatMap:
        made = HeatMap("W")
        qtbot.addWidget(made)
        made.show_matrix(values, 1.0, write, **names)
        made.resize(*(size or made.sizeHint().toTuple()))
        with qtbot.waitActive(made):
            made.show()
            made.activateWindow()
        made.setFocus()
        return made

    return shown


def heard(spy: QSignalSpy) -> list[tuple[int, ...]]:
    return [tuple(spy.at(i)) for i in range(spy.count())]


def color(heat: HeatMap, row: int, column: int) -> QColor:
    """Return the colour near a cell's corner, where no number is."""
    place = heat.cell(row, column)
    inset = min(6, place.width() // 2), min(6, place.height() // 2)
    return heat.grab().toImage().pixelColor(place.topLeft() + QPoint(*inset))


def middle(heat: HeatMap, row: int, column: int) -> QPoint:
    return heat.cell(row, column).center()


# -- colours and numbers --


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("shape", [(3, 1), (1, 3), (3, 3)], ids=str)
def test_that_blue_is_positive_orange_negative_and_the_ground_zero(
    make: Make, theme: Theme, shape: tuple[int, int]
) -> None:
    themes.use(theme)
    heat = make(np.resize([1.0, -1.0, 0.0], shape))
    last = shape[0] - 1, shape[1] - 1
    second = (0, 1) if shape[1] > 1 else (1, 0)
    assert color(heat, 0, 0) == theme.color("positive")
    assert color(heat, *second) == theme.color("negative")
    assert color(heat, *last) == theme.color("zero")


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_that_every_number_stands_out_from_its_cell(theme: Theme) -> None:
    for ground, ink in list(zip(diverging_colors(theme), _writing_colors(theme), strict=True))[1:]:
        shades = sorted((_luminance(QColor.fromRgb(ground)), _luminance(ink)))
        assert (shades[1] + 0.05) / (shades[0] + 0.05) >= 3


@pytest.mark.parametrize("role", ["positive", "negative"])
def test_that_strong_colours_carry_light_numbers(role: str) -> None:
    inks = _writing_colors(LIGHT)
    assert inks[255 if role == "positive" else 1] == LIGHT.color("card")
    assert inks[128] == LIGHT.color("text")


def test_that_numbers_are_written_where_they_fit(make: Make) -> None:
    heat = make(np.zeros((2, 2)))
    place = heat.cell(0, 0)
    image = heat.grab().toImage()
    written = {image.pixelColor(x, place.center().y()).name() for x in range(place.left(), place.right())}
    assert len(written) > 3
    heat.resize(60, 100)
    place, image = heat.cell(0, 0), heat.grab().toImage()
    bare = {image.pixelColor(x, place.center().y()).name() for x in range(place.left(), place.right())}
    assert bare == {LIGHT.color("zero").name()}


def test_that_long_numbers_widen_the_cells_of_a_vector(make: Make) -> None:
    heat = make(np.array([[1 / 3], [-1 / 7]]))
    assert heat.cell(0, 0).width() == 56
    heat.show_matrix(np.array([[1 / 3], [-1 / 7]]), 1.0, repr)
    heat.resize(heat.sizeHint())
    assert heat.cell(0, 0).width() > 130


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_that_what_is_not_a_number_is_shown_and_said(make: Make, value: float) -> None:
    heat = make(np.array([[value, 1.0]]))
    expected = {np.inf: "positive", -np.inf: "negative"}.get(value, "zero")
    assert color(heat, 0, 0) == LIGHT.color(expected)
    heat.select(0, 0)
    assert heat.accessibleDescription().endswith(write(value))


# -- size --


@pytest.mark.parametrize("shape", SIZES, ids=str)
def test_that_any_matrix_fits_and_every_cell_has_a_pixel(make: Make, shape: tuple[int, int]) -> None:
    heat = make(numbers(*shape))
    inside = heat.rect()
    for corner in ((0, 0), (shape[0] - 1, shape[1] - 1)):
        assert inside.contains(heat.cell(*corner))
    assert heat.sizeHint().width() <= 640
    assert heat.sizeHint().height() <= 440


@pytest.mark.parametrize("shape", SIZES, ids=str)
def test_that_any_matrix_is_painted_within_ten_milliseconds(make: Make, shape: tuple[int, int]) -> None:
    heat = make(numbers(*shape))
    heat.select(0, 0)
    times = []
    for _ in range(7):
        heat.show_matrix(numbers(*shape), 1.0, write)
        begin = time.perf_counter()
        heat.repaint()
        times.append(time.perf_counter() - begin)
    assert min(times) < 0.010


def test_that_rows_of_neighbours_align_whatever_is_named(make: Make) -> None:
    matrix = make(numbers(10, 10), (400, 300), column_names=list("abcdefghij"))
    vector = make(numbers(10, 1), (64, 300))
    for row in range(10):
        assert matrix.cell(row, 0).top() == vector.cell(row, 0).top()


def test_that_only_the_cells_of_a_vector_stand_apart(make: Make) -> None:
    ground = LIGHT.color("positive")
    for shape, apart in (((4, 1), True), ((1, 4), True), ((4, 4), False)):
        heat = make(np.ones(shape))
        first, second = heat.cell(0, 0), heat.cell(shape[0] > 1, shape[1] > 1 and shape[0] == 1)
        across = QPoint(first.left() + 8, second.top() - 1)
        along = QPoint(second.left() - 1, first.top() + 8)
        gap = heat.grab().toImage().pixelColor(across if shape[0] > 1 else along)
        assert (gap != ground) is apart


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


# -- selection, frames, names --


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


def framed(heat: HeatMap, corner: QPoint) -> bool:
    """Whether there is a frame along the upper edge that begins at a corner."""
    return heat.grab().toImage().pixelColor(corner + QPoint(10, 0)) == LIGHT.color("accent")


def test_that_highlighted_rows_and_columns_have_frames(make: Make) -> None:
    heat = make(np.zeros((10, 10)))
    heat.highlight([5], [])
    assert [framed(heat, heat.cell(row, 3).topLeft()) for row in range(10)] == [
        row in (5, 6)
        for row in range(10)  # the lower edge of row 5 is the upper one of row 6
    ]
    heat.highlight([], [2])
    assert [framed(heat, heat.cell(0, column).topLeft()) for column in range(10)] == [
        column == 2 for column in range(10)
    ]
    heat.highlight()
    assert not any(framed(heat, heat.cell(row, 3).topLeft()) for row in range(10))


def test_that_frames_beyond_the_matrix_are_left_out(make: Make) -> None:
    heat = make(np.zeros((2, 2)))
    bare = heat.grab().toImage()
    heat.highlight([2, -1], [7])
    heat.select(2, 0)
    assert heat.selected == (-1, -1)
    assert heat.grab().toImage() == bare


def test_that_a_frame_around_a_tiny_cell_can_be_seen(make: Make) -> None:
    heat = make(np.zeros((512, 512)), row_names=[str(i) for i in range(512)])
    heat.select(100, 200)
    image = heat.grab().toImage()
    place = middle(heat, 100, 200)
    near = [image.pixelColor(place + QPoint(x, y)) for x in range(-6, 7) for y in range(-6, 7)]
    assert near.count(LIGHT.color("accent")) > 12


def test_that_the_number_of_a_small_cell_is_written_beside_it(make: Make) -> None:
    heat = make(np.zeros((10, 10)))
    heat.select(5, 5)
    assert heat.grab().toImage().pixelColor(middle(heat, 4, 5) - QPoint(30, 0)) == LIGHT.color("text")
    heat.select(0, 9)
    assert heat.grab().toImage().pixelColor(heat.width() - 4, middle(heat, 1, 9).y()) == LIGHT.color("text")


def test_that_names_have_room_and_those_of_frames_are_strong(make: Make) -> None:
    heat = make(np.zeros((10, 1)), row_names=[str(i) for i in range(10)])
    assert heat.cell(0, 0).left() > 10

    def darkest(row: int) -> int:
        image, place = heat.grab().toImage(), heat.cell(row, 0)
        return min(
            image.pixelColor(x, y).lightness()
            for x in range(heat.cell(row, 0).left() - 3)
            for y in range(place.top() + 4, place.bottom() - 4)
        )

    faint = darkest(5)
    heat.highlight([5])
    assert darkest(5) < faint - 50


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_that_the_theme_recolours_what_is_shown(make: Make, theme: Theme) -> None:
    heat = make(np.full((20, 20), 1.0))
    heat.grab()
    themes.use(theme)
    assert color(heat, 3, 3) == theme.color("positive")
