"""The overlaid lines can be told apart, and their names at their ends never lie on each other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from micronn_gui.theme import DARK, LIGHT, RUN_HUES, Theme, contrast, themes
from micronn_gui.widgets.charts.overlay_chart import DASHES, OverlayChart, OverlayLine, line_look, spread

X, Y = np.array([0.0, 1.0, 2.0]), np.array([3.0, 1.0, 0.5])


def line(number: int, y: float = 0.5, behind: bool = False) -> OverlayLine:
    values = np.array([3.0, 1.0, y])
    return OverlayLine(
        f"Run {number}", "0.5", line_look(number), X, values, (2.0, y), (X, Y) if behind else None
    )


@pytest.fixture
def chart(qtbot: QtBot) -> Iterator[OverlayChart]:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(500, 300)
    column = QVBoxLayout(window)
    made = OverlayChart("Loss", "epoch", str)
    column.addWidget(made)
    made.set_full_view((0.0, 2.0), (0.0, 3.0))
    window.show()
    yield made
    window.hide()


def test_that_no_two_of_the_first_lines_look_alike_and_each_keeps_its_look() -> None:
    looks = [line_look(number) for number in range(1, len(RUN_HUES) * len(DASHES) + 1)]
    assert len(set(looks)) == len(looks)
    assert looks == [line_look(number) for number in range(1, len(looks) + 1)]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_that_every_hue_can_be_read_as_text(theme: Theme) -> None:
    hues = [theme.color(role) for role in RUN_HUES]
    assert len({hue.name() for hue in hues}) == len(RUN_HUES)
    assert all(contrast(hue, theme.color("card")) >= 4.5 for hue in hues)


def test_that_only_the_lines_that_are_given_are_drawn(chart: OverlayChart) -> None:
    chart.show_lines([line(1), line(4, behind=True)])
    assert len(chart._bands["1"].getData()[0]) == 3
    chart.show_lines([line(4)])
    assert len(chart._curves["0"].getData()[0]) == 3
    assert chart._curves["1"].getData()[0] is None or not len(chart._curves["1"].getData()[0])
    assert len(chart._bands["0"].getData()[0]) == 0
    assert [key for key, mark in chart._marks.items() if mark.isVisible()] == ["0"]
    assert chart.accessibleDescription() == "Run 4 0.5"


def test_that_a_line_keeps_its_dash_and_its_hue_in_both_themes(chart: OverlayChart) -> None:
    chart.show_lines([line(number) for number in range(1, 9)])
    for theme in (DARK, LIGHT):
        themes.use(theme)
        for i, shown in enumerate(chart.lines):
            pen = chart._curves[str(i)].opts["pen"]
            assert (pen.style(), pen.color()) == (shown.look.dash, theme.color(shown.look.role))


def test_that_the_sign_at_the_right_edge_is_in_sight(chart: OverlayChart) -> None:
    chart.set_full_view((0.0, 500.0), (0.0, 1.0))
    assert chart.view_x()[1] > 502
    assert [text for _, text in chart.getPlotItem().getAxis("bottom")._tickLevels[0]][-1] == "500"


def test_that_a_line_that_explodes_leaves_at_the_edge(chart: OverlayChart) -> None:
    chart.show_lines([line(1, y=1e30)])
    assert chart._curves["0"].getData()[1].max() < 10
    assert chart.ends()[0].y() == pytest.approx(chart.plot_area().top())


def test_that_there_is_room_for_the_names_and_more_for_longer_ones(qtbot: QtBot, chart: OverlayChart) -> None:
    chart.show_lines([line(1)])
    qtbot.waitUntil(lambda: chart.plot_area().right() < chart.width() - 60)
    short = chart.plot_area().right()
    chart.show_lines([line(1)._replace(name="a long name")])
    qtbot.waitUntil(lambda: chart.plot_area().right() < short)
    chart.show_lines([line(1)._replace(name="a name that is very long indeed " * 4)])
    qtbot.waitUntil(lambda: chart.plot_area().right() < 0.8 * chart.width())
    assert chart.plot_area().width() > chart.width() / 2


@pytest.mark.parametrize(
    "wanted",
    [[], [50.0], [50.0, 50.0, 50.0], [10.0, 11.0, 90.0], [0.0, 1.0, 100.0, 99.0], [95.0, 20.0, 94.0]],
)
def test_that_names_are_spread_without_lying_on_each_other(wanted: list[float]) -> None:
    places = spread(wanted, 12.0, 0.0, 100.0)
    in_order = sorted(places)
    assert all(below - above >= 12.0 - 1e-9 for above, below in pairwise(in_order))
    assert all(0 <= place <= 100 for place in places)
    by_wish = [places[i] for i in sorted(range(len(wanted)), key=lambda i: wanted[i])]
    assert by_wish == in_order


def test_that_a_name_with_room_stays_where_its_line_ends() -> None:
    assert spread([20.0, 80.0], 12.0, 0.0, 100.0) == [20.0, 80.0]
