"""The menu of light and dark."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QWidget

from micronn_core.common.texts import tr
from micronn_gui.theme import SYSTEM
from micronn_gui.widgets.controls.menu import Menu


class ThemeMenu(Menu):
    """Light, dark, or as the system."""

    chosen = Signal(str)
    """"light", "dark" or "system"."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(tr("Light or dark"), parent)
        self._group = QActionGroup(self)
        for name, text in ((SYSTEM, tr("As the system")), ("light", tr("Light")), ("dark", tr("Dark"))):
            action = QAction(text, self._group)
            action.setCheckable(True)
            action.setData(name)
            self.addAction(action)
        self._group.triggered.connect(self._choose)

    def show_choice(self, name: str) -> None:
        """Mark which one was chosen."""
        for action in self._group.actions():
            action.setChecked(action.data() == name)

    def _choose(self, action: QAction) -> None:
        self.chosen.emit(action.data())
