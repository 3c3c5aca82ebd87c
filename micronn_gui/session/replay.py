"""Play a run again: the shown moment goes through the kept ones, from the first to the newest."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from micronn_core.training.history import Snapshot
from micronn_gui.session.training import TrainingState

DURATION_MS = 4000
"""So long it takes, however many moments there are."""
LEAST_INTERVAL_MS = 40
"""Least milliseconds between two moments, so that the window can follow."""


class Replay(QObject):
    """Shows moment after moment; it ends at the newest, or when somebody shows another moment."""

    changed = Signal()
    """It has begun, or ended."""

    def __init__(self, training: TrainingState, parent: QObject) -> None:
        super().__init__(parent)
        self._training = training
        self._left: list[float] = []
        self._last: Snapshot | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._next)

    @property
    def playing(self) -> bool:
        """Whether it is under way."""
        return self._timer.isActive()

    def start(self, epochs: Sequence[float]) -> None:
        """Show the moments at these epochs one after the other."""
        if not epochs:
            return
        step = max(1, round(len(epochs) * LEAST_INTERVAL_MS / DURATION_MS))
        self._left = list(epochs)[::step]
        self._last = None
        self._timer.start(max(LEAST_INTERVAL_MS, DURATION_MS // len(self._left)))
        self._next()
        self.changed.emit()

    def stop(self) -> None:
        """Leave the moment that is shown."""
        if self.playing:
            self._timer.stop()
            self.changed.emit()

    def _next(self) -> None:
        training = self._training
        if self._last is not None and training.shown is not self._last:  # somebody has gone elsewhere
            self.stop()
        elif self._left:
            training.show_epoch(self._left.pop(0))
            self._last = training.shown
        else:
            self.stop()
            training.show_live()
