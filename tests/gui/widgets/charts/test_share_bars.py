"""Shares as bars: as long as they are large, and said in words."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from micronn_gui.theme import DARK, LIGHT, Theme, themes
from micronn_gui.widgets.charts.share_bars import ShareBars

NAMES = tuple("0123456789")
SHARES = (0.0, 0.05, 0.1, 0.02, 0.03, 0.5, 0.25, 0.05, 0.0, 0.0)


@pytest.fixture
def bars(qtbot: QtBot) -> ShareBars:
    made = ShareBars("Shares")
    qtbot.addWidget(made)
    made.resize(284, 300)  # a track of 200 pixels, rows of 30
    made.show()
    made.show_shares(NAMES, SHARES)
    return made


def length(bars: ShareBars, row: int, color: QColor) -> int:
    image = bars.grab().toImage()
    return sum(image.pixelColor(x, 30 * row + 15) == color for x in range(28, 228))


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_that_a_bar_is_as_long_as_its_share_and_the_largest_stands_out(bars: ShareBars, theme: Theme) -> None:
    themes.use(theme)
    assert length(bars, 5, theme.color("accent")) == pytest.approx(100, abs=2)
    assert length(bars, 6, theme.color("faint")) == pytest.approx(50, abs=2)
    assert length(bars, 6, theme.color("accent")) == 0
    assert length(bars, 0, theme.color("field")) == pytest.approx(200, abs=2)


def test_that_without_shares_the_names_stand_beside_empty_bars(bars: ShareBars) -> None:
    bars.show_shares(NAMES, None)
    for row in range(10):
        assert length(bars, row, LIGHT.color("field")) == pytest.approx(200, abs=2)
    assert bars.accessibleDescription() == ""


def test_that_names_and_numbers_are_told_to_those_who_cannot_see_them(bars: ShareBars) -> None:
    assert "5 0.500, 6 0.250" in bars.accessibleDescription()


@pytest.mark.parametrize("row", [0, 4, 9])
def test_that_a_click_chooses_its_row(qtbot: QtBot, bars: ShareBars, row: int) -> None:
    spy = QSignalSpy(bars.chosen)
    qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=QPoint(100, 30 * row + 15))
    assert [spy.at(i)[0] for i in range(spy.count())] == [row]


@pytest.mark.parametrize("height", [220, 300, 400])
def test_that_the_rows_are_spread_over_the_height(qtbot: QtBot, bars: ShareBars, height: int) -> None:
    spy = QSignalSpy(bars.chosen)
    bars.resize(284, height)
    for share in (0.02, 0.98):
        qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=QPoint(100, round(share * height)))
    assert [spy.at(i)[0] for i in range(spy.count())] == [0, 9]


def test_that_a_click_below_the_rows_or_with_another_button_chooses_nothing(
    qtbot: QtBot, bars: ShareBars
) -> None:
    spy = QSignalSpy(bars.chosen)
    bars.resize(284, 600)
    qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=QPoint(100, 550))
    qtbot.mouseClick(bars, Qt.MouseButton.RightButton, pos=QPoint(100, 15))
    assert spy.count() == 0


def test_that_a_marked_row_has_a_frame(bars: ShareBars) -> None:
    place = QPoint(140, 30 * 3)
    before = bars.grab().toImage().pixelColor(place)
    bars.mark(3)
    assert bars.grab().toImage().pixelColor(place) != before
    bars.mark(None)
    assert bars.grab().toImage().pixelColor(place) == before


@pytest.mark.parametrize("shares", [(1.0,) * 1, (0.5, 0.5)])
def test_that_any_number_of_shares_can_be_shown(bars: ShareBars, shares: tuple[float, ...]) -> None:
    bars.resize(284, 30 * len(shares))
    bars.show_shares(NAMES[: len(shares)], shares)
    for row, share in enumerate(shares):
        assert length(bars, row, LIGHT.color("accent")) == pytest.approx(200 * share, abs=4)


def test_that_before_anything_is_shown_nothing_is_painted(qtbot: QtBot) -> None:
    empty = ShareBars("Empty")
    qtbot.addWidget(empty)
    spy = QSignalSpy(empty.chosen)
    qtbot.mouseClick(empty, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    empty.grab()
    assert spy.count() == 0


@pytest.mark.parametrize(("share", "is_seen"), [(0.0, False), (0.0004, False), (0.0006, True), (0.017, True)])
def test_that_what_is_written_as_nothing_has_an_empty_track_and_anything_else_has_not(
    bars: ShareBars, share: float, is_seen: bool
) -> None:
    bars.resize(284, 60)
    bars.show_shares(("a", "b"), None)
    empty = length(bars, 1, LIGHT.color("field"))
    bars.show_shares(("a", "b"), (1 - share, share))
    assert (length(bars, 1, LIGHT.color("field")) < empty) is is_seen
