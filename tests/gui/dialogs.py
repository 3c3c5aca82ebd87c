"""Answering the dialogs of files as people do: by typing a name and pressing Enter."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot


def file_dialog() -> QFileDialog | None:
    """Return the dialog of files that is open."""
    found = [each for each in QApplication.topLevelWidgets() if isinstance(each, QFileDialog)]
    return next((dialog for dialog in found if dialog.isVisible()), None)


def name_line(dialog: QFileDialog) -> QLineEdit:
    """Return where the name of the file is typed."""
    line = dialog.findChild(QLineEdit, "fileNameEdit")
    assert isinstance(line, QLineEdit)
    return line


def save_as(qtbot: QtBot, path: Path | str) -> None:
    """Go to the folder in the dialog that is open, type the name, and press Enter."""
    qtbot.waitUntil(lambda: file_dialog() is not None)
    dialog = file_dialog()
    assert dialog is not None
    line, path = name_line(dialog), Path(path)
    if path.is_absolute():
        dialog.setDirectory(str(path.parent))
    line.selectAll()
    qtbot.keyClicks(line, path.name)
    qtbot.keyClick(line, Qt.Key.Key_Return)


def question() -> QMessageBox | None:
    """Return the question that is open."""
    found = [each for each in QApplication.topLevelWidgets() if isinstance(each, QMessageBox)]
    return next((box for box in found if box.isVisible()), None)


def answer(qtbot: QtBot, text: str) -> str:
    """Press a button of the question that is open, and return what it asks."""
    qtbot.waitUntil(lambda: question() is not None)
    box = question()
    assert box is not None
    asked = box.text()
    (button,) = [each for each in box.findChildren(QPushButton) if each.text().replace("&", "") == text]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    return asked
