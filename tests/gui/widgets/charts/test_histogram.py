"""Histogram and gauge: what is painted where."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from micronn_gui.theme import LIGHT
from micronn_gui.widgets.charts.gauge import Gauge
from micronn_gui.widgets.charts.histogram import Histogram

EDGES = np.linspace(-1, 3, 5)


def image(widget: QWidget) -> QImage:
    return widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def colored(picture: QImage, x: int) -> int:
    """Return how many pixels of a column are bluish."""
    colors = [picture.pixelColor(x, y) for y in range(picture.height())]
    return sum(color.blue() > color.red() + 40 for color in colors)


@pytest.fixture
def histogram(qtbot: QtBot) -> Histogram:
    made = Histogram("Weights")
    qtbot.addWidget(made)
    made.resize(200, 76)
    return made


def test_that_columns_are_as_high_as_their_counts(histogram: Histogram) -> None:
    histogram.show_counts(np.array([0, 10, 20, 5]), np.zeros(4, int), EDGES)
    picture = image(histogram)
    heights = [colored(picture, x) for x in (20, 85, 130, 180)]
    assert heights[0] == 0
    assert heights[2] == pytest.approx(60, abs=3)
    assert heights[1] == pytest.approx(30, abs=3)
    assert heights[3] == pytest.approx(15, abs=3)


def test_that_both_share_one_scale(histogram: Histogram) -> None:
    histogram.show_counts(np.array([0, 0, 20, 0]), np.array([40, 0, 0, 0]), EDGES)
    assert colored(image(histogram), 130) == pytest.approx(30, abs=3)


def test_that_it_says_its_range_and_remark(histogram: Histogram) -> None:
    histogram.show_counts(np.ones(4, int), np.ones(4, int), EDGES, "48 % are 0")
    assert histogram.accessibleDescription() == "−1.00 … 3.00, 48 % are 0"
    histogram.show_counts(np.ones(4, int), np.ones(4, int), EDGES * 1e-5)
    assert histogram.accessibleDescription() == "−1e−05 … 3e−05"


def test_that_nothing_to_count_is_painted_without_a_fault(histogram: Histogram) -> None:
    histogram.show_counts(np.zeros(4, int), np.zeros(4, int), np.array([0.0, 1, 2, 3, 4]))
    picture = image(histogram)
    assert not any(colored(picture, x) for x in range(picture.width()))
    assert histogram.accessibleDescription() == "0.00 … 4.00"


@pytest.mark.parametrize(("share", "length"), [(0.0, 0), (0.5, 56), (1.0, 112), (7.0, 112)])
def test_that_a_gauge_is_filled_by_its_share(qtbot: QtBot, share: float, length: int) -> None:
    gauge = Gauge("Dead")
    qtbot.addWidget(gauge)
    gauge.resize(gauge.sizeHint())
    gauge.show_value("x", "of all", share)
    picture = image(gauge)
    blue = [picture.pixelColor(x, 24).name().upper() == LIGHT.positive for x in range(picture.width())]
    assert sum(blue) == pytest.approx(length, abs=2)
    assert gauge.accessibleDescription() == "x of all"


def test_that_a_gauge_without_a_share_has_no_bar(qtbot: QtBot) -> None:
    gauge = Gauge("Dead")
    qtbot.addWidget(gauge)
    gauge.resize(gauge.sizeHint())
    gauge.show_value("–", "output layer", None)
    picture = image(gauge)
    assert LIGHT.border not in {picture.pixelColor(x, 24).name().upper() for x in range(picture.width())}
