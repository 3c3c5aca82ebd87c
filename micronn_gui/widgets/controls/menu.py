"""A menu that never stays open deaf."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QMenu

from micronn_gui.widgets.guard import Guarded


class Menu(Guarded, QMenu):
    """Closes when it is disabled, by itself or with what it belongs to.

    Qt leaves it open, hearing neither keys nor mouse, and waits for it for ever.
    """

    def changeEvent(self, event: QEvent) -> None:
        """Close when what the menu offers cannot be had any more."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.EnabledChange and not self.isEnabled():
            self.close()
