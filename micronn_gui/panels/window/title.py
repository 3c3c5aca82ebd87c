"""The window's title says how far the run has come, for whoever has other windows in front."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from micronn_core.common.texts import mark, number, tr
from micronn_core.training.history import epoch_text
from micronn_gui.session.training import TrainingState
from micronn_gui.worker.update import Status

INTERVAL = 0.25
"""Least seconds between two titles while it trains: a task bar must not flicker."""


class WindowTitle(QObject):
    """Keeps the title of a window, its parent, at the run's newest epoch."""

    def __init__(self, training: TrainingState, window: QWidget) -> None:
        super().__init__(window)
        self._training = training
        self._window = window
        self._written = 0.0
        self._texts = {
            Status.LOADING: mark("MicroNN – loading"),
            Status.PAUSED: mark("MicroNN – epoch {epoch}, paused"),
            Status.RUNNING: mark("MicroNN – epoch {epoch}, training"),
            Status.FINISHED: mark("MicroNN – epoch {epoch}, finished"),
            Status.FAILED: mark("MicroNN – epoch {epoch}, stopped"),
        }
        training.status_changed.connect(self._write_now)
        training.history_grew.connect(self._write)
        training.shown_changed.connect(self._write)  # the last step before a pause may come alone
        self._write_now()

    def _write(self) -> None:
        running = self._training.status is Status.RUNNING
        if not running or time.monotonic() - self._written >= INTERVAL:
            self._write_now()

    def _write_now(self) -> None:
        self._written = time.monotonic()
        newest, status = self._training.newest, self._training.status
        epoch = newest.metrics.epoch if newest else 0.0
        text = number(epoch, ",.0f") if status is Status.RUNNING else epoch_text(epoch)
        self._window.setWindowTitle(tr(self._texts[status], epoch=text))
