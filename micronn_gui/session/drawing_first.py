"""The window's right of way before the training, while it draws what has changed."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from micronn_gui.worker.right_of_way import RIGHT_OF_WAY


class DrawingFirst(QObject):
    """Takes the right of way for one round of the event loop.

    Args:
        parent: ends it with itself.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._end = QTimer(self, interval=0, singleShot=True)  # is over after everything has been painted
        self._end.timeout.connect(_release)

    def claim(self) -> None:
        """Let training stand aside until what follows has been painted."""
        RIGHT_OF_WAY.claim()
        self._end.start()


def _release() -> None:
    RIGHT_OF_WAY.release()
