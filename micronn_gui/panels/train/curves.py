"""Loss and accuracy over the run, live."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel

from micronn_core.common.texts import number, tr
from micronn_core.training.history import History
from micronn_gui.panels.panel import Panel, while_seen
from micronn_gui.panels.train.health_note import HealthNote
from micronn_gui.session.health import Health
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import number_font, px, themes
from micronn_gui.widgets.charts.figure import Figure
from micronn_gui.widgets.charts.line_chart import LineChart, LineStyle
from micronn_gui.widgets.charts.thinning import thin
from micronn_gui.widgets.controls.buttons import IconButton, button, label, steady
from micronn_gui.worker.update import Status

LEAST_HEIGHT = 92
"""Least height of a chart, in pixels, whatever else the card shows."""
TALL = 230
"""From this height on a card has room for two lines on the health of the run."""
HIGHEST = 1e12
"""Where the axis of a loss that overshoots ends at the latest."""

STYLES = {
    "train": LineStyle("positive", 3.5, "o", 12),
    "validation": LineStyle("negative", 1.5, "s", 7),
}
SIGNS = {"train": "●", "validation": "■"}


class CurvesPanel(Panel):
    """One figure, for the training batches and for the validation samples."""

    def __init__(
        self,
        training: TrainingState,
        health: Health,
        figure: Figure,
        title: str,
    ) -> None:
        super().__init__(title)
        self._training = training
        self._figure = figure
        self._names = {"train": tr("train"), "validation": tr("val")}
        self._legend = {key: self._legend_entry(key) for key in STYLES}
        self._reset = IconButton("maximize", tr("Show the whole run again (double click)"), "soft", 14)
        self._reset.clicked.connect(self._show_all)
        self._reset.hide()
        self.head.addWidget(self._reset)
        if not figure.is_share:
            self._log = button(tr("log"), tr("Show the loss on a logarithmic scale"), "link")
            self._log.setCheckable(True)
            self._log.toggled.connect(self._set_log)
            self.head.addWidget(self._log)
        self.chart = LineChart(title, tr("epoch"), STYLES, figure.tick)
        self.chart.setToolTip(
            tr("Hover to read values. The wheel zooms, a double click shows the whole run.")
        )
        self.chart.hovered.connect(self._read)
        self.chart.zoomed.connect(self._reset.setVisible)
        self.chart.getPlotItem().getViewBox().sigXRangeChanged.connect(self.touch)
        self.chart.setMinimumHeight(LEAST_HEIGHT)
        self.body.addWidget(self.chart, 1)
        self.health = HealthNote(training, health, figure.name)
        self.body.addWidget(self.health)
        self._reading = QLabel(self.chart)
        self._reading.setObjectName("hovered")
        self._reading.setFont(number_font(11))
        self._reading.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._reading.hide()
        training.run_started.connect(self._begin)
        training.history_grew.connect(self.touch)
        training.shown_changed.connect(self._follow_shown)
        training.config_changed.connect(self._fit)
        themes.changed.connect(self._dress)
        self._dress()
        self.chart.reset_view()

    # -- building --

    def _legend_entry(self, key: str) -> QLabel:
        """Add a line's sign, name and value to the head; returns the value's label."""
        sign, value = label(SIGNS[key], f"sign-{STYLES[key].role}"), label("", "value")
        value.setAccessibleName(self._names[key])
        entry = QHBoxLayout()
        entry.setSpacing(px(4))
        for part in (sign, label(self._names[key], "soft"), steady(value, self._figure.widest)):
            entry.addWidget(part)
        self.head.addLayout(entry)
        return value

    def _dress(self) -> None:
        self._mark()

    # -- following the training --

    def _begin(self) -> None:
        self.chart.reset_view()
        self.touch()

    @while_seen
    def _fit(self) -> None:
        """Set the full view: all epochs, and a height that holds every value."""
        top = 1.0
        if not self._figure.is_share:
            history = self._training.history
            values = [history.column(name) for name in ("loss high", "validation_loss")]
            largest = max((float(np.nanmax(v)) for v in values if np.isfinite(v).any()), default=2.4)
            top = _round_up(min(largest, HIGHEST))
        bottom = 1e-3 if self.chart.log else 0.0
        newest = self._training.newest.metrics.epoch if self._training.newest else 0.0
        self.chart.set_full_view((0.0, max(float(self._training.config.epochs), newest)), (bottom, top))

    def refresh(self) -> None:
        """Draw the curves as long as they are now, and mark the moment that is shown."""
        history = self._training.history
        epoch, count = history.column("epoch"), history.column("samples")
        for key, prefix in (("train", ""), ("validation", "validation_")):
            values = history.column(prefix + self._figure.name)
            known = np.isfinite(values)
            is_train = key == "train"
            weights = count[known] if is_train else np.ones(int(known.sum()))
            noisy = is_train and not self._training.config.full_batch
            extremes = None
            if is_train:
                low, high = (history.column(f"{self._figure.name} {end}")[known] for end in ("low", "high"))
                extremes = low, high
            line = thin(epoch[known], values[known], weights, *self.chart.view_x(), noisy, extremes)
            self.chart.set_line(key, *line)
        self._fit()
        self._mark()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Be brief about the health of the run where there is little room."""
        super().resizeEvent(event)
        self.health.set_lines(2 if self.height() >= TALL else 1)

    @while_seen
    def _follow_shown(self) -> None:
        if not (self._training.live and self._training.status is Status.RUNNING):
            self._mark()  # else the mark moves with the growing curve, to draw the chart once

    def _mark(self) -> None:
        metrics = self._training.shown_metrics()
        values = {"train": math.nan, "validation": math.nan}
        if metrics is not None:
            values = {"train": getattr(metrics, self._figure.name)}
            values["validation"] = getattr(metrics, f"validation_{self._figure.name}")
        self.chart.mark(metrics.epoch if metrics else 0.0, values)
        for key, entry in self._legend.items():
            entry.setText(self._figure.text(values[key]))

    # -- intents --

    def _show_all(self) -> None:
        self.chart.reset_view()

    def _set_log(self, log: bool) -> None:
        self.chart.set_log(log)
        self.touch()

    def _read(self, epoch: float | None) -> None:
        """Show the values at an epoch that the mouse points to."""
        history = self._training.history
        if epoch is None or not len(history):
            self._reading.hide()
            return
        self._reading.setText(self._reading_at(history, epoch))
        self._reading.adjustSize()
        self._reading.move(self.chart.width() - self._reading.width() - 12, 6)
        self._reading.show()

    def _reading_at(self, history: History, epoch: float) -> str:
        epochs = history.column("epoch")
        i = int(np.clip(np.searchsorted(epochs, epoch), 0, len(epochs) - 1))
        if i and epoch - epochs[i - 1] < epochs[i] - epoch:
            i -= 1
        metrics = history.metrics(i)
        loss, accuracy = history.latest_validation(metrics.epoch)
        validation = accuracy if self._figure.is_share else loss
        return tr(
            "epoch {epoch}   train {train}   val {validation}",
            epoch=number(round(metrics.epoch, 2), ",.10g"),
            train=self._figure.text(getattr(metrics, self._figure.name)),
            validation=self._figure.text(validation),
        )


def _round_up(value: float) -> float:
    """Round up to a number that makes a calm axis: 1.2, 1.6, 2, 2.4, 3, 4, 6, 8, 10 times a power of ten."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1.2, 1.6, 2, 2.4, 3, 4, 6, 8, 10) if step * power >= value)
