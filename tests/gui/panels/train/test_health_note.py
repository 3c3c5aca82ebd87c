"""The note on the health of a run: what it says, and that its advice is followed by one click."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from micronn_core.diagnostics.findings import Finding
from micronn_gui.main_window import MainWindow
from micronn_gui.panels.train.health_note import HealthNote
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import DARK, themes
from micronn_gui.widgets.controls.elided_text import ElidedText
from tests.gui.running import LONG, begin, finish, part, train_to
from tests.pictures import assert_other_picture

RATE = Finding(
    "learning rate", "loss", "The loss goes up and down.", "Learning rate 0.02", {"learning_rate": 0.02}
)
WEIGHTS = Finding("weights", "loss", "The weights have run away.", "Use L2 0.0001", {"l2": 1e-4}, anew=True)
DEAD = Finding("dead", "accuracy", "Some are dead.", "Use leaky ReLU", {"activation": "leaky_relu"})
TOO_NARROW = Finding("overfitting", "loss", "Overfitting.", "Use more samples")


@pytest.fixture
def note(qtbot: QtBot, training: TrainingState, states: States) -> HealthNote:
    made = HealthNote(training, states.health)
    qtbot.addWidget(made)
    made.resize(700, 60)
    made.show()
    return made


def find(states: States, *findings: Finding) -> None:
    """Let the health have found this."""
    states.health._examination.stop()
    states.health.findings = findings
    states.health.changed.emit()


def click(qtbot: QtBot, note: HealthNote, text: str) -> None:
    found = [
        b
        for b in note.findChildren(QPushButton)
        if text in (b.text(), b.accessibleName()) and not b.isHidden()
    ]
    assert len(found) == 1
    qtbot.mouseClick(found[0], Qt.MouseButton.LeftButton)


def buttons(note: HealthNote) -> Sequence[str]:
    return [b.text() for b in note.findChildren(QPushButton) if not b.isHidden()]


def test_that_it_says_what_is_found_and_else_how_to_read_the_curves_and_never_changes_its_height(
    states: States, note: HealthNote
) -> None:
    height = note.height()
    assert "down is good" in note.findChild(ElidedText).text
    assert buttons(note) == []
    find(states, RATE, DEAD)
    assert note.findChild(ElidedText).text == RATE.text
    assert buttons(note) == ["Learning rate 0.02", "1 of 2"]
    assert note.height() == height
    find(states)
    assert note.shown is None
    assert note.height() == height


@pytest.mark.parametrize("width", [326, 579, 739, 1219])
def test_that_it_is_no_higher_than_two_lines_and_what_has_no_room_is_read_in_a_card(
    qtbot: QtBot, states: States, note: HealthNote, width: int
) -> None:
    note.resize(width, note.height())
    long = dataclasses.replace(RATE, text=20 * "The loss goes up and down. ")
    find(states, long, WEIGHTS)
    words, link = note.findChild(ElidedText), part(note, QPushButton, RATE.advice)
    assert note.height() <= 2 * max(words.fontMetrics().height(), link.sizeHint().height()) + 8
    assert words.width() >= 0.4 * width
    assert words.lines()[-1].endswith("…")
    read = part(note, QToolButton, "Read all of it")
    whole = note._whole
    qtbot.mouseClick(read, Qt.MouseButton.LeftButton)
    assert whole.isVisible()
    assert whole.text() == long.text
    qtbot.mouseClick(read, Qt.MouseButton.LeftButton)
    assert not whole.isVisible()


@pytest.mark.parametrize("width", [326, 579, 739])
def test_that_its_controls_stay_in_their_place_from_finding_to_finding(
    states: States, note: HealthNote, width: int
) -> None:
    note.resize(width, note.height())
    find(states, dataclasses.replace(RATE, advice="Do"), dataclasses.replace(DEAD, advice=3 * "Do this "))
    link = note._next
    places = []
    for _ in range(2):
        note.grab()
        places.append(link.geometry())
        link.click()
    assert places[0] == places[1]


def test_that_the_first_remedy_takes_back_the_change_that_the_trouble_came_after(
    qtbot: QtBot, training: TrainingState, states: States, note: HealthNote
) -> None:
    begin(qtbot, training, epochs=LONG)
    train_to(qtbot, training, 5)
    training.pause()
    training.change({"learning_rate": 20.0})
    find(states, RATE)
    assert buttons(note) == ["Back to 0.1", "Learning rate 0.02"]
    click(qtbot, note, "Back to 0.1")
    assert training.config.learning_rate == 0.1
    find(states, RATE)
    assert buttons(note) == ["Learning rate 0.02"]


def test_that_a_trouble_that_was_there_before_a_change_is_not_put_down_to_it(
    qtbot: QtBot, training: TrainingState, states: States, note: HealthNote
) -> None:
    begin(qtbot, training, epochs=LONG, learning_rate=20.0)
    train_to(qtbot, training, 5)
    training.pause()
    find(states, RATE)
    click(qtbot, note, "Learning rate 0.02")
    find(states, RATE)
    assert buttons(note) == ["Learning rate 0.02"]


def test_that_the_learning_rate_is_changed_under_way(
    qtbot: QtBot, training: TrainingState, states: States, note: HealthNote
) -> None:
    begin(qtbot, training)
    spy = QSignalSpy(note.new_network_wanted)
    find(states, RATE)
    click(qtbot, note, "Learning rate 0.02")
    assert training.config.learning_rate == 0.02
    assert spy.count() == 0


def test_that_gradients_are_clipped_under_way(
    qtbot: QtBot, training: TrainingState, states: States, note: HealthNote
) -> None:
    begin(qtbot, training)
    find(states, Finding("exploding", "loss", "It explodes.", "Clip gradients to 1", {"clip": 1.0}))
    click(qtbot, note, "Clip gradients to 1")
    assert training.config.clip == 1


def test_that_a_rate_that_comes_too_late_asks_for_a_new_network(
    qtbot: QtBot, training: TrainingState, states: States, note: HealthNote
) -> None:
    begin(qtbot, training)
    spy = QSignalSpy(note.new_network_wanted)
    find(states, dataclasses.replace(RATE, advice="New network, learning rate 0.02", anew=True))
    click(qtbot, note, "New network, learning rate 0.02")
    assert spy.at(0)[0].learning_rate == 0.02
    assert training.config.learning_rate != 0.02


def test_that_what_needs_a_new_network_is_asked_for(
    qtbot: QtBot, training: TrainingState, states: States, note: HealthNote
) -> None:
    begin(qtbot, training, epochs=77)
    spy = QSignalSpy(note.new_network_wanted)
    find(states, WEIGHTS)
    click(qtbot, note, "Use L2 0.0001")
    wanted = spy.at(0)[0]
    assert (wanted.l2, wanted.epochs) == (1e-4, 77)
    assert training.config.l2 == 0


def test_that_advice_that_no_click_can_follow_is_no_link(states: States, note: HealthNote) -> None:
    find(states, TOO_NARROW)
    assert buttons(note) == []
    assert "Use more samples" in [words.text() for words in note.findChildren(QLabel) if not words.isHidden()]


def test_that_advice_that_no_longer_goes_with_the_settings_is_refused_in_words(
    qtbot: QtBot, training: TrainingState, states: States, note: HealthNote
) -> None:
    begin(qtbot, training, epochs=9)
    refused = QSignalSpy(note.refused)
    find(states, Finding("overfitting", "loss", "It overfits.", "Stop early", {"patience": 5}))
    training.change({"epochs": 3})
    find(states, Finding("overfitting", "loss", "It overfits.", "Stop early", {"patience": 5}))
    click(qtbot, note, "Stop early")
    assert "patience" in refused.at(0)[0]


def test_that_two_findings_are_shown_one_after_the_other(
    qtbot: QtBot, states: States, note: HealthNote
) -> None:
    find(states, RATE, WEIGHTS)
    assert buttons(note) == ["Learning rate 0.02", "1 of 2"]
    click(qtbot, note, "1 of 2")
    assert buttons(note) == ["Use L2 0.0001", "2 of 2"]
    find(states, RATE, WEIGHTS)  # examined anew: what somebody reads stays
    assert buttons(note) == ["Use L2 0.0001", "2 of 2"]
    find(states, RATE)
    assert buttons(note) == ["Learning rate 0.02"]


def test_that_what_is_dismissed_gives_way(qtbot: QtBot, training: TrainingState, note: HealthNote) -> None:
    begin(qtbot, training, initializer="zeros", softmax="whole batch")
    qtbot.waitUntil(lambda: note.shown is not None)
    assert note.shown is not None
    assert note.shown.kind == "softmax"
    qtbot.mouseClick(part(note, QToolButton, "Say no more of this in this run"), Qt.MouseButton.LeftButton)
    assert note.shown is None or note.shown.kind != "softmax"


def test_that_every_control_can_be_reached_and_says_what_it_does(states: States, note: HealthNote) -> None:
    find(states, RATE, WEIGHTS)
    for control in (*note.findChildren(QPushButton), *note.findChildren(QToolButton)):
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert control.accessibleName()
        assert control.toolTip()
    assert note.accessibleDescription() == RATE.text
    light = note.grab().toImage()
    themes.use(DARK)
    assert_other_picture(note.grab().toImage(), light)


def test_that_in_the_window_its_advice_leads_to_the_network(
    qtbot: QtBot, training: TrainingState, window: MainWindow
) -> None:
    begin(qtbot, training, learning_rate=20.0, epochs=40)
    finish(qtbot, training)
    note = window.workspace("train").curves.health
    note.resize(900, note.height())
    qtbot.waitUntil(lambda: len(note._findings) == 2)
    click(qtbot, note, "1 of 2")
    click(qtbot, note, "Use leaky ReLU, rate 0.5")
    qtbot.waitUntil(lambda: training.config.activation == "leaky_relu")
    assert training.config.learning_rate == 0.5
    qtbot.waitUntil(lambda: note.shown is None)
