"""Why: each neuron's evidence and votes are the numbers of the forward pass, the weightiest first."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from micronn_gui.panels.draw.why import MOST, WhyPanel
from micronn_gui.session.training import Session
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
def panel(qtbot: QtBot, session: Session, told: dict[str, Any]) -> WhyPanel:
    made = WhyPanel(session)
    qtbot.addWidget(made)
    made.resize(900, 400)
    made.show()
    return made


def words(panel: WhyPanel) -> str:
    return "\n".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())


def order(told: dict[str, Any]) -> list[int]:
    """Return the neurons in the order in which they are shown."""
    return [int(name.removeprefix("h")) for name, _ in told["captions"]]


def layers(session: Session) -> tuple[Any, ...]:
    assert session.shown is not None
    return session.shown.parameters.layers


def activations(session: Session) -> np.ndarray:
    """Return the first hidden layer's activations for the drawing, by hand."""
    weight, bias = layers(session)[0]
    return np.maximum(weight @ session.drawing.picture.ravel() + bias[:, 0], 0)


def assert_evidence(session: Session, told: dict[str, Any]) -> None:
    weight, x = layers(session)[0].weight, session.drawing.picture.ravel()
    chosen = order(told)
    np.testing.assert_allclose(told["images"], (weight[chosen] * x).reshape(-1, 28, 28), atol=1e-7)
    np.testing.assert_allclose(told["limits"], np.abs(told["images"]).max())
    a = activations(session)
    for i, (_, caption) in zip(chosen, told["captions"], strict=True):
        assert float(caption.removeprefix("a ")) == pytest.approx(a[i], abs=0.0051)


def test_that_without_a_drawing_or_a_network_it_asks_for_a_digit(
    qtbot: QtBot, session: Session, panel: WhyPanel, told: dict[str, Any]
) -> None:
    assert "Draw a digit" in words(panel)
    session.drawing.show(STROKES)
    assert "Draw a digit" in words(panel)
    session.drawing.clear()
    begin(qtbot, session)
    assert "Draw a digit" in words(panel)
    assert told == {}
    grid = panel.findChild(ImageGrid)
    assert grid is not None
    assert not grid.isVisible()
    session.drawing.show(STROKES)
    assert grid.isVisible()


def test_that_images_are_the_evidence_and_bars_the_votes_in_order(
    qtbot: QtBot, session: Session, panel: WhyPanel, told: dict[str, Any]
) -> None:
    begin(qtbot, session, epochs=20)
    finish(qtbot, session)
    session.drawing.show(STROKES)
    for epoch in (0, 9, 20):
        session.show_epoch(epoch)
        assert_evidence(session, told)
        votes = layers(session)[1].weight * activations(session)
        assert sorted(order(told)) == list(range(10))
        np.testing.assert_allclose(told["bars"], votes.T[order(told)], rtol=1e-5, atol=1e-6)
        weights = np.abs(votes[session.answer.digit])[order(told)]
        assert (np.diff(weights) <= 1e-6).all()
        assert tuple(told["names"]) == session.class_names
        assert f"on {session.answer.digit} first" in words(panel)


def test_that_votes_and_bias_add_up_to_the_logits(
    qtbot: QtBot, session: Session, panel: WhyPanel, told: dict[str, Any]
) -> None:
    begin(qtbot, session)
    session.drawing.show(STROKES)
    assert session.answer.trace is not None
    logits = told["bars"].sum(axis=0) + layers(session)[1].bias[:, 0]
    np.testing.assert_allclose(logits, session.answer.trace.logits[:, 0], rtol=1e-4, atol=1e-5)
    sums = told["images"].sum(axis=(1, 2)) + layers(session)[0].bias[order(told), 0]
    np.testing.assert_allclose(sums, session.answer.trace.z[0][order(told), 0], rtol=1e-4, atol=1e-5)


def test_that_a_wide_layer_shows_the_neurons_that_weigh_most(
    qtbot: QtBot, session: Session, panel: WhyPanel, told: dict[str, Any]
) -> None:
    begin(qtbot, session, hidden=(200,))
    session.drawing.show(STROKES)
    assert len(told["images"]) == MOST
    assert_evidence(session, told)
    votes = np.abs(layers(session)[1].weight * activations(session))[session.answer.digit]
    left = sorted(set(range(200)) - set(order(told)))
    assert votes[left].max() <= votes[order(told)].min() + 1e-6


def test_that_a_deep_network_has_evidence_but_no_votes(
    qtbot: QtBot, session: Session, panel: WhyPanel, told: dict[str, Any]
) -> None:
    begin(qtbot, session, hidden=(20, 12), epochs=3)
    finish(qtbot, session)
    session.drawing.show(STROKES)
    assert_evidence(session, told)
    assert told["bars"].shape == (20, 0)
    assert (np.diff(activations(session)[order(told)]) <= 1e-6).all()
    assert "bars" not in words(panel)
    panel.grab()


@pytest.mark.parametrize("initializer", ["zeros", "he"])
def test_that_it_can_be_painted_whatever_the_weights(
    qtbot: QtBot, session: Session, panel: WhyPanel, told: dict[str, Any], initializer: str
) -> None:
    begin(qtbot, session, initializer=initializer)
    session.drawing.show(STROKES)
    assert np.isfinite(told["images"]).all()
    panel.grab()


def test_that_a_hidden_panel_catches_up_when_it_is_shown(
    qtbot: QtBot, session: Session, panel: WhyPanel, told: dict[str, Any]
) -> None:
    begin(qtbot, session)
    panel.hide()
    session.drawing.show(STROKES)
    assert told == {}
    panel.show()
    assert_evidence(session, told)
