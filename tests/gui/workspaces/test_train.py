"""The workspace Train: what it remembers until the window is opened again."""

from __future__ import annotations

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from micronn_gui.main_window import MainWindow
from micronn_gui.session.states import States
from tests.gui.running import part


def test_that_the_chosen_view_of_the_neurons_is_there_again_at_the_next_start(
    qtbot: QtBot, states: States, window: MainWindow, settings: QSettings
) -> None:
    neurons = window.workspace("train").weights
    assert part(neurons, QPushButton, "Learned").isChecked()
    qtbot.mouseClick(part(neurons, QPushButton, "Weights"), Qt.MouseButton.LeftButton)
    later = MainWindow(states, settings)
    qtbot.addWidget(later)
    assert part(later.workspace("train").weights, QPushButton, "Weights").isChecked()
    assert later.workspace("train").weights.title.text() == "The weights of each neuron"
