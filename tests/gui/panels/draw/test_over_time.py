"""How the network changed its mind: the answers of the past, and a mark at the shown moment."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from micronn_core.settings.config import TrainingConfig
from micronn_gui.panels.draw.over_time import OverTimePanel
from micronn_gui.panels.draw.story import story
from micronn_gui.session import replay
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from micronn_gui.widgets.charts.share_strip import ShareStrip
from micronn_gui.widgets.controls.elided_text import ElidedText
from tests.gui.running import begin, finish

STROKES = (((0.3, 0.2), (0.7, 0.25), (0.4, 0.8)),)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the strip was told last."""
    said: dict[str, Any] = {}
    show, mark = ShareStrip.show_shares, ShareStrip.mark

    def showing(self: ShareStrip, names: Any, moments: Any, shares: Any, end: float) -> None:  # noqa: ANN401
        said.update(names=names, moments=moments, shares=shares, end=end)
        show(self, names, moments, shares, end)

    def marking(self: ShareStrip, moment: float) -> None:
        said.update(mark=moment)
        mark(self, moment)

    monkeypatch.setattr(ShareStrip, "show_shares", showing)
    monkeypatch.setattr(ShareStrip, "mark", marking)
    return said


@pytest.fixture
def panel(qtbot: QtBot, training: TrainingState, states: States, told: dict[str, Any]) -> OverTimePanel:
    made = OverTimePanel(training, states.answer)
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    return made


def test_that_the_strip_shows_the_probabilities_at_the_kept_moments(
    qtbot: QtBot, training: TrainingState, states: States, panel: OverTimePanel, told: dict[str, Any]
) -> None:
    begin(qtbot, training, epochs=30)
    finish(qtbot, training)
    with qtbot.waitSignal(states.answer.past_changed):
        states.drawing.show(STROKES)
    assert told["names"] == training.class_names
    assert told["end"] == 30
    np.testing.assert_array_equal(told["moments"], np.arange(31))
    for i, epoch in enumerate(range(31)):
        training.show_epoch(epoch)
        np.testing.assert_allclose(told["shares"][:, i], states.answer.probabilities, atol=1e-6)
    blank = ShareStrip("blank", "epoch")
    qtbot.addWidget(blank)
    strip = panel.findChild(ShareStrip)
    assert strip is not None
    blank.resize(strip.size())
    assert strip.grab().toImage() != blank.grab().toImage()


def test_that_the_mark_follows_the_timeline(
    qtbot: QtBot, training: TrainingState, panel: OverTimePanel, told: dict[str, Any]
) -> None:
    begin(qtbot, training, epochs=10)
    finish(qtbot, training)
    for epoch in (3, 8, 0):
        training.show_epoch(epoch)
        assert told["mark"] == epoch
    training.show_live()
    assert told["mark"] == 10


def test_that_clearing_the_pad_and_a_new_network_blank_the_strip(
    qtbot: QtBot, training: TrainingState, states: States, panel: OverTimePanel, told: dict[str, Any]
) -> None:
    begin(qtbot, training, epochs=5)
    finish(qtbot, training)
    for blank in (states.drawing.clear, lambda: training.new_network(TrainingConfig(epochs=7))):
        with qtbot.waitSignal(states.answer.past_changed):
            states.drawing.show(STROKES)
        assert told["moments"].size > 0
        with qtbot.waitSignal(states.answer.past_changed):
            blank()
        assert told["moments"].size == 0
    assert told["end"] == 7


def test_that_it_says_what_happened(
    qtbot: QtBot, training: TrainingState, states: States, panel: OverTimePanel
) -> None:
    (said,) = panel.findChildren(ElidedText)
    assert "Draw something" in said.text
    begin(qtbot, training, epochs=10)
    finish(qtbot, training)
    with qtbot.waitSignal(states.answer.past_changed):
        states.drawing.show(STROKES)
    past = states.answer.past
    assert said.text == story(past.epochs, past.probabilities, training.class_names)
    assert str(states.answer.digit) in said.text


def test_that_a_click_on_the_strip_shows_the_network_as_it_was_then(
    qtbot: QtBot, training: TrainingState, states: States, panel: OverTimePanel
) -> None:
    begin(qtbot, training, epochs=10)
    finish(qtbot, training)
    with qtbot.waitSignal(states.answer.past_changed):
        states.drawing.show(STROKES)
    strip = panel.findChild(ShareStrip)
    assert strip is not None
    place = strip.place()
    for epoch in (3, 9):
        at = QPoint(round(place.x() + place.width() * epoch / 10), 20)
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=at)
        assert training.shown is not None
        assert training.shown.metrics.epoch == epoch
    assert not training.live


def test_that_the_run_is_played_again_and_ends_at_the_newest_moment(
    qtbot: QtBot, training: TrainingState, states: States, panel: OverTimePanel, told: dict[str, Any]
) -> None:
    begin(qtbot, training, epochs=6)
    finish(qtbot, training)
    (play,) = panel.findChildren(QPushButton)
    assert not play.isEnabled()
    with qtbot.waitSignal(states.answer.past_changed):
        states.drawing.show(STROKES)
    seen: list[float] = []
    training.shown_changed.connect(lambda: seen.append(told["mark"]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(replay, "DURATION_MS", 100)
        qtbot.mouseClick(play, Qt.MouseButton.LeftButton)
        assert play.text() == "Stop ›"
        qtbot.waitUntil(lambda: play.text() == "Play it again ›")
    assert seen == sorted(seen)
    assert seen[0] == 0
    assert training.live


def test_that_it_stops_where_somebody_goes_elsewhere_and_when_nobody_looks(
    qtbot: QtBot, training: TrainingState, states: States, panel: OverTimePanel
) -> None:
    begin(qtbot, training, epochs=6)
    finish(qtbot, training)
    with qtbot.waitSignal(states.answer.past_changed):
        states.drawing.show(STROKES)
    (play,) = panel.findChildren(QPushButton)
    qtbot.mouseClick(play, Qt.MouseButton.LeftButton)
    training.show_epoch(5)
    qtbot.waitUntil(lambda: play.text() == "Play it again ›")
    assert training.shown is not None
    assert training.shown.metrics.epoch == 5
    qtbot.mouseClick(play, Qt.MouseButton.LeftButton)
    panel.hide()
    assert play.text() == "Play it again ›"
    assert training.live
