"""What is written in the recipe, and not yet read, when somebody acts on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from micronn_gui.panels.settings.recipe import RecipePanel
from micronn_gui.session.training import TrainingState
from tests.gui.recipe_panel import line, marked, open_panel, problem


@pytest.fixture
def panel(qtbot: QtBot, training: TrainingState) -> Iterator[RecipePanel]:
    made = open_panel(qtbot, training)
    yield made
    made.setFocus()


def write(qtbot: QtBot, edit: QLineEdit, text: str) -> None:
    """Type over what stands in a line, and leave it at that."""
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, text)


@pytest.mark.parametrize(("name", "text", "setting"), [("Seed", "77", "seed"), ("Batch", "64", "batch_size")])
def test_that_new_network_takes_what_has_just_been_written(
    qtbot: QtBot, panel: RecipePanel, name: str, text: str, setting: str
) -> None:
    wanted = QSignalSpy(panel.new_network_wanted)
    write(qtbot, line(panel, name), text)
    qtbot.mouseClick(panel.new_button, Qt.MouseButton.LeftButton)
    assert wanted.count() == 1
    assert getattr(wanted.at(0)[0], setting) == int(text)


def test_that_new_network_waits_until_what_was_written_is_mended(qtbot: QtBot, panel: RecipePanel) -> None:
    wanted = QSignalSpy(panel.new_network_wanted)
    write(qtbot, line(panel, "Seed"), "lucky")
    qtbot.mouseClick(panel.new_button, Qt.MouseButton.LeftButton)
    assert wanted.count() == 0
    assert marked(panel, "Seed")
    assert "'lucky'" in problem(panel)


@pytest.mark.parametrize(
    ("name", "text"), [("Epochs", "2,5"), ("Epochs", "1,00"), ("Batch", "12,5"), ("Seed", "0,1")]
)
def test_that_a_decimal_comma_makes_no_whole_number(
    qtbot: QtBot, training: TrainingState, panel: RecipePanel, name: str, text: str
) -> None:
    before = training.config
    write(qtbot, line(panel, name), text)
    qtbot.keyClick(line(panel, name), Qt.Key.Key_Return)
    assert marked(panel, name)
    assert repr(text) in problem(panel)
    assert training.config == before


@pytest.mark.parametrize("text", ["1,000", "1 000", "1000", "1_000"])
def test_that_thousands_may_be_set_apart(
    qtbot: QtBot, training: TrainingState, panel: RecipePanel, text: str
) -> None:
    write(qtbot, line(panel, "Epochs"), text)
    qtbot.keyClick(line(panel, "Epochs"), Qt.Key.Key_Return)
    assert training.config.epochs == 1000


def test_that_escape_puts_the_old_text_back(
    qtbot: QtBot, training: TrainingState, panel: RecipePanel
) -> None:
    seed = line(panel, "Seed")
    write(qtbot, seed, "33")
    qtbot.keyClick(seed, Qt.Key.Key_Escape)
    assert seed.text() == "8"
    panel.setFocus()
    assert training.config.seed == 8
