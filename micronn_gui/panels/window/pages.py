"""The workspaces one above the other: as small and as large as the one that is open needs."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStackedWidget

from micronn_gui.widgets.guard import Guarded


class Pages(Guarded, QStackedWidget):
    """A stack of which the pages behind need no room."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        self.currentChanged.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """Return the size that the open page would like."""
        page = self.currentWidget()
        return page.sizeHint() if page is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Return the size below which the open page has to be scrolled."""
        page = self.currentWidget()
        if page is None:
            return super().minimumSizeHint()
        return page.minimumSizeHint().expandedTo(page.minimumSize())

    def heightForWidth(self, width: int) -> int:
        """Return the least height: else the scroll area would give wrapped words all that they would like."""
        return self.minimumSizeHint().height()
