"""Helpers that open the recipe panel and read it as a person would."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from micronn_gui.panels.settings.recipe import RecipePanel
from micronn_gui.session.training import TrainingState
from tests.gui.running import begin, part


def open_panel(qtbot: QtBot, training: TrainingState) -> RecipePanel:
    """Show the panel with an untrained network, as wide as in the window."""
    made = RecipePanel(training)
    qtbot.addWidget(made)
    made.resize(256, 740)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    begin(qtbot, training)
    return made


def line(panel: RecipePanel, name: str) -> QLineEdit:
    if name == "Batch":
        edit = part(panel, QComboBox, name).lineEdit()
        assert edit is not None
        return edit
    return part(panel, QLineEdit, name)


def marked(panel: RecipePanel, name: str) -> bool:
    control: QWidget = part(panel, QComboBox, name) if name == "Batch" else line(panel, name)
    return bool(control.property("wrong"))


def problem(panel: RecipePanel) -> str:
    """Return what the note says is wrong, or nothing."""
    return note(panel) if state(panel) == "wrong" else ""


def note(panel: RecipePanel) -> str:
    return the_note(panel).text()


def state(panel: RecipePanel) -> str:
    return str(the_note(panel).property("state"))


def the_note(panel: RecipePanel) -> QLabel:
    found = panel.findChild(QLabel, "note")
    assert isinstance(found, QLabel)
    return found
