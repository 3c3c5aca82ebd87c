"""Signed bars: right and blue above zero, left and orange below, to one scale."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from micronn_gui.theme import LIGHT
from micronn_gui.widgets.charts.signed_bars import SignedBars


@pytest.fixture
def bars(qtbot: QtBot) -> SignedBars:
    made = SignedBars("Votes")
    qtbot.addWidget(made)
    made.resize(300, 120)
    return made


def length(bars: SignedBars, row: int, rows: int, color: QColor) -> tuple[int, int]:
    """Return the leftmost and rightmost pixel of a colour in the middle of a row, or -1s."""
    image = bars.grab().toImage()
    y = round((row + 0.5) * min(bars.height() / rows, 30))
    found = [x for x in range(30, bars.width() - 70) if image.pixelColor(x, y) == color]
    return (found[0], found[-1]) if found else (-1, -1)


def test_that_the_sign_is_the_side_and_the_colour_and_the_length_is_to_scale(bars: SignedBars) -> None:
    bars.show_values(["a", "b", "c"], [1.0, -0.5, 0.25])
    middle = (28 + 232) // 2
    plus, minus = LIGHT.color("positive"), LIGHT.color("negative")
    left, right = length(bars, 0, 3, plus)
    assert abs(left - middle) <= 2
    assert abs(right - 231) <= 2
    assert length(bars, 0, 3, minus) == (-1, -1)
    left, right = length(bars, 1, 3, minus)
    assert abs(right - middle) <= 2
    assert abs(middle - left - 51) <= 3
    left, right = length(bars, 2, 3, plus)
    assert abs(right - middle - 25) <= 3


def test_that_screen_readers_get_every_name_and_number(bars: SignedBars) -> None:
    bars.show_values(["0", "1"], [0.5, -1.25])
    assert bars.accessibleDescription() == "0 +0.500, 1 −1.250"


@pytest.mark.parametrize("values", [[1e30, -1e30], [1e-30, -1e-30], [1.0, -1.0] * 4], ids=len)
def test_that_values_of_any_size_fill_the_room(bars: SignedBars, values: list[float]) -> None:
    bars.show_values([str(i) for i in range(len(values))], values)
    plus, minus = LIGHT.color("positive"), LIGHT.color("negative")
    for row, (color, edge) in enumerate(((plus, 231), (minus, 30))):
        ends = length(bars, row, len(values), color)
        assert min(abs(end - edge) for end in ends) <= 3


def test_that_zeros_have_the_shortest_bar_and_no_values_none(bars: SignedBars) -> None:
    bars.show_values(["a", "b"], [0.0, 0.0])
    left, right = length(bars, 0, 2, LIGHT.color("positive"))
    assert right - left <= 1
    bars.show_values([], [])
    assert bars.accessibleDescription() == ""
    for color in ("positive", "negative"):
        assert length(bars, 0, 1, LIGHT.color(color)) == (-1, -1)
