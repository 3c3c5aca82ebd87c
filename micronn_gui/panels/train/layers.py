"""What goes on in each layer: its weights and answers against the start, its gradient, its neurons."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QWidget

from micronn_core.common.texts import number, percent, tr
from micronn_core.diagnostics.layer_statistics import (
    LayerFigures,
    Spread,
    layer_figures,
    probe_trace,
    spread,
)
from micronn_core.nn.activations import ACTIVATIONS, Array
from micronn_core.nn.network import Network, Parameters, Trace
from micronn_core.training.history import Snapshot
from micronn_gui.panels.panel import Refreshing
from micronn_gui.session.health import Health
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import px
from micronn_gui.widgets.charts.gauge import Gauge
from micronn_gui.widgets.charts.histogram import Histogram
from micronn_gui.widgets.controls.buttons import label

INTERVAL = 400
"""Least milliseconds between two looks at the layers while the network trains."""
SHARE = 30
"""After a look there is a pause of so many times its length, however wide the network is."""

SMALLEST, DECADES = 1e-8, 8
"""The gradient's bar begins at 1e-8 and ends at 1."""
LEAST_ZEROS = 0.005
"""Share of zeros from which on they are worth a word."""


class LayersView(Refreshing, QScrollArea):
    """A row a layer, for the moment that is shown."""

    def __init__(self, training: TrainingState, health: Health) -> None:
        super().__init__()
        self.setAccessibleName(tr("Layers"))
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self._training, self._health = training, health
        self._rows: list[_Row]
        self._start: tuple[Parameters, Array, Trace] | None
        self.refresh_seldom(INTERVAL, SHARE)
        training.run_started.connect(self._begin)
        training.shown_changed.connect(self.touch)
        health.probed.connect(self.touch)
        self._begin()

    # -- following --

    def _begin(self) -> None:
        self._start, self._rows = None, []
        self.setWidget(label(tr("Loading the data and making a network …"), "soft"))
        self.touch()

    def refresh(self) -> bool:
        """Show the layers as they are in the moment that is shown; False while there are none."""
        shown = self._training.shown
        pictures = self._health.pictures(shown.parameters) if shown is not None else None
        if shown is None or pictures is None:
            return False
        self._show(shown, pictures)
        return True

    def _show(self, shown: Snapshot, pictures: Array) -> None:
        activation = ACTIVATIONS[self._training.config.activation]
        network = Network(shown.parameters, activation)
        trace = probe_trace(network, pictures)
        if not self._rows:
            self._build(shown.parameters.sizes, activation.label, activation.saturates)
        all_figures = layer_figures(network, trace, shown.gradient)
        for i, (row, figures) in enumerate(zip(self._rows, all_figures, strict=True)):
            weight_at_start, answers_at_start = self._at_start(i, pictures)
            weights = spread(shown.parameters.layers[i].weight, weight_at_start)
            row.show_layer(figures, weights, spread(trace.a[i], answers_at_start))

    def _at_start(self, i: int, pictures: Array) -> tuple[Array, Array]:
        """Return the weights of layer i at the start, and its answers then; nothing if that is not known."""
        start = self._training.start_parameters
        if start is None:
            return np.zeros(0), np.zeros(0)
        if self._start is None or self._start[0] is not start or self._start[1] is not pictures:
            network = Network(start, ACTIVATIONS[self._training.config.activation])
            self._start = (start, pictures, probe_trace(network, pictures))
        return start.layers[i].weight, self._start[2].a[i]

    # -- building --

    def _build(self, sizes: Sequence[int], activation: str, saturates: bool) -> None:
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, px(0), px(8), px(0))
        grid.setHorizontalSpacing(px(16))
        grid.setVerticalSpacing(px(8))
        resting = tr("Saturated answers") if saturates else tr("Dead neurons")
        heads = (
            (tr("Layer"), tr("Its weights, its inputs and neurons, and its activation")),
            (tr("Weights"), tr("How its weights are spread: now filled, at the start in outline")),
            (
                tr("Answers"),
                tr("How the answers of its neurons to test pictures are spread; zeros are counted apart"),
            ),
            (
                tr("Gradient size"),
                tr(
                    "Root of the mean square of dW; the bar is logarithmic, from 1e-8 to 1. "
                    "Below it the same of the weights themselves."
                ),
            ),
            (
                resting,
                tr("Answers where the slope is under 5 % of the greatest: they hardly learn")
                if saturates
                else tr("Neurons that answer 0 to every one of the test pictures: they no longer learn"),
            ),
        )
        for column, (text, tip) in enumerate(heads):
            head = label(text, "section")
            head.setToolTip(tip)
            grid.addWidget(head, 0, column)
        hidden = (activation, resting, tr("cannot happen here"))
        output = (tr("softmax"), resting, tr("output layer"))
        last = len(sizes) - 1
        self._rows = [
            _Row(grid, i, shape, output if i == last else hidden)
            for i, shape in enumerate(pairwise(sizes), start=1)
        ]
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        grid.setRowStretch(last + 1, 1)
        self.setWidget(inside)


class _Row:
    """The parts of one layer, in a row of the grid."""

    def __init__(
        self,
        grid: QGridLayout,
        i: int,
        shape: tuple[int, int],
        words: tuple[str, str, str],
    ) -> None:
        """Add layer i to a grid.

        The words: its activation, how its neurons can be at rest, and what to say if they cannot.
        """
        activation, resting, self._never = words
        name = f"W{i}"
        self.weights = Histogram(tr("Weights of {layer}", layer=name))
        self.answers = Histogram(tr("Answers of layer {i}", i=i))
        self.gradient = Gauge(tr("Gradient size of {layer}", layer=name))
        self.resting = Gauge(tr("{what}, {layer}", what=resting, layer=name))
        for column, part in enumerate(
            (_name(name, shape, activation), self.weights, self.answers, self.gradient, self.resting)
        ):
            grid.addWidget(part, i, column)
        grid.setRowStretch(i, 3)

    def show_layer(self, figures: LayerFigures, weights: Spread, answers: Spread) -> None:
        """Show the figures of the layer, and how its weights and answers are spread."""
        for histogram, found in ((self.weights, weights), (self.answers, answers)):
            share = percent(found.zero_now)
            remark = tr("{share} are 0", share=share) if found.zero_now >= LEAST_ZEROS else ""
            histogram.show_counts(found.now, found.start, found.edges, remark)
        size = figures.gradient_rms
        length = (math.log10(max(size, SMALLEST)) - math.log10(SMALLEST)) / DECADES
        self.gradient.show_value(
            number(size, ".1e"), tr("weights {size:.2g}", size=figures.weight_rms), length
        )
        if math.isfinite(figures.dead):
            dead = round(figures.dead * figures.n_out)
            count = tr("{count:,} of {all:,}", count=dead, all=figures.n_out)
            self.resting.show_value(percent(figures.dead), count, figures.dead)
        elif math.isfinite(figures.saturated):
            self.resting.show_value(percent(figures.saturated), tr("of all answers"), figures.saturated)
        else:
            self.resting.show_value("–", self._never, None)


def _name(name: str, shape: tuple[int, int], activation: str) -> QLabel:
    """Return a layer's name over its shape and activation."""
    words = label(f"{name}\n{number(shape[0])} → {number(shape[1])}\n{activation}", "matrix")
    words.setFixedWidth(px(92))
    return words
