"""Cross-validation: how far a validation accuracy depends on which samples judge."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox

from micronn_core.common.texts import percent, tr, trn
from micronn_core.experiments.cross_validation import MAX_FOLDS, MIN_FOLDS
from micronn_core.settings.config import TrainingConfig
from micronn_gui.panels.panel import Panel
from micronn_gui.session.experiments import CrossValidation
from micronn_gui.session.training import TrainingState
from micronn_gui.widgets.charts.fold_bars import FoldBars, FoldRow
from micronn_gui.widgets.controls.buttons import button, guard_wheel, label, restyle

USUAL = 5


class FoldsPanel(Panel):
    """A row for each fold, and the mean and deviation of all."""

    def __init__(self, training: TrainingState, cross_validation: CrossValidation) -> None:
        super().__init__(tr("Cross-validation"))
        self._training = training
        self._work = cross_validation
        self._folds = self._number_of_folds()
        self.head.addWidget(self._folds)
        self._start = button("", "")
        self._start.clicked.connect(self._start_or_stop)
        self.head.addWidget(self._start)
        self._about = label("", "soft")
        self._about.setWordWrap(True)
        self.body.addWidget(self._about)
        self._bars = FoldBars(tr("Validation accuracy of each fold"), tr("epoch {epoch:,}", epoch=1000))
        self._bars.setToolTip(
            tr("Each fold's validation accuracy, from 0 to 100 %; the dashed line is their mean.")
        )
        self.body.addWidget(self._bars, 100)
        self._result = label("", "value")
        self._result.setToolTip(
            tr("Mean ± standard deviation over the folds (of a sample: divided by n − 1)")
        )
        self.body.addWidget(self._result)
        self.body.addStretch(1)
        self._work.changed.connect(self.touch)
        training.config_changed.connect(self.touch)

    def _number_of_folds(self) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(tr("Number of folds"))
        box.setToolTip(tr("Into how many parts the samples are cut: each is judged by once"))
        box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        guard_wheel(box)
        for n in range(MIN_FOLDS, MAX_FOLDS + 1):
            box.addItem(trn("{count} fold", "{count} folds", n), n)
        box.setCurrentIndex(box.findData(USUAL))
        box.activated.connect(self.touch)
        return box

    def _start_or_stop(self) -> None:
        if self._work.running:
            self._work.stop()
        else:
            self._work.start(self._folds.currentData())

    # -- following --

    def refresh(self) -> None:
        """Show how the work stands."""
        running = self._work.running
        self._folds.setEnabled(not running)
        text = tr("Stop") if running else tr("Start")
        if self._start.text() != text:
            self._start.setText(text)
            self._start.setAccessibleName(text)
            self._start.setObjectName("outline" if running else "primary")
            restyle(self._start)
        self._start.setToolTip(
            tr("Stop; the folds that are complete stay here")
            if running
            else tr("Train a network for each fold, by the settings of the present run")
        )
        self._about.setText(self._words())
        self._bars.show_rows(self._rows(), self._mean)
        self._result.setText(self._found())

    @property
    def _mean(self) -> float:
        found = self._work.summary()
        return math.nan if found is None or len(self._work.results) < 2 else found.accuracy

    def _words(self) -> str:
        if not self._work.running:
            network = _layers(self._training, self._training.config)
            time = self._work.expected(self._folds.currentData())
            if self._work.outdated:
                return tr(
                    "These folds are of earlier settings. With the present {network} it takes about {time}.",
                    network=network,
                    time=time,
                )
            return tr(
                "Every sample judges once: each fold judges a network that has learned from the others. "
                "By the present settings, {network}, this takes about {time}.",
                network=network,
                time=time,
            )
        left = self._work.remaining()
        if left:
            return tr("About {time} left. Live training goes on meanwhile, more slowly.", time=left)
        return tr("The folds have begun. Live training goes on meanwhile, more slowly.")

    def _rows(self) -> list[FoldRow]:
        work, rows = self._work, []
        count = work.folds or self._folds.currentData()
        for i in range(count):
            if i < len(work.results):
                share = work.results[i].metrics.validation_accuracy
                rows.append(FoldRow(str(i + 1), 1.0, share, percent(share, 2)))
            elif work.progress is not None and i == work.progress.fold:
                epoch = work.progress.metrics.epoch
                text = tr("epoch {epoch:,}", epoch=int(epoch))
                rows.append(FoldRow(str(i + 1), epoch / work.config.epochs, math.nan, text))
            else:
                rows.append(FoldRow(str(i + 1), 0.0, math.nan, "–"))
        return rows

    def _found(self) -> str:
        found, n = self._work.summary(), len(self._work.results)
        if found is None:
            return ""
        if n == 1:
            return tr("{accuracy} after one fold", accuracy=percent(found.accuracy, 2))
        return tr(
            "{accuracy} ± {deviation}   loss {loss:.3f} ± {spread:.3f}",
            accuracy=percent(found.accuracy, 2),
            deviation=percent(found.accuracy_deviation, 2),
            loss=found.loss,
            spread=found.loss_deviation,
        )


def _layers(training: TrainingState, config: TrainingConfig) -> str:
    return "-".join(map(str, training.spec.sizes(config.hidden)))
