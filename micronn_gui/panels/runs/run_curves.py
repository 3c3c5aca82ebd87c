"""The curves of the ticked runs, laid over each other."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QStackedWidget, QWidget

from micronn_core.common.texts import tr
from micronn_core.runs.record import RunRecord
from micronn_gui.panels.panel import Panel
from micronn_gui.panels.runs.differences import of_pictures
from micronn_gui.panels.runs.run_chart import Look, RunChart
from micronn_gui.panels.runs.shown_runs import chosen_runs, runs_under_way
from micronn_gui.session.experiments import Experiments
from micronn_gui.session.runs import Runs
from micronn_gui.theme import px
from micronn_gui.widgets.charts.figure import ACCURACY, LOSS
from micronn_gui.widgets.controls.buttons import IconButton, Segments, label
from micronn_gui.widgets.controls.menu import Menu

BY_EPOCH, BY_TIME = "epoch", "time"
LEAST_TITLE = 220
"""Pixels that the title has at least: in a narrow window its end is cut off."""


class RunCurvesPanel(Panel):
    """Loss or accuracy of the chosen runs and of those of an experiment; the present one grows."""

    def __init__(self, runs: Runs, experiments: Experiments) -> None:
        super().__init__(tr("Right on pictures it has never seen"))
        self._runs, self._experiments = runs, experiments
        self.body.setContentsMargins(px(16), px(14), px(16), px(14))
        self.head.setSpacing(px(6))
        self.title.least = px(LEAST_TITLE)
        self._figure = Segments(
            [
                (ACCURACY.name, tr("Accuracy"), tr("How many of 100 it gets right: higher is better")),
                (LOSS.name, tr("Loss"), tr("How far its answers are from the truth: lower is better")),
            ],
            tr("What the curves show"),
        )
        self._axis = Segments(
            [
                (BY_EPOCH, tr("by epoch"), tr("Over the passes through all training samples")),
                (BY_TIME, tr("by time"), tr("Over seconds of training, as if all epochs took equally long")),
            ],
            tr("What the curves lie over"),
        )
        for segments in (self._figure, self._axis):
            segments.chosen.connect(self.touch)
            self.head.addWidget(segments)
        self.head.addWidget(self._make_menu())
        self.chart = RunChart(tr("Curves of the ticked runs"))
        self.chart.setToolTip(tr("Point to read values. The wheel zooms, a double click shows all."))
        self._stack = QStackedWidget()
        self._stack.addWidget(self._invitation())
        self._stack.addWidget(self.chart)
        self.body.addWidget(self._stack, 1)
        runs.changed.connect(self.touch)
        runs.grew.connect(self.touch)
        experiments.changed.connect(self.touch)

    def _make_menu(self) -> IconButton:
        self._menu = Menu(self)
        self._menu.setToolTipsVisible(True)
        self._training = self._toggle(
            tr("Training behind"), tr("What was measured on the samples of each step, as a thin line")
        )
        self._whole = self._toggle(tr("The whole scale"), tr("From zero on, also what has exploded"))
        self._log = self._toggle(tr("Loss in powers of ten"), tr("Show the loss on a logarithmic scale"))
        self._more = IconButton("ellipsis", tr("More about the curves"), "soft", style="flat")
        self._more.clicked.connect(self._open_menu)
        return self._more

    def _toggle(self, text: str, tip: str) -> QAction:
        action = self._menu.addAction(text)
        action.setCheckable(True)
        action.setToolTip(tip)
        action.toggled.connect(self.touch)
        return action

    def _open_menu(self) -> None:
        self._menu.popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))

    def _invitation(self) -> QWidget:
        self._words = label("", "soft")
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._words.setWordWrap(True)
        return self._words

    def refresh(self) -> None:
        """Draw the curves of the chosen runs as they are now."""
        shown = [*chosen_runs(self._runs), *runs_under_way(self._experiments)]
        self._name([item.run for item in shown])
        self._stack.setCurrentIndex(1 if shown else 0)
        self._words.setText(
            tr("Tick runs on the left: their curves are laid over each other here.")
            if self._runs.records()
            else tr("Press play (Space): the curve of what is trained grows here.")
        )
        look = Look(
            LOSS if self._figure.key == LOSS.name else ACCURACY,
            self._axis.key == BY_TIME,
            self._training.isChecked(),
            self._whole.isChecked(),
            self._log.isChecked(),
        )
        self.chart.show_runs(shown, look)

    def _name(self, runs: list[RunRecord]) -> None:
        """Say what is judged by, which need not be pictures."""
        accuracy, pictures = self._figure.key == ACCURACY.name, of_pictures(runs)
        if accuracy:
            text = (
                tr("Right on pictures it has never seen")
                if pictures
                else tr("Right on samples it has never seen")
            )
        else:
            text = (
                tr("Loss on pictures it has never seen")
                if pictures
                else tr("Loss on samples it has never seen")
            )
        self.title.setText(text)
