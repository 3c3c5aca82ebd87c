"""What is unusual about a file of samples is said in the window, and offered to be mended."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from micronn_core.data.catalog import TURNED, source_of
from micronn_core.data.mnist import load_mnist_test
from micronn_gui.main_window import MainWindow
from micronn_gui.session.states import States
from tests.core.shapes import write_npz
from tests.gui.running import begin, part, ready


def test_that_pictures_on_their_side_are_said_to_be_and_turned_by_a_click(
    qtbot: QtBot, window: MainWindow, states: States, tmp_path: Path
) -> None:
    begin(qtbot, states.training)
    some = load_mnist_test().taken(np.arange(200))
    path = write_npz(tmp_path / "a.npz", some.transposed())
    window.files.read(path)
    qtbot.waitUntil(lambda: "lie on their side" in window.toasts.text)
    assert states.training.config.dataset == str(path.resolve())
    ready(qtbot, states.training)
    qtbot.mouseClick(part(window.toasts.newest, QPushButton, "Turn them"), Qt.MouseButton.LeftButton)
    turned = str(path.resolve()) + TURNED
    qtbot.waitUntil(lambda: states.training.config.dataset == turned)
    ready(qtbot, states.training)
    np.testing.assert_array_equal(source_of(turned).load_train().values, some.values)
    qtbot.waitUntil(lambda: not any("lie on their side" in text for text in window.toasts.texts))


def test_that_nothing_is_said_about_samples_that_are_as_they_should_be(
    qtbot: QtBot, window: MainWindow, states: States, tmp_path: Path
) -> None:
    begin(qtbot, states.training)
    path = write_npz(tmp_path / "a.npz", load_mnist_test().taken(np.arange(200)))
    window.files.read(path)
    qtbot.waitUntil(lambda: states.training.config.dataset == str(path.resolve()))
    ready(qtbot, states.training)
    qtbot.waitUntil(lambda: not window.toasts.texts)
