"""Data of other shapes than MNIST's in the window: opened, trained on, looked at, saved, opened again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from micronn_core.cli.main import main
from micronn_core.data import catalog
from micronn_core.data.augmentation import AUGMENTATIONS
from micronn_core.data.catalog import opened_files
from micronn_core.data.dataset import Dataset
from micronn_core.runs.saved_network import load_network
from micronn_core.settings.config import TrainingConfig
from micronn_gui.main_window import MainWindow
from micronn_gui.session.answer import MY_DIGITS
from micronn_gui.session.opened_data import OpenedData
from micronn_gui.session.states import States
from micronn_gui.widgets.controls.buttons import Segments
from micronn_gui.workspaces.registry import WORKSPACES
from tests.core.shapes import SHAPES, flowers, letters, moons, write_csv, write_npz
from tests.gui.running import begin, choose, finish, part, ready

STRONG = AUGMENTATIONS["strong"].augmentation

each_shape = pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())


def open_data(qtbot: QtBot, window: MainWindow, states: States, path: Path) -> None:
    """Open a file of samples and wait for its network."""
    window.files.read(path)
    qtbot.waitUntil(lambda: states.training.config.dataset == str(path.resolve()))
    ready(qtbot, states.training)


def look(qtbot: QtBot, window: MainWindow) -> None:
    """Let the window paint what it shows."""
    qtbot.waitUntil(lambda: not window.grab().isNull())


def look_everywhere(qtbot: QtBot, window: MainWindow) -> None:
    """Open every workspace, and let it paint itself."""
    for entry in WORKSPACES:
        window.open_workspace(entry.name)
        look(qtbot, window)


def texts(window: MainWindow) -> str:
    return " ".join(made.text() for made in window.findChildren(QLabel) if made.isVisible())


@each_shape
def test_that_data_of_any_shape_are_opened_trained_on_and_shown_everywhere(
    qtbot: QtBot, window: MainWindow, states: States, tmp_path: Path, shape: Callable[[], Dataset]
) -> None:
    dataset, training = shape(), states.training
    begin(qtbot, training)
    look_everywhere(qtbot, window)  # while the digits are there
    states.inspection.show_test(399)
    open_data(qtbot, window, states, write_csv(tmp_path / "data.csv", dataset))
    assert training.spec == dataset.spec
    assert training.config.split == ("80%/20%" if len(dataset) < 400 else "48000/12000")
    look_everywhere(qtbot, window)
    training.change({"epochs": 5, "learning_rate": 0.5})
    finish(qtbot, training)
    look_everywhere(qtbot, window)
    for show in (
        states.inspection.show_random,
        states.inspection.show_mistake,
        states.inspection.show_tutorial,
        states.inspection.show_drawing,
    ):
        show()
        look_everywhere(qtbot, window)
    begin(qtbot, training)  # the digits again
    look_everywhere(qtbot, window)


@each_shape
def test_that_a_sample_of_any_shape_is_explained_step_by_step(
    qtbot: QtBot, window: MainWindow, states: States, tmp_path: Path, shape: Callable[[], Dataset]
) -> None:
    dataset, inspection = shape(), states.inspection
    open_data(qtbot, window, states, write_csv(tmp_path / "data.csv", dataset))
    window.open_workspace("inspect")
    inspection.show_test(3)
    assert inspection.explanation is not None
    assert inspection.sample is not None
    assert inspection.sample.class_names == dataset.class_names
    for step in inspection.explanation.steps:
        inspection.open_step(step.key)
        look(qtbot, window)
        for view in window.workspace("inspect").findChildren(Segments):
            for made in view.findChildren(QPushButton):
                made.click()
                look(qtbot, window)


def test_that_a_table_says_that_there_is_nothing_to_draw_and_digits_can_be_drawn_again(
    qtbot: QtBot, window: MainWindow, states: States, tmp_path: Path
) -> None:
    open_data(qtbot, window, states, write_csv(tmp_path / "flowers.csv", flowers()))
    states.drawing.show([((0.2, 0.2), (0.7, 0.8))])
    assert states.answer.probabilities is None
    window.open_workspace("draw")
    shown = texts(window)
    assert shown.count("There is nothing to draw: this network takes the columns of a table") == 2
    page = window.workspace("draw")
    assert not page.draw.isEnabled()
    states.answer.look_at(MY_DIGITS)
    assert "My digits are pictures of 28 x 28 pixels" in texts(window)
    qtbot.keyClick(window, Qt.Key.Key_3)
    assert states.my_digits.digits == ()
    begin(qtbot, states.training)
    assert "nothing to draw" not in texts(window)
    assert page.draw.isEnabled()
    assert states.answer.probabilities is not None
    qtbot.keyClick(window, Qt.Key.Key_3)
    assert len(states.my_digits.digits) == 1


def test_that_a_drawing_is_prepared_to_the_networks_own_size(
    qtbot: QtBot, window: MainWindow, states: States, tmp_path: Path
) -> None:
    states.drawing.show([((0.2, 0.2), (0.7, 0.8))])
    begin(qtbot, states.training)
    assert states.drawing.picture.shape == (28, 28)
    open_data(qtbot, window, states, write_csv(tmp_path / "letters.csv", letters()))
    assert states.drawing.picture.shape == (8, 8)
    assert states.answer.probabilities is not None
    assert states.answer.probabilities.shape == (26,)
    look_everywhere(qtbot, window)
    states.inspection.show_drawing()
    window.open_workspace("inspect")
    assert states.inspection.explanation is not None
    window.pictures.take_sample()
    assert states.drawing.picture.shape == (8, 8)
    begin(qtbot, states.training)
    assert states.drawing.picture.shape == (28, 28)


@each_shape
def test_that_a_network_of_any_data_is_saved_opened_and_predicts(
    qtbot: QtBot,
    window: MainWindow,
    states: States,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    shape: Callable[[], Dataset],
) -> None:
    dataset, training = shape(), states.training
    table = write_csv(tmp_path / "data.csv", dataset)
    open_data(qtbot, window, states, table)
    training.change({"epochs": 3, "learning_rate": 0.5})
    finish(qtbot, training)
    assert training.shown is not None
    weights = training.shown.parameters.vector.copy()
    path = training.save(tmp_path / "net.npz")
    begin(qtbot, training)
    saved = load_network(path)
    assert saved.spec == dataset.spec
    training.open_network(saved)
    ready(qtbot, training)
    assert training.spec == dataset.spec
    assert training.newest is not None
    np.testing.assert_array_equal(training.newest.parameters.vector, weights)
    assert main(["predict", str(table), "--model", str(path), "--json"]) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(answers) == len(dataset)
    assert list(answers[0]["probabilities"]) == list(dataset.class_names)


def test_that_opened_files_are_offered_by_the_recipe_and_remembered(
    qtbot: QtBot, window: MainWindow, states: States, tmp_path: Path
) -> None:
    begin(qtbot, states.training)
    box = part(window, QComboBox, "Dataset")
    qtbot.mouseClick(part(window.workspace("train").recipe, QToolButton, "Data"), Qt.MouseButton.LeftButton)
    assert not box.isVisibleTo(window)  # a choice of one is none
    open_data(qtbot, window, states, write_npz(tmp_path / "moons.npz", moons()))
    assert box.isVisibleTo(window)
    assert [box.itemText(i) for i in range(box.count())] == ["Small", "moons.npz"]
    assert box.currentText() == "moons.npz"
    choose(qtbot, box, "Small")
    window.workspace("train").recipe.new_button.click()
    ready(qtbot, states.training)
    assert states.training.config.dataset == "mnist"
    catalog._OPENED.clear()
    remembered = OpenedData(states.training)
    assert [source.label for source in opened_files()] == ["moons.npz"]
    config = TrainingConfig(dataset=str(tmp_path / "moons.npz"), split="80%/20%")
    assert remembered.usable(config) == config
    remembered.close()


def test_that_a_data_file_that_cannot_be_used_is_told_of_and_changes_nothing(
    qtbot: QtBot, window: MainWindow, states: States, tmp_path: Path
) -> None:
    begin(qtbot, states.training)
    (tmp_path / "bad.csv").write_text("label,a\nred,1\nblue,two\n")
    window.files.read(tmp_path / "bad.csv")
    qtbot.waitUntil(lambda: "bad.csv, line 3, column 2 (a): found 'two'" in window.toasts.text)
    assert states.training.config.dataset == "mnist"
    assert opened_files() == ()


def test_that_a_file_that_is_dropped_on_the_window_is_opened(
    qtbot: QtBot, window: MainWindow, states: States, tmp_path: Path
) -> None:
    begin(qtbot, states.training)
    path = write_csv(tmp_path / "flowers.csv", flowers())
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(5, 5), copy, data, left, none))
    QApplication.sendEvent(window, QDropEvent(QPointF(5, 5), copy, data, left, none))
    qtbot.waitUntil(lambda: states.training.config.dataset == str(path))
    ready(qtbot, states.training)


def test_that_a_recipe_with_a_file_that_is_gone_begins_with_the_digits(qtbot: QtBot, states: States) -> None:
    lost = TrainingConfig(dataset="/elsewhere/flowers.csv", split="80%/20%", epochs=7)
    config = states.opened.usable(lost)
    assert (config.dataset, config.epochs) == ("mnist", 7)
    told = QSignalSpy(states.training.failed)
    begin(qtbot, states.training)
    states.training.new_network(lost)
    assert "is not open" in told.at(0)[0]
    assert states.training.config.dataset == "mnist"


def test_that_varying_is_previewed_for_pictures_of_any_size_and_refused_for_columns(
    qtbot: QtBot, window: MainWindow, states: States, tmp_path: Path
) -> None:
    open_data(qtbot, window, states, write_csv(tmp_path / "flowers.csv", flowers()))
    config = states.training.config.with_values({"batch_size": 8, "augmentation": STRONG})
    states.training.new_network(config)
    qtbot.waitUntil(lambda: "Only pictures can be varied" in window.toasts.text)
