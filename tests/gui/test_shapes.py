"""Data of other shapes than MNIST's in the window: opened, trained on, looked at, saved, opened again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from micronn_core.data.dataset import Dataset
from micronn_gui.main_window import MainWindow
from micronn_gui.session.states import States
from micronn_gui.workspaces.registry import WORKSPACES
from tests.core.shapes import SHAPES, write_csv
from tests.gui.running import begin, finish, ready

each_shape = pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())


def open_data(qtbot: QtBot, window: MainWindow, states: States, path: Path) -> None:
    """Open a file of samples and wait for its network."""
    window.data_files.read(path)
    qtbot.waitUntil(lambda: states.training.config.dataset == str(path.resolve()))
    ready(qtbot, states.training)


def look_everywhere(qtbot: QtBot, window: MainWindow) -> None:
    """Open every workspace, and let it paint itself."""
    for entry in WORKSPACES:
        window.open_workspace(entry.name)
        qtbot.waitUntil(lambda: not window.grab().isNull())


def texts(window: MainWindow) -> str:
    return " ".join(made.text() for made in window.findChildren(QLabel) if made.isVisible())


@each_shape
def test_that_data_of_any_shape_are_opened_trained_on_and_shown_everywhere(
    qtbot: QtBot, window: MainWindow, states: States, tmp_path: Path, shape: Callable[[], Dataset]
) -> None:
    dataset, training = shape(), states.training
    look_everywhere(qtbot, window)  # while the digits are there
    open_data(qtbot, window, states, write_csv(tmp_path / "data.csv", dataset))
    assert training.spec == dataset.spec
    assert training.config.split == ("80%/20%" if len(dataset) < 400 else "48000/12000")
    look_everywhere(qtbot, window)
    training.change({"epochs": 5, "learning_rate": 0.5})
    finish(qtbot, training)
    look_everywhere(qtbot, window)
    for source in (states.inspection.show_random, states.inspection.show_mistake):
        source()
        look_everywhere(qtbot, window)
    begin(qtbot, training)  # the digits again
    look_everywhere(qtbot, window)
