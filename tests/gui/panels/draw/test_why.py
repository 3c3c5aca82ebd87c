"""Why: the neurons that speak for the answer most, their evidence and votes, and a sentence of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from micronn_gui.panels.draw.why import MOST, STRONGEST, WhyPage
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from micronn_gui.widgets.charts.evidence_rows import EvidenceRow, EvidenceRows
from tests.gui.running import begin, finish

STROKES = (((0.3, 0.2), (0.7, 0.25), (0.4, 0.8)),)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[EvidenceRow]:
    """The rows that were shown last."""
    said: list[EvidenceRow] = []
    show = EvidenceRows.show_rows

    def showing(self: EvidenceRows, rows: Sequence[EvidenceRow], limit: float) -> None:
        said[:] = rows
        show(self, rows, limit)

    monkeypatch.setattr(EvidenceRows, "show_rows", showing)
    return said


@pytest.fixture
def page(qtbot: QtBot, training: TrainingState, states: States, told: list[EvidenceRow]) -> WhyPage:
    made = WhyPage(training, states.answer)
    qtbot.addWidget(made)
    made.resize(260, 640)
    made.show()
    return made


def words(page: WhyPage) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def more(page: WhyPage) -> QPushButton:
    (found,) = page.findChildren(QPushButton)
    return found


def order(told: list[EvidenceRow]) -> list[int]:
    """Return the neurons in the order in which they are shown."""
    return [int(row.name.removeprefix("h")) for row in told]


def fired(states: States) -> np.ndarray:
    """Return the first hidden layer's activations for the drawing, by hand."""
    assert states.training.shown is not None
    weight, bias = states.training.shown.parameters.layers[0]
    return np.maximum(weight @ states.drawing.picture.ravel() + bias[:, 0], 0)


def votes(states: States) -> np.ndarray:
    """Return what each neuron adds to the answer, by hand."""
    assert states.training.shown is not None
    assert states.answer.digit is not None
    return states.training.shown.parameters.layers[1].weight[states.answer.digit] * fired(states)


def assert_evidence(states: States, told: list[EvidenceRow]) -> None:
    training, chosen = states.training, order(told)
    assert training.shown is not None
    assert training.start_parameters is not None
    learned = training.shown.parameters.layers[0].weight - training.start_parameters.layers[0].weight
    expected = (learned[chosen] * states.drawing.picture.ravel()).reshape(-1, 28, 28)
    np.testing.assert_allclose([row.picture for row in told], expected, atol=1e-6)
    for i, row in zip(chosen, told, strict=True):
        (value,) = re.findall(r"fires with (\d+\.\d)", row.fires)
        assert float(value) == pytest.approx(fired(states)[i], abs=0.051)


def test_that_without_a_drawing_or_a_network_it_asks_for_a_digit(
    qtbot: QtBot, training: TrainingState, states: States, page: WhyPage, told: list[EvidenceRow]
) -> None:
    assert "Draw a digit" in words(page)
    states.drawing.show(STROKES)
    assert "Draw a digit" in words(page)
    states.drawing.clear()
    begin(qtbot, training)
    assert "Draw a digit" in words(page)
    assert told == []
    rows = page.findChild(EvidenceRows)
    assert rows is not None
    assert not rows.isVisible()
    states.drawing.show(STROKES)
    assert rows.isVisible()


def test_that_the_three_that_add_most_to_the_answer_are_shown_with_what_they_add(
    qtbot: QtBot, training: TrainingState, states: States, page: WhyPage, told: list[EvidenceRow]
) -> None:
    begin(qtbot, training, epochs=20)
    finish(qtbot, training)
    states.drawing.show(STROKES)
    for epoch in (0, 9, 20):
        training.show_epoch(epoch)
        assert_evidence(states, told)
        expected = votes(states)
        speaking = min(STRONGEST, int((expected > 0).sum()))
        assert speaking > 0
        assert order(told) == np.argsort(-expected, kind="stable")[:speaking].tolist()
        for i, row in zip(order(told), told, strict=True):
            (value,) = re.findall(rf"adds ([+−]\d+\.\d) to the {states.answer.digit}", row.adds)
            assert float(value.replace("−", "-")) == pytest.approx(expected[i], abs=0.051)
            assert row.share == pytest.approx(expected[i] / np.abs(expected).max(), abs=1e-5)
        assert f"for the {states.answer.digit}" in words(page)


