"""The size of the text: by key and menu, kept, and the whole layout follows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, QSettings, Qt
from PySide6.QtWidgets import QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from micronn_gui.main_window import MainWindow
from micronn_gui.preferences import Preferences
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import TEXT_SIZES, USUAL_SIZE, desktop_scale, px, text_font, text_size, themes
from tests.gui.running import begin, finish

CONTROL = Qt.KeyboardModifier.ControlModifier
KEY = Qt.Key


@pytest.fixture(autouse=True)
def _usual_size() -> Iterator[None]:
    yield
    if text_size.percent != USUAL_SIZE:
        text_size.percent = USUAL_SIZE
        themes.measure_anew()


def shown(qtbot: QtBot, states: States, settings: QSettings) -> MainWindow:
    """Open a window that may give way to another: whoever opens it ends it."""
    window = MainWindow(states, settings)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    return window


def resized(qtbot: QtBot, window: MainWindow, key: Qt.Key) -> MainWindow:
    """Press Ctrl and a key; returns the window that takes the place of this one."""
    with qtbot.waitSignal(window.renewed) as renewed:
        qtbot.keyClick(window, key, CONTROL)
    (new,) = renewed.args
    with qtbot.waitActive(new):
        new.activateWindow()
    return new


def test_that_lengths_and_fonts_follow_the_size() -> None:
    text_size.percent = 150
    assert (px(8), px(0), px(-8)) == (12, 0, -12)
    assert text_font(12).pixelSize() == 18
    text_size.percent = 80
    assert (px(1), px(0.4), px(-0.4)) == (1, 1, -1)


@pytest.mark.parametrize(
    ("points", "platform", "scale"),
    [
        (9.0, "win32", 1.0),
        (13.5, "win32", 1.5),
        (40.0, "win32", 2.0),
        (13.0, "darwin", 1.0),
        (9.0, "linux", 1.0),
        (11.0, "linux", 1.0),
        (22.0, "linux", 2.0),
        (-1.0, "linux", 1.0),
    ],
)
def test_that_a_desktop_with_larger_text_makes_all_larger(points: float, platform: str, scale: float) -> None:
    assert desktop_scale(points, platform) == scale
    text_size.desktop = scale
    try:
        assert px(100) == round(100 * scale)
    finally:
        text_size.desktop = 1.0


def test_that_plus_minus_and_zero_change_the_size_and_it_is_kept(
    qtbot: QtBot, states: States, training: TrainingState, settings: QSettings
) -> None:
    window = shown(qtbot, states, settings)
    begin(qtbot, training, epochs=3)
    finish(qtbot, training)
    window.open_workspace("draw")
    height = window.header.height()
    larger = resized(qtbot, window, KEY.Key_Plus)
    assert text_size.percent == 110
    assert larger.header.height() == round(1.1 * height)
    assert larger.current is larger.workspace("draw")
    assert Preferences(settings).text_size == 110
    assert training.newest.metrics.epoch == 3  # the run went on as if nothing had been
    smaller = resized(qtbot, larger, KEY.Key_Minus)
    assert text_size.percent == 100
    again = resized(qtbot, smaller, KEY.Key_Plus)
    usual = resized(qtbot, again, KEY.Key_0)
    assert text_size.percent == USUAL_SIZE
    assert usual.header.height() == height
    usual.end()


def test_that_what_is_on_the_pad_stays_when_the_text_changes(
    qtbot: QtBot, states: States, settings: QSettings
) -> None:
    window = shown(qtbot, states, settings)
    drawing = states.drawing
    drawing.lay_under(np.eye(28, dtype=np.float32))
    drawing.pen_down(0.2, 0.8)
    drawing.pen_up()
    before = drawing.picture
    larger = resized(qtbot, window, KEY.Key_Plus)
    assert np.array_equal(drawing.picture, before)
    drawing.undo()  # the stroke: nothing has been done since
    assert drawing.lines == ()
    assert drawing.under is not None
    larger.end()


@pytest.mark.parametrize(("percent", "key"), [(TEXT_SIZES[-1], KEY.Key_Plus), (TEXT_SIZES[0], KEY.Key_Minus)])
def test_that_at_the_end_of_the_scale_nothing_happens(
    qtbot: QtBot, window: MainWindow, percent: int, key: Qt.Key
) -> None:
    text_size.percent = percent
    with qtbot.assertNotEmitted(window.renewed):
        qtbot.keyClick(window, key, CONTROL)


def test_that_the_gap_between_two_cards_follows_the_size(
    qtbot: QtBot, states: States, settings: QSettings
) -> None:
    window = shown(qtbot, states, settings)
    window.open_workspace("train")
    larger = resized(qtbot, window, KEY.Key_Plus)
    assert px(16) > 16
    larger.open_workspace("train")
    assert [splitter.handleWidth() for splitter in larger.workspace("train").splitters.values()] == [px(16)]
    larger.end()


@pytest.mark.parametrize("kept", ["", "abc", "99999", "13", None, "-5"])
def test_that_a_kept_size_that_is_none_is_the_usual_one(settings: QSettings, kept: str | None) -> None:
    settings.setValue("text size", kept)
    assert Preferences(settings).text_size == USUAL_SIZE


def test_that_a_page_without_room_stacks_its_columns_and_scrolls_down(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.resize(window.minimumSize())
    qtbot.waitUntil(lambda: window.width() == window.minimumWidth())
    page = window.pages
    assert page.width() >= page.currentWidget().minimumSizeHint().width()
    area = window.findChild(QScrollArea, "pages")
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() > 0)
    assert area.horizontalScrollBar().maximum() == 0


@pytest.mark.parametrize("percent", [80, 100, 150, 200])
def test_that_the_frame_fits_the_smallest_window_at_every_size(
    qtbot: QtBot, states: States, settings: QSettings, percent: int
) -> None:
    text_size.percent = percent
    themes.measure_anew()
    window = MainWindow(states, settings)
    qtbot.addWidget(window)
    window.show()
    window.resize(1024, 700)
    qtbot.waitUntil(lambda: window.header.width() == window.width())
    assert (window.width(), window.height()) == (1024, 700)
    for frame in (window.header, window.transport, window.rail):
        parts = [part for part in frame.findChildren(QWidget) if part.isVisible()]
        assert parts
        for part in parts:
            place = QRect(part.mapTo(frame, QPoint(0, 0)), part.size())
            assert frame.rect().contains(place), part.accessibleName()
