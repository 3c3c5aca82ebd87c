"""One figure of several runs, their curves laid over each other."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from micronn_core.common.texts import number, percent, percent_of, tr
from micronn_core.runs.record import RunRecord
from micronn_gui.panels.runs.shown_runs import ShownRun
from micronn_gui.theme import number_font, px, themes
from micronn_gui.widgets.charts.figure import ACCURACY, Figure
from micronn_gui.widgets.charts.overlay_chart import OverlayChart, OverlayLine
from micronn_gui.widgets.charts.thinning import Curve, thin

ROUND = (0.5, 1, 2, 2.5, 5, 10, 20, 25)
"""Steps of an axis, times a power of ten."""
LEAST_STEPS, USUAL_STEPS, MOST_STEPS = 3, 4, 6
"""From its end to its end."""
EARLY = 0.3
"""Of a run's length: the first leaps, which the axis need not hold."""
STRAY = 3.0
"""Percent of a run's values at either end that the axis need not hold."""
HALF = 0.5
"""A run whose accuracy is below this part of the best one's decides nothing about the axis."""
FIVEFOLD, ABOVE = 5.0, 0.5
"""Nor does one whose loss is so many times the lowest one, and so much above it."""
LEAST_SHARE, LEAST_PART = 0.02, 0.1
"""An axis is no shorter than so much accuracy, or this part of the loss."""
LOW = 0.4
"""An axis of accuracies that would begin below this part of its end begins at zero: it costs little."""


class Look(NamedTuple):
    """What is shown of runs.

    Attributes:
        figure: loss or accuracy.
        by_time: whether the curves lie over seconds instead of epochs.
        training: whether what was measured in training lies behind, as a thin line.
        whole: whether the axis holds all values, from 0 on.
        log: whether a loss is on a logarithmic axis.
    """

    figure: Figure = ACCURACY
    by_time: bool = False
    training: bool = False
    whole: bool = False
    log: bool = False


class Line(NamedTuple):
    """A curve through finite values, and whether neighbouring ones differ by chance."""

    x: Curve
    y: Curve
    noisy: bool

    def reaches(self, x: float) -> bool:
        """Return whether the curve has come as far as a place."""
        return len(self.x) > 0 and bool(x <= self.x[-1])

    def lies_on(self, other: Line) -> bool:
        """Return whether another curve is the same as far as this one goes."""
        length = len(self.y)
        return (
            length <= len(other.y)
            and self.y[-1] == other.y[length - 1]
            and np.array_equal(self.y, other.y[:length])
            and np.array_equal(self.x, other.x[:length])
        )

    def at(self, x: float) -> float:
        """Return the value that was measured nearest to a place."""
        return float(self.y[int(np.abs(self.x - x).argmin())])


