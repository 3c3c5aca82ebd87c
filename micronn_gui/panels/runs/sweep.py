"""A sweep: a few values of a few settings, every combination of them a run."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLineEdit, QProgressBar

from micronn_core.common.errors import ConfigError
from micronn_core.common.texts import percent, tr, trn
from micronn_core.experiments.sweep import MAX_SETTINGS
from micronn_core.settings.table import SETTINGS
from micronn_gui.panels.panel import Panel
from micronn_gui.session.experiments import Sweep
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import button, guard_wheel, label, restyle

EXAMPLES = {name: row.examples for name, row in SETTINGS.items() if row.examples}
"""The settings that the panel offers, with values to begin with."""

VALUES_WIDTH = 144
"""Least width of the values' lines, in pixels: three rates."""


class SweepPanel(Panel):
    """Takes settings and values, and shows how the runs come along."""

    def __init__(self, training: TrainingState, sweep: Sweep) -> None:
        super().__init__(tr("Sweep"))
        self._training = training
        self._work = sweep
        self._start = button("", "")
        self._start.clicked.connect(self._start_or_stop)
        self.head.addWidget(self._start)
        self._settings: list[QComboBox] = []
        self._values: list[QLineEdit] = []
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(8))
        grid.setVerticalSpacing(px(4))
        grid.setColumnStretch(1, 1)
        for i in range(MAX_SETTINGS):
            grid.addWidget(self._setting(i), i, 0)
            grid.addWidget(self._line(i), i, 1)
        self.body.addLayout(grid)
        self._note = label("", "soft")
        self._note.setWordWrap(True)
        self.body.addWidget(self._note)
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Progress of the sweep"))
        self._bar.setToolTip(tr("How much of all runs is done"))
        self.body.addWidget(self._bar)
        self._best = label("", "value")
        self._best_settings = label("", "soft")
        self._best_settings.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(self._best, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._best_settings, 1)
        self.body.addLayout(row)
        self.body.addStretch(1)
        self._work.changed.connect(self.touch)
        training.config_changed.connect(self.touch)
        self._choose(0, "learning_rate")

    # -- building --

    def _setting(self, i: int) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(tr("Setting {n}", n=i + 1))
        box.setToolTip(tr("A setting that differs from run to run; the others are those of the present run"))
        box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        guard_wheel(box)
        if i:
            box.addItem(tr("none"), "")
        for name in EXAMPLES:
            box.addItem(tr(SETTINGS[name].label), name)
        box.activated.connect(lambda: self._choose(i, box.currentData()))
        self._settings.append(box)
        return box

    def _line(self, i: int) -> QLineEdit:
        line = QLineEdit()
        line.setAccessibleName(tr("Values of setting {n}", n=i + 1))
        line.setToolTip(tr("Its values, with commas between them; layers with dashes, such as 10, 128-32"))
        line.setMinimumWidth(px(VALUES_WIDTH))
        line.setEnabled(False)
        line.textEdited.connect(self.touch)
        line.returnPressed.connect(self.window().setFocus)
        self._values.append(line)
        return line

    # -- intents --

    def _choose(self, i: int, name: str) -> None:
        """Let row i be of a setting, with values to begin with; "" for none."""
        with QSignalBlocker(self._settings[i]):
            self._settings[i].setCurrentIndex(self._settings[i].findData(name))
        self._values[i].setText(EXAMPLES.get(name, ""))
        self._values[i].setCursorPosition(0)  # so that the beginning is seen
        self.touch()

    def _start_or_stop(self) -> None:
        if self._work.running:
            self._work.stop()
        else:
            self._work.start(self._chosen)

    @property
    def _chosen(self) -> list[tuple[str, str]]:
        """The settings and their values, as they are written."""
        rows = zip(self._settings, self._values, strict=True)
        return [(box.currentData(), line.text()) for box, line in rows if box.currentData()]

    # -- following --

    def refresh(self) -> None:
        """Show how the work stands."""
        running = self._work.running
        for box, line in zip(self._settings, self._values, strict=True):
            box.setEnabled(not running)
            line.setEnabled(not running and bool(box.currentData()))
        problem = ""
        if not running:
            try:
                text = self._plan()
            except ConfigError as error:
                text = problem = str(error)
        else:
            text = self._progress()
        self._show_note(text, "wrong" if problem else "")
        self._show_button(running, possible=not problem)
        self._bar.setValue(round(1000 * self._work.share))
        self._bar.setVisible(running)
        self._show_best()

    def _plan(self) -> str:
        configs = self._work.plan(self._chosen)
        return trn(
            "{count:,} run, about {time}. When it ends it is kept among the runs.",
            "{count:,} runs, about {time}, {at_once} at a time. Each that ends is kept among the runs.",
            len(configs),
            time=self._work.expected(configs),
            at_once=self._work.at_once(configs),
        )

    def _progress(self) -> str:
        done, count, left = len(self._work.records), len(self._work.configs), self._work.remaining()
        if left:
            return trn(
                "{done:,} of {count:,} run, about {time} left. Live training goes on, more slowly.",
                "{done:,} of {count:,} runs, about {time} left. Live training goes on, more slowly.",
                count,
                done=done,
                time=left,
            )
        return trn(
            "{done:,} of {count:,} run. Live training goes on, more slowly.",
            "{done:,} of {count:,} runs. Live training goes on, more slowly.",
            count,
            done=done,
        )

    def _show_note(self, text: str, state: str) -> None:
        self._note.setText(text)
        if self._note.property("state") != state:
            self._note.setObjectName("note" if state else "soft")
            self._note.setProperty("state", state)
            restyle(self._note)

    def _show_button(self, running: bool, possible: bool) -> None:
        text = tr("Stop") if running else tr("Start")
        if self._start.text() != text:
            self._start.setText(text)
            self._start.setAccessibleName(text)
            self._start.setObjectName("outline" if running else "primary")
            self._start.setToolTip(
                tr("Stop all runs at once; those that are complete stay among the runs")
                if running
                else tr("Train with every combination of these values")
            )
            restyle(self._start)
        self._start.setEnabled(possible)

    def _show_best(self) -> None:
        best = self._work.best
        accuracy = "" if best is None else percent(best.final.metrics.validation_accuracy, 2)
        self._best.setText(accuracy)
        text = "" if best is None else tr("The best so far: {settings}", settings=best.name)
        if best is not None and not self._work.running:
            text = tr("The best of {count:,}: {settings}", count=len(self._work.records), settings=best.name)
        self._best_settings.setText(text)
