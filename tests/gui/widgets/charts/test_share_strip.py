"""Shares over time: a column shows the last moment up to it."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter
from pytestqt.qtbot import QtBot

from micronn_gui.theme import DARK, LIGHT, Theme, themes
from micronn_gui.widgets.charts.share_strip import BELOW, ShareStrip

WIDTH, HEIGHT = 270, 200
NAMES = ("a", "b")


@pytest.fixture
def strip(qtbot: QtBot) -> ShareStrip:
    made = ShareStrip("Strip", "epoch")
    qtbot.addWidget(made)
    made.resize(WIDTH, HEIGHT + BELOW)
    made.show()
    return made


def color(strip: ShareStrip, row: int, moment: float, end: float) -> QColor:
    place = strip.place()
    x = place.x() + moment / end * place.width()
    return strip.grab().toImage().pixelColor(round(x), row * HEIGHT // 2 + HEIGHT // 4)


def text_places(strip: ShareStrip, monkeypatch: pytest.MonkeyPatch) -> dict[str, QRectF]:
    """Return where each text is painted, the last one of its kind."""
    places: dict[str, QRectF] = {}

    def drawing(_: QPainter, where: QRectF, flags: object, text: str) -> None:
        places[text] = QRectF(where)

    with monkeypatch.context() as patch:
        patch.setattr(QPainter, "drawText", drawing)
        strip.grab()
    return places


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
    paper = strip.grab().toImage().pixelColor(2, 2)
    assert paper != LIGHT.color("field")  # which means "not at all"
    assert color(strip, 0, 2.3, 10) == paper
    assert color(strip, 1, 9.5, 10) == paper


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
    assert color(strip, 0, 0.5, 1) == strip.grab().toImage().pixelColor(2, 2)
    strip.show_shares(NAMES, np.zeros(1), np.ones((2, 1)), end)
    strip.mark(end)
    assert color(strip, 0, 0, 1) in (LIGHT.color("accent"), LIGHT.color("text"))


DIGITS = tuple("0123456789")


@pytest.mark.parametrize("row", [12, 15, 40])
def test_that_every_name_stands_in_the_middle_of_its_row_where_there_is_room(
    strip: ShareStrip, monkeypatch: pytest.MonkeyPatch, row: int
) -> None:
    strip.resize(WIDTH, 10 * row + BELOW)
    strip.show_shares([f"n{name}" for name in DIGITS], np.zeros(1), np.eye(10)[:, :1], 10)
    places = text_places(strip, monkeypatch)
    for i, name in enumerate(DIGITS):
        assert places[f"n{name}"].center().y() == pytest.approx((i + 0.5) * row, abs=0.5)


@pytest.mark.parametrize("answer", range(10))
def test_that_where_there_is_little_room_the_answer_is_named_all_the_same(
    strip: ShareStrip, monkeypatch: pytest.MonkeyPatch, answer: int
) -> None:
    strip.resize(WIDTH, 60 + BELOW)
    strip.show_shares([f"n{name}" for name in DIGITS], np.zeros(1), np.eye(10)[:, answer : answer + 1], 10)
    places = text_places(strip, monkeypatch)
    named = [i for i in range(10) if f"n{i}" in places]
    assert answer in named
    assert len(named) == 5


@pytest.mark.parametrize("width", [180, 240, 331, 600, 2000])
@pytest.mark.parametrize("end", [1, 7, 60, 500, 495, 1_000, 250_000, 1_000_000])
def test_that_the_axis_ends_with_its_end_in_its_place_and_no_numbers_touch(
    strip: ShareStrip, monkeypatch: pytest.MonkeyPatch, width: int, end: int
) -> None:
    strip.resize(width, HEIGHT)
    strip.show_shares(DIGITS, np.zeros(0), np.zeros((0, 0)), end)
    places, plot = text_places(strip, monkeypatch), strip.place()
    assert "epoch" in places
    ticks = {
        float(text.replace(",", "")): at
        for text, at in places.items()
        if at.top() > plot.bottom() and text != "epoch"
    }
    assert {0, end} <= set(ticks)
    assert len(ticks) <= 7
    order = [ticks[tick] for tick in sorted(ticks)]
    for tick, at in ticks.items():
        assert at.center().x() == pytest.approx(plot.x() + plot.width() * tick / end, abs=1)
        assert at.left() >= 0
        assert at.right() <= width + 1
    assert all(one.right() + 4 <= other.left() for one, other in itertools.pairwise(order))
