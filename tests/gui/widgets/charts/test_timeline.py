"""The timeline on its own: where one clicks is the moment that is sought."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from micronn_gui.theme import LIGHT
from micronn_gui.widgets.charts.timeline import Timeline

LEFT = Qt.MouseButton.LeftButton
Y = 32


@pytest.fixture
def timeline(qtbot: QtBot) -> Timeline:
    """A track of 500 pixels for 100 epochs, of which 60 are over."""
    made = Timeline()
    qtbot.addWidget(made)
    made.resize(556, 52)
    made.show_state(100, 60, 60, True, "epoch 60")
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.mark.parametrize("epoch", [0, 1, 30, 59])
def test_that_a_press_seeks_the_moment_under_the_mouse(qtbot: QtBot, timeline: Timeline, epoch: int) -> None:
    spy = QSignalSpy(timeline.sought)
    qtbot.mousePress(timeline, LEFT, pos=QPoint(28 + 5 * epoch, Y))
    assert spy.at(0) == [pytest.approx(epoch)]


def test_that_before_the_track_is_its_start(qtbot: QtBot, timeline: Timeline) -> None:
    spy = QSignalSpy(timeline.sought)
    qtbot.mousePress(timeline, LEFT, pos=QPoint(2, Y))
    assert spy.at(0) == [0.0]


@pytest.mark.parametrize("epoch", [60, 61, 100, 105])
def test_that_the_newest_moment_and_the_future_are_live(qtbot: QtBot, timeline: Timeline, epoch: int) -> None:
    sought, live = QSignalSpy(timeline.sought), QSignalSpy(timeline.live_sought)
    qtbot.mousePress(timeline, LEFT, pos=QPoint(28 + 5 * epoch, Y))
    assert (sought.count(), live.count()) == (0, 1)


def test_that_the_live_mark_can_be_clicked_only_while_the_past_is_shown(
    qtbot: QtBot, timeline: Timeline
) -> None:
    sought, live = QSignalSpy(timeline.sought), QSignalSpy(timeline.live_sought)
    place = QPoint(28 + 5 * 60 - 10, 10)
    qtbot.mousePress(timeline, LEFT, pos=place)
    assert (sought.count(), live.count()) == (1, 0)
    timeline.show_state(100, 60, 20, False, "epoch 20")
    qtbot.mousePress(timeline, LEFT, pos=place)
    assert (sought.count(), live.count()) == (1, 1)


def test_that_other_mouse_buttons_seek_nothing(qtbot: QtBot, timeline: Timeline) -> None:
    spy = QSignalSpy(timeline.sought)
    qtbot.mousePress(timeline, Qt.MouseButton.RightButton, pos=QPoint(100, Y))
    assert spy.count() == 0


def test_that_screen_readers_are_told_what_is_shown(timeline: Timeline) -> None:
    assert timeline.accessibleDescription() == "LIVE"
    timeline.show_state(100, 60, 20, False, "epoch 20")
    assert timeline.accessibleDescription() == "epoch 20"


def test_that_the_track_is_painted_as_far_as_it_has_come(timeline: Timeline) -> None:
    timeline.show_state(100, 60, 20, False, "epoch 20")
    image = timeline.grab().toImage()
    for epoch, role in ((10, "accent"), (41, "faint"), (83, "border")):
        assert image.pixelColor(28 + 5 * epoch, Y) == LIGHT.color(role)


@pytest.mark.parametrize("shown", [0, 59.9, 60])
@pytest.mark.parametrize("width", [160, 556])
def test_that_the_bubbles_never_cover_each_other(timeline: Timeline, shown: float, width: int) -> None:
    timeline.resize(width, 52)
    timeline.show_state(100, 60, shown, False, f"epoch {shown}")
    image = timeline.grab().toImage()
    row = [image.pixelColor(x, 4).name() for x in range(width)]
    past, live = LIGHT.accent.lower(), LIGHT.accent_soft.lower()
    assert past in row
    assert row.count(live) > 20


def test_that_nothing_has_come_yet_is_drawn_as_well(timeline: Timeline) -> None:
    timeline.show_state(0, 0, 0, True, "")
    image = timeline.grab().toImage()
    for epoch in (10, 41, 83):
        assert image.pixelColor(28 + 5 * epoch, Y) == LIGHT.color("border")
    row = [image.pixelColor(x, 4).name() for x in range(image.width())]
    live = [x for x, color in enumerate(row) if color == LIGHT.accent.lower()]
    assert 0 < len(live) < 60
    assert max(live) < 60  # the bubble stands at the beginning
