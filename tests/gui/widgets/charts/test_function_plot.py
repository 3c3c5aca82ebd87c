"""The small plot: axes that reach over all values, lines that differ by more than their colour."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from micronn_gui.theme import DARK, themes
from micronn_gui.widgets.charts.function_plot import Curve, FunctionPlot, ticks

X = np.linspace(-4, 4, 81)


@pytest.fixture
def plot(qtbot: QtBot) -> FunctionPlot:
    made = FunctionPlot()
    qtbot.addWidget(made)
    made.resize(340, 170)
    made.show()
    return made


def ink(plot: FunctionPlot, role: str) -> np.ndarray:
    """Return which pixels below the legend have the colour of a role, (height, width)."""
    image = plot.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)[:, : image.width()]
    found = (pixels & 0xFFFFFF) == (QColor(getattr(themes.current, role)).rgb() & 0xFFFFFF)
    found[:24] = False
    return found


@pytest.mark.parametrize(
    ("values", "tight", "wanted"),
    [
        ([-4, 4], True, (-4, -2, 0, 2, 4)),
        ([0, 500], True, (0, 200, 400, 500)),
        ([0, 1], False, (0, 0.25, 0.5, 0.75, 1)),
        ([-0.04, 4], False, (0, 1, 2, 3, 4)),  # a leak is no reason for another number
        ([-1, 1], False, (-1, -0.5, 0, 0.5, 1)),
        ([0.1, 0.1], False, (0, 0.025, 0.05, 0.075, 0.1)),
        ([0, 0], False, (0, 0.25, 0.5, 0.75, 1)),
    ],
)
def test_that_an_axis_has_a_few_round_numbers_that_reach_over_all_values(
    values: list[float], tight: bool, wanted: tuple[float, ...]
) -> None:
    found = ticks(np.array(values, float), tight)
    assert found == pytest.approx(wanted)


@pytest.mark.parametrize("theme", [None, DARK], ids=["light", "dark"])
def test_that_a_rising_line_rises_and_a_dashed_one_has_gaps(plot: FunctionPlot, theme: object) -> None:
    if theme is not None:
        themes.use(DARK)
    curves = (Curve("up", X, X), Curve("flat", X, np.zeros_like(X), "negative", dashed=True))
    plot.show_curves(curves, "z", "a")
    up, flat = ink(plot, "positive"), ink(plot, "negative")
    columns = np.flatnonzero(up.any(axis=0))
    first, last = up[:, columns[2]], up[:, columns[-3]]
    assert np.flatnonzero(first).mean() > np.flatnonzero(last).mean() + 50
    dashes = flat.any(axis=0)
    assert 0.4 < dashes[columns[0] : columns[-1]].mean() < 0.95
    assert np.diff(dashes.astype(int)).clip(0).sum() > 10


def test_that_what_is_plotted_has_a_name_for_those_who_cannot_see_it(plot: FunctionPlot) -> None:
    plot.show_curves((Curve("g(z)", X, X), Curve("its slope", X, X)), "z", "a")
    assert plot.accessibleName() == "g(z), its slope"
