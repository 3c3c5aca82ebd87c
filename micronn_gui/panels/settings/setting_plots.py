"""The small plots of a setting's choice: an activation, first weights, a schedule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from micronn_core.common.texts import tr
from micronn_core.data.catalog import source_of
from micronn_core.nn.activations import ACTIVATIONS
from micronn_core.nn.initializers import INITIALIZERS
from micronn_core.nn.schedules import SCHEDULES
from micronn_core.settings.config import TrainingConfig
from micronn_gui.widgets.charts.function_plot import Curve

REACH = 4.0
"""The activations are drawn from minus to plus this sum."""
POINTS = 241
BINS = 40
MOST_NEURONS = 64
"""First weights are drawn for so many neurons at most: enough for a smooth outline."""


@dataclass(frozen=True)
class SettingPlot:
    """Curves and the names of their axes."""

    curves: tuple[Curve, ...]
    x_name: str
    y_name: str


def activation_plot(config: TrainingConfig) -> SettingPlot:
    """Return the activation and its derivative."""
    activation = ACTIVATIONS[config.activation]
    z = np.linspace(-REACH, REACH, POINTS)
    a = activation.function(z)
    curves = (
        Curve(tr("g(z), what it passes on"), z, a),
        Curve(tr("g′(z), its slope"), z, activation.derivative(z, a), "negative", dashed=True),
    )
    return SettingPlot(curves, tr("weighted sum z"), "")


def initializer_plot(config: TrainingConfig) -> SettingPlot:
    """Return how often each size occurs among the first weights of the first hidden layer."""
    weight = np.empty((min(config.hidden[0], MOST_NEURONS), source_of(config.dataset).spec.features.count))
    bias = np.empty((len(weight), 1))
    INITIALIZERS[config.initializer].fill(weight, bias, np.random.default_rng(config.seed))
    reach = float(np.abs(weight).max()) or 0.5
    edges = np.linspace(-reach, reach, BINS + 1) * (1 + 1e-9)
    share = 100 * np.histogram(weight, edges)[0] / weight.size
    # A bin is a flat piece of the outline, which begins and ends on the axis.
    outline = np.concatenate([[0], np.repeat(share, 2), [0]])
    curves = (Curve(tr("W1 at the start"), np.repeat(edges, 2), outline),)
    return SettingPlot(curves, tr("weight"), tr("% of weights"))


def schedule_plot(config: TrainingConfig) -> SettingPlot:
    """Return the learning rate over the run."""
    progress = np.linspace(0, 1, POINTS)
    factors = np.array([SCHEDULES[config.schedule].factor(p) for p in progress.tolist()])
    curves = (Curve(tr("learning rate"), progress * config.epochs, config.learning_rate * factors),)
    return SettingPlot(curves, tr("epoch"), "α")


PLOTS: dict[str, Callable[[TrainingConfig], SettingPlot]] = {
    "activation": activation_plot,
    "initializer": initializer_plot,
    "schedule": schedule_plot,
}
