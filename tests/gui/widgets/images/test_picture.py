"""A picture view: ink in the colour of text, paper in the colour of a card."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from micronn_gui.theme import DARK, LIGHT, Theme, themes
from micronn_gui.widgets.images.picture import PictureView, ink_image

SIDE = 28 * 4 + 7
"""Four pixels for each of the picture's, and a frame of three and a half around them."""


@pytest.fixture
def view(qtbot: QtBot) -> PictureView:
    made = PictureView("Picture", SIDE)
    qtbot.addWidget(made)
    made.show()
    return made


def color(view: PictureView, row: int, column: int) -> QColor:
    return view.grab().toImage().pixelColor(4 + 4 * column + 1, 4 + 4 * row + 1)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_that_ink_and_paper_have_the_colours_of_the_theme(view: PictureView, theme: Theme) -> None:
    picture = np.zeros((28, 28), np.float32)
    picture[3, 20] = 1
    view.show_picture(picture)
    themes.use(theme)
    assert color(view, 3, 20) == theme.color("text")
    assert color(view, 20, 3) == theme.color("field" if theme is DARK else "card")


def test_that_more_ink_is_darker(view: PictureView) -> None:
    view.show_picture(np.tile(np.linspace(0, 1, 28), (28, 1)))
    levels = [color(view, 10, column).lightness() for column in range(28)]
    assert levels == sorted(levels, reverse=True)
    assert len(set(levels)) > 20


@pytest.mark.parametrize("shape", [(28, 28), (5, 28), (28, 7), (1, 1), (3, 13)])
def test_that_every_pixel_of_any_shape_has_its_place(shape: tuple[int, int]) -> None:
    picture = np.random.default_rng(0).random(shape)
    image = ink_image(picture)
    assert (image.height(), image.width()) == shape
    found = [[image.pixelColor(x, y).alpha() for x in range(shape[1])] for y in range(shape[0])]
    np.testing.assert_allclose(np.array(found) / 255, picture, atol=1.5 / 255)


def test_that_values_beyond_0_and_1_are_paper_and_ink() -> None:
    image = ink_image(np.array([[-3.0, 7.0]]))
    assert [image.pixelColor(x, 0).alpha() for x in range(2)] == [0, 255]
