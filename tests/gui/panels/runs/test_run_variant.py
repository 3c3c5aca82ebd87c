"""Same again but …: what differs is said, and what cannot be is refused before it begins."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from micronn_core.runs.record import RunRecord
from micronn_core.settings.config import TrainingConfig
from micronn_gui.panels.runs.run_variant import VariantDialog
from tests.core.runs.run_records import record
from tests.gui.running import choose, enter, part

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
    return made


def open_dialog(qtbot: QtBot, window: QWidget, run: RunRecord) -> VariantDialog:
    made = VariantDialog(run, "Run 7", window)
    with qtbot.waitActive(made):
        made.open()
    return made


@pytest.fixture
def dialog(qtbot: QtBot, window: QWidget) -> VariantDialog:
    return open_dialog(qtbot, window, record())


def note(dialog: VariantDialog) -> str:
    return next(found.text() for found in dialog.findChildren(QLabel) if found.objectName() == "note")


def test_that_it_begins_with_the_rate_and_nothing_different(qtbot: QtBot, dialog: VariantDialog) -> None:
    assert part(dialog, QComboBox, "Setting").currentText() == "Learning rate"
    assert part(dialog, QLineEdit, "Learning rate").text() == "0.1"
    assert "number by number" in note(dialog)
    assert any("Run 7 again" in found.text() for found in dialog.findChildren(QLabel))


def test_that_the_changed_config_is_wanted(qtbot: QtBot, dialog: VariantDialog) -> None:
    wanted: list[TrainingConfig] = []
    dialog.wanted.connect(wanted.append)
    enter(qtbot, part(dialog, QLineEdit, "Learning rate"), "0,3")
    assert note(dialog) == "Learning rate: 0.1 becomes 0.3."
    choose(qtbot, part(dialog, QComboBox, "Setting"), "Dropout")
    enter(qtbot, part(dialog, QLineEdit, "Dropout"), "0.2")
    assert note(dialog).splitlines() == ["Learning rate: 0.1 becomes 0.3.", "Dropout: 0 becomes 0.2."]
    qtbot.mouseClick(part(dialog, QPushButton, "Start"), LEFT)
    assert wanted == [TrainingConfig(hidden=(5,), seed=1, learning_rate=0.3, dropout=0.2)]


@pytest.mark.parametrize(("name", "text"), [("Learning rate", "fast"), ("Dropout", "1"), ("Epochs", "0")])
def test_that_what_cannot_be_used_is_refused(
    qtbot: QtBot, dialog: VariantDialog, name: str, text: str
) -> None:
    choose(qtbot, part(dialog, QComboBox, "Setting"), name)
    line = part(dialog, QLineEdit, name)
    before = line.text()
    enter(qtbot, line, text)
    assert len(note(dialog)) > 20
    wanted: list[TrainingConfig] = []
    dialog.wanted.connect(wanted.append)
    qtbot.mouseClick(part(dialog, QPushButton, "Start"), LEFT)
    assert wanted == []
    enter(qtbot, line, before.replace("\N{NO-BREAK SPACE}", "") if before != "0" else "0.1")
    qtbot.mouseClick(part(dialog, QPushButton, "Start"), LEFT)
    assert len(wanted) == 1


def test_that_escape_begins_nothing(qtbot: QtBot, dialog: VariantDialog) -> None:
    wanted: list[TrainingConfig] = []
    dialog.wanted.connect(wanted.append)
    enter(qtbot, part(dialog, QLineEdit, "Learning rate"), "0.3")
    with qtbot.waitSignal(dialog.finished):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert wanted == []


@pytest.mark.parametrize("odd", [{"changed": ("learning_rate",)}, {"fresh": False}])
def test_that_a_run_that_its_settings_do_not_repeat_says_so(
    qtbot: QtBot, window: QWidget, odd: dict[str, object]
) -> None:
    dialog = open_dialog(qtbot, window, replace(record(), **odd))  # type: ignore[arg-type]
    assert "did not go by its settings alone" in note(dialog)


def test_that_enter_takes_the_value_and_enter_again_starts(qtbot: QtBot, dialog: VariantDialog) -> None:
    wanted: list[TrainingConfig] = []
    dialog.wanted.connect(wanted.append)
    line = part(dialog, QLineEdit, "Learning rate")
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, "0.2")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert (note(dialog), wanted) == ("Learning rate: 0.1 becomes 0.2.", [])
    assert dialog.isVisible()
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert [config.learning_rate for config in wanted] == [0.2]


def test_that_start_takes_what_stands_in_the_line(qtbot: QtBot, dialog: VariantDialog) -> None:
    wanted: list[TrainingConfig] = []
    dialog.wanted.connect(wanted.append)
    line = part(dialog, QLineEdit, "Learning rate")
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, "abc")
    qtbot.mouseClick(part(dialog, QPushButton, "Start"), LEFT)
    assert wanted == []
    assert "not 'abc'" in note(dialog)
    line.selectAll()
    qtbot.keyClicks(line, "0.2")
    qtbot.mouseClick(part(dialog, QPushButton, "Start"), LEFT)
    assert [config.learning_rate for config in wanted] == [0.2]
