"""The network as a diagram, with what flows through it: forward w·a, backward the gradients."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from micronn_core.common.texts import tr
from micronn_core.explain.derivations import Number
from micronn_core.explain.explanation import Explanation
from micronn_gui.panels.panel import Refreshing
from micronn_gui.session.inspection import Inspection
from micronn_gui.session.samples import Sample
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import px
from micronn_gui.widgets.diagram.diagram import DiagramColumn, DiagramLinks, NetworkDiagram

Values = NDArray[np.floating]


class FlowDiagram(Refreshing, QWidget):
    """Follows the inspection; a click on a node or a link looks at its number."""

    number_chosen = Signal()
    """Somebody wants to see a number of the diagram."""

    def __init__(self, training: TrainingState, inspection: Inspection) -> None:
        super().__init__()
        self._training, self._inspection = training, inspection
        self._diagram = NetworkDiagram(tr("The network and what flows through it"))
        self._diagram.chosen.connect(self._choose)
        self._diagram.link_chosen.connect(self._choose_link)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(0), px(0), px(0))
        column.addWidget(self._diagram)
        inspection.changed.connect(self.touch)
        inspection.moved.connect(self.touch)

    @property
    def _backward(self) -> bool:
        step = self._inspection.step
        return step is not None and step.phase == "backward"

    @property
    def _pictured(self) -> bool:
        sample = self._inspection.sample
        return sample is not None and sample.image_shape is not None

    def refresh(self) -> None:
        """Show what flows in the half of the explanation that is open."""
        explanation, sample = self._inspection.explanation, self._inspection.sample
        if explanation is None or sample is None:
            return
        columns = self._columns(explanation, sample)
        links = [self._links(explanation, i) for i in range(1, len(columns))]
        self._diagram.show_network(columns, links, self._backward)

    def _columns(self, explanation: Explanation, sample: Sample) -> list[DiagramColumn]:
        arrays, depth = explanation.arrays, len(explanation.network.layers)
        x = arrays["x"][:, 0]
        if sample.image_shape is not None:
            picture = x.reshape(1, *sample.image_shape)
            columns = [DiagramColumn("x", [sample.name], np.zeros(1), picture)]
        else:
            columns = [DiagramColumn("x", [f"x[{i}]" for i in range(len(x))], x)]
        for i in range(1, depth):
            values = arrays[f"dz{i}" if self._backward else f"a{i}"][:, 0]
            images = None
            if i == 1 and sample.image_shape is not None:
                images = arrays["dW1" if self._backward else "W1"].reshape(-1, *sample.image_shape)
            title = f"dz{i}" if self._backward else f"a{i}"
            columns.append(DiagramColumn(title, [f"h{k}" for k in range(len(values))], values, images))
        values = arrays[f"dz{depth}" if self._backward else f"a{depth}"][:, 0]
        title = f"dz{depth}" if self._backward else "softmax"
        return [*columns, DiagramColumn(title, sample.class_names, values)]

    def _links(self, explanation: Explanation, layer: int) -> DiagramLinks:
        """Return what flows into a layer, or in the backward half back from it, (n_out, n_in)."""
        arrays = explanation.arrays
        weight = arrays[f"W{layer}"]
        if self._backward:
            flow = weight * arrays[f"dz{layer}"]
        else:
            before = arrays[f"a{layer - 1}"] if layer > 1 else arrays["x"]
            flow = weight * before.T
        if layer == 1 and self._pictured:  # the picture is one node
            flow = arrays["dz1" if self._backward else "z1"]
        return DiagramLinks(flow)

    # -- intents --

    def _choose(self, column: int, node: int) -> None:
        explanation = self._inspection.explanation
        if explanation is None:
            return
        if column == 0:
            self._open(Number("x", 0 if self._pictured else node))
        else:
            self._open(Number(f"dz{column}" if self._backward else f"a{column}", node))

    def _choose_link(self, column: int, left: int, right: int) -> None:
        layer = column + 1
        if column == 0 and self._pictured:
            self._open(Number("dz1" if self._backward else "z1", right))
        else:
            self._open(Number(f"dW{layer}" if self._backward else f"W{layer}", right, left))

    def _open(self, number: Number) -> None:
        self._inspection.choose(number)
        self.number_chosen.emit()
