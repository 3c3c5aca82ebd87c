"""Helpers for the inspector's tests: a learning step by hand, in NumPy, and where to click."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from micronn_core.common.texts import tr
from micronn_gui.session.inspection import Inspection
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from micronn_gui.widgets.charts.ranked_bars import RankedBars
from micronn_gui.widgets.images.heat_map import HeatMap
from tests.gui.running import begin, small_dataset

STROKES = (((0.3, 0.2), (0.7, 0.25), (0.4, 0.8)),)
Array = NDArray[np.float64]


def inspect(qtbot: QtBot, states: States, **settings: Any) -> Inspection:  # noqa: ANN401 - whatever they take
    """Begin a run and watch the inspection."""
    begin(qtbot, states.training, **settings)
    states.inspection.watch(True)
    return states.inspection


def weights(training: TrainingState) -> list[tuple[Array, Array]]:
    """Return the shown network's weights and biases in float64."""
    assert training.shown is not None
    return [
        (layer.weight.astype(float), layer.bias.astype(float)) for layer in training.shown.parameters.layers
    ]


def picture(index: int) -> Array:
    """Return a test picture as the network's input."""
    return small_dataset().values[index].reshape(-1, 1).astype(float) / 255


def by_hand(layers: list[tuple[Array, Array]], x: Array, label: int) -> dict[str, Array]:
    """Return the numbers of one learning step, worked out from the formulas of backpropagation with ReLU."""
    found, a, depth = {"x": x}, x, len(layers)
    for i, (weight, bias) in enumerate(layers, 1):
        found[f"z{i}"] = z = weight @ a + bias
        exponentials = np.exp(z - z.max())
        found[f"a{i}"] = a = exponentials / exponentials.sum() if i == depth else np.maximum(z, 0)
    dz = a - np.eye(len(a))[:, [label]]
    for i in range(depth, 0, -1):
        below = found[f"a{i - 1}"] if i > 1 else x
        found |= {f"dz{i}": dz, f"dW{i}": dz @ below.T, f"db{i}": dz}
        if i > 1:
            dz = (layers[i - 1][0].T @ dz) * (found[f"z{i - 1}"] > 0)
    return found


def predicted(layers: list[tuple[Array, Array]], x: Array) -> int:
    """Return the network's answer."""
    return int(by_hand(layers, x, 0)[f"z{len(layers)}"].argmax())


def assert_explains(inspection: Inspection, layers: list[tuple[Array, Array]], x: Array, label: int) -> None:
    """Check every number of the explanation against NumPy's."""
    assert inspection.explanation is not None
    for name, values in by_hand(layers, x, label).items():
        np.testing.assert_allclose(inspection.explanation.arrays[name], values, rtol=1e-10, atol=1e-12)


def words(widget: QWidget) -> str:
    """Return all text that can be seen."""
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def press(qtbot: QtBot, parent: QWidget, text: str) -> None:
    """Click the visible button with this text, accessible name or tip."""
    for made in parent.findChildren(QAbstractButton):
        if made.isVisible() and tr(text) in (made.text(), made.accessibleName(), made.toolTip()):
            qtbot.mouseClick(made, Qt.MouseButton.LeftButton)
            return
    pytest.fail(f"there is no button {text}")


def heat_maps(parent: QWidget) -> list[HeatMap]:
    """Return the visible heat maps when they are laid out."""
    for _ in range(2):
        QApplication.processEvents()
        parent.grab()
    return [view for view in parent.findChildren(HeatMap) if view.isVisible()]


def heat_map(parent: QWidget, name: str) -> HeatMap:
    """Return the visible heat map of an array."""
    found = [view for view in heat_maps(parent) if view.accessibleName() == name]
    assert len(found) == 1, f"{len(found)} heat maps are called {name}"
    return found[0]


def click_cell(qtbot: QtBot, view: HeatMap, row: int, column: int) -> None:
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.cell(row, column).center())


def click_row(qtbot: QtBot, bars: RankedBars, row: int) -> None:
    rows, height = bars.rows, bars.rows.row_height
    qtbot.mouseClick(rows, Qt.MouseButton.LeftButton, pos=QPoint(20, row * height + height // 2))
