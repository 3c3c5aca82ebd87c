"""The curves of the chosen runs, laid over each other."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from micronn_core.common.texts import tr
from micronn_core.runs.record import RunRecord
from micronn_gui.panels.panel import Panel
from micronn_gui.panels.runs.run_chart import BOTH, TRAINING, VALIDATION, Look, RunChart
from micronn_gui.session.runs import Runs
from micronn_gui.theme import px
from micronn_gui.widgets.charts.figure import ACCURACY, LOSS
from micronn_gui.widgets.charts.overlay_chart import LineLegend
from micronn_gui.widgets.controls.buttons import Segments, button, label


class RunCurvesPanel(Panel):
    """Loss and accuracy of the chosen runs; the present one grows."""

    def __init__(self, runs: Runs) -> None:
        super().__init__(tr("Curves of the ticked runs"))
        self._runs = runs
        self._near = self._toggle(tr("close-up"), tr("Show the later part of the curves in full height"))
        self._log = self._toggle(tr("log loss"), tr("Show the loss on a logarithmic scale"))
        self._time = self._toggle(
            tr("by time"), tr("Lay the curves over seconds of training, as if all epochs took equally long")
        )
        self._near.toggled.connect(self.touch)
        self._log.toggled.connect(self._set_log)
        self._time.toggled.connect(self.touch)
        self._what = Segments(
            [
                (VALIDATION, tr("Validation"), tr("What was measured on the validation samples")),
                (TRAINING, tr("Training"), tr("What was measured on the training samples of each step")),
                (BOTH, tr("Both"), tr("Validation, and training behind it as a thin line")),
            ],
            tr("Which curves"),
        )
        self._what.chosen.connect(self.touch)
        self.head.addWidget(self._what)
        self.loss = RunChart(LOSS, tr("Loss"))
        self.accuracy = RunChart(ACCURACY, tr("Accuracy"))
        self.legend = LineLegend(tr("Ticked runs"))
        self._stack = QStackedWidget()
        self._stack.addWidget(self._invitation())
        self._stack.addWidget(self._charts())
        self.body.addWidget(self._stack, 1)
        runs.changed.connect(self.touch)
        runs.grew.connect(self.touch)

    def _toggle(self, text: str, tip: str) -> QPushButton:
        toggle = button(text, tip, "segment")
        toggle.setCheckable(True)
        toggle.setProperty("place", "alone")
        self.head.addWidget(toggle)
        return toggle

    def _charts(self) -> QWidget:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, px(0), px(0), px(0))
        column.setSpacing(px(4))
        column.addWidget(self.legend)
        row = QHBoxLayout()
        row.setSpacing(px(16))
        for chart in (self.loss, self.accuracy):
            half = QVBoxLayout()
            half.setSpacing(0)
            half.addWidget(label(chart.accessibleName(), "section"))
            half.addWidget(chart, 1)
            row.addLayout(half, 1)
            chart.setToolTip(tr("Hover to read values. The wheel zooms, a double click shows all."))
        column.addLayout(row, 1)
        return inside

    def _invitation(self) -> QWidget:
        words = label(tr("Tick runs in the table: their curves are laid over each other here."), "soft")
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        words.setWordWrap(True)
        return words

    def _set_log(self, log: bool) -> None:
        self.loss.set_log(log)
        self.touch()

    def refresh(self) -> None:
        """Draw the curves of the chosen runs as they are now."""
        runs: dict[int, RunRecord] = {}
        for run in self._runs.records():
            place = self._runs.place(run.id)
            if place is not None:
                runs[place] = run
        names = {place: self._runs.title(run) for place, run in sorted(runs.items())}
        self._stack.setCurrentIndex(1 if runs else 0)
        self.legend.show_names(list(names.items()))
        look = Look(self._what.key, self._near.isChecked(), self._time.isChecked())
        for chart in (self.loss, self.accuracy):
            chart.show_runs(runs, names, look)