def test_that_all_are_shown_on_demand_and_add_up_to_the_answer(
    qtbot: QtBot, training: TrainingState, states: States, page: WhyPage, told: list[EvidenceRow]
) -> None:
    begin(qtbot, training, epochs=3)
    finish(qtbot, training)
    states.drawing.show(STROKES)
    assert more(page).text() == "all 10 neurons ›"
    qtbot.mouseClick(more(page), Qt.MouseButton.LeftButton)
    assert sorted(order(told)) == list(range(10))
    assert_evidence(states, told)
    assert states.answer.trace is not None
    assert states.answer.digit is not None
    assert training.shown is not None
    logit = states.answer.trace.logits[states.answer.digit, 0]
    bias = training.shown.parameters.layers[1].bias[states.answer.digit, 0]
    assert votes(states).sum() + bias == pytest.approx(logit, abs=1e-4)
    page.grab()
    assert "in the order of what they add" in words(page)
    qtbot.mouseClick(more(page), Qt.MouseButton.LeftButton)
    assert len(told) <= STRONGEST


def test_that_of_a_wide_layer_the_strongest_are_shown(
    qtbot: QtBot, training: TrainingState, states: States, page: WhyPage, told: list[EvidenceRow]
) -> None:
    begin(qtbot, training, hidden=(200,))
    states.drawing.show(STROKES)
    qtbot.mouseClick(more(page), Qt.MouseButton.LeftButton)
    assert len(told) == MOST
    left = sorted(set(range(200)) - set(order(told)))
    assert votes(states)[left].max() <= votes(states)[order(told)].min() + 1e-6


def test_that_a_deep_networks_first_neurons_fire_but_vote_for_no_answer(
    qtbot: QtBot, training: TrainingState, states: States, page: WhyPage, told: list[EvidenceRow]
) -> None:
    begin(qtbot, training, hidden=(20, 12), epochs=3)
    finish(qtbot, training)
    states.drawing.show(STROKES)
    assert_evidence(states, told)
    assert order(told) == np.argsort(-fired(states), kind="stable")[:STRONGEST].tolist()
    assert all(row.adds == "" for row in told)
    assert "speak for" not in words(page)
    page.grab()


def test_that_where_the_start_is_not_known_the_weights_are_shown_and_it_is_said(
    qtbot: QtBot,
    training: TrainingState,
    states: States,
    page: WhyPage,
    told: list[EvidenceRow],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begin(qtbot, training)
    monkeypatch.setattr(TrainingState, "start_parameters", None)
    states.drawing.show(STROKES)
    assert training.shown is not None
    weight = training.shown.parameters.layers[0].weight[order(told)]
    expected = (weight * states.drawing.picture.ravel()).reshape(-1, 28, 28)
    np.testing.assert_allclose([row.picture for row in told], expected, atol=1e-6)
    assert "these are its weights" in words(page)


@pytest.mark.parametrize("initializer", ["zeros", "he"])
def test_that_it_can_be_painted_whatever_the_weights(
    qtbot: QtBot,
    training: TrainingState,
    states: States,
    page: WhyPage,
    told: list[EvidenceRow],
    initializer: str,
) -> None:
    begin(qtbot, training, initializer=initializer)
    states.drawing.show(STROKES)
    assert all(np.isfinite(row.picture).all() for row in told)
    assert ("No neuron speaks" in words(page)) is (initializer == "zeros")
    page.grab()


def test_that_a_hidden_page_catches_up_when_it_is_shown(
    qtbot: QtBot, training: TrainingState, states: States, page: WhyPage, told: list[EvidenceRow]
) -> None:
    begin(qtbot, training)
    page.hide()
    states.drawing.show(STROKES)
    assert told == []
    page.show()
    assert_evidence(states, told)
