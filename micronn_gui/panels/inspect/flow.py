"""The network as a diagram, lit stage by stage: forward what flows, w·a, backward what is blamed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from micronn_core.common.texts import tr
from micronn_core.explain.derivations import NEW, Number
from micronn_core.explain.explanation import Explanation
from micronn_core.explain.words import kind_and_layer
from micronn_gui.panels.panel import Refreshing
from micronn_gui.session.inspection import Inspection
from micronn_gui.session.neuron_pictures import neuron_pictures
from micronn_gui.session.samples import Sample
from micronn_gui.session.training import TrainingState
from micronn_gui.widgets.diagram.diagram import DiagramColumn, DiagramLinks, NetworkDiagram

Values = NDArray[np.floating]


class _Stage(NamedTuple):
    """What the diagram tells at a step.

    Attributes:
        nodes: the array that each layer shows, from the first hidden one on; None for what comes later.
        links: what flows into each layer: FLOW, BLAME or GRADIENT; None for what comes later.
        lit: the layers whose links are told now.
        backward: whether it flows back.
        new: NEW where it is the network after the step.
    """

    nodes: list[str | None]
    links: list[str | None]
    lit: set[int]
    backward: bool = False
    new: str = ""


FLOW, BLAME, GRADIENT = "flow", "blame", "gradient"
"""Links forward, weight × activation; back, weight × error; and the gradient of each weight."""


def _stage(key: str, depth: int) -> _Stage:
    """Return what the diagram tells at a step of a network of so many layers."""
    kind, layer = kind_and_layer(key)
    layers = range(1, depth + 1)
    nodes: list[str | None] = [f"a{i}" for i in layers]
    links: list[str | None] = [FLOW] * depth
    match kind:
        case "x" | "z" | "a":
            nodes[layer:], links[layer:] = [None] * (depth - layer), [None] * (depth - layer)
            if kind == "z":
                nodes[layer - 1] = key
            return _Stage(nodes, links, {layer})
        case "dz" | "dW":
            nodes[layer - 1 :] = [f"dz{i}" for i in layers[layer - 1 :]]
            links[layer:] = [BLAME] * (depth - layer)
            if kind == "dW":
                links[layer - 1] = GRADIENT
            return _Stage(nodes, links, {layer if kind == "dW" else layer + 1}, backward=True)
        case "update":
            return _Stage(nodes, [GRADIENT] * depth, set(layers), backward=True)
        case "check":
            return _Stage([f"a{i}{NEW}" for i in layers], links, set(layers), new=NEW)
    return _Stage(nodes, links, set())


class FlowDiagram(Refreshing, QWidget):
    """Follows the inspection; a click on a node or a link looks at its number."""

    number_chosen = Signal()
    """Somebody wants to see a number of the diagram."""

    def __init__(self, training: TrainingState, inspection: Inspection) -> None:
        super().__init__()
        self._training, self._inspection = training, inspection
        self._stage = _Stage([], [], set())
        self._diagram = NetworkDiagram(tr("The network and what flows through it"))
        self._diagram.chosen.connect(self._choose)
        self._diagram.link_chosen.connect(self._choose_link)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._diagram)
        inspection.changed.connect(self.touch)
        inspection.moved.connect(self.touch)

    @property
    def _pictured(self) -> bool:
        sample = self._inspection.sample
        return sample is not None and sample.image_shape is not None

    def refresh(self) -> None:
        """Show what the open step is about, and of what comes later the names only."""
        explanation, sample = self._inspection.explanation, self._inspection.sample
        step = self._inspection.step
        if explanation is None or sample is None or step is None:
            return
        depth = len(explanation.network.layers)
        self._stage = _stage(step.key, depth)
        columns = [self._input(explanation, sample)]
        columns += [self._column(explanation, sample, i) for i in range(1, depth + 1)]
        links = [DiagramLinks(self._flow(explanation, i), i in self._stage.lit) for i in range(1, depth + 1)]
        self._diagram.show_network(columns, links, self._stage.backward, self._focus(depth))

    def _focus(self, depth: int) -> tuple[int, int] | None:
        """Return the node that the number which is looked at belongs to."""
        number = self._inspection.number
        if number is None:
            return None
        kind, layer = kind_and_layer(number.name.removesuffix(NEW))
        if kind == "x":
            return 0, 0 if self._pictured else number.row
        return layer or depth, number.row

    # -- what is shown --

    def _input(self, explanation: Explanation, sample: Sample) -> DiagramColumn:
        x = explanation.arrays["x"][:, 0]
        if sample.image_shape is not None:
            return DiagramColumn("x", [sample.name], np.zeros(1), x.reshape(1, *sample.image_shape))
        return DiagramColumn("x", [explanation.input_name(i) for i in range(len(x))], x)

    def _column(self, explanation: Explanation, sample: Sample, layer: int) -> DiagramColumn:
        name = self._stage.nodes[layer - 1]
        values = explanation.arrays[name or f"a{layer}"][:, 0]
        images = self._images(explanation, sample) if layer == 1 else None
        last = layer == len(explanation.network.layers)
        if not last:
            names = [f"h{k}" for k in range(len(values))]
            return DiagramColumn(name or f"a{layer}", names, values, images, empty=name is None)
        bars = not (name or "").startswith("dz")
        winner = int(values.argmax()) if bars else None
        return DiagramColumn(
            name or f"a{layer}", sample.class_names, values, None, bars, name is None, winner
        )

    def _images(self, explanation: Explanation, sample: Sample) -> Values | None:
        """Return the pictures of the first hidden neurons: what they have learned, or are to learn."""
        if sample.image_shape is None or len(explanation.network.layers) == 1:
            return None
        if self._stage.links[0] == GRADIENT:
            rows: Values = explanation.arrays["dW1"]
        else:
            network = explanation.new_network() if self._stage.new else explanation.network
            rows = neuron_pictures(network.parameters, self._training.start_parameters).values
        return rows.reshape(-1, *sample.image_shape)

    def _flow(self, explanation: Explanation, layer: int) -> Values:
        """Return what flows into a layer, or back from it, (n_out, n_in)."""
        arrays, kind, new = explanation.arrays, self._stage.links[layer - 1], self._stage.new
        weight: Values = arrays[f"W{layer}{new}"]
        pictured = layer == 1 and self._pictured  # the picture is one node
        if kind is None:
            return np.zeros((len(weight), 1) if pictured else weight.shape)
        if pictured:
            return arrays[f"z1{new}" if kind == FLOW else "dz1"]
        if kind == GRADIENT:
            return arrays[f"dW{layer}"]
        if kind == BLAME:
            return weight * arrays[f"dz{layer}"]
        before = arrays[f"a{layer - 1}{new}"] if layer > 1 else arrays["x"]
        return weight * before.T

    # -- intents --

    def _choose(self, column: int, node: int) -> None:
        if self._inspection.explanation is None:
            return
        if column == 0:
            self._open(Number("x", 0 if self._pictured else node))
        else:
            self._open(Number(self._stage.nodes[column - 1] or f"a{column}", node))

    def _choose_link(self, column: int, left: int, right: int) -> None:
        kind, new, layer = self._stage.links[column], self._stage.new, column + 1
        if column == 0 and self._pictured:
            self._open(Number(f"z1{new}" if kind == FLOW else "dz1", right))
        else:
            self._open(Number(f"dW{layer}" if kind == GRADIENT else f"W{layer}{new}", right, left))

    def _open(self, number: Number) -> None:
        self._inspection.choose(number)
        self.number_chosen.emit()
