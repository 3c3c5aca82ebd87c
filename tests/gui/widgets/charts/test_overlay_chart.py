"""The overlaid lines can be told apart, and their legend names them."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from micronn_gui.theme import DARK, LIGHT, themes
from micronn_gui.widgets.charts.overlay_chart import STYLES, LineLegend, OverlayChart, line_sample

LINE = np.array([0.0, 1.0, 2.0]), np.array([3.0, 1.0, 0.5])


def test_that_no_two_lines_look_alike_even_without_colours() -> None:
    assert len({(style.role, style.dash) for style in STYLES}) == len(STYLES)
    by_role = {role: {style.dash for style in STYLES if style.role == role} for role in ("negative", "good")}
    assert not by_role["negative"] & by_role["good"]


def test_that_samples_differ_in_both_themes(qtbot: QtBot) -> None:
    for theme in (LIGHT, DARK):
        images = [line_sample(style, theme).toImage() for style in STYLES]
        assert not any(one == other for i, one in enumerate(images) for other in images[:i])


def test_that_only_the_lines_that_are_given_are_drawn(qtbot: QtBot) -> None:
    chart = OverlayChart("Loss", "epoch", str)
    qtbot.addWidget(chart)
    chart.show_lines({0: LINE, 3: LINE}, {3: LINE}, {0: (2.0, 0.5), 3: (2.0, 0.5)})
    chart.show_lines({3: LINE}, {}, {3: (2.0, 0.5)})
    assert len(chart._curves["0"].getData()[0]) == 0
    assert len(chart._curves["3"].getData()[0]) == 3
    assert len(chart._bands["3"].getData()[0]) == 0
    assert [key for key, mark in chart._marks.items() if mark.isVisible()] == ["3"]


def test_that_a_line_keeps_its_dash_in_both_themes(qtbot: QtBot) -> None:
    chart = OverlayChart("Loss", "epoch", str)
    qtbot.addWidget(chart)
    for theme in (DARK, LIGHT):
        themes.use(theme)
        for i, style in enumerate(STYLES):
            pen = chart._curves[str(i)].opts["pen"]
            assert (pen.style(), pen.color()) == (style.dash, theme.color(style.role))


def test_that_the_sign_at_the_right_edge_is_in_sight(qtbot: QtBot) -> None:
    chart = OverlayChart("Loss", "epoch", str)
    qtbot.addWidget(chart)
    chart.set_full_view((0.0, 500.0), (0.0, 1.0))
    assert chart.view_x()[1] > 502
    assert [text for _, text in chart.getPlotItem().getAxis("bottom")._tickLevels[0]][-1] == "500"


def test_that_the_legend_grows_with_its_names_and_tells_them(qtbot: QtBot) -> None:
    legend = LineLegend("Ticked runs")
    qtbot.addWidget(legend)
    legend.resize(400, 20)
    legend.show()
    low = legend.height()
    legend.show_names([(i, f"Run {i}") for i in range(8)])
    assert legend.height() == 2 * low
    assert legend.accessibleDescription() == ", ".join(f"Run {i}" for i in range(8))
    image = legend.grab().toImage()
    colors = {image.pixelColor(x, low // 2).name() for x in range(30)}
    assert LIGHT.color("positive").name() in colors
    legend.show_names([(0, "a name that is much too long for the room that it is given here")])
    assert legend.height() == low
    assert legend.focusPolicy() is Qt.FocusPolicy.NoFocus
