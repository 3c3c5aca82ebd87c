"""Bars of jobs: as long as they are far, and in another colour and thicker when they have ended."""

from __future__ import annotations

import math

import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from micronn_gui.theme import DARK, LIGHT, Theme, themes
from micronn_gui.widgets.charts.fold_bars import FoldBars, FoldRow

ROWS = [
    FoldRow("1", 1.0, 0.8, "80.00 %"),
    FoldRow("2", 0.5, math.nan, "epoch 5"),
    FoldRow("3", 0.0, math.nan, "–"),
]


@pytest.fixture
def bars(qtbot: QtBot) -> FoldBars:
    made = FoldBars("Validation accuracy", "epoch 000")
    qtbot.addWidget(made)
    made.resize(400, 90)
    made.show_rows(ROWS, math.nan)
    return made


def painted(bars: FoldBars, row: int, color: str) -> tuple[int, int]:
    """Return the greatest width and height that a colour takes in a row."""
    image: QImage = bars.grab().toImage()
    top, bottom = (image.height() * i // len(ROWS) for i in (row, row + 1))
    found = [
        (x, y)
        for y in range(top, bottom)
        for x in range(image.width())
        if image.pixelColor(x, y) == QColor(color)
    ]
    return len({x for x, _ in found}), len({y for _, y in found})


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_that_a_bar_is_as_long_as_its_result_or_its_progress(bars: FoldBars, theme: Theme) -> None:
    themes.use(theme)
    full = painted(bars, 2, theme.field)[0]
    assert painted(bars, 0, theme.negative)[0] == pytest.approx(0.8 * full, abs=6)
    assert painted(bars, 1, theme.negative) == (0, 0)
    assert painted(bars, 1, theme.faint)[0] == pytest.approx(0.5 * full, abs=6)


def test_that_what_still_works_is_told_by_the_thickness_too(bars: FoldBars) -> None:
    assert painted(bars, 1, LIGHT.faint)[1] < painted(bars, 0, LIGHT.negative)[1]


def test_that_a_line_stands_at_the_mean(bars: FoldBars) -> None:
    def dark_at(share: float) -> bool:
        image = bars.grab().toImage()
        full = [x for x in range(400) if image.pixelColor(x, 75) == QColor(LIGHT.field)]
        x = round(full[0] + share * (full[-1] - full[0]))
        column = [image.pixelColor(near, y) for near in (x - 1, x, x + 1) for y in range(32, 58)]
        return any(color.lightness() < 60 for color in column)

    assert not dark_at(0.8)
    bars.show_rows(ROWS, 0.8)
    assert dark_at(0.8)
    assert not dark_at(0.7)


def test_that_a_screen_reader_hears_every_row(bars: FoldBars) -> None:
    assert bars.accessibleDescription() == "1 80.00 %, 2 epoch 5, 3 –"


def test_that_few_rows_are_not_pulled_apart(bars: FoldBars) -> None:
    tall = bars.maximumHeight()
    bars.show_rows(ROWS * 3, math.nan)
    assert bars.maximumHeight() == 3 * tall
