"""The view of the layers: its figures are those of the shown moment, on the test pictures."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QPushButton
from pytestqt.qtbot import QtBot

from micronn_core.common.texts import number
from micronn_core.diagnostics.layer_statistics import layer_figures, rms, spread
from micronn_core.nn.activations import ACTIVATIONS
from micronn_core.nn.network import Network
from micronn_gui.panels.train import layers
from micronn_gui.panels.train.layers import LayersView
from micronn_gui.panels.train.weights import WeightsPanel
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from micronn_gui.widgets.charts.gauge import Gauge
from micronn_gui.widgets.charts.histogram import Histogram
from tests.gui.running import LONG, begin, finish, part, train_to


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "INTERVAL", 10)
    monkeypatch.setattr(layers, "SHARE", 1)


@pytest.fixture
def panel(qtbot: QtBot, training: TrainingState, states: States) -> WeightsPanel:
    made = WeightsPanel(training, states.health)
    qtbot.addWidget(made)
    made.resize(900, 420)
    with qtbot.waitExposed(made):
        made.show()
    qtbot.mouseClick(part(made, QPushButton, "Layers"), Qt.MouseButton.LeftButton)
    return made


def said(panel: WeightsPanel, kind: type, name: str) -> str:
    return part(panel, kind, name).accessibleDescription()


def built(qtbot: QtBot, panel: WeightsPanel, count: int) -> None:
    qtbot.waitUntil(lambda: len(panel.layers.findChildren(Gauge)) == 2 * count)


def test_that_the_figures_are_those_of_the_moment_that_is_shown(
    qtbot: QtBot, training: TrainingState, states: States, panel: WeightsPanel
) -> None:
    begin(qtbot, training, hidden=(12, 6), epochs=30, initializer="he")
    finish(qtbot, training)
    built(qtbot, panel, 3)
    for epoch in (30, 4):
        training.show_epoch(epoch)
        shown, start = training.shown, training.start_parameters
        assert shown is not None
        assert start is not None
        pictures = states.health.pictures(shown.parameters)
        assert pictures is not None
        network = Network(shown.parameters, ACTIVATIONS["relu"])
        trace = network.forward(pictures)
        figures = layer_figures(network, trace, shown.gradient)
        last = f"{number(figures[2].gradient_rms, '.1e')} weights {number(figures[2].weight_rms, '.2g')}"
        qtbot.waitUntil(lambda last=last: said(panel, Gauge, "Gradient size of W3") == last)
        dead = round(figures[1].dead * 6)
        assert said(panel, Gauge, "Dead neurons, W2") == f"{100 * figures[1].dead:.0f} % {dead} of 6"
        assert said(panel, Gauge, "Dead neurons, W3") == "– output layer"
        weights = part(panel, Histogram, "Weights of W1")
        expected = spread(shown.parameters.layers[0].weight, start.layers[0].weight)
        np.testing.assert_array_equal(weights._now, expected.now)
        np.testing.assert_array_equal(weights._start, expected.start)
        answers = part(panel, Histogram, "Answers of layer 2")
        first = Network(start, ACTIVATIONS["relu"]).forward(pictures)
        np.testing.assert_array_equal(answers._now, spread(trace.a[1], first.a[1]).now)
        assert answers.accessibleDescription().endswith(f"{100 * (trace.a[1] == 0).mean():.0f} % are 0")


@pytest.mark.parametrize(
    ("activation", "name", "value"),
    [
        ("sigmoid", "Saturated answers, W1", "of all answers"),
        ("tanh", "Saturated answers, W1", "of all answers"),
        ("leaky_relu", "Dead neurons, W1", "cannot happen here"),
    ],
)
def test_that_each_activation_is_judged_by_what_can_befall_it(
    qtbot: QtBot, training: TrainingState, panel: WeightsPanel, activation: str, name: str, value: str
) -> None:
    begin(qtbot, training, activation=activation)
    built(qtbot, panel, 2)
    assert said(panel, Gauge, name).endswith(value)


def test_that_nine_layers_scroll_and_another_network_makes_other_rows(
    qtbot: QtBot, training: TrainingState, panel: WeightsPanel
) -> None:
    begin(qtbot, training, hidden=(12,) * 8)
    built(qtbot, panel, 9)
    qtbot.waitUntil(lambda: panel.layers.verticalScrollBar().maximum() > 0)
    begin(qtbot, training, hidden=(12,))
    built(qtbot, panel, 2)
    begin(qtbot, training, hidden=(12,), activation="tanh")
    qtbot.waitUntil(lambda: "Saturated answers, W1" in names(panel))


def names(panel: WeightsPanel) -> list[str]:
    return [gauge.accessibleName() for gauge in panel.layers.findChildren(Gauge)]


def test_that_the_past_stays_while_training_goes_on(
    qtbot: QtBot, training: TrainingState, panel: WeightsPanel
) -> None:
    begin(qtbot, training, epochs=LONG)
    train_to(qtbot, training, 20)
    built(qtbot, panel, 2)
    training.show_epoch(3)
    shown = training.shown
    assert shown is not None
    text = f"{number(rms(shown.gradient.layers[0].weight), '.1e')}"
    qtbot.waitUntil(lambda: said(panel, Gauge, "Gradient size of W1").startswith(text))
    steps = len(training.history)
    qtbot.waitUntil(lambda: len(training.history) > steps + 50)
    assert said(panel, Gauge, "Gradient size of W1").startswith(text)


def test_that_nothing_is_measured_while_the_view_is_out_of_sight(
    qtbot: QtBot, training: TrainingState, panel: WeightsPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(qtbot, training, epochs=LONG)
    built(qtbot, panel, 2)
    counted = []
    monkeypatch.setattr(LayersView, "_show", lambda *_: counted.append(1))
    qtbot.mouseClick(part(panel, QPushButton, "Learned"), Qt.MouseButton.LeftButton)
    assert not panel.layers.isVisible()
    train_to(qtbot, training, 30)
    assert counted == []
    qtbot.mouseClick(part(panel, QPushButton, "Layers"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: counted != [])


def test_that_the_images_and_their_scale_give_way_and_come_back(
    qtbot: QtBot, training: TrainingState, panel: WeightsPanel
) -> None:
    begin(qtbot, training)
    scale = part(panel, QComboBox, "Colour scale")
    assert panel.layers.isVisible()
    assert not scale.isVisible()
    assert panel.title.text() == "What goes on in each layer"
    qtbot.mouseClick(part(panel, QPushButton, "Gradient"), Qt.MouseButton.LeftButton)
    assert panel.grid.isVisible()
    assert scale.isVisible()
    assert panel.title.text() == "What the next step will change"
    assert training.shown is not None
    gradient = training.shown.gradient.layers[0].weight.reshape(10, 28, 28)
    np.testing.assert_array_equal(panel.grid.widget().images, gradient)
    begin(qtbot, training)
    qtbot.mouseClick(part(panel, QPushButton, "Layers"), Qt.MouseButton.LeftButton)
    begin(qtbot, training)  # a new run does not put the images in its place
    assert panel.layers.isVisible()
