"""The heat map's colours, numbers, names and frames: what is seen."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QPicture
from pytestqt.qtbot import QtBot

from micronn_gui.theme import DARK, LIGHT, Theme, contrast, diverging_colors, themes
from micronn_gui.widgets.images.heat_cells import color_indices
from micronn_gui.widgets.images.heat_painter import writing_colors
from tests.gui.widgets.images.heat_maps import SIZES, Make, color, framed, middle, numbers, shown, write


@pytest.fixture
def make(qtbot: QtBot) -> Make:
    return functools.partial(shown, qtbot)


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


@pytest.mark.parametrize(("theme", "least"), [(LIGHT, 3), (DARK, 4)], ids=["light", "dark"])
def test_that_every_number_stands_out_from_its_cell(theme: Theme, least: float) -> None:
    grounds, inks = diverging_colors(theme)[1:], writing_colors(theme)[1:]
    for ground, ink in zip(grounds, inks, strict=True):
        assert contrast(QColor.fromRgb(ground), ink) >= least


def test_that_in_the_dark_theme_numbers_on_strong_colours_are_as_legible_as_text() -> None:
    strong = np.concatenate([np.linspace(-1, -0.75, 40), np.linspace(0.75, 1, 40)])
    for index in color_indices(strong, 1.0):
        ground = QColor.fromRgb(diverging_colors(DARK)[index])
        assert contrast(ground, writing_colors(DARK)[index]) >= 4.5


@pytest.mark.parametrize("value", [1.0, -1.0])
def test_that_in_the_dark_theme_strong_colours_carry_dark_numbers(make: Make, value: float) -> None:
    themes.use(DARK)
    heat = make(np.full((2, 2), value))
    place, image = heat.cell(0, 0).adjusted(4, 4, -4, -4), heat.grab().toImage()
    rows, columns = range(place.top(), place.bottom()), range(place.left(), place.right())
    shades = [image.pixelColor(x, y).lightness() for y in rows for x in columns]
    ground = color(heat, 1, 1).lightness()
    assert min(shades) < ground - 50
    assert max(shades) <= ground + 1


@pytest.mark.parametrize("role", ["positive", "negative"])
def test_that_strong_colours_carry_light_numbers(role: str) -> None:
    inks = writing_colors(LIGHT)
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


# -- cells --


@pytest.mark.parametrize("shape", SIZES, ids=str)
def test_that_painting_is_as_much_work_as_there_is_room_however_large_the_matrix(
    make: Make, shape: tuple[int, int]
) -> None:
    written: list[float] = []

    def noted(value: float) -> str:
        written.append(value)
        return write(value)

    heat = make(numbers(*shape))
    heat.select(0, 0)
    heat.show_matrix(numbers(*shape), 1.0, noted)
    record = QPicture()  # of every single thing that is drawn
    heat.render(record)
    room = heat.width() * heat.height()
    assert len(written) < room / 400 + 10
    assert record.size() < 4 * room + 20_000


def test_that_only_the_cells_of_a_vector_stand_apart(make: Make) -> None:
    ground = LIGHT.color("positive")
    for shape, apart in (((4, 1), True), ((1, 4), True), ((4, 4), False)):
        heat = make(np.ones(shape))
        first, second = heat.cell(0, 0), heat.cell(shape[0] > 1, shape[1] > 1 and shape[0] == 1)
        across = QPoint(first.left() + 8, second.top() - 1)
        along = QPoint(second.left() - 1, first.top() + 8)
        gap = heat.grab().toImage().pixelColor(across if shape[0] > 1 else along)
        assert (gap != ground) is apart


# -- frames and names --


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
