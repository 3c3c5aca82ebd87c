"""The menus of the header: other runs, ready networks and data sets, opened at once and undone at a click."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QInputDialog, QLineEdit, QMenuBar
from pytestqt.qtbot import QtBot

from micronn_core.data.mnist import load_mnist_test
from micronn_gui.actions import Action, add_actions, fill_menu_bar
from micronn_gui.main_window import MainWindow
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from micronn_gui.widgets.controls.pill import Pill
from tests.core.shapes import write_npz
from tests.gui.keeping import settle, stock
from tests.gui.running import begin, finish, ready


def entries(pill: Pill) -> dict[str, QAction]:
    """Return what a menu of the header offers, as it opens."""
    menu = pill.menu()
    menu.aboutToShow.emit()
    found = {action.text(): action for action in menu.actions() if not action.isSeparator()}
    menu.aboutToHide.emit()
    return found


@pytest.fixture
def trained(qtbot: QtBot, states: States, training: TrainingState, window: MainWindow) -> MainWindow:
    """The window with two kept runs and one that has just been trained."""
    stock(states.runs.folder, 2)
    begin(qtbot, training, epochs=2)
    finish(qtbot, training)
    states.runs.watch(True)
    settle(qtbot, states.runs)
    return window


def test_that_the_header_names_run_shape_and_data(trained: MainWindow) -> None:
    assert trained.header.run.name == "Run 3"
    assert "784 → 10 → 10" in trained.header.run.accessibleDescription()
    assert "7,960 parameters" in trained.header.run.toolTip()
    assert trained.header.data.name == "Small MNIST" or trained.header.data.name


def test_that_kept_runs_and_ready_networks_are_offered(trained: MainWindow) -> None:
    found = entries(trained.header.run)
    names = [text.split("   ")[0] for text in found]
    assert names[:3] == ["Run 3", "Run 2", "Run 1"]
    assert {"MicroNN tutorial", "Strong", "All runs …", "Open a network …"} <= found.keys()
    assert [action.isChecked() for action in found.values()][:3] == [True, False, False]


def test_that_a_run_is_opened_and_the_one_before_brought_back(
    qtbot: QtBot, states: States, training: TrainingState, trained: MainWindow
) -> None:
    weights = training.newest.parameters.layers[0].weight.copy()
    next(action for text, action in entries(trained.header.run).items() if text.startswith("Run 1")).trigger()
    qtbot.waitUntil(lambda: trained.header.run.name == "Run 1")
    ready(qtbot, training)
    assert trained.toasts.texts[0] == "Run 3 is kept. Undo leads back to it."
    qtbot.keyClick(trained, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: trained.header.run.name == "Run 3" and training.newest is not None)
    np.testing.assert_array_equal(training.newest.parameters.layers[0].weight, weights)


def test_that_all_runs_leads_to_their_page(trained: MainWindow) -> None:
    entries(trained.header.run)["All runs …"].trigger()
    assert trained.current is trained.workspace("runs")


def test_that_the_open_run_is_renamed(qtbot: QtBot, states: States, trained: MainWindow) -> None:
    entries(trained.header.run)["Rename this run …"].trigger()
    dialog = trained.findChild(QInputDialog)
    line = dialog.findChild(QLineEdit)
    assert line.text() == "Run 3"
    line.setText("My best")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    settle(qtbot, states.runs)
    qtbot.waitUntil(lambda: trained.header.run.name == "My best")


def test_that_other_data_begin_a_new_network_of_the_same_recipe(
    qtbot: QtBot, training: TrainingState, window: MainWindow, tmp_path: Path
) -> None:
    begin(qtbot, training, hidden=(7,))
    path = write_npz(tmp_path / "mine.npz", load_mnist_test().taken(np.arange(200)))
    window.files.read(path)
    qtbot.waitUntil(lambda: window.header.data.name == "mine.npz")
    ready(qtbot, training)
    before = training.config.dataset
    name = next(text for text, action in entries(window.header.data).items() if not action.isChecked())
    entries(window.header.data)[name].trigger()
    ready(qtbot, training)
    assert training.config.dataset == "mnist" != before
    assert training.config.hidden == (7,)


def test_that_a_ready_network_trained_on_is_a_run_of_its_own(
    qtbot: QtBot, states: States, training: TrainingState, window: MainWindow
) -> None:
    begin(qtbot, training)
    entries(window.header.run)["MicroNN tutorial"].trigger()
    ready(qtbot, training)
    assert window.header.run.name == "MicroNN tutorial"
    training.change({"epochs": 1})
    finish(qtbot, training)
    states.runs.watch(True)
    settle(qtbot, states.runs)
    assert [states.runs.title(run) for run in states.runs.records()] == ["MicroNN tutorial, continued"]


def test_that_a_menu_bar_holds_every_section(qtbot: QtBot, window: MainWindow) -> None:
    done: list[str] = []
    table = (
        Action("sing", "Music", "Sing", "Ctrl+Alt+G", lambda: done.append("sung")),
        Action("told", "Music", "Told only", "Esc"),
        Action("dance", "Feet", "Dance", do=lambda: done.append("danced")),
    )
    bar = QMenuBar()
    qtbot.addWidget(bar)
    fill_menu_bar(bar, table, add_actions(window, table))
    sections = [action.menu() for action in bar.actions()]
    assert [menu.title() for menu in sections] == ["Music", "Feet"]
    assert [[action.text() for action in menu.actions()] for menu in sections] == [["Sing"], ["Dance"]]
    sections[1].actions()[0].trigger()
    assert done == ["danced"]
