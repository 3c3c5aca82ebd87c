"""Parts of a whole as bars, the widget of evidence, and a step's row."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from micronn_gui.theme import DARK, LIGHT, Theme, themes
from micronn_gui.widgets.charts.ranked_bars import ROW, Part, RankedBars
from tests.gui.inspecting import click_row

PARTS = [
    Part("h1", "2 × 2", 4.0, "4"),
    Part("h2", "1 × −2", -2.0, "−2"),
    Part("given", "", 0.5, "0.5", leads_on=False),
    Part("h3", "0 × 1", 0.0, "0", picture=np.eye(4)),
]


@pytest.fixture
def bars(qtbot: QtBot) -> RankedBars:
    made = RankedBars("Parts")
    qtbot.addWidget(made)
    made.resize(300, 200)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.show_parts(PARTS)
    return made


def length(bars: RankedBars, row: int, color: QColor) -> int:
    image = bars.rows.grab().toImage()
    return sum(image.pixelColor(x, ROW * row + ROW // 2) == color for x in range(image.width()))


def heard(spy: QSignalSpy) -> list[int]:
    return [spy.at(i)[0] for i in range(spy.count())]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_that_bars_are_as_long_as_their_values_and_coloured_by_sign(bars: RankedBars, theme: Theme) -> None:
    themes.use(theme)
    longest = length(bars, 0, theme.color("positive"))
    assert longest > 20
    assert length(bars, 1, theme.color("negative")) == pytest.approx(longest / 2, abs=2)
    assert length(bars, 1, theme.color("positive")) == 0
    assert length(bars, 2, theme.color("positive")) == pytest.approx(longest / 8, abs=2)


def test_that_a_click_chooses_a_row_that_leads_on(qtbot: QtBot, bars: RankedBars) -> None:
    spy = QSignalSpy(bars.chosen)
    for row in (1, 2, 3):
        click_row(qtbot, bars.rows, row)
    qtbot.mouseClick(bars.rows, Qt.MouseButton.RightButton, pos=QPoint(20, 5))
    assert heard(spy) == [1, 3]


def test_that_arrows_read_every_row_and_enter_chooses(qtbot: QtBot, bars: RankedBars) -> None:
    spy = QSignalSpy(bars.chosen)
    assert bars.rows.accessibleDescription() == "4 parts"
    bars.rows.setFocus()
    read = []
    for _ in range(5):
        qtbot.keyClick(bars.rows, Qt.Key.Key_Down)
        read.append(bars.rows.accessibleDescription())
        qtbot.keyClick(bars.rows, Qt.Key.Key_Return)
    assert read == ["h1: 2 × 2 = 4", "h2: 1 × −2 = −2", "given:  = 0.5", *["h3: 0 × 1 = 0"] * 2]
    assert heard(spy) == [0, 1, 3, 3]
    qtbot.keyClick(bars.rows, Qt.Key.Key_Up)
    assert bars.rows.accessibleDescription() == read[2]


def test_that_the_row_that_is_reached_is_in_sight(qtbot: QtBot, bars: RankedBars) -> None:
    bars.show_parts([Part(f"pixel {i}", "", float(-i), str(-i)) for i in range(784)])
    bars.rows.setFocus()
    for _ in range(100):
        qtbot.keyClick(bars.rows, Qt.Key.Key_Down)
    top = bars.verticalScrollBar().value()
    assert top <= 99 * ROW <= 100 * ROW <= top + bars.viewport().height()
    bars.show_parts(PARTS)
    assert bars.verticalScrollBar().value() == 0


def test_that_a_number_of_17_digits_is_painted_whole(bars: RankedBars) -> None:
    text = "−0.020000000000000004"
    bars.show_parts([Part("pixel (14, 9)", "0.5 × −0.04", -0.02, text)])
    image = bars.rows.grab().toImage()
    ink = [
        x for x in range(image.width()) if _dark(image.pixelColor(x, 25)) or _dark(image.pixelColor(x, 23))
    ]
    needed = bars.rows._value_width
    right = max(ink)
    assert min(x for x in ink if x > right - needed) <= right - needed + 14
    assert needed > 120


def _dark(color: QColor) -> bool:
    return color.lightness() < 140