class RunChart(OverlayChart):
    """One figure of the chosen runs, with a reading where the mouse is."""

    def __init__(self, name: str) -> None:
        self._step = 0.25  # of the vertical axis
        super().__init__(name, "", self._tick)
        self._look = Look()
        self._runs: list[ShownRun] = []
        self._fronts: list[Line] = []
        self._backs: list[Line | None] = []
        self._reading = QLabel(self)
        self._reading.setObjectName("hovered")
        self._reading.setFont(number_font(12))
        self._reading.setTextFormat(Qt.TextFormat.RichText)
        self._reading.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._reading.hide()
        self.setMinimumHeight(px(120))
        self.hovered.connect(self._read)
        self.getPlotItem().getViewBox().sigXRangeChanged.connect(self._draw)

    def show_runs(self, runs: Sequence[ShownRun], look: Look) -> None:
        """Draw runs.

        Args:
            runs: the runs.
            look: what of them.
        """
        self.name_axis(tr("seconds") if look.by_time else tr("epoch"), whole=not look.by_time)
        logarithmic = look.log and not look.figure.is_share
        if logarithmic != self.log:
            self.set_log(logarithmic)
        self._look = look
        lines = [(shown, self._line(shown.run, f"validation_{look.figure.name}")) for shown in runs]
        lines = [(shown, line) for shown, line in lines if len(line.x)]
        lines.sort(key=lambda pair: -pair[1].x[-1])  # a short one lies on a long one
        self._runs, self._fronts = [shown for shown, _ in lines], [line for _, line in lines]
        self._backs = [
            self._line(shown.run, look.figure.name) if look.training else None for shown in self._runs
        ]
        longest = max((float(line.x[-1]) for line in self._fronts), default=0.0)
        self.set_full_view((0.0, longest or 1.0), self._heights())
        self._draw()

    def _line(self, run: RunRecord, name: str) -> Line:
        values = run.column(name)
        known = np.isfinite(values)
        pace = run.seconds_per_epoch if self._look.by_time else 1.0
        known &= math.isfinite(pace)  # a run that was never timed has no place over time
        noisy = name == self._look.figure.name and not run.config.full_batch
        return Line(run.column("epoch")[known] * (pace if math.isfinite(pace) else 1.0), values[known], noisy)

    def _draw(self) -> None:
        """Draw what can be seen of the lines in the part that is in sight."""
        low, high = self.view_x()

        def seen(line: Line) -> tuple[Curve, Curve]:
            thinned = thin(line.x, line.y, np.ones(len(line.x)), low, high, line.noisy)
            return thinned.x, thinned.y

        lines = zip(self._runs, self._fronts, self._backs, strict=True)
        self.show_lines(
            [
                OverlayLine(
                    shown.title,
                    self._last(line),
                    shown.look,
                    *seen(line),
                    (float(line.x[-1]), float(line.y[-1])),
                    None if back is None or not len(back.x) else seen(back),
                    on_another=any(map(line.lies_on, self._fronts[:i])),
                    outside=bool(self._side(line)),
                )
                for i, (shown, line, back) in enumerate(lines)
            ]
        )

    def _last(self, line: Line) -> str:
        """Return the last value in words, and on which side of the axis the whole line lies if it does."""
        value = float(line.y[-1])
        text = number(100 * value, ".1f") if self._look.figure.is_share else number(value, ".3g")
        match self._side(line):
            case -1:
                return tr("{value} ↓ below", value=text)
            case 1:
                return tr("{value} ↑ above", value=text)
        return text

    def _side(self, line: Line) -> int:
        """Return -1 for a line that lies wholly below the axis, 1 for one above it, and else 0."""
        low, high = self._full_y
        return int(line.y.min() > high) - int(line.y.max() < low)

    def _heights(self) -> tuple[float, float]:
        """Return the ends of the vertical axis."""
        share = self._look.figure.is_share
        shown = self._fronts if self._look.whole else calm(self._fronts, share)
        values = [line.y if self._look.whole else later_part(line) for line in shown]
        every = np.concatenate(values) if values else np.zeros(0)
        if not every.size:
            self._step = 0.25
            return 0.0, 1.0
        bottom, top = float(every.min()), float(every.max())
        if self.log:
            return max(bottom, 1e-6) * 0.9, top * 1.1
        if self._look.whole:
            bottom, top = 0.0, 1.0 if share else top
        least = LEAST_SHARE if share else LEAST_PART * top
        bottom = max(0.0, min(bottom, top - least))
        low, high, self._step = round_scale(bottom, top, 1.0 if share else math.inf)
        if share and 0 < low <= LOW * high:
            low, high, self._step = round_scale(0.0, high, 1.0)
        return low, high

    def _ticks_beside(self, low: float, high: float) -> list[float]:
        """Return the ends of the axis's steps from its very beginning on, or of every few of them."""
        steps = max(round((high - low) / self._step), 1)
        every = next(n for n in range(1, steps + 1) if steps // n < self._most_beside())
        return [low + i * self._step for i in range(0, steps + 1, every)]

    def _tick(self, value: float) -> str:
        share = self._look.figure.is_share
        return percent_of(number(100 * value, ".4g")) if share else number(value, ".4g")

    def _read(self, x: float | None) -> None:
        """Show the values at a place that the mouse points to, the best first."""
        pairs = zip(self._runs, self._fronts, strict=True)
        lines = [] if x is None else [(shown, line) for shown, line in pairs if line.reaches(x)]
        self._reading.setVisible(bool(lines))
        if x is None or not lines:
            return
        share = self._look.figure.is_share
        found = sorted(
            ((line.at(x), shown) for shown, line in lines), key=lambda pair: pair[0], reverse=share
        )
        by_time = self._look.by_time
        rows = [tr("{seconds:,.1f} s", seconds=x) if by_time else tr("epoch {epoch:,.1f}", epoch=x)]
        for value, shown in found:
            color = themes.current.color(shown.look.role).name()
            text = percent(value, 2) if share else number(value, ".4f")
            rows.append(f'<span style="color: {color}">●</span> {text} {html.escape(shown.title)}')
        self._reading.setText("<br>".join(rows))
        self._reading.adjustSize()
        area, size = self.plot_area(), self._reading.size()
        top = area.bottom() - size.height() - px(8) if share else area.top() + px(8)
        self._reading.move(round(area.right()) - size.width() - px(8), round(top))


def calm(lines: Sequence[Line], is_share: bool) -> list[Line]:
    """Return the lines that an axis is made for: without those that have exploded or never learned.

    An accuracy that most of the lines do not reach decides nothing: the axis then holds them all.
    """
    if not lines:
        return []
    ends = [float(line.y[-1]) for line in lines]
    best = max(ends) if is_share else min(ends)

    def is_calm(end: float) -> bool:
        return end >= HALF * best if is_share else end <= max(FIVEFOLD * best, best + ABOVE)

    found = [line for line, end in zip(lines, ends, strict=True) if is_calm(end)]
    return list(lines) if is_share and 2 * len(found) < len(lines) else found


def later_part(line: Line) -> Curve:
    """Return the values of a line after its first leaps, without the few that stray furthest."""
    values = line.y[line.x >= EARLY * line.x[-1]]
    low, high = np.percentile(values, [STRAY, 100 - STRAY])
    return np.append(values[(values >= low) & (values <= high)], line.y[-1])


def round_scale(bottom: float, top: float, most: float) -> tuple[float, float, float]:
    """Return the ends and the step of the shortest axis around values that has round steps.

    Args:
        bottom: the lowest value.
        top: the highest.
        most: where the axis ends at the latest.
    """
    power = 10.0 ** math.floor(math.log10(max(top - bottom, 1e-9) / LEAST_STEPS))
    found = []
    for step in (factor * power for factor in ROUND):
        low, high = math.floor(bottom / step + 1e-9), math.ceil(top / step - 1e-9)
        high = (
            min(max(high, low + LEAST_STEPS), max(round(most / step), 1))
            if math.isfinite(most)
            else max(high, low + LEAST_STEPS)
        )
        low = max(min(low, high - LEAST_STEPS), 0)
        if high - low <= MOST_STEPS and high * step >= top - 1e-9:
            found.append((low * step, high * step, step))
    whole = (bottom, top, (top - bottom) / LEAST_STEPS)

    def badness(scale: tuple[float, float, float]) -> tuple[float, int, int]:
        low, high, step = scale
        digits = len(repr(round(low, 9)) + repr(round(high, 9)))
        return round(high - low, 12), digits, abs(round((high - low) / step) - USUAL_STEPS)

    return min(found, key=badness, default=whole)
