"""One figure over the run: its name and what it is now, above its two curves."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from micronn_core.common.texts import number, tr
from micronn_core.training.history import History
from micronn_gui.session.live_changes import LiveChange
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import number_font, px
from micronn_gui.widgets.charts.figure import Figure
from micronn_gui.widgets.charts.line_chart import LineChart, LineStyle
from micronn_gui.widgets.charts.thinning import thin
from micronn_gui.widgets.controls.buttons import button, label, steady
from micronn_gui.widgets.guard import Guarded

LEAST_HEIGHT = 100
"""Least height of a chart, in pixels, whatever else the card shows."""
HIGHEST = 1e12
"""Where the axis of a loss that overshoots ends at the latest."""
NEAR = 6
"""Pixels from a mark within which its change is read."""

STYLES = {
    "train": LineStyle("positive", 3.5, "o", 12),
    "validation": LineStyle("negative", 1.5, "s", 7),
}
SIGNS = {"train": "●", "validation": "■"}


class FigureChart(Guarded, QWidget):
    """A figure of the training batches and of the validation samples; `refresh` draws it anew."""

    zoomed = Signal(bool)
    """Whether a part is shown instead of the whole run."""
    range_changed = Signal()
    """Another part of the run is in sight."""

    def __init__(self, training: TrainingState, figure: Figure, title: str) -> None:
        super().__init__()
        self._training, self._figure = training, figure
        self._figures = QWidget()
        self._values = {key: label("", "value") for key in STYLES}
        self._name = label(title, "strong")
        self.chart = LineChart(title, tr("epoch"), STYLES, figure.tick)
        self.chart.setToolTip(
            tr("Hover to read values. The wheel zooms, a double click shows the whole run.")
        )
        self.chart.hovered.connect(self._read)
        self.chart.zoomed.connect(self.zoomed)
        self.chart.getPlotItem().getViewBox().sigXRangeChanged.connect(self.range_changed)
        self.chart.setMinimumHeight(px(LEAST_HEIGHT))
        self._reading = QLabel(self.chart)
        self._reading.setObjectName("hovered")
        self._reading.setFont(number_font(12))
        self._reading.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._reading.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(2))
        column.addLayout(self._head())
        column.addWidget(self.chart, 1)

    def _head(self) -> QGridLayout:
        """Return the layout of the name and the figures, which lie below it where there is little width."""
        names = {"train": tr("train"), "validation": tr("val")}
        figures = QHBoxLayout(self._figures)
        figures.setContentsMargins(0, 0, 0, 0)
        figures.setSpacing(px(5))
        for key, value in self._values.items():
            value.setAccessibleName(names[key])
            figures.addWidget(label(SIGNS[key], f"sign-{STYLES[key].role}"))
            figures.addWidget(steady(value, self._figure.widest))
        self._grid = QGridLayout()
        self._grid.setSpacing(0)
        self._grid.setHorizontalSpacing(px(8))
        self._grid.setColumnStretch(2, 1)
        self._grid.setRowMinimumHeight(0, px(24))
        self._grid.addWidget(self._name, 0, 0)
        self._grid.addWidget(self._figures, 0, 1)
        if not self._figure.is_share:
            log = button(tr("log"), tr("Show the loss on a logarithmic scale"), "link")
            log.setCheckable(True)
            log.toggled.connect(self._set_log)
            self._grid.addWidget(log, 0, 3)
        return self._grid

    def minimumSizeHint(self) -> QSize:
        """Return the room for the figures below the name."""
        width = max(self._figures.minimumSizeHint().width(), self._name.minimumSizeHint().width() + px(44))
        return QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the figures beside or below the name."""
        super().resizeEvent(event)
        wanted = self._name.sizeHint().width() + self._figures.sizeHint().width() + px(56)
        place = (0, 1, 1, 1) if self.width() >= wanted else (1, 0, 1, 4)
        if self._grid.getItemPosition(self._grid.indexOf(self._figures)) != place:
            self._grid.removeWidget(self._figures)
            left = Qt.AlignmentFlag.AlignLeft
            self._grid.addWidget(self._figures, *place, left)

    # -- showing --

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
        self.chart.set_events([change.epoch for change in self._training.changes.all])
        self.fit()
        self.mark()

    def fit(self) -> None:
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

    def say(self) -> None:
        """Write the figures of the moment that is shown."""
        for key, value in self._shown_values().items():
            self._values[key].setText(self._figure.text(value))

    def mark(self) -> None:
        """Mark the moment that is shown, and write its figures."""
        metrics = self._training.shown_metrics()
        self.chart.mark(metrics.epoch if metrics else 0.0, self._shown_values())
        self.say()

    def _shown_values(self) -> dict[str, float]:
        metrics, name = self._training.shown_metrics(), self._figure.name
        if metrics is None:
            return {"train": math.nan, "validation": math.nan}
        return {"train": getattr(metrics, name), "validation": getattr(metrics, f"validation_{name}")}

    # -- intents --

    def show_all(self) -> None:
        """Show the whole run again."""
        self.chart.reset_view()

    def _set_log(self, log: bool) -> None:
        self.chart.set_log(log)
        self.refresh()

    def _read(self, epoch: float | None) -> None:
        """Show the values at an epoch that the mouse points to, or the change of settings there."""
        history = self._training.history
        if epoch is None or not len(history):
            self._reading.hide()
            return
        change = self._change_at(epoch)
        self._reading.setText(self._reading_at(history, epoch) if change is None else change.text)
        self._reading.adjustSize()
        self._reading.move(max(0, self.chart.width() - self._reading.width() - px(12)), px(6))
        self._reading.show()

    def _change_at(self, epoch: float) -> LiveChange | None:
        """Return the change whose mark the mouse is on."""
        low, high = self.chart.view_x()
        reach = (high - low) * px(NEAR) / max(1, self.chart.width())
        changes = [change for change in self._training.changes.all if abs(change.epoch - epoch) <= reach]
        return min(changes, key=lambda change: abs(change.epoch - epoch), default=None)

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
    """Round up to a number that makes a calm axis: 1, 1.5, 2, 3, 4, 5, 6, 8, 10 times a power of ten."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if step * power >= value * (1 - 1e-9))
