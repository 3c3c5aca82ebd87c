"""How it goes: loss and accuracy over the run side by side, and what is wrong with it, in one card."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout

from micronn_core.common.texts import tr
from micronn_core.data.features import DataSpec
from micronn_gui.panels.panel import Panel, while_seen
from micronn_gui.panels.train.figure_chart import FigureChart
from micronn_gui.panels.train.health_note import HealthNote
from micronn_gui.panels.train.sentence import DOT, SQUARES, Sentence
from micronn_gui.session.health import Health
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import px, themes
from micronn_gui.widgets.charts.figure import ACCURACY, LOSS
from micronn_gui.widgets.controls.buttons import IconButton, keep_place, label
from micronn_gui.worker.update import Status


class CurvesPanel(Panel):
    """The curves of a run, for the training batches and for the validation samples."""

    def __init__(self, training: TrainingState, health: Health) -> None:
        super().__init__(tr("How it goes"))
        self._training, self._health = training, health
        self.body.setContentsMargins(px(18), px(8), px(18), px(12))
        self.body.setSpacing(px(4))
        self._legend = Sentence(1)
        self._all = IconButton("maximize", tr("Show the whole run again (double click)"), "soft", 14, "tool")
        self._all.clicked.connect(self._show_all)
        keep_place(self._all)
        self._all.hide()
        self._healthy = label(tr("healthy"), "good")
        self._healthy.setToolTip(tr("Nothing is wrong with this run, as far as can be told"))
        keep_place(self._healthy)
        self.head.takeAt(1)  # the legend takes the room instead of nothing
        self.head.addSpacing(px(8))
        self.head.addWidget(self._legend, 1)
        self.head.addWidget(self._all)
        self.head.addWidget(self._healthy)
        self.loss = FigureChart(training, LOSS, tr("Loss"))
        self.accuracy = FigureChart(training, ACCURACY, tr("Accuracy"))
        self._charts = (self.loss, self.accuracy)
        row = QHBoxLayout()
        row.setSpacing(px(16))
        for chart in self._charts:
            chart.zoomed.connect(self._follow_zoom)
            chart.range_changed.connect(self.touch)
            row.addWidget(chart, 1)
        self.body.addLayout(row, 1)
        self.health = HealthNote(training, health)
        self.body.addWidget(self.health)
        training.run_started.connect(self._begin)
        training.history_grew.connect(self.touch)
        training.shown_changed.connect(self._follow_shown)
        training.config_changed.connect(self._fit)
        health.changed.connect(self._follow_health)
        themes.changed.connect(self._mark)
        self._mark()
        self._begin()

    # -- following --

    def _begin(self) -> None:
        for chart in self._charts:
            chart.show_all()
        self._legend.say(*_legend(self._training.spec))
        self.touch()

    def refresh(self) -> None:
        """Draw the curves as long as they are now, and mark the moment that is shown."""
        for chart in self._charts:
            chart.refresh()
        self._follow_health()

    @while_seen
    def _fit(self) -> None:
        for chart in self._charts:
            chart.refresh()

    @while_seen
    def _follow_shown(self) -> None:
        """Write the figures at once; the mark of a running network moves with its growing curve."""
        running = self._training.live and self._training.status is Status.RUNNING
        for chart in self._charts:
            chart.say() if running else chart.mark()
        self._follow_health()

    def _mark(self) -> None:
        for chart in self._charts:
            chart.mark()

    @while_seen
    def _follow_health(self) -> None:
        self._healthy.setVisible(self._training.trained and not self._health.findings)

    # -- intents --

    def _follow_zoom(self) -> None:
        self._all.setVisible(any(chart.chart.is_zoomed for chart in self._charts))

    def _show_all(self) -> None:
        for chart in self._charts:
            chart.show_all()


def _legend(spec: DataSpec) -> tuple[str, ...]:
    """Return what the two curves are, from the longest words to the shortest."""
    signs = {"dot": DOT, "square": SQUARES["orange"]}
    if spec.features.image_shape is not None:
        whole = tr("{dot} training pictures   {square} pictures it has never seen", **signs)
    else:
        whole = tr("{dot} training samples   {square} samples it has never seen", **signs)
    return (
        whole,
        tr("{dot} training   {square} never seen", **signs),
        tr("{dot} training {square} unseen", **signs),
        f"{DOT} {SQUARES['orange']}",
    )
