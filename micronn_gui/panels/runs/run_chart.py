"""One figure of several runs, their curves laid over each other."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from micronn_core.common.texts import number, percent, percent_of, tr
from micronn_core.runs.record import RunRecord
from micronn_gui.theme import number_font, px, themes
from micronn_gui.widgets.charts.figure import Figure
from micronn_gui.widgets.charts.overlay_chart import STYLES, OverlayChart
from micronn_gui.widgets.charts.thinning import Curve, thin

VALIDATION, TRAINING, BOTH = "validation", "training", "both"
CALM_STEPS = (1, 2, 2.5, 5, 10)
"""Steps of an axis, times a power of ten."""
INTERVALS = 4
"""Steps of an axis from its end to its end."""


class Look(NamedTuple):
    """What is shown of runs.

    Attributes:
        what: `VALIDATION`, `TRAINING` or `BOTH`: the training then lies behind, as a thin line.
        near: whether the axis holds the values of the later parts only.
        by_time: whether the curves lie over seconds instead of epochs.
    """

    what: str = VALIDATION
    near: bool = False
    by_time: bool = False


class Line(NamedTuple):
    """A curve through finite values, and whether neighbouring ones differ by chance."""

    x: Curve
    y: Curve
    noisy: bool

    def reaches(self, x: float) -> bool:
        """Return whether the curve has come as far as a place."""
        return len(self.x) > 0 and bool(x <= self.x[-1])

    def at(self, x: float) -> float:
        """Return the value that was measured nearest to a place."""
        return float(self.y[int(np.abs(self.x - x).argmin())])


class RunChart(OverlayChart):
    """One figure of the chosen runs, with a reading where the mouse is."""

    def __init__(self, figure: Figure, name: str) -> None:
        super().__init__(name, "", self._tick)
        self._figure = figure
        self._lines: dict[int, Line] = {}
        self._behind: dict[int, Line] = {}
        self._names: Mapping[int, str] = {}
        self._by_time = False
        self._reading = QLabel(self)
        self._reading.setObjectName("hovered")
        self._reading.setFont(number_font(11))
        self._reading.setTextFormat(Qt.TextFormat.RichText)
        self._reading.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._reading.hide()
        self.setMinimumHeight(px(120))
        self.hovered.connect(self._read)
        self.getPlotItem().getViewBox().sigXRangeChanged.connect(self._draw)

    def show_runs(self, runs: Mapping[int, RunRecord], names: Mapping[int, str], look: Look) -> None:
        """Draw runs, by their places among the styles.

        Args:
            runs: the runs.
            names: what they are called.
            look: what of them.
        """
        self._names, self._by_time = names, look.by_time
        self.name_axis(tr("seconds") if look.by_time else tr("epoch"), whole=not look.by_time)
        noisy = {place for place, run in runs.items() if not run.config.full_batch}
        front, back = look.what, TRAINING if look.what == BOTH else ""
        self._lines = {
            place: Line(*self._values(run, front == TRAINING), front == TRAINING and place in noisy)
            for place, run in runs.items()
        }
        self._behind = {
            place: Line(*self._values(run, True), place in noisy) for place, run in runs.items() if back
        }
        every = [*self._lines.values(), *self._behind.values()]
        longest = max((float(line.x[-1]) for line in every if len(line.x)), default=0.0)
        self.set_full_view((0.0, longest or 1.0), self._heights(every, look.near))
        self._draw()

    def _values(self, run: RunRecord, training: bool) -> tuple[Curve, Curve]:
        values = run.column(self._figure.name if training else f"validation_{self._figure.name}")
        known = np.isfinite(values)
        pace = run.seconds_per_epoch if self._by_time else 1.0
        known &= math.isfinite(pace)  # a run that was never timed has no place over time
        return run.column("epoch")[known] * pace, values[known]

    def _draw(self) -> None:
        """Draw what can be seen of the lines in the part that is in sight."""
        low, high = self.view_x()

        def seen(lines: Mapping[int, Line]) -> dict[int, tuple[Curve, Curve]]:
            thinned = {
                place: thin(line.x, line.y, np.ones(len(line.x)), low, high, line.noisy)
                for place, line in lines.items()
            }
            return {place: (curve.x, curve.y) for place, curve in thinned.items()}

        ends = {p: (float(line.x[-1]), float(line.y[-1])) for p, line in self._lines.items() if len(line.x)}
        self.show_lines(seen(self._lines), seen(self._behind), ends)

    def _heights(self, lines: Sequence[Line], near: bool) -> tuple[float, float]:
        """Return the ends of the vertical axis."""
        seen = [line.y[line.x >= line.x[-1] / 4] if near else line.y for line in lines if len(line.x)]
        values = np.concatenate(seen) if seen else np.zeros(0)
        if not values.size:
            return (0.0, 1.0)
        bottom, top = float(values.min()), float(values.max())
        if self.log:
            return max(bottom, 1e-6) * 0.9, top * 1.1
        if not near:
            bottom, top = 0.0, 1.0 if self._figure.is_share else top
        return calm_range(bottom, top, 1.0 if self._figure.is_share else math.inf)

    def _tick(self, value: float) -> str:
        return percent_of(number(100 * value, ".4g")) if self._figure.is_share else number(value, ".4g")

    def _read(self, x: float | None) -> None:
        """Show the values at a place that the mouse points to, the best first."""
        lines = [] if x is None else [(place, line) for place, line in self._lines.items() if line.reaches(x)]
        self._reading.setVisible(bool(lines))
        if x is None or not lines:
            return
        found = sorted(((line.at(x), place) for place, line in lines), reverse=self._figure.is_share)
        rows = [tr("{seconds:,.1f} s", seconds=x) if self._by_time else tr("epoch {epoch:,.1f}", epoch=x)]
        for value, place in found:
            color = themes.current.color(STYLES[place].role).name()
            sign = "●" if STYLES[place].sign == "o" else "■"
            text = percent(value, 2) if self._figure.is_share else number(value, ".4f")
            name = html.escape(self._names[place])
            rows.append(f'<span style="color: {color}">{sign}</span> {text} {name}')
        self._reading.setText("<br>".join(rows))
        self._reading.adjustSize()
        top = self.height() - self._reading.height() - 34 if self._figure.is_share else 10
        self._reading.move(self.width() - self._reading.width() - 20, top)


def calm_range(bottom: float, top: float, most: float) -> tuple[float, float]:
    """Return ends of an axis around values, so that its steps are round numbers.

    Args:
        bottom: the lowest value.
        top: the highest.
        most: where the axis ends at the latest.
    """
    span = max(top - bottom, 1e-9)
    power = 10.0 ** math.floor(math.log10(span / INTERVALS))
    for step in (factor * power for factor in (*CALM_STEPS, 20, 25)):
        low = math.floor(bottom / step + 1e-9) * step
        high = low + INTERVALS * step
        if high > most:
            low, high = most - INTERVALS * step, most
        if low <= bottom + 1e-12 and high >= top - 1e-12:
            return max(low, 0.0), high
    return bottom, top
