"""How far the experiment is that trains in the background, in the room of a button."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from micronn_core.common.texts import tr
from micronn_gui.panels.panel import Refreshing
from micronn_gui.session.estimates import duration
from micronn_gui.session.experiments import Experiment, Experiments
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import IconButton, button


class ExperimentProgress(Refreshing, QWidget):
    """A bar, a few words and a button that stops."""

    opened = Signal()
    """Somebody wants to see more of it."""

    def __init__(self, experiments: Experiments) -> None:
        super().__init__()
        self._experiments = experiments
        self._words = button("", tr("Show the experiment that is under way"), "link")
        self._words.setAccessibleName(tr("Experiment under way"))
        self._words.clicked.connect(self.opened)
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Progress of the experiment"))
        self._bar.setToolTip(tr("How much of it is done"))
        stop = IconButton("x", tr("Stop at once; what is complete stays"), "soft", 16, style="flat")
        stop.clicked.connect(experiments.stop)
        column = QVBoxLayout()
        column.setSpacing(px(2))
        column.addWidget(self._words)
        column.addStrut(px(108))  # for most words it can have
        column.addWidget(self._bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(4))
        row.addLayout(column, 1)
        row.addWidget(stop)
        experiments.changed.connect(self.touch)

    def refresh(self) -> None:
        """Show how it stands."""
        running = self._experiments.running
        if running is not None:
            self._bar.setValue(round(1000 * running.share))
            self._words.setText(
                tr(
                    "{time} left · {done}/{count}",
                    time=duration(running.remaining_s()),
                    done=running.done,
                    count=running.count,
                )
            )


def progress_text(experiment: Experiment) -> str:
    """Return how far an experiment is and how long it will take still, in words."""
    return tr(
        "{done} of {count} done, about {time} left",
        done=experiment.done,
        count=experiment.count,
        time=duration(experiment.remaining_s()),
    )
