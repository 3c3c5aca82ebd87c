"""Rows of a list: all of them while they can be read, then in columns, then the largest."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from micronn_gui.widgets.charts.fitting_rows import LEAST_HEIGHT, FittingRows
from micronn_gui.widgets.charts.share_bars import ShareBars


@pytest.mark.parametrize(
    ("count", "width", "height", "columns"),
    [(10, 260, 300, 1), (10, 260, 160, 1), (26, 280, 260, 2), (100, 900, 300, 5)],
)
def test_that_all_rows_are_shown_in_as_few_columns_as_can_be_read(
    count: int, width: int, height: int, columns: int
) -> None:
    rows = FittingRows([1.0] * count, count, width, height)
    assert rows.shown == tuple(range(count))
    places = [rows.place(i) for i in range(count)]
    assert len({place.x() for place in places}) == columns
    assert all(place.height() >= LEAST_HEIGHT for place in places)
    assert max(place.right() for place in places) <= width
    assert max(place.bottom() for place in places) <= height
    assert not any(a.intersects(b) for i, a in enumerate(places) for b in places[:i])


def test_that_of_too_many_rows_the_largest_are_shown_in_their_order() -> None:
    values = [0.0, 5.0, -9.0, 1.0, 7.0, 2.0]
    assert FittingRows(values, 6, 100, 50).shown == (1, 2, 4)
    assert FittingRows([], 6, 100, 50).shown == (0, 1, 2)


def test_that_a_point_finds_its_row_in_any_column() -> None:
    rows = FittingRows([1.0] * 25, 25, 280, 260)
    for place, row in enumerate(rows.shown):
        middle = rows.place(place).center()
        assert rows.at(middle.x(), middle.y()) == row
    assert rows.at(279, 259) is None


def test_that_each_of_many_classes_can_be_chosen_and_the_likeliest_is_named(qtbot: QtBot) -> None:
    bars = ShareBars("Probability")
    qtbot.addWidget(bars)
    bars.resize(290, 260)
    names = [f"letter {chr(65 + i)}" for i in range(26)]
    bars.show_shares(names, [0.5 if i == 20 else 0.02 for i in range(26)])
    spy = QSignalSpy(bars.chosen)
    rows = FittingRows([0.02] * 26, 26, bars.width(), bars.height())
    qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=rows.place(20).center().toPoint())
    assert spy.at(0) == [20]
    bars.grab()
