"""Shares over time: a column shows the last moment up to it."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from micronn_gui.theme import DARK, LIGHT, Theme, themes
from micronn_gui.widgets.charts.share_strip import BELOW, ShareStrip

LEFT, WIDTH, HEIGHT = 22, 240, 200
NAMES = ("a", "b")


@pytest.fixture
def strip(qtbot: QtBot) -> ShareStrip:
    made = ShareStrip("Strip")
    qtbot.addWidget(made)
    made.resize(LEFT + WIDTH + 1, HEIGHT + BELOW)
    made.show()
    return made


def color(strip: ShareStrip, row: int, moment: float, end: float) -> QColor:
    x = LEFT + round(moment / end * WIDTH)
    return strip.grab().toImage().pixelColor(x, row * HEIGHT // 2 + HEIGHT // 4)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_that_a_column_shows_the_last_moment_up_to_it(strip: ShareStrip, theme: Theme) -> None:
    strip.show_shares(NAMES, np.array([0.0, 4.0, 6.0]), np.array([[1.0, 0, 1], [0, 1, 0]]), 6)
    themes.use(theme)
    full, none = theme.color("accent"), theme.color("field")
    for moment, share in ((1.0, 1), (3.9, 1), (4.2, 0), (5.9, 0)):
        assert color(strip, 0, moment, 6) == (full if share else none)
        assert color(strip, 1, moment, 6) == (none if share else full)


def test_that_what_has_not_happened_yet_is_blank(strip: ShareStrip) -> None:
    strip.show_shares(NAMES, np.array([0.0, 1.0, 2.0]), np.ones((2, 3)), 10)
    assert color(strip, 0, 1.9, 10) == LIGHT.color("accent")
    assert color(strip, 0, 2.3, 10) == LIGHT.color("field")
    assert color(strip, 1, 9.5, 10) == LIGHT.color("field")


def test_that_a_larger_share_is_nearer_to_the_full_colour(strip: ShareStrip) -> None:
    far = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        strip.show_shares(NAMES, np.array([0.0, 1.0]), np.full((2, 2), share, np.float32), 1)
        found, full = color(strip, 0, 0.5, 1), LIGHT.color("accent")
        far.append(sum(abs(a - b) for a, b in zip(found.getRgb(), full.getRgb(), strict=True)))
    assert far == sorted(far, reverse=True)
    assert far[-1] == 0


@pytest.mark.parametrize("moment", [0.0, 2.5, 10.0])
def test_that_the_shown_moment_is_marked(strip: ShareStrip, moment: float) -> None:
    strip.show_shares(NAMES, np.array([0.0, 10.0]), np.zeros((2, 2)), 10)
    strip.mark(moment)
    assert color(strip, 0, moment, 10) == LIGHT.color("text")
    assert color(strip, 0, 5, 10) == LIGHT.color("field")


def test_that_a_moment_beyond_the_end_is_marked_at_the_end(strip: ShareStrip) -> None:
    strip.show_shares(NAMES, np.zeros(0), np.zeros((2, 0)), 10)
    strip.mark(25)
    assert color(strip, 0, 10, 10) == LIGHT.color("text")


@pytest.mark.parametrize("end", [0.0, 1e-3, 1e6])
def test_that_no_moment_and_one_moment_can_be_shown(strip: ShareStrip, end: float) -> None:
    strip.show_shares(NAMES, np.zeros(0), np.zeros((0, 0)), end)
    assert color(strip, 0, 0.5, 1) == LIGHT.color("field")
    strip.show_shares(NAMES, np.zeros(1), np.ones((2, 1)), end)
    strip.mark(end)
    assert color(strip, 0, 0, 1) in (LIGHT.color("accent"), LIGHT.color("text"))
