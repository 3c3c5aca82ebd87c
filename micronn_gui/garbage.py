"""Python's garbage is collected on the window's thread alone.

Python collects on whatever thread happens to need memory. Among the garbage may be Qt's objects, and to
destroy these beside the window, while the window destroys others, can stop both for ever.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

INTERVAL = 1_000
"""Milliseconds between two looks whether there is enough garbage."""


class GarbageCollector(QObject):
    """Takes over from Python's own collector, and gives back to it when it is stopped."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=INTERVAL)
        self._timer.timeout.connect(collect_enough)
        self._timer.start()

    def stop(self) -> None:
        """Let Python collect as it does."""
        self._timer.stop()
        gc.enable()


def collect_enough() -> None:
    """Collect the generations that Python would have collected by now."""
    for generation in (2, 1, 0):
        if gc.get_count()[generation] > gc.get_threshold()[generation]:
            gc.collect(generation)
            return
