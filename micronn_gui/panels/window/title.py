"""The window's title says how far the run has come, for whoever has other windows in front."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from micronn_core.common.texts import mark, number, tr
from micronn_core.training.history import epoch_text
from micronn_gui.session.throttle import Throttle
from micronn_gui.session.training import TrainingState
from micronn_gui.worker.update import Status

INTERVAL = 250
"""Least milliseconds between two titles while it trains: a task bar must not flicker."""


class WindowTitle(QObject):
    """Keeps the title of a window, its parent, at the run's newest epoch."""

    def __init__(self, training: TrainingState, window: QWidget) -> None:
        super().__init__(window)
        self._training = training
        self._window = window
        self._writing = Throttle(self._write, INTERVAL, parent=self)
        self._texts = {
            Status.LOADING: mark("MicroNN – loading"),
            Status.PAUSED: mark("MicroNN – epoch {epoch}, paused"),
            Status.RUNNING: mark("MicroNN – epoch {epoch}, training"),
            Status.FINISHED: mark("MicroNN – epoch {epoch}, finished"),
            Status.FAILED: mark("MicroNN – epoch {epoch}, stopped"),
        }
        training.status_changed.connect(self._writing.now)
        training.history_grew.connect(self._follow)
        training.shown_changed.connect(self._follow)  # the last step before a pause may come alone
        self._writing.now()

    def _follow(self) -> None:
        running = self._training.status is Status.RUNNING
        (self._writing.ask if running else self._writing.now)()

    def _write(self) -> None:
        newest, status = self._training.newest, self._training.status
        epoch = newest.metrics.epoch if newest else 0.0
        text = number(epoch, ",.0f") if status is Status.RUNNING else epoch_text(epoch)
        self._window.setWindowTitle(tr(self._texts[status], epoch=text))
