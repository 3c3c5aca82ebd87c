"""With the notes on an ailing run and the view of the layers too, nothing is cut off in the window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from micronn_gui.main_window import MainWindow
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from tests.gui.running import begin, finish, part
from tests.gui.test_layout import SIZES, cut_off, outside, overlapping, settle


@pytest.mark.parametrize("chosen", [{}, {"activation": "tanh", "hidden": (64, 32)}], ids=str)
def test_that_with_notes_and_layers_nothing_is_cut_off_and_nothing_overlaps(
    qtbot: QtBot, training: TrainingState, states: States, window: MainWindow, chosen: dict[str, object]
) -> None:
    begin(qtbot, training, learning_rate=40.0, epochs=30, **chosen)
    qtbot.mouseClick(
        part(window.workspace("train").weights, QPushButton, "Layers"), Qt.MouseButton.LeftButton
    )
    finish(qtbot, training)
    qtbot.waitUntil(lambda: len(states.health.findings) >= 2)
    faults = []
    for width, height in ((window.minimumWidth(), window.minimumHeight()), *SIZES):
        window.resize(width, height)
        settle(window)
        assert (window.width(), window.height()) == (width, height)
        curves = window.workspace("train").curves
        assert curves.health.shown is not None
        assert curves.loss.chart.height() >= 100
        if width >= 1920:  # elsewhere the tool tip and the card have the rest
            assert "…" not in "".join(curves.health._text.lines())
        faults += [
            f"{width} x {height}: {f}" for f in (*cut_off(window), *overlapping(window), *outside(window))
        ]
    assert faults == [], "\n".join(faults)
