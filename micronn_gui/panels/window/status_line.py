"""The thin line at the foot of pages where the run is not driven: it tells how the run goes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar

from micronn_core.common.texts import mark, number, tr
from micronn_core.training.history import epoch_text
from micronn_gui.panels.panel import Refreshing
from micronn_gui.session.runs import Runs
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import button, label
from micronn_gui.worker.update import Status

HEIGHT = 36
INTERVAL = 100
"""Least milliseconds between two looks while it trains."""
PARTS = 1_000
"""Of a whole run, for the bar."""

SENTENCES = {
    Status.LOADING: mark("is being prepared"),
    Status.PAUSED: mark("waits at epoch {epoch} of {epochs}"),
    Status.RUNNING: mark("trains: epoch {epoch} of {epochs}"),
    Status.FINISHED: mark("is finished: epoch {epoch} of {epochs}"),
    Status.FAILED: mark("has stopped at epoch {epoch} of {epochs}"),
}


class StatusLine(Refreshing, QFrame):
    """Names the run and tells how far it is; plays and pauses it.

    Args:
        training: the run.
        runs: what it is called.
    """

    def __init__(self, training: TrainingState, runs: Runs) -> None:
        super().__init__()
        self.setObjectName("transport")
        self.setAccessibleName(tr("The run"))
        self.setFixedHeight(px(HEIGHT))
        self._training, self._runs = training, runs
        self._name, self._sentence = label("", "strong"), label("", "soft")
        self._bar = QProgressBar()
        self._bar.setRange(0, PARTS)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(px(160))
        self._bar.setAccessibleName(tr("How far the run is"))
        self._toggle = button("", tr("Play or pause the run (Space)"), "link")
        self._toggle.clicked.connect(training.toggle)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(20), 0, px(20), 0)
        row.setSpacing(px(10))
        for part in (self._name, self._sentence, self._bar, self._toggle):
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(1)
        self.refresh_seldom(INTERVAL, 0.0)
        for signal in (
            training.status_changed,
            training.history_grew,
            training.config_changed,
            runs.changed,
        ):
            signal.connect(self.touch)

    def refresh(self) -> None:
        """Tell how the run goes."""
        training = self._training
        epoch = training.newest.metrics.epoch if training.newest else 0.0
        epochs = training.config.epochs
        running = training.status is Status.RUNNING
        self._name.setText(self._runs.present_title)
        self._sentence.setText(tr(SENTENCES[training.status], epoch=epoch_text(epoch), epochs=number(epochs)))
        self._bar.setValue(round(PARTS * min(epoch / epochs, 1.0)))
        self._toggle.setText(tr("Pause") if running else tr("Play"))
        self._toggle.setEnabled(training.status in (Status.RUNNING, Status.PAUSED))
