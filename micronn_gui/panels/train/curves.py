"""Loss and accuracy over the run, live."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel

from micronn_core.common.texts import number, percent, tr
from micronn_core.training.history import History
from micronn_gui.panels.train.health_note import HealthNote
from micronn_gui.session.health import Health
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import GRID, number_font, themes
from micronn_gui.widgets.charts.line_chart import LineChart, LineStyle
from micronn_gui.widgets.controls.buttons import Card, IconButton, button, label, steady
from micronn_gui.worker.update import Status

LEAST_HEIGHT = 92
"""Least height of a chart, in pixels, whatever else the card shows."""
TALL = 230
"""From this height on a card has room for two lines on the health of the run."""
POINTS = 300
"""Most points of a drawn curve; more cost time and cannot be told apart."""
HIGHEST = 1e12
"""Where the axis of a loss that overshoots ends at the latest."""
NOISY_POINTS = 80
"""Most points of a curve through noise: each is then the mean of many batches."""

STYLES = {
    "train": LineStyle("positive", 3.5, "o", 12),
    "validation": LineStyle("negative", 1.5, "s", 7),
}
SIGNS = {"train": "●", "validation": "■"}

Curve = NDArray[np.float64]


@dataclass(frozen=True)
class Figure:
    """Which figure of the history a panel shows, and how its numbers are written."""

    name: str
    is_share: bool

    def text(self, value: float) -> str:
        """Write a value at fixed width; a dash where there is none."""
        if not math.isfinite(value):
            return "–"
        if self.is_share:
            return percent(value, 1 if value < 0.9995 else 0).rjust(
                len(self.widest)
            )  # no wider than the rest
        decimals = 3 if value < 10 else 2 if value < 100 else 1
        return number(value, f".{decimals}f" if value < 1000 else ".0e")

    @property
    def widest(self) -> str:
        """The widest text of a value."""
        return percent(0.1, 1) if self.is_share else number(0, ".3f")

    def tick(self, value: float) -> str:
        """Write a value beside the axis."""
        if self.is_share:
            return percent(value)
        for unit, sign in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
            if value >= unit:
                return number(value / unit, ".3g") + sign
        return number(value, ".3g")


class Thinned(NamedTuple):
    """What is drawn of a curve: a line, and behind it, or not, a band as one up-and-down line."""

    x: Curve
    y: Curve
    band: tuple[Curve, Curve] | None


LOSS = Figure("loss", False)
ACCURACY = Figure("accuracy", True)


def thin(x: Curve, y: Curve, weights: Curve, low: float, high: float, noisy: bool) -> Thinned:
    """Reduce a curve to what can be seen between two places of its x.

    Args:
        x: rising.
        y: as many values.
        weights: how much each point weighs in a mean: the samples that it was measured on.
        low: where the part in sight begins.
        high: where it ends.
        noisy: whether neighbouring points differ by chance, as those of small batches do: the
            line is then a mean over more of them, and the band behind it shows them all.
    """
    first = max(0, int(np.searchsorted(x, low)) - 1)
    last = int(np.searchsorted(x, high, side="right")) + 1
    x, y, weights = x[first:last], y[first:last], weights[first:last]
    fine = _bin_length(len(x), POINTS)
    line = _means(x, y, weights, _bin_length(len(x), NOISY_POINTS) if noisy else fine)
    if fine == 1:
        return Thinned(*line, (x, y) if noisy else None)
    starts = np.arange(0, len(x), fine)
    ends = np.stack([np.minimum.reduceat(y, starts), np.maximum.reduceat(y, starts)], axis=1)
    return Thinned(*line, (np.repeat(x[starts], 2), ends.ravel()))


def _bin_length(count: int, points: int) -> int:
    """Return a power of two, so that the bins of a growing curve stay where they are."""
    return 1 << max(0, math.ceil(math.log2(max(count, 1) / points)))


def _means(x: Curve, y: Curve, weights: Curve, length: int) -> tuple[Curve, Curve]:
    if length == 1:
        return x, y
    starts = np.arange(0, len(x), length)
    total = np.add.reduceat(weights, starts)
    middle = np.add.reduceat(x * weights, starts) / total
    return middle, np.add.reduceat(y * weights, starts) / total


class CurvesPanel(Card):
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
        self.chart.getPlotItem().getViewBox().sigXRangeChanged.connect(self._view_changed)
        self.chart.setMinimumHeight(LEAST_HEIGHT)
        self.body.addWidget(self.chart, 1)
        self.health = HealthNote(training, health, figure.name)
        self.body.addWidget(self.health)
        self._reading = QLabel(self.chart)
        self._reading.setFont(number_font(11))
        self._reading.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._reading.hide()
        training.run_started.connect(self._begin)
        training.history_grew.connect(self._grow)
        training.shown_changed.connect(self._follow_shown)
        training.config_changed.connect(self._fit)
        themes.changed.connect(self._dress)
        self._dress()
        self._begin()

    # -- building --

    def _legend_entry(self, key: str) -> QLabel:
        """Add a line's sign, name and value to the head; returns the value's label."""
        sign, value = label(SIGNS[key], f"sign-{STYLES[key].role}"), label("", "value")
        value.setAccessibleName(self._names[key])
        entry = QHBoxLayout()
        entry.setSpacing(GRID // 2)
        for part in (sign, label(self._names[key], "soft"), steady(value, self._figure.widest)):
            entry.addWidget(part)
        self.head.addLayout(entry)
        return value

    def _dress(self) -> None:
        theme = themes.current
        self._reading.setStyleSheet(
            f"background: {theme.field}; color: {theme.text}; border-radius: 6px; padding: 3px 8px;"
        )
        self._mark()

    # -- following the training --

    def _begin(self) -> None:
        self.chart.reset_view()
        self._fit()
        self._grow()
        self._mark()

    def _fit(self) -> None:
        """Set the full view: all epochs, and a height that holds every value."""
        top = 1.0
        if not self._figure.is_share:
            history = self._training.history
            values = [history.column(name) for name in ("loss", "validation_loss")]
            largest = max((float(np.nanmax(v)) for v in values if np.isfinite(v).any()), default=2.4)
            top = _round_up(min(largest, HIGHEST))
        bottom = 1e-3 if self.chart.log else 0.0
        newest = self._training.newest.metrics.epoch if self._training.newest else 0.0
        self.chart.set_full_view((0.0, max(float(self._training.config.epochs), newest)), (bottom, top))

    def _grow(self) -> None:
        if not self.isVisible():
            return
        history = self._training.history
        epoch, count = history.column("epoch"), history.column("samples")
        for key, prefix in (("train", ""), ("validation", "validation_")):
            values = history.column(prefix + self._figure.name)
            known = np.isfinite(values)
            is_train = key == "train"
            weights = count[known] if is_train else np.ones(int(known.sum()))
            noisy = is_train and not self._training.config.full_batch
            self.chart.set_line(key, *thin(epoch[known], values[known], weights, *self.chart.view_x(), noisy))
        self._fit()
        self._mark()

    def showEvent(self, event: object) -> None:
        """Catch up with what happened while hidden."""
        super().showEvent(event)  # type: ignore[arg-type]
        self._grow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Be brief about the health of the run where there is little room."""
        super().resizeEvent(event)
        self.health.set_lines(2 if self.height() >= TALL else 1)

    def _view_changed(self) -> None:
        self._grow()

    def _follow_shown(self) -> None:
        if not (self._training.live and self._training.status is Status.RUNNING):
            self._mark()  # else the mark moves with the growing curve, to draw the chart once

    def _mark(self) -> None:
        metrics = self._training.shown_metrics()
        values = {"train": math.nan, "validation": math.nan}
        if metrics is not None:
            values = {"train": getattr(metrics, self._figure.name)}
            values["validation"] = getattr(metrics, f"validation_{self._figure.name}")
            self.chart.mark(metrics.epoch, values)
        for key, entry in self._legend.items():
            entry.setText(self._figure.text(values[key]))

    # -- intents --

    def _show_all(self) -> None:
        self.chart.reset_view()

    def _set_log(self, log: bool) -> None:
        self.chart.set_log(log)
        self._fit()
        self._grow()
        self._mark()

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
