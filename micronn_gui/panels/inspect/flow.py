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
        links: the array whose numbers are the links into each layer: "W", times what flows, or "dW"; or None.
        lit: the layers whose links are told now.
        backward: whether it flows back.
    """

    nodes: list[str | None]
    links: list[str | None]
    lit: set[int]
    backward: bool


def _stage(key: str, depth: int) -> _Stage:
    """Return what the diagram tells at a step of a network of so many layers."""
    kind, layer = kind_and_layer(key)
    layers = range(1, depth + 1)
    match kind:
        case "x" | "z" | "a":
            reached = [i <= layer for i in layers]
            nodes = [f"a{i}" if there else None for i, there in zip(layers, reached, strict=True)]
            if kind == "z":
                nodes[layer - 1] = key
            return _Stage(
                nodes, [f"W{i}" if r else None for i, r in zip(layers, reached, strict=True)], {layer}, False
            )
        case "dz" | "dW":
            nodes = [f"dz{i}" if i >= layer else f"a{i}" for i in layers]
            links: list[str | None] = [f"W{i}" if i > layer else None for i in layers]
            if kind == "dW":
                links[layer - 1] = key
            return _Stage(list(nodes), links, {layer if kind == "dW" else layer + 1}, True)
        case "update":
            return _Stage([f"a{i}" for i in layers], [f"dW{i}" for i in layers], set(layers), True)
    new = NEW if key == "check" else ""
    lit = set(layers) if new else set()
    return _Stage([f"a{i}{new}" for i in layers], [f"W{i}{new}" for i in layers], lit, False)


class FlowDiagram(Refreshing, QWidget):
    """Follows the inspection; a click on a node or a link looks at its number."""

    number_chosen = Signal()
    """Somebody wants to see a number of the diagram."""

    def __init__(self, training: TrainingState, inspection: Inspection) -> None:
        super().__init__()
        self._training, self._inspection = training, inspection
        self._stage = _Stage([], [], set(), False)
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
        links = self._stage.links[0]
        if links == "dW1":
            rows: Values = explanation.arrays[links]
        else:
            network = explanation.new_network() if links == f"W1{NEW}" else explanation.network
            rows = neuron_pictures(network.parameters, self._training.start_parameters).values
        return rows.reshape(-1, *sample.image_shape)

    def _flow(self, explanation: Explanation, layer: int) -> Values:
        """Return what flows into a layer, or back from it, (n_out, n_in)."""
        arrays, name = explanation.arrays, self._stage.links[layer - 1]
        weight = arrays[f"W{layer}"]
        pictured = layer == 1 and self._pictured  # the picture is one node
        if name is None:
            return np.zeros((len(weight), 1) if pictured else weight.shape)
        new = NEW if name.endswith(NEW) else ""
        if pictured:
            return arrays[f"z1{new}" if name.startswith("W") and not self._stage.backward else "dz1"]
        if name.startswith("dW"):
            return arrays[name]
        if self._stage.backward:
            return weight * arrays[f"dz{layer}"]
        before = arrays[f"a{layer - 1}{new}"] if layer > 1 else arrays["x"]
        return arrays[name] * before.T

    # -- intents --

    def _choose(self, column: int, node: int) -> None:
        if self._inspection.explanation is None:
            return
        if column == 0:
            self._open(Number("x", 0 if self._pictured else node))
        else:
            self._open(Number(self._stage.nodes[column - 1] or f"a{column}", node))

    def _choose_link(self, column: int, left: int, right: int) -> None:
        name = self._stage.links[column] or f"W{column + 1}"
        if column == 0 and self._pictured:
            new = NEW if name.endswith(NEW) else ""
            self._open(Number("dz1" if self._stage.backward else f"z1{new}", right))
        else:
            self._open(Number(name, right, left))

    def _open(self, number: Number) -> None:
        self._inspection.choose(number)
        self.number_chosen.emit()
