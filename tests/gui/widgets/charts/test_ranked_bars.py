"""Parts of a whole as bars, the widget of evidence, and a step's row."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QFontMetrics
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from micronn_gui.theme import DARK, LIGHT, Theme, number_font, px, text_size, themes
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
        click_row(qtbot, bars, row)
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


def columns_of(bars: RankedBars, row: int, color: QColor) -> list[int]:
    """Return where a colour is in a row, right of the pictures."""
    height = bars.rows.row_height
    image = bars.rows.grab().toImage()
    return [x for x in range(60, image.width()) if image.pixelColor(x, height * row + height // 2) == color]


@pytest.mark.parametrize("height", [200, 80], ids=["two lines", "one line"])
def test_that_all_bars_begin_at_one_line_and_nothing_has_none(bars: RankedBars, height: int) -> None:
    bars.resize(300, height)
    blue, orange = themes.current.color("positive"), themes.current.color("negative")
    zero = columns_of(bars, 0, blue)[0]
    assert columns_of(bars, 1, orange)[-1] == pytest.approx(zero, abs=2)
    assert columns_of(bars, 2, blue)[0] == pytest.approx(zero, abs=1)
    assert not columns_of(bars, 3, blue)
    assert not columns_of(bars, 3, orange)


@pytest.mark.parametrize("percent", [80, 100, 150])
@pytest.mark.parametrize("line", [18, 22, 30, 36, 80])
def test_that_the_parts_of_ten_neurons_share_the_height_down_to_a_line_each(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, percent: int, line: int
) -> None:
    monkeypatch.setattr(text_size, "percent", percent)
    bars = RankedBars("Parts")
    qtbot.addWidget(bars)
    bars.resize(px(262), 11 * px(line))
    bars.show()
    picture = np.eye(28)
    bars.show_parts([Part(f"h{i}", "−0.447 × 2.44", float(i), f"{i}.00", True, picture) for i in range(11)])
    assert bars.verticalScrollBar().maximum() == 0
    assert bars.rows.row_height == min(px(line), px(ROW))
    assert bars.rows.row_height >= QFontMetrics(number_font(12)).height()


def test_that_more_parts_than_have_a_line_scroll_in_rows_of_full_height(bars: RankedBars) -> None:
    bars.show_parts([Part(f"h{i}", "1 × 1", 1.0, "1") for i in range(64)])
    assert bars.rows.row_height == ROW
    assert bars.verticalScrollBar().maximum() > 0


def test_that_pictures_have_one_scale(bars: RankedBars) -> None:
    weak, strong = np.full((4, 4), 0.1), np.full((4, 4), 1.0)
    bars.show_parts([Part("h0", "", 1.0, "1", True, weak), Part("h1", "", 1.0, "1", True, strong)])
    image = bars.rows.grab().toImage()
    saturations = [image.pixelColor(14, ROW * row + ROW // 2).saturation() for row in (0, 1)]
    assert saturations[0] < saturations[1] / 4


def _dark(color: QColor) -> bool:
    return color.lightness() < 140
