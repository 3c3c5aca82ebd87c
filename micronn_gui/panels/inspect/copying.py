"""Copies the number that is looked at, or its whole matrix, to the clipboard."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QToolButton

from micronn_core.common.texts import tr
from micronn_gui.session.inspection import Inspection
from micronn_gui.widgets.controls.buttons import IconButton
from micronn_gui.widgets.controls.menu import Menu


class CopyButton(IconButton):
    """A menu of what can be copied; Ctrl+C copies the number."""

    def __init__(self, inspection: Inspection) -> None:
        super().__init__("copy", tr("Copy"), "soft", 16, "tool")
        self._inspection = inspection
        menu = Menu(self)
        number = menu.addAction(tr("Copy the number, all digits"), self.copy_number)
        number.setShortcut(QKeySequence.StandardKey.Copy)
        self.addAction(number)
        menu.addAction(tr("Copy its matrix as CSV"), self.copy_csv)
        menu.addAction(tr("Copy its matrix as NumPy code"), self.copy_numpy)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setMenu(menu)

    def copy_number(self) -> None:
        """Copy the number so that it reads back as the same float64."""
        explanation, number = self._inspection.explanation, self._inspection.number
        if explanation is not None and number is not None:
            QGuiApplication.clipboard().setText(repr(explanation.value(number)))

    def copy_csv(self) -> None:
        """Copy the matrix, a row a line."""
        explanation, number = self._inspection.explanation, self._inspection.number
        if explanation is not None and number is not None:
            rows = explanation.arrays[number.name].tolist()
            text = "".join(",".join(map(repr, row)) + "\n" for row in rows)
            QGuiApplication.clipboard().setText(text)

    def copy_numpy(self) -> None:
        """Copy the matrix as an assignment in Python."""
        explanation, number = self._inspection.explanation, self._inspection.number
        if explanation is not None and number is not None:
            name = "".join(sign if sign.isascii() and sign.isalnum() else "_" for sign in number.name)
            rows = explanation.arrays[number.name].tolist()
            line = f"{name} = np.array({rows!r})"
            QGuiApplication.clipboard().setText(line)
