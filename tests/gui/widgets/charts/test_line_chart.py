"""The chart on its own: what is in view, and what hovering says."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from micronn_gui.theme import DARK, LIGHT, number_font, themes
from micronn_gui.widgets.charts.line_chart import LineChart, LineStyle


@pytest.fixture
def chart(qtbot: QtBot) -> Iterator[LineChart]:
    styles = {"one": LineStyle("positive", 3, "o", 12), "two": LineStyle("negative", 1.5, "s", 7)}
    window = QWidget()  # pyqtgraph's own close() is only safe once
    qtbot.addWidget(window)
    made = LineChart("Chart", "epoch", styles, lambda value: f"{value:g}", window)
    made.resize(500, 240)
    with qtbot.waitExposed(window):
        window.show()
    made.set_full_view((0, 100), (0, 2))
    yield made  # noqa: PT022 - the window must live as long as the test


def at(chart: LineChart, x: float) -> QPoint:
    box = chart.getPlotItem().getViewBox()
    return QPoint(chart.mapFromScene(box.mapViewToScene(QPointF(x, 0))).x(), chart.height() // 2)


def at_y(chart: LineChart, y: float) -> int:
    """Return the height of a place of the vertical axis, from the top."""
    box = chart.getPlotItem().getViewBox()
    return chart.mapFromScene(box.mapViewToScene(QPointF(0, y))).y()


def colors_at(chart: LineChart, x: float) -> list[str]:
    """Return the colours above and below a place on the axis, from top to bottom."""
    image = chart.grab().toImage()
    return [image.pixelColor(at(chart, x).x(), y).name() for y in range(image.height())]


def test_that_the_full_view_is_shown_exactly(chart: LineChart) -> None:
    assert chart.getPlotItem().viewRange() == [[0, 100], [0, 2]]
    assert chart.view_x() == (0, 100)


@pytest.mark.parametrize("x", [0.5, 37, 99])
def test_that_hovering_says_the_place_on_the_axis(qtbot: QtBot, chart: LineChart, x: float) -> None:
    said: list[float | None] = []
    chart.hovered.connect(said.append)
    qtbot.mouseMove(chart.viewport(), at(chart, x))
    qtbot.waitUntil(lambda: said != [])
    assert said[-1] == pytest.approx(x, abs=0.5)


def test_that_hovering_beside_the_plot_says_none(qtbot: QtBot, chart: LineChart) -> None:
    said: list[float | None] = []
    chart.hovered.connect(said.append)
    qtbot.mouseMove(chart.viewport(), QPoint(3, 3))
    qtbot.waitUntil(lambda: said != [])
    assert said[-1] is None


def test_that_a_logarithmic_axis_shows_powers_of_ten(chart: LineChart) -> None:
    chart.set_log(True)
    chart.set_full_view((0, 100), (1e-3, 10))
    assert chart.getPlotItem().viewRange()[1] == [-3, 1]
    chart.set_line("one", np.array([0.0, 50.0, 100.0]), np.array([0.0, 1.0, 1.0]))
    level, rising = (colors_at(chart, x).index(LIGHT.positive.lower()) for x in (75, 49))
    assert level == pytest.approx(at_y(chart, 0), abs=3)
    assert rising > level  # from zero, which has no logarithm, it comes from far below


def test_that_lines_bands_and_marks_follow_the_theme(chart: LineChart) -> None:
    x = np.linspace(0, 100, 50)
    chart.set_line("one", x, np.ones(50), (x, np.tile([0.5, 1.5], 25)))
    chart.set_line("two", x, np.full(50, 0.5))
    chart.mark(50, {"one": 1.0, "two": float("nan")})
    themes.use(DARK)
    image = chart.grab().toImage()
    assert image.pixelColor(image.width() - 3, 3) == DARK.color("card")
    assert DARK.positive.lower() in colors_at(chart, 20)


def test_that_a_double_click_without_a_zoom_says_nothing(qtbot: QtBot, chart: LineChart) -> None:
    spy = QSignalSpy(chart.zoomed)
    qtbot.mouseDClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=at(chart, 50))
    assert spy.count() == 0
    assert chart.view_x() == (0, 100)


def names_below(chart: LineChart) -> list[str]:
    """Return what stands below the horizontal axis."""
    axis = chart.getPlotItem().getAxis("bottom")
    low, high = chart.view_x()
    if axis._tickLevels is not None:
        return [text for _, text in axis._tickLevels[0]]
    spacing, values = axis.tickValues(low, high, axis.width())[0]
    return list(axis.tickStrings(values, axis.scale, spacing))


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (1, ["0", "1"]),
        (3, ["0", "1", "2", "3"]),
        (7, ["0", "2", "4", "6"]),
        (12, ["0", "5", "10"]),
        (60, ["0", "20", "40", "60"]),
        (500, ["0", "100", "200", "300", "400", "500"]),
        (25_000, ["0", "5,000", "10,000", "15,000", "20,000", "25,000"]),
        (1_000_000, ["0", "200,000", "400,000", "600,000", "800,000", "1,000,000"]),
    ],
)
def test_that_epochs_on_an_axis_are_whole_and_round(
    chart: LineChart, end: float, expected: list[str]
) -> None:
    chart.set_full_view((0.0, end), (0.0, 1.0))
    assert names_below(chart) == expected


@pytest.mark.parametrize("end", [3, 500, 25_000, 1_000_000])
@pytest.mark.parametrize("part", [1.0, 0.1, 0.01])
def test_that_a_part_of_an_axis_is_named_in_whole_numbers_too(
    chart: LineChart, end: float, part: float
) -> None:
    chart.set_full_view((0.0, end), (0.0, 1.0))
    chart.setXRange(end / 2, end / 2 + end * part)
    chart._zoomed_by_hand()
    texts = names_below(chart)
    assert all(text.replace(",", "").isdecimal() for text in texts)
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("width", [220, 300, 400, 900])
@pytest.mark.parametrize("end", [500, 25_000, 1_000_000])
def test_that_numbers_below_an_axis_do_not_touch_and_the_last_is_whole(
    chart: LineChart, width: int, end: float
) -> None:
    chart.set_full_view((0.0, end), (0.0, 1.0))
    chart.resize(width, 240)
    texts = names_below(chart)
    letters = QFontMetrics(number_font(12)).horizontalAdvance
    places = [at(chart, float(text.replace(",", ""))).x() for text in texts]
    for (left, text), (right, other) in pairwise(zip(places, texts, strict=True)):
        assert right - left >= (letters(text) + letters(other)) / 2 + 4
    assert len(texts) >= 2
    assert places[-1] + letters(texts[-1]) / 2 <= width


def test_that_seconds_on_an_axis_may_be_parts(chart: LineChart) -> None:
    chart.name_axis("seconds", whole=False)
    chart.set_full_view((0.0, 0.5), (0.0, 1.0))
    assert names_below(chart) == ["0", "0.1", "0.2", "0.3", "0.4", "0.5"]


def test_that_a_line_along_the_edge_is_seen_whole(chart: LineChart) -> None:
    chart.set_line("one", np.array([0.0, 0.0]), np.array([0.2, 1.8]))
    image, place = chart.grab().toImage(), at(chart, 0)
    for value in (0.5, 1.0, 1.5):  # at the numbers of the axis too
        row = [image.pixelColor(x, at_y(chart, value)).name() for x in range(place.x() - 4, place.x() + 5)]
        assert row.count(LIGHT.positive.lower()) >= 2
        assert [row[0], row[-1]].count(LIGHT.positive.lower()) == 0
        middle = [x for x, color in enumerate(row) if color == LIGHT.positive.lower()]
        assert middle == list(range(middle[0], middle[-1] + 1))
