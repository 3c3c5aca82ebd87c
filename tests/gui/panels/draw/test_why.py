"""Why: each neuron's evidence and votes are the numbers of the forward pass, the weightiest first."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from micronn_gui.panels.draw.why import MOST, WhyPanel
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from micronn_gui.widgets.images.image_grid import ImageGrid
from tests.gui.running import begin, finish

STROKES = (((0.3, 0.2), (0.7, 0.25), (0.4, 0.8)),)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the grid was told last."""
    said: dict[str, Any] = {}
    show = ImageGrid.show_images

    def showing(self: ImageGrid, images: Any, limits: Any, captions: Any, bars: Any, names: Any) -> None:  # noqa: ANN401
        said.update(images=images, limits=limits, captions=captions, bars=bars, names=names)
        show(self, images, limits, captions, bars, names)

    monkeypatch.setattr(ImageGrid, "show_images", showing)
    return said


@pytest.fixture
def panel(qtbot: QtBot, training: TrainingState, states: States, told: dict[str, Any]) -> WhyPanel:
    made = WhyPanel(training, states.answer)
    qtbot.addWidget(made)
    made.resize(900, 400)
    made.show()
    return made


def words(panel: WhyPanel) -> str:
    return "\n".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())


def order(told: dict[str, Any]) -> list[int]:
    """Return the neurons in the order in which they are shown."""
    return [int(name.removeprefix("h")) for name, _ in told["captions"]]


def layers(training: TrainingState) -> tuple[Any, ...]:
    assert training.shown is not None
    return training.shown.parameters.layers


def activations(states: States) -> np.ndarray:
    """Return the first hidden layer's activations for the drawing, by hand."""
    weight, bias = layers(states.training)[0]
    return np.maximum(weight @ states.drawing.picture.ravel() + bias[:, 0], 0)


def assert_evidence(states: States, told: dict[str, Any]) -> None:
    weight, x = layers(states.training)[0].weight, states.drawing.picture.ravel()
    chosen = order(told)
    np.testing.assert_allclose(told["images"], (weight[chosen] * x).reshape(-1, 28, 28), atol=1e-7)
    np.testing.assert_allclose(told["limits"], np.abs(told["images"]).max())
    a = activations(states)
    for i, (_, caption) in zip(chosen, told["captions"], strict=True):
        assert float(caption.removeprefix("a ")) == pytest.approx(a[i], abs=0.0051)


def test_that_without_a_drawing_or_a_network_it_asks_for_a_digit(
    qtbot: QtBot, training: TrainingState, states: States, panel: WhyPanel, told: dict[str, Any]
) -> None:
    assert "Draw a digit" in words(panel)
    states.drawing.show(STROKES)
    assert "Draw a digit" in words(panel)
    states.drawing.clear()
    begin(qtbot, training)
    assert "Draw a digit" in words(panel)
    assert told == {}
    grid = panel.findChild(ImageGrid)
    assert grid is not None
    assert not grid.isVisible()
    states.drawing.show(STROKES)
    assert grid.isVisible()


def test_that_images_are_the_evidence_and_bars_the_votes_in_order(
    qtbot: QtBot, training: TrainingState, states: States, panel: WhyPanel, told: dict[str, Any]
) -> None:
    begin(qtbot, training, epochs=20)
    finish(qtbot, training)
    states.drawing.show(STROKES)
    for epoch in (0, 9, 20):
        training.show_epoch(epoch)
        assert_evidence(states, told)
        votes = layers(training)[1].weight * activations(states)
        assert sorted(order(told)) == list(range(10))
        np.testing.assert_allclose(told["bars"], votes.T[order(told)], rtol=1e-5, atol=1e-6)
        weights = np.abs(votes[states.answer.digit])[order(told)]
        assert (np.diff(weights) <= 1e-6).all()
        assert tuple(told["names"]) == training.class_names
        assert f"on {states.answer.digit} first" in words(panel)


def test_that_votes_and_bias_add_up_to_the_logits(
    qtbot: QtBot, training: TrainingState, states: States, panel: WhyPanel, told: dict[str, Any]
) -> None:
    begin(qtbot, training)
    states.drawing.show(STROKES)
    assert states.answer.trace is not None
    logits = told["bars"].sum(axis=0) + layers(training)[1].bias[:, 0]
    np.testing.assert_allclose(logits, states.answer.trace.logits[:, 0], rtol=1e-4, atol=1e-5)
    sums = told["images"].sum(axis=(1, 2)) + layers(training)[0].bias[order(told), 0]
    np.testing.assert_allclose(sums, states.answer.trace.z[0][order(told), 0], rtol=1e-4, atol=1e-5)


def test_that_a_wide_layer_shows_the_neurons_that_weigh_most(
    qtbot: QtBot, training: TrainingState, states: States, panel: WhyPanel, told: dict[str, Any]
) -> None:
    begin(qtbot, training, hidden=(200,))
    states.drawing.show(STROKES)
    assert len(told["images"]) == MOST
    assert_evidence(states, told)
    votes = np.abs(layers(training)[1].weight * activations(states))[states.answer.digit]
    left = sorted(set(range(200)) - set(order(told)))
    assert votes[left].max() <= votes[order(told)].min() + 1e-6


def test_that_a_deep_network_has_evidence_but_no_votes(
    qtbot: QtBot, training: TrainingState, states: States, panel: WhyPanel, told: dict[str, Any]
) -> None:
    begin(qtbot, training, hidden=(20, 12), epochs=3)
    finish(qtbot, training)
    states.drawing.show(STROKES)
    assert_evidence(states, told)
    assert told["bars"].shape == (20, 0)
    assert (np.diff(activations(states)[order(told)]) <= 1e-6).all()
    assert "bars" not in words(panel)
    panel.grab()


@pytest.mark.parametrize("initializer", ["zeros", "he"])
def test_that_it_can_be_painted_whatever_the_weights(
    qtbot: QtBot,
    training: TrainingState,
    states: States,
    panel: WhyPanel,
    told: dict[str, Any],
    initializer: str,
) -> None:
    begin(qtbot, training, initializer=initializer)
    states.drawing.show(STROKES)
    assert np.isfinite(told["images"]).all()
    panel.grab()


def test_that_a_hidden_panel_catches_up_when_it_is_shown(
    qtbot: QtBot, training: TrainingState, states: States, panel: WhyPanel, told: dict[str, Any]
) -> None:
    begin(qtbot, training)
    panel.hide()
    states.drawing.show(STROKES)
    assert told == {}
    panel.show()
    assert_evidence(states, told)
